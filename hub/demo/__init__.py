"""A made-up city, from a seed: its organisations, resources, authorisations and products."""
