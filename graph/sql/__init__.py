"""From a Selection to one statement of SQL: pure text, nothing here asks a database."""
