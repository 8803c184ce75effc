"""Selecting from plain dictionaries: the prose of `dataspace.selection`, written for obviousness.

A state is `{kind: {id: values}}`; values are those that a `Create` was given, and stand beside
the version of the row under VERSION. Nothing here is fast: every question walks every row.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from dataspace import search
from dataspace.relations import RELATIONS
from dataspace.selection import (
    NOTHING,
    POSITION,
    Child,
    Condition,
    Either,
    Every,
    FacetOf,
    Found,
    Lineage,
    Linked,
    Not,
    Operator,
    Order,
    Page,
    PartChild,
    PartHas,
    Row,
    Selection,
    Where,
    check_size,
)
from dataspace.shape import Way

State = Mapping[str, Mapping[str, Row]]
VERSION = "version"


class Reading:
    """One state of the catalogue, and every question that can be asked of it."""

    def __init__(self, state: State) -> None:
        self.state = state

    def select(self, selection: Selection, *, today: "Reading") -> Found:
        check_size(selection)
        ids = list(self.state[selection.kind])
        if selection.at is not None and selection.still is not None:
            standing = today.state[selection.kind]
            ids = [
                each
                for each in ids
                if each in standing and today.holds(selection.kind, each, selection.still)
            ]
        found = self._among(selection, ids)
        found.beside = [today.select(each, today=today) for each in selection.beside]
        return found

    def holds(self, kind: str, id_: str, condition: Condition) -> bool:
        match condition:
            case Where(field, operator, value):
                return _compare(self._value(kind, id_, field), operator, value)
            case Every(conditions):
                return all(self.holds(kind, id_, each) for each in conditions)
            case Either(conditions):
                return any(self.holds(kind, id_, each) for each in conditions)
            case Not(inner):
                return not self.holds(kind, id_, inner)
            case Linked(name, inner):
                way = RELATIONS.ways[kind][name]
                return any(self.holds(way.end, each, inner) for each in self.ends(way, id_))
            case PartHas(part, comparisons):
                known = {each.name for each in RELATIONS.by_name[kind].part_by_name[part].fields}
                if unknown := {each.field for each in comparisons} - known:
                    raise KeyError(*unknown)
                return any(
                    all(_compare(value.get(c.field), c.operator, c.value) for c in comparisons)
                    for value in self.state[kind][id_].get(part, [])
                )

    def ends(self, way: Way, id_: str) -> list[str]:
        """The ids at the other end of a way, ascending.

        In the midst of a change set, which the past can show, that end may not be there.
        """
        if way.forward:
            there = self.state[way.end]
            named = _ids(self.state[way.start][id_].get(way.edge.name))
            return sorted(each for each in named if each in there)
        return sorted(
            each
            for each, values in self.state[way.end].items()
            if id_ in _ids(values.get(way.edge.name))
        )

    def _value(self, kind: str, id_: str, name: str) -> Any:
        if name == "id":
            return id_
        noun = RELATIONS.by_name[kind]
        if name != VERSION and name not in noun.edge_by_name:
            noun.by_name[name]  # an unknown name is a KeyError
        return self.state[kind][id_].get(name)

    def _among(self, selection: Selection, ids: Iterable[str]) -> Found:
        kind = selection.kind
        query = search.parse(selection.search)
        ids = [
            each
            for each in ids
            if self.holds(kind, each, selection.where)
            and (not selection.search or search.matches(query, self._texts(kind, each)))
        ]
        found = Found()
        if selection.total:
            found.total = len(ids)
        for facet in selection.facets:
            found.facets[facet.field] = self._facet(kind, ids, facet)
            if edge := RELATIONS.by_name[kind].edge_by_name.get(facet.field):
                found.names |= self._names(edge.target, found.facets[facet.field])
        if selection.rows:
            self._page(selection, query, ids, found)
        return found

    def _texts(self, kind: str, id_: str) -> list[str]:
        return [text for texts in self._weighted(kind, id_).values() for text in texts]

    def _weighted(self, kind: str, id_: str) -> dict[int, list[str]]:
        return search.searched(RELATIONS.by_name[kind], self.state[kind][id_])

    def _facet(self, kind: str, ids: Iterable[str], facet: FacetOf) -> list[tuple[Any, int]]:
        counts: Counter[Any] = Counter()
        for each in ids:
            counts.update(set(_ids(self._value(kind, each, facet.field))))
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[: facet.first]

    def _names(self, kind: str, counts: Iterable[tuple[str, int]]) -> dict[str, str]:
        named = (self._named((kind, each)) for each, _ in counts)
        return {each["id"]: each["name"] for each in named if each["name"] is not None}

    def _page(
        self, selection: Selection, query: search.Query, ids: Iterable[str], found: Found
    ) -> None:
        order, page = selection.order, selection.page
        keys = [(self._ordered_by(selection.kind, each, order, query), each) for each in ids]
        keys.sort(key=_sortable, reverse=order.descending)
        before, after = _split(keys, page.position, order=order, backwards=page.backwards)
        if page.backwards:
            chosen = before[max(0, len(before) - page.size) :]
            found.more_before, found.more_after = len(before) > len(chosen), bool(after)
        else:
            chosen = after[: page.size]
            found.more_before, found.more_after = bool(before), len(after) > len(chosen)
        for value, id_ in chosen:
            found.rows.append({**self._row(selection, id_), POSITION: (value, id_)})

    def _ordered_by(self, kind: str, id_: str, order: Order, query: search.Query) -> Any:
        if order.field == "rank":
            return search.rank(query, self._weighted(kind, id_))
        return self._value(kind, id_, order.field)

    def _row(self, selection: Selection, id_: str) -> Row:
        kind = selection.kind
        row = {name: self._value(kind, id_, name) for name in selection.fields}
        for child in selection.children:
            row[child.key] = self._child(kind, id_, child)
        for part in selection.parts:
            row[part.key] = self._part(kind, id_, part)
        for lineage in selection.lineages:
            row[lineage.key] = self._lineage(kind, id_, lineage)
        return row

    def _child(self, kind: str, id_: str, child: Child) -> Found | Row | None:
        way = RELATIONS.ways[kind][child.way]
        if way.many:
            return self._among(child.selection, self.ends(way, id_))
        return self._among(
            replace(child.selection, page=Page(), rows=True), self.ends(way, id_)
        ).first

    def _part(self, kind: str, id_: str, wanted: PartChild) -> list[Row]:
        values = self.state[kind][id_].get(wanted.part, [])[: wanted.first]
        return [{name: value.get(name) for name in wanted.fields} for value in values]

    def _lineage(self, kind: str, id_: str, lineage: Lineage) -> list[Row]:
        links: dict[tuple[str, str, str], Row] = {}
        seen, frontier = {(kind, id_)}, [(kind, id_)]
        for depth in range(1, lineage.depth_max + 1):
            reached = []
            for near in frontier:
                for edge, far in self._neighbours(near, lineage):
                    source, target = (near, far) if lineage.upwards else (far, near)
                    links.setdefault(
                        (edge, source[1], target[1]),
                        {
                            "depth": depth,
                            "edge": edge,
                            "source": self._named(source),
                            "target": self._named(target),
                        },
                    )
                    if far not in seen:
                        seen.add(far)
                        reached.append(far)
            frontier = reached
        ordered = sorted(links, key=lambda each: (links[each]["depth"], *each))
        return [links[each] for each in ordered[: lineage.first]]

    def _neighbours(
        self, near: tuple[str, str], lineage: Lineage
    ) -> Iterable[tuple[str, tuple[str, str]]]:
        kind, id_ = near
        for way in RELATIONS.ways[kind].values():
            if way.edge.lineage and way.forward == lineage.upwards:
                visible = lineage.visible.get(way.end, NOTHING)
                for far in self.ends(way, id_):
                    if self.holds(way.end, far, visible):
                        yield way.edge.name, (way.end, far)

    def _named(self, end: tuple[str, str]) -> Row:
        kind, id_ = end
        values = self.state[kind][id_]
        name = values.get("name", values.get("title"))
        return {"id": id_, "kind": kind, "name": name, "state": values.get("state")}


def _ids(value: Any) -> list[Any]:
    """The values of a list, the one value, or none."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


