"""How a value is shown in an explanation: cut short, and covered when it is about a person."""

from typing import Final

SHOWN_CHARACTERS_MAX: Final = 60
COVER: Final = "*"
OPEN_CHARACTERS: Final = 2


def shown(value: str | None, *, personal: bool) -> str:
    """The value as a finding may quote it; "∅" for none.

    Of what is personal only the first two and last two characters are left, and of what has
    fewer than eight only the first: enough to find the row, too little to know the person.
    """
    if value is None:
        return "∅"
    plain = " ".join(value.split())
    if personal:
        plain = _covered(plain)
    return plain if len(plain) <= SHOWN_CHARACTERS_MAX else plain[: SHOWN_CHARACTERS_MAX - 1] + "…"


def _covered(value: str) -> str:
    if len(value) < 4 * OPEN_CHARACTERS:
        return value[:1] + COVER * (len(value) - 1)
    covered = min(len(value), SHOWN_CHARACTERS_MAX) - 2 * OPEN_CHARACTERS
    return value[:OPEN_CHARACTERS] + COVER * covered + value[-OPEN_CHARACTERS:]
