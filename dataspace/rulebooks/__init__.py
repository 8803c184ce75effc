"""Rulebooks 规则册: the two tiers of governance as versioned data; a lower tier may only tighten.

`order` says which of two values is the tighter, `kinds` which rules there are, `rulebook` which
of them apply to a space at a date and whence, and `adopting` whether a version may take effect.
"""
