"""Leases and runs of jobs in the catalogue: every step a compare-and-set with its evidence."""
