"""What a node tells its hub at once, and how the hub asks many of them at the same time."""
