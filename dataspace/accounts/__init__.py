"""Accounts: what the identity service keeps for participants, their people and their nodes."""
