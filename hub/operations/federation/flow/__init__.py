"""The catalogue between nodes: what each tells of its own, and how another takes it over."""
