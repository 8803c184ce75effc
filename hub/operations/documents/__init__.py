"""Documents: issued in the change set of the move that they certify, and looked up by number."""
