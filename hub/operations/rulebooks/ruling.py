"""The rules in force for an object when something is decided about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dataspace.ports import Catalogue
from dataspace.rulebooks.rulebook import chain, effective
from dataspace.selection import Order, Page, Selection, Where
from hub.operations.rulebooks.places import FIELDS, children, place_of


@dataclass(frozen=True, slots=True)
class InForce:
    """`rules` by name, as values; `editions` names the versions of rulebooks that they are of."""

    rules: Mapping[str, Any] = field(default_factory=dict)
    editions: str = ""


NO_RULES = InForce()


async def in_force(catalogue: Catalogue, space: str | None, *, at: datetime) -> InForce:
    """What applies in a space, or in the city for what belongs to no space; one selection.

    Raises:  RulebookCyclic for a space that is part of itself.
    """
    where = Where("id", "eq", space) if space else Where("tier", "eq", "CITY")
    selection = Selection(
        "space", FIELDS, where, order=Order("code"), page=Page(1), children=children(at=at)
    )
    row = (await catalogue.select(selection)).first
    if row is None:
        return NO_RULES
    place = place_of(row)
    found = effective(chain(place.code, place.parents, place.rulebooks), at)
    books = {str(each): None for ruling in found.values() for each in ruling.sources}
    return InForce({name: each.value for name, each in found.items()}, ", ".join(books))
