"""Catalogues of other systems, read into this one: readers, mapping, reconciling, reporting."""
