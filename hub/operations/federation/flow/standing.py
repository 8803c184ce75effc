"""What is here of that which a node tells: read in one statement a kind, decided on at once."""

from collections.abc import Iterable
from dataclasses import replace

from dataspace.federation.batches import Entry
from dataspace.federation.flow.checking import OWNERS
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.federation.flow.publishing import Flow, told
from dataspace.federation.flow.taking_over import Here, Key, named
from dataspace.relations import RELATIONS
from dataspace.selection import (
    EVERYTHING,
    PAGE_MAX,
    Condition,
    Either,
    Every,
    Linked,
    Page,
    PartChild,
    Row,
    Selection,
    Where,
)
from hub.operations.federation.flow.feeds import Following
from hub.operations.mechanism.reading import ends, rows_of


async def read(following: Following, entries: Iterable[Entry]) -> Here:
    """All that decides about these entries, at most ENTRIES_MAX of them."""
    told_now, flow = list(entries), following.release.flow
    rows: dict[Key, Row] = {}
    for kind, ids in _by_kind((each.kind, each.id) for each in told_now).items():
        for row in await _select(following, whole(flow, kind), ids):
            rows[kind, row["id"]] = as_told(following, kind, row)
    wanted = {key for each in told_now if each.values for key in named(each)} - rows.keys()
    known = set(rows)
    for kind, ids in _by_kind(wanted).items():
        known |= {(kind, r["id"]) for r in await _select(following, Selection(kind), ids)}
    return Here(following.node, flow, rows, frozenset(known), await _served(following, told_now))


def whole(flow: Flow, kind: str, where: Condition = EVERYTHING) -> Selection:
    """Rows with all that an entry of the kind tells, and their origin."""
    noun = RELATIONS.by_name[kind]
    edges = (*flow.edges[kind], ORIGIN)
    return Selection(
        kind, ("id", "version", *flow.fields(kind)), where, page=Page(PAGE_MAX),
        children=tuple(ends(name, noun.edge_by_name[name].target) for name in edges),
        parts=tuple(
            PartChild(part.name, part.name, tuple(f.name for f in part.fields), part.count_max)
            for part in flow.parts(kind)
        ),
    )  # fmt: skip


async def _served(following: Following, entries: Iterable[Entry]) -> frozenset[str] | None:
    """Of those for whom something is published, the operator, the members of the node's space, and
    whom the node itself introduced, now or before."""
    if following.speaks_for_all:
        return None
    introduced = {each.id for each in entries if each.kind == "participant" and each.values}
    owners = {
        str(each.values[OWNERS[each.kind]])
        for each in entries
        if each.kind in OWNERS and each.values and each.values.get(OWNERS[each.kind])
    }
    member = Linked("spaces", Where("id", "eq", following.space or "-"))
    allowed = Either((
        Where("id", "eq", following.operator or "-"), member, Where(ORIGIN, "eq", following.node),
    ))  # fmt: skip
    found = await _select(following, Selection("participant", where=allowed), sorted(owners))
    there = await _select(following, Selection("participant"), sorted(owners & introduced))
    fresh = introduced - {row["id"] for row in there}
    return frozenset({row["id"] for row in found} | fresh)


async def _select(following: Following, selection: Selection, ids: list[str]) -> list[Row]:
    rows: list[Row] = []
    for at in range(0, len(ids), PAGE_MAX):
        where = Every((Where("id", "in", tuple(ids[at : at + PAGE_MAX])), selection.where))
        asked = replace(selection, where=where, page=Page(PAGE_MAX))
        rows += (await following.books.catalogue.select(asked)).rows
    return rows


def as_told(following: Following, kind: str, row: Row) -> Row:
    """A row that was read as `whole` asks, by what an entry of it tells."""
    edges = RELATIONS.by_name[kind].edge_by_name
    flat = {name: _ids(value, many=edges[name].many) if name in edges else value
            for name, value in row.items()}  # fmt: skip
    return {
        "version": row["version"], "state": row.get("state"), ORIGIN: flat[ORIGIN],
        **told(following.release, kind, flat),
    }  # fmt: skip


def _ids(value: object, *, many: bool) -> object:
    ids = [each["id"] for each in rows_of(value)]
    return ids if many else next(iter(ids), None)


def _by_kind(keys: Iterable[Key]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, id_ in sorted(set(keys)):
        found.setdefault(kind, []).append(id_)
    return found

