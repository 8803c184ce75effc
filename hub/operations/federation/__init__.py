"""What a node does as one of many: its own space, who joins it, who is heard, who is cut off."""
