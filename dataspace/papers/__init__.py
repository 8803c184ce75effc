"""Papers (附件) of applications: which of their files is kept, and what one may be."""
