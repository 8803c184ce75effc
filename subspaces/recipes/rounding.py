"""How an exact share or amount is written: in decimals, halves to the even digit."""

from decimal import Decimal
from fractions import Fraction

DIGITS = 4


def written(value: Fraction, digits: int = DIGITS) -> str:
    """`digits` decimals, all of them written, and no minus before a zero."""
    return f"{Decimal(round(value * 10**digits)).scaleb(-digits):f}"
