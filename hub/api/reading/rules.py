"""Which rules apply to a space that is read, as the answer shows them."""

from datetime import datetime

from dataspace.quantity import written
from dataspace.rulebooks.rulebook import Rulebook, Ruling, chain, effective
from dataspace.selection import Child, Row
from dataspace.text import Language
from hub.operations.rulebooks import places

FIELDS = places.FIELDS
BESIDE = "_rules_"
"""Begins the keys of what is read for rules only; no answer shows it."""


def needed(stored: str, at: datetime) -> tuple[Child, ...]:
    """What is read beside a space, for the place under the key `stored` that shows its rules."""
    return places.children(at=at, prefix=f"{BESIDE}{stored}_")


def rules_of(space: Row, stored: str, *, at: datetime, language: Language) -> list[Row]:
    """Raises:  RulebookCyclic for a space that is part of itself."""
    place = places.place_of(space, prefix=f"{BESIDE}{stored}_")
    found = effective(chain(place.code, place.parents, place.rulebooks), at)
    return [_told(ruling, language) for ruling in found.values()]


def _told(ruling: Ruling, language: Language) -> Row:
    kind = ruling.kind
    return {
        "name": kind.name,
        "label": kind.text.to(language),
        "value": kind.order.written(ruling.value),
        "unit": kind.unit.to(language),
        "tighter": kind.order.direction.to(language),
        "sources": [_source(each) for each in ruling.sources],
    }


def _source(rulebook: Rulebook) -> Row:
    return {
        "id": rulebook.id,
        "space": rulebook.space,
        "tier": rulebook.tier,
        "edition": rulebook.version,
        "takes_effect_at": written(rulebook.takes_effect_at),
    }
