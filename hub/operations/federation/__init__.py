"""How nodes come to be part of the city: who joins, who is known and heard, who is cut off."""
