"""Administration of a Keycloak realm: what it must be, and the accounts in it."""
