"""A reader's filter becomes a condition, within what they may see.

Every edge of a filter leads to visible rows only, and a comparison of a field that the caller
may not read on some row never holds of that row, whichever way round it is asked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from dataspace.caller import Caller
from dataspace.relations import RELATIONS
from dataspace.selection import (
    EVERYTHING,
    PAGE_MAX,
    Condition,
    Either,
    Every,
    Linked,
    Not,
    PartHas,
    Where,
)
from dataspace.shape import Noun, Part, Way
from dataspace.visibility import readable
from hub.api.limits import PageTooLarge, TooManyConditions
from hub.operations.links.desks import DESKS

Given = Mapping[str, Any]


@dataclass(slots=True)
class Filtering:
    """Reads the filters of one root field; `conditions_left` bounds them together."""

    caller: Caller
    visible: Mapping[str, Condition]
    conditions_left: int
    conditions_max: int

    def of(self, noun: Noun, given: Given) -> Condition:
        """Raises:  TooManyConditions, PageTooLarge."""
        return every(*self._each(noun, given))

    def _each(self, noun: Noun, given: Given) -> Iterator[Condition]:
        for name, value in given.items():
            if value is None:
                continue
            self._count()
            if name in ("and", "or"):
                inner = tuple(self.of(noun, each) for each in value)
                yield Every(inner) if name == "and" else Either(inner)
            elif name == "not":
                yield every(*self._readable_in(noun, value), Not(self.of(noun, value)))
            else:
                yield self._named(noun, name, value)

    def _named(self, noun: Noun, name: str, value: Any) -> Condition:
        ways = RELATIONS.ways[noun.name]
        if name == "waiting_for_me":
            waiting = DESKS[noun.name].waiting(self.caller)
            return waiting if value else Not(waiting)
        if name == "id":
            return every(*self._compared("id", value))
        if name in noun.by_name:
            field = noun.by_name[name]
            return every(readable(self.caller, noun, field), *self._compared(name, value))
        if name in noun.part_by_name:
            part = noun.part_by_name[name]
            return every(readable(self.caller, noun, part), self._of_part(part, value))
        if name in ways:
            return self._of_way(ways[name], value)
        way = ways[name.removeprefix("has_")]
        linked = Linked(way.name, self.visible[way.end])
        return linked if value else Not(linked)

    def _compared(self, name: str, given: Given) -> Iterator[Where]:
        for operator, value in given.items():
            if value is None:
                continue
            self._count()
            if operator == "in" and len(value) > PAGE_MAX:
                raise PageTooLarge(what=f"{name}.in", limit=PAGE_MAX, asked=len(value))
            yield Where(name, operator, _plain(value))  # type: ignore[arg-type]

    def _of_part(self, part: Part, given: Given) -> Condition:
        return PartHas(
            part.name,
            tuple(
                where
                for name, value in given.items()
                if value is not None
                for where in self._compared(name, value)
            ),
        )

    def _of_way(self, way: Way, given: Given) -> Condition:
        """An edge to a known row is a comparison, which an index answers."""
        visible = self.visible[way.end]
        condition = self.of(RELATIONS.by_name[way.end], given)
        match condition:
            case Where("id", "eq" | "in" as operator, value) if (
                not way.many and visible == EVERYTHING
            ):
                return Where(way.name, operator, value)
        return Linked(way.name, every(visible, condition))

    def _readable_in(self, noun: Noun, given: Given) -> Iterator[Condition]:
        """What makes the fields of a filter readable on the row that it is about."""
        for name, value in given.items():
            if value is None:
                continue
            if known := noun.by_name.get(name) or noun.part_by_name.get(name):
                yield readable(self.caller, noun, known)
            elif name == "not":
                yield from self._readable_in(noun, value)
            elif name in ("and", "or"):
                for each in value:
                    yield from self._readable_in(noun, each)

    def _count(self) -> None:
        self.conditions_left -= 1
        if self.conditions_left < 0:
            raise TooManyConditions(
                what="filter.conditions",
                limit=self.conditions_max,
                asked=f"> {self.conditions_max}",
            )


def every(*conditions: Condition) -> Condition:
    """All of them, without what always holds, and without wrapping a single one."""
    needed = tuple(dict.fromkeys(each for each in conditions if each != EVERYTHING))
    return needed[0] if len(needed) == 1 else Every(needed)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_plain(each) for each in value)
    return value.value if isinstance(value, Enum) else value
