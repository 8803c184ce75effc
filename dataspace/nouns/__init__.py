"""The nouns of the links beside those in `dataspace.relations`, and the codes they use."""
