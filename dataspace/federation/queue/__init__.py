"""What a node asks of its hub: kept in a queue until the hub has answered."""
