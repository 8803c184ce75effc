"""How a node joins: what it says of itself, sealed by its own keys, and why it is refused."""
