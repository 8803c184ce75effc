"""Jobs about those who join with a node: invitations, keys, stops (L1)."""
