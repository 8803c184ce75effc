"""The rules in force for an object when something is decided about it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from typing import Any

from dataspace.machine import Situation
from dataspace.ports import Catalogue
from dataspace.rulebooks.kinds import RULES
from dataspace.rulebooks.refusals import RulebookCyclic
from dataspace.rulebooks.rulebook import chain, effective
from dataspace.selection import PAGE_MAX, POSITION, Order, Page, Row, Selection, Where
from hub.operations.rulebooks.places import FIELDS, Place, children, decided, place_of


@dataclass(frozen=True, slots=True)
class InForce:
    """`rules` by name, as values; `stated_by` says which versions of rulebooks state each, and
    `editions` which of them state any."""

    rules: Mapping[str, Any] = field(default_factory=dict)
    stated_by: Mapping[str, str] = field(default_factory=dict)
    editions: str = ""

    def ruling(self, situation: Situation) -> Situation:
        """The situation under these rules."""
        return replace(
            situation, rules=self.rules, stated_by=self.stated_by, editions=self.editions
        )


NO_RULES = InForce()


async def in_force(catalogue: Catalogue, space: str | None, *, at: datetime) -> InForce:
    """What applies in a space, or in the city for what belongs to no space; one selection.

    Raises:  RulebookCyclic for a space that is part of itself.
    """
    return in_force_of((await catalogue.select(of_space(space, at=at))).first, at=at)


async def rules_everywhere(catalogue: Catalogue, *, at: datetime) -> "Everywhere":
    """What applies in all spaces, for whoever looks at many objects: a hundred spaces a selection,
    and none an object."""
    spaces: list[Row] = []
    asked, more = everywhere(at), True
    while more:
        found = await catalogue.select(asked)
        spaces += found.rows
        more = found.more_after
        if more:
            asked = replace(asked, page=Page(PAGE_MAX, found.rows[-1][POSITION]))
    return Everywhere(spaces, at)


def of_space(space: str | None, *, at: datetime) -> Selection:
    """A space with its place and what is decided there, or the city, which has none above it."""
    where = Where("id", "eq", space) if space else Where("tier", "eq", "CITY")
    beside = children(at=at) if space else decided(at)
    return Selection("space", FIELDS, where, order=Order("code"), page=Page(1), children=beside)


def in_force_of(row: Row | None, *, at: datetime) -> InForce:
    """What applies in the space that `of_space` found, if it found one."""
    return NO_RULES if row is None else of_place(place_of(row), at)


def everywhere(at: datetime) -> Selection:
    """Every space with its place and what is decided there, to be read beside what is shown."""
    return Selection(
        "space", FIELDS, order=Order("code"), page=Page(PAGE_MAX), children=children(at=at)
    )


@dataclass
class Everywhere:
    """What applies in every space, of the spaces that were read; worked out when it is asked for.

    A space that was not read has what applies in the city: so what is shown with one page of
    `everywhere` is right for the first hundred, by code, and decided by a space's own rules.
    """

    spaces: Sequence[Row]
    at: datetime
    _known: dict[str | None, InForce] = field(default_factory=dict)

    def of(self, space: str | None) -> InForce:
        """Raises:  RulebookCyclic for a space that is part of itself."""
        if space not in self._known:
            self._known[space] = self._of(space)
        return self._known[space]

    def rule(self, name: str, spaces: Iterable[str | None]) -> Any:
        """The tightest that applies in any of the spaces, or in the city for what is in none; None
        where nobody states it. Raises:  RulebookCyclic."""
        asked = set(spaces) or {None}
        stated = [value for each in asked if (value := self.of(each).rules.get(name)) is not None]
        return reduce(RULES[name].order.meet, stated) if stated else None

    def all_of(self, name: str, default: Any) -> Iterator[Any]:
        """What applies of a rule in the city and in each space; one in a circle has none."""
        for space in (None, *(each["id"] for each in self.spaces)):
            with suppress(RulebookCyclic):
                yield self.of(space).rules.get(name, default)

    def _of(self, space: str | None) -> InForce:
        row = next((each for each in self.spaces if each["id"] == space), None)
        city = next((each for each in self.spaces if each["tier"] == "CITY"), None)
        found = row or city
        return of_place(place_of(found), self.at) if found else NO_RULES


def of_place(place: Place, at: datetime) -> InForce:
    """What applies in a space with its place and the rulebooks that are decided there."""
    found = effective(chain(place.code, place.parents, place.rulebooks), at)
    stated_by = {
        name: ", ".join(str(each) for each in ruling.sources) for name, ruling in found.items()
    }
    books = {str(each): None for ruling in found.values() for each in ruling.sources}
    return InForce({n: each.value for n, each in found.items()}, stated_by, ", ".join(books))
