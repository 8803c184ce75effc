"""Scheduled jobs in GraphQL: what there is, when each is due next, and asking for a run."""
