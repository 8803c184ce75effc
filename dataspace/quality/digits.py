"""Numbers that carry a check digit: the citizen's identity number (GB 11643) and bank cards.

The credit code's is in `dataspace.identifiers`.
"""

from datetime import date
from typing import Final

ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS: Final = "10X98765432"
ID_CHARACTERS: Final = 18
CARD_DIGITS_MIN, CARD_DIGITS_MAX = 16, 19


def identity_check_digit(body: str) -> str:
    """GB 11643, by ISO 7064 MOD 11-2: the check character of the first 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return ID_CHECKS[total % 11]


def is_identity_number(value: str) -> bool:
    """18 characters with a day of birth that there was, and the right check character."""
    body = value[:17]
    if len(value) != ID_CHARACTERS or not (body.isascii() and body.isdecimal()):
        return False
    return _is_day(body[6:14]) and identity_check_digit(body) == value[17].upper()


def is_bank_card(value: str) -> bool:
    """16 to 19 digits that fulfil the Luhn rule (ISO/IEC 7812-1)."""
    if not (value.isascii() and value.isdecimal()):
        return False
    if not CARD_DIGITS_MIN <= len(value) <= CARD_DIGITS_MAX:
        return False
    doubled = (int(digit) * 2 for digit in value[-2::-2])
    return (sum(map(int, value[-1::-2])) + sum(n - 9 if n > 9 else n for n in doubled)) % 10 == 0


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
