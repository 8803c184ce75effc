"""Asking the nodes themselves: what is asked, what each answers, and how often somebody may."""
