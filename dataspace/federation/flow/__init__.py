"""How the catalogue flows from node to node: what may leave, how it is checked, what becomes of it.
"""
