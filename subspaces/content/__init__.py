"""Made-up working data of the sub-spaces: the same bytes for the same seed, nothing of anybody."""
