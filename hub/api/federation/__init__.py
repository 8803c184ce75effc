"""The places at which nodes meet: every request is signed, and one door looks at all of them."""
