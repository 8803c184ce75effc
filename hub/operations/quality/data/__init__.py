"""Data files as they are measured: every form becomes one table of texts, and rules ask it."""
