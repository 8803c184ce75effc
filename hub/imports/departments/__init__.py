"""Which spellings name which department, and the participants that they become."""
