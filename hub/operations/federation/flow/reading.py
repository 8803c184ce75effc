"""Rows as they may be told, with all that they refer to: one statement a kind and a step."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from dataspace.federation.flow.publishing import OWN, Release, settled, told
from dataspace.ports import Catalogue
from dataspace.relations import RELATIONS
from dataspace.selection import (
    PAGE_MAX,
    POSITION,
    Child,
    Condition,
    Either,
    Every,
    Found,
    Linked,
    Order,
    Page,
    PartChild,
    Row,
    Selection,
    Where,
)
from hub.operations.mechanism.reading import rows_of

Touched = tuple[str, str]  # kind and id
STEPS_MAX: Final = 12  # of what refers to what, in one batch


@dataclass(frozen=True, slots=True)
class Told:
    """Reads what a release permits, as it is now."""

    catalogue: Catalogue
    release: Release

    async def shown(
        self, keys: Collection[Touched], decisive: Collection[Touched], limit: int
    ) -> dict[Touched, Row]:
        """Those of the rows that may be told, with all that they refer to, and with what refers to
        the decisive ones: it tells of them only while they may be told themselves.

        It ends a little over the limit, for a smaller start.
        """
        rows: dict[Touched, Row] = {}
        wanted = {*keys, *await self._referring(decisive)}
        for _ in range(STEPS_MAX):
            missing = wanted - rows.keys()
            if not missing or len(rows) > limit:
                break
            found = await self._rows(missing)
            rows |= found
            wanted = {key for values in found.items() for key in self._named(*values)}
        return rows

    async def shown_at(
        self, keys: Collection[Touched], revision: int, *, leads: bool | None = None
    ) -> set[Touched]:
        """Those of the rows that might have been told at an earlier revision; what leads to other
        rows is as `leads` says, which is much cheaper than to look at their past too."""
        found: set[Touched] = set()
        for kind, ids in _by_kind(keys).items():
            condition = self.release.conditions[kind]
            if leads is not None:
                condition = settled(condition, leads=leads)
            for some in _pages(ids):
                where = Every((Where("id", "in", some), condition))
                asked = Selection(kind, where=where, page=Page(PAGE_MAX), at=revision)
                found |= {(kind, row["id"]) for row in (await self.catalogue.select(asked)).rows}
        return found

    async def concerned(
        self, keys: Collection[Touched], decisive: Collection[Touched]
    ) -> set[Touched]:
        """What is told only because of something else: what was granted to the participants, or
        over the resources, of which something decisive changed, and the resources of every grant.
        """
        if "authorisation" not in self.release.flow.edges:
            return set()
        changed = _by_kind(decisive)
        grants = set(_by_kind(keys).get("authorisation", ()))
        for kind, way in (("participant", "grantee"), ("resource", "resources")):
            for some in _pages(changed.get(kind, [])):
                where = Every((OWN, Linked(way, Where("id", "in", some))))
                held = Selection("authorisation", where=where)
                grants |= {row["id"] async for row in self._all(held)}
        found = {("authorisation", each) for each in grants}
        for some in _pages(sorted(grants)):
            covering = Linked("authorisations", Where("id", "in", some))
            asked = Selection("resource", where=covering)
            found |= {("resource", row["id"]) async for row in self._all(asked)}
        return found

    async def leading(self, keys: Collection[Touched]) -> set[Touched]:
        """Those of the rows for which the part of their condition holds that leads to others."""
        found: set[Touched] = set()
        for kind, ids in _by_kind(keys).items():
            if (across := self.release.across.get(kind)) is None:
                continue
            for some in _pages(ids):
                where = Every((Where("id", "in", some), across))
                found |= {(kind, r["id"]) async for r in self._all(Selection(kind, where=where))}
        return found

    async def _all(self, selection: Selection) -> AsyncIterator[Row]:
        position = None
        while True:
            page = Page(PAGE_MAX, position)
            asked = replace(selection, order=Order("id"), page=page)
            found = await self.catalogue.select(asked)
            for row in found.rows:
                yield row
            if not found.more_after:
                return
            position = found.rows[-1][POSITION]

    async def page(self, kind: str, after: str, size: int) -> tuple[list[tuple[str, Row]], bool]:
        """Rows of the kind that may be told, by id, and whether there are more."""
        page = Page(size, (after, after) if after else None)
        asked = replace(self._selection(kind, self._shown(kind)), order=Order("id"), page=page)
        found = await self.catalogue.select(asked)
        rows = [(row["id"], self._values(kind, row)) for row in found.rows]
        return rows, found.more_after

    async def _rows(self, keys: Iterable[Touched]) -> dict[Touched, Row]:
        rows: dict[Touched, Row] = {}
        for kind, ids in _by_kind(keys).items():
            for some in _pages(ids):
                where = Every((Where("id", "in", some), self._shown(kind)))
                found = await self.catalogue.select(self._selection(kind, where))
                rows |= {(kind, row["id"]): self._values(kind, row) for row in found.rows}
        return rows

    async def _referring(self, keys: Collection[Touched]) -> set[Touched]:
        """Entries that refer to an entry; whom they belong to and their classes matter to none."""
        found: set[Touched] = set()
        by_kind = _by_kind(key for key in keys if key[0] in self.release.conditions)
        for kind, edges in self.release.flow.edges.items():
            for name in edges:
                target = RELATIONS.by_name[kind].edge_by_name[name].target
                if target not in ("resource", "product") or target not in by_kind:
                    continue
                for some in _pages(by_kind[target]):
                    linked = Linked(name, Where("id", "in", some))
                    where = Every((linked, self.release.conditions[kind]))
                    asked = Selection(kind, where=where, page=Page(PAGE_MAX))
                    found |= {(kind, r["id"]) for r in (await self.catalogue.select(asked)).rows}
        return found

    def _shown(self, kind: str) -> Condition:
        """By a condition of its own, or as what something else names that is told."""
        condition = self.release.conditions.get(kind)
        if kind not in self.release.flow.companions:
            assert condition is not None
            return condition
        named = Every((self.release.untold, Either(tuple(self._naming(kind)))))
        return named if condition is None else Either((condition, named))

    def _naming(self, kind: str) -> Iterable[Condition]:
        for other, edges in self.release.flow.edges.items():
            for name in edges:
                edge = RELATIONS.by_name[other].edge_by_name[name]
                condition = self.release.conditions.get(other)
                if edge.target == kind and condition is not None:
                    yield Linked(edge.inverse, condition)

    def _selection(self, kind: str, where: Condition) -> Selection:
        noun, flow = RELATIONS.by_name[kind], self.release.flow
        return Selection(
            kind, ("id", *flow.fields(kind)), where, page=Page(PAGE_MAX),
            children=tuple(
                self._ends(name, noun.edge_by_name[name].target) for name in flow.edges[kind]
            ),
            parts=tuple(
                PartChild(part.name, part.name, tuple(f.name for f in part.fields), part.count_max)
                for part in flow.parts(kind)
            ),
        )  # fmt: skip

    def _ends(self, name: str, target: str) -> Child:
        """Only what may be told too, or what the reader has from elsewhere."""
        ends = Selection(target, where=self.release.ends(target), page=Page(PAGE_MAX))
        return Child(name, name, ends)

    def _values(self, kind: str, row: Row) -> Row:
        return told(self.release, kind, {name: _flat(value) for name, value in row.items()})

    def _named(self, key: Touched, values: Mapping[str, object]) -> Iterable[Touched]:
        """What an entry refers to."""
        for name in self.release.flow.edges[key[0]]:
            target = RELATIONS.by_name[key[0]].edge_by_name[name].target
            given = values.get(name) or ()
            for id_ in (given,) if isinstance(given, str) else given:  # type: ignore[attr-defined]
                yield target, id_


def _flat(value: object) -> object:
    if isinstance(value, Found):
        return [each["id"] for each in value.rows]
    return next((each["id"] for each in rows_of(value)), value)


def _by_kind(keys: Iterable[Touched]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, id_ in sorted(keys):
        found.setdefault(kind, []).append(id_)
    return found


def _pages(ids: list[str]) -> Iterable[tuple[str, ...]]:
    return (tuple(ids[at : at + PAGE_MAX]) for at in range(0, len(ids), PAGE_MAX))
