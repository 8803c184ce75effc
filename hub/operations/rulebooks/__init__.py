"""Rulebooks: drafted, and decided to take effect at a date, within those above them."""
