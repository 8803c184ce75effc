"""What is measured of a running node, and how its acts are traced."""
