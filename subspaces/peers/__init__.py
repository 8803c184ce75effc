"""How a node reaches others: over HTTPS, inside one process, and its hub before it belongs."""
