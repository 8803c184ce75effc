"""Logical spaces: who keeps them, how they close, and who is let in with which role."""
