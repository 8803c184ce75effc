"""Keycloak's addresses on the embedded issuer: OAuth 2.0, OpenID Connect and the sign-in pages."""
