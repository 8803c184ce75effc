"""Sub-spaces: the profiles that tell them apart (finance, energy, …), and how their nodes meet.

A profile is data: one application runs them all. Node meets node over HTTPS, every request with a
token and with a signature of the node's own key.
"""
