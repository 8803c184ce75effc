"""Accounts: errands to the identity service, what it reports, and who is shut out."""
