"""Work-lists: the to-do that every move leaves, reminders about it, and acting for a colleague."""
