"""Guards that ask what a rulebook states: days of publicity, papers, eyes, personal information.

Each reads its rule from the rules in force when a move is made, and its refusal names the rule and
the version of the rulebook that states it.
"""