_COMPARISONS: Mapping[Operator, Callable[[Any, Any], bool]] = {
    "eq": lambda value, wanted: value == wanted,
    "ne": lambda value, wanted: value != wanted,
    "lt": lambda value, wanted: value < wanted,
    "lte": lambda value, wanted: value <= wanted,
    "gt": lambda value, wanted: value > wanted,
    "gte": lambda value, wanted: value >= wanted,
    "in": lambda value, wanted: value in wanted,
    "has": lambda value, wanted: wanted in value,
}


def _compare(value: Any, operator: Operator, wanted: Any) -> bool:
    if operator == "is_null":
        return (value is None) == wanted
    if value is None or wanted is None:
        return False
    return _COMPARISONS[operator](value, wanted)


def _sortable(key: tuple[Any, str]) -> tuple[bool, Any, str]:
    """Missing values last; two missing values are as good as equal."""
    value, id_ = key
    return (value is None, "" if value is None else value, id_)


def _split(
    keys: list[tuple[Any, str]],
    position: tuple[Any, str] | None,
    *,
    order: Order,
    backwards: bool,
) -> tuple[list[tuple[Any, str]], list[tuple[Any, str]]]:
    """What comes before a page and what comes after, the row at the position being passed over."""
    if position is None:
        return (keys, []) if backwards else ([], keys)
    here = _sortable(position)

    def precedes(key: tuple[Any, str]) -> bool:
        there = _sortable(key)
        return there > here if order.descending else there < here

    before = [key for key in keys if precedes(key)]
    at = [key for key in keys if _sortable(key) == here]
    after = keys[len(before) + len(at) :]
    return (before, at + after) if backwards else (before + at, after)
