"""/federation: where nodes meet the hub, over HTTPS with JSON."""
