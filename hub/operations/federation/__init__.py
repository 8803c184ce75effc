"""What a node does as one of many: its own space, and what its profile asks."""
