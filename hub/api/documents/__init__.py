"""Documents over HTTP: the public page that verifies one, its content as JSON, its print as PDF."""
