"""How nodes come to be part of the city's data space, and what they do in their own name."""
