"""How nodes meet: who is known, who is heard, and who is cut off."""
