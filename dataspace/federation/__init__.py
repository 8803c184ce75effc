"""Federation (联邦): how sub-space nodes are invited, known, believed and cut off, as words.

The hub holds what each node publishes and never fans out to answer; every row from a node says its
origin, how old it is and how that node stands.
"""
