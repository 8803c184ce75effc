"""Whether a profile holds, what it asks of what is registered, and how it is read and written."""
