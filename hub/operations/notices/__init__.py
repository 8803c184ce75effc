"""Notices: told with what triggers them, handed to mailboxes, delivered until they arrive."""
