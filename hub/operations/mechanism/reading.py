"""Reading one object with all that a decision about it may rest on, in one selection."""

from collections.abc import Iterable, Mapping
from typing import Any

from dataspace.caller import Caller
from dataspace.errors import NotFound, SelectionTooLarge
from dataspace.relations import RELATIONS
from dataspace.selection import (
    EVERYTHING,
    PAGE_MAX,
    POSITION,
    Child,
    Condition,
    Every,
    Found,
    Page,
    PartChild,
    Row,
    Selection,
    Where,
)
from dataspace.shape import Part
from dataspace.visibility import visible
from hub.node import Node

TASK = "task"
"""The key of the to-do beside an object, which stays a row where edges become ids."""
EDGE_COUNT_MAX = PAGE_MAX  # of a to-many edge, so that it is always read whole
SHORT_PART_MAX = 50  # of a part that is always read whole


def ends(way: str, kind: str, *fields: str, children: tuple[Child, ...] = ()) -> Child:
    """What stands at the other end of a way, with these of its fields."""
    selection = Selection(
        kind, fields=("id", *fields), page=Page(EDGE_COUNT_MAX), children=children
    )
    return Child(way, way, selection)


def whole(
    kind: str, where: Condition, *, related: Iterable[Child] = (), whole_parts: bool = False
) -> Selection:
    """All fields and edges of one row, the first of every long part or all, and what is related.

    A child of `related` under the name of an edge says what is read at its end beside the id.
    """
    noun = RELATIONS.by_name[kind]
    children = {edge.name: ends(edge.name, edge.target) for edge in noun.edges}
    children |= {child.key: child for child in related}
    return Selection(
        kind,
        fields=("id", "version", *noun.by_name),
        where=where,
        page=Page(1),
        children=tuple(children.values()),
        parts=tuple(part_child(part, whole=whole_parts) for part in noun.parts),
    )


def part_child(part: Part, *, whole: bool) -> PartChild:
    """A part, of a long one the first value only unless it is to be `whole`."""
    names = tuple(field.name for field in part.fields)
    if whole or part.count_max <= SHORT_PART_MAX:
        return PartChild(part.name, part.name, names, first=part.count_max)
    return PartChild(part.name, part.name, names[:1], first=1)


async def seen(
    node: Node, caller: Caller, kind: str, *, id: str, related: Iterable[Child] = (),
    whole_parts: bool = False,
) -> Row:  # fmt: skip
    """The row as it was selected. Raises:  NotFound, also for what the caller may not see."""
    where = Every((Where("id", "eq", id), visible(caller)[kind]))
    asked = whole(kind, where, related=related, whole_parts=whole_parts)
    row = (await node.catalogue.select(asked)).first
    if row is None:
        raise NotFound(kind=kind, id=id)
    return row


async def check_seen(
    node: Node, caller: Caller, kind: str, *, ids: Iterable[str], fields: tuple[str, ...] = ()
) -> list[Row]:
    """The rows that a new object refers to; nobody refers to what they may not see.

    What everybody may see is not read: that it exists is for the catalogue to refuse.

    Raises:  NotFound for the first that is not there, SelectionTooLarge.
    """
    wanted = sorted(set(ids))
    condition = visible(caller)[kind]
    if not wanted or condition == EVERYTHING:
        return []
    if len(wanted) > EDGE_COUNT_MAX:
        raise SelectionTooLarge(what=kind, limit=EDGE_COUNT_MAX, asked=len(wanted))
    where = Every((Where("id", "in", wanted), condition))
    selection = Selection(kind, fields=("id", *fields), where=where, page=Page(EDGE_COUNT_MAX))
    rows = (await node.catalogue.select(selection)).rows
    if missing := sorted(set(wanted) - {row["id"] for row in rows}):
        raise NotFound(kind=kind, id=missing[0])
    return rows


def flat(row: Mapping[str, Any]) -> Row:
    """The row with its edges as ids, as a situation holds it."""
    return {name: _flat(name, value) for name, value in row.items() if name != POSITION}


def related_of(row: Mapping[str, Any]) -> dict[str, list[Row]]:
    """The rows beside it by the key that they were read under, their own edges as ids."""
    return {key: [flat(each) for each in rows_of(value)] for key, value in row.items()}


def rows_of(value: object) -> list[Row]:
    """The rows at the end of a way, whether it leads to one or to many."""
    if isinstance(value, Found):
        return value.rows
    return [value] if isinstance(value, dict) else []


def _flat(name: str, value: Any) -> Any:
    if name == TASK:
        return rows_of(value)
    if isinstance(value, Found):
        if value.more_after:
            raise SelectionTooLarge(what=name, limit=EDGE_COUNT_MAX, asked=f"> {EDGE_COUNT_MAX}")
        return [each["id"] for each in value.rows]
    return value["id"] if isinstance(value, dict) else value
