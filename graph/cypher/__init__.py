"""From a Selection to one statement of Cypher: pure text, nothing here asks a database."""
