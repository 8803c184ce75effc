"""What products compute: pure functions, exact in fractions, each with the source of its recipe."""
