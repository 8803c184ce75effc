"""The operations on quality and supply: measuring, work orders, proposals and objections."""
