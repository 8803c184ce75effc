"""From a request to Selections, and from what was found to its answer."""
