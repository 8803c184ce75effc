"""What is measured and traced where nodes meet."""
