"""The steps that write: with which standing, what has changed, and what has vanished."""
