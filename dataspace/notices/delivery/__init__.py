"""How a notice leaves the house: to which addresses, by what port, and when it is tried again."""
