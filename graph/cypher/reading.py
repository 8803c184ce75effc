"""The nested list that a statement gives, as the answer that the port promises."""

from collections.abc import Iterator
from typing import Any

from dataspace.relations import RELATIONS
from dataspace.selection import POSITION, Child, Found, PartChild, Row, Selection


def found(selection: Selection, answer: list[Any]) -> Found:
    """The answer to a selection, and to those beside it."""
    if not selection.beside:
        return level(selection, answer)
    made, *beside = map(level, (selection, *selection.beside), answer)
    made.beside = beside
    return made


def level(selection: Selection, answer: list[Any]) -> Found:
    """One level of the answer as `graph.cypher.selecting` describes it, and those below it."""
    rows, beyond, total, *facets = answer
    page, made = selection.page, Found(total=total)
    more = len(rows) > page.size
    made.rows = [_row(selection, each) for each in rows[: page.size]]
    made.more_before, made.more_after = bool(beyond), more
    if page.backwards:
        made.rows.reverse()
        made.more_before, made.more_after = more, bool(beyond)
    for facet, counts in zip(selection.facets, facets, strict=True):
        made.facets[facet.field] = [(value, count) for value, count, _ in counts]
        made.names |= {value: name for value, _, name in counts if name is not None}
    return made


def _row(selection: Selection, values: list[Any]) -> Row:
    ordered_by, id_, *rest = values
    each = iter(rest)
    row = _fields(selection.fields, each)
    for child in selection.children:
        row[child.key] = _child(selection.kind, child, next(each))
    for part in selection.parts:
        row[part.key] = _part(part, next(each))
    for lineage in selection.lineages:
        row[lineage.key] = [_link(link) for link in next(each) or ()]
    row[POSITION] = (ordered_by, id_)
    return row


def _fields(names: tuple[str, ...], values: Iterator[Any]) -> Row:
    """An empty list says that there is no value."""
    return {name: None if (value := next(values)) == [] else value for name in names}


def _child(kind: str, child: Child, value: Any) -> Found | Row | None:
    if RELATIONS.ways[kind][child.way].many:
        return level(child.selection, value)
    return None if value is None else _row(child.selection, value)


def _part(part: PartChild, values: list[list[Any]]) -> list[Row]:
    return [_fields(part.fields, iter(each)) for each in values]


def _link(link: list[Any]) -> Row:
    depth, edge, source, target = link
    return {"depth": depth, "edge": edge, "source": _end(source), "target": _end(target)}


def _end(end: list[Any]) -> Row:
    return dict(zip(("id", "kind", "name", "state"), end, strict=True))
