"""The JSON that a statement gives, as the answer that the port promises."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from dataspace.relations import RELATIONS
from dataspace.selection import POSITION, Child, Found, PartChild, Row, Selection
from dataspace.shape import Type


def found(selection: Selection, answer: str) -> Found:
    """The answer to a selection, out of what `graph.sql.selecting` describes."""
    return level(selection, json.loads(answer))


def level(selection: Selection, answer: list[Any]) -> Found:
    """One level of the answer, and those below it."""
    rows, beyond, total, *facets = answer
    page, made = selection.page, Found(total=total)
    more = len(rows) > page.size
    made.rows = [_row(selection, each) for each in rows[: page.size]]
    made.more_before, made.more_after = bool(beyond), more
    if page.backwards:
        made.rows.reverse()
        made.more_before, made.more_after = more, bool(beyond)
    flags = flags_of(selection.kind)
    for facet, counts in zip(selection.facets, facets, strict=True):
        made.facets[facet.field] = [
            (bool(value) if facet.field in flags else value, count) for value, count in counts
        ]
    return made


def _row(selection: Selection, values: list[Any]) -> Row:
    ordered_by, id_, *rest = values
    each = iter(rest)
    row = _fields(selection.fields, each, flags_of(selection.kind))
    for child in selection.children:
        row[child.key] = _child(selection.kind, child, next(each))
    for part in selection.parts:
        row[part.key] = _part(selection.kind, part, next(each))
    for lineage in selection.lineages:
        row[lineage.key] = [_link(link) for link in next(each)]
    row[POSITION] = (ordered_by, id_)
    return row


def _fields(names: Sequence[str], values: Iterator[Any], flags: frozenset[str]) -> Row:
    """A flag is kept as a number; an empty list says that there is no value."""
    row: Row = {}
    for name in names:
        value = next(values)
        if value == []:
            value = None
        row[name] = bool(value) if name in flags and value is not None else value
    return row


def _child(kind: str, child: Child, value: Any) -> Found | Row | None:
    if RELATIONS.ways[kind][child.way].many:
        return level(child.selection, value)
    return None if value is None else _row(child.selection, value)


def _part(kind: str, part: PartChild, values: list[list[Any]]) -> list[Row]:
    flags = flags_of(kind, part.part)
    return [_fields(part.fields, iter(each), flags) for each in values]


def _link(link: list[Any]) -> Row:
    depth, edge, source, target = link
    return {"depth": depth, "edge": edge, "source": _end(source), "target": _end(target)}


def _end(end: list[Any]) -> Row:
    return dict(zip(("id", "kind", "name", "state"), end, strict=True))


@cache
def flags_of(kind: str, part: str = "") -> frozenset[str]:
    """The fields of a noun, or of a part of it, that are true or false."""
    noun = RELATIONS.by_name[kind]
    fields = noun.part_by_name[part].fields if part else noun.fields
    return frozenset(field.name for field in fields if field.type is Type.FLAG)
