"""The operations of the links L1 to L5 whose nouns have no module of their own one level up."""
