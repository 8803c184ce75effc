"""The jobs of federation."""
