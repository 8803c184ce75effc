"""The places at which nodes meet: where they apply, and where every request is signed."""
