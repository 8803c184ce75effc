"""The queue for the hub: asked at a node, sent in order, and what the hub does of it."""
