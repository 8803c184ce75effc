"""The JSON that a statement gives, as the answer that the port promises."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

from dataspace.relations import RELATIONS
from dataspace.selection import POSITION, Found, PartChild, Row, Selection
from dataspace.shape import Type

Answer = tuple[str, int, int, str]


def found(selection: Selection, answers: Iterable[Answer]) -> Found:
    """The answer to a selection, out of what `graph.sql.selecting` describes."""
    told, numbers = _Told(answers), count()
    made, *beside = (
        told.level(_placed(each, numbers), 0) for each in (selection, *selection.beside)
    )
    made.beside = beside
    return made


@dataclass(frozen=True, slots=True)
class _Place:
    """A selection with the number of its level, and the places of its children."""

    selection: Selection
    level: int
    children: tuple[tuple[str, bool, "_Place"], ...]  # key, many, place


def _placed(selection: Selection, numbers: Iterator[int], *, one: bool = False) -> _Place:
    """Numbers the levels as `graph.sql.selecting` does: from the top, a child before its sister."""
    level, children = next(numbers), []
    if selection.rows or one:
        for child in selection.children:
            many = RELATIONS.ways[selection.kind][child.way].many
            children.append((child.key, many, _placed(child.selection, numbers, one=not many)))
    return _Place(selection, level, tuple(children))


class _Told:
    """What the statement told, by level and row; a row is read once and copied where it hangs."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self._told = {(what, level, number): text for what, level, number, text in answers}
        self._read: dict[tuple[int, int], Row] = {}

    def level(self, place: _Place, above: int) -> Found:
        selection, page = place.selection, place.selection.page
        beyond, total, *facets = self._json("sum", place, above) or [0, None]
        rows = self._below(place, above) if selection.rows else []
        rows.sort(key=_place_in_order, reverse=selection.order.descending != page.backwards)
        more, made = len(rows) > page.size, Found(rows[: page.size], total=total)
        made.more_before, made.more_after = bool(beyond), more
        if page.backwards:
            made.rows.reverse()
            made.more_before, made.more_after = more, bool(beyond)
        flags = flags_of(selection.kind)
        for facet, counts in zip(selection.facets, facets, strict=False):
            made.facets[facet.field] = [
                (bool(value) if facet.field in flags else value, number)
                for value, number, _ in counts
            ]
            made.names |= {value: name for value, _, name in counts if name is not None}
        return made

    def _below(self, place: _Place, above: int) -> list[Row]:
        return [dict(self._row(place, each)) for each in self._json("below", place, above) or []]

    def _row(self, place: _Place, number: int) -> Row:
        row = self._read.get((place.level, number))
        if row is None:
            row = self._read[place.level, number] = _row(
                place.selection, self._json("row", place, number)
            )
            for key, many, child in place.children:
                if many:
                    row[key] = self.level(child, number)
                else:
                    row[key] = next(iter(self._below(child, number)), None)
        return row

    def _json(self, what: str, place: _Place, number: int) -> Any:
        text = self._told.get((what, place.level, number))
        return None if text is None else json.loads(text)


def _place_in_order(row: Row) -> tuple[bool, Any, str]:
    value, id_ = row[POSITION]
    return (value is None, "" if value is None else value, id_)


def _row(selection: Selection, values: list[Any]) -> Row:
    ordered_by, id_, *rest = values
    each = iter(rest)
    row = _fields(selection.fields, each, flags_of(selection.kind))
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
