"""How nodes meet: what each tells of its catalogue, and how the other takes it over."""
