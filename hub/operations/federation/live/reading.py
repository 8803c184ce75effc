"""What the hub holds of the nodes that are asked live: one selection of them, one for each kind."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dataspace.federation.flow.feeds import ORIGIN
from dataspace.federation.flow.publishing import LISTED, REGISTERED
from dataspace.federation.heard import HEARD
from dataspace.federation.live.answers import KINDS, NODES_MAX, kind_of
from dataspace.federation.live.refusals import TooManyNodes
from dataspace.ports import Catalogue
from dataspace.selection import (
    Child,
    Condition,
    Either,
    Every,
    Order,
    Page,
    Row,
    Selection,
    Where,
)
from hub.operations.federation.flow.neighbours import FOLLOWED
from hub.operations.federation.register import FIELDS, OPERATOR
from hub.operations.mechanism.reading import rows_of

NAMED: Final = tuple(dict.fromkeys(("name", *FIELDS, *(each.name for each in HEARD))))
STATES: Final = {"resource": REGISTERED, "product": LISTED}
# Who is looked at when no node is named: cut-off nodes too, to be told of as such.
ALL: Final = Every((
    Where("address", "is_null", False),
    Either((Where("state", "in", FOLLOWED), Where("status", "in", ("ISOLATED", "REVOKED")))),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """`objects` by id, each with the id of its `node`, which is None for the hub's own; `wanted`
    are the ids of those that each node is asked for."""

    nodes: Sequence[Row]
    objects: Mapping[str, Row]
    wanted: Mapping[str, Sequence[str]]

    def copy(self, id_: str) -> Row:
        row = self.objects[id_]
        shown = {name: row[name] for name in ("id", "state", "changed_at", "as_of")}
        return {**shown, "withdrawn": False}


async def held(
    catalogue: Catalogue,
    visible: Mapping[str, Condition],
    *,
    nodes: Sequence[str] | None,
    objects: Sequence[str],
) -> Held:
    """Raises:  TooManyNodes, CatalogueUnavailable."""
    rows, found = await asyncio.gather(
        _nodes(catalogue, visible, nodes), _objects(catalogue, visible, objects)
    )
    wanted: dict[str, list[str]] = {}
    for id_ in dict.fromkeys(objects):
        if id_ in found and (of := found[id_]["node"]):
            wanted.setdefault(of, []).append(id_)
    return Held(rows, found, wanted)


def copy_of(row: Row) -> Row:
    """What the node said last by its heartbeats, and up to where its catalogue was taken over."""
    [feed] = rows_of(row["feeds"])[:1] or [dict[str, None]()]
    return {
        "readiness": row["reported_state"] or None, "version": row["software_version"],
        "heard_at": row["last_heartbeat_at"],
        "revision": feed.get("node_revision"), "as_of": feed.get("as_of"),
        **{f"{kind}s": row[f"{kind}s"].total for kind in KINDS},
    }  # fmt: skip


async def _nodes(
    catalogue: Catalogue, visible: Mapping[str, Condition], ids: Sequence[str] | None
) -> Sequence[Row]:
    named = ALL if ids is None else Where("id", "in", tuple(ids))
    if ids is not None and not ids:
        return ()
    feed = Selection("feed", ("id", "node_revision", "as_of"), page=Page(1))
    counts = (
        Child(f"{kind}s", f"published_{kind}s", Selection(
            kind, where=Where("state", "in", STATES[kind]), rows=False, total=True,
        ))
        for kind in KINDS
    )  # fmt: skip
    found = await catalogue.select(Selection(
        "node", NAMED, Every((visible["node"], named)), order=Order("id"),
        page=Page(NODES_MAX), children=(OPERATOR, Child("feeds", "feeds", feed), *counts),
    ))  # fmt: skip
    if found.more_after:
        raise TooManyNodes(what="nodes", limit=NODES_MAX, asked=f"> {NODES_MAX}")
    if ids is None:
        return found.rows
    by_id = {row["id"]: row for row in found.rows}
    return [by_id[id_] for id_ in dict.fromkeys(ids) if id_ in by_id]


async def _objects(
    catalogue: Catalogue, visible: Mapping[str, Condition], ids: Sequence[str]
) -> dict[str, Row]:
    origin = Child(ORIGIN, ORIGIN, Selection("node", page=Page(1)))
    by_kind = {kind: tuple(id_ for id_ in ids if kind_of(id_) == kind) for kind in KINDS}
    asked = (
        Selection(
            kind, ("id", "state", "changed_at", "as_of"),
            Every((visible[kind], Where("id", "in", wanted))), page=Page(len(wanted)),
            children=(origin,),
        )
        for kind, wanted in by_kind.items() if wanted
    )  # fmt: skip
    found = await asyncio.gather(*map(catalogue.select, asked))
    return {
        row["id"]: {**row, "node": (row[ORIGIN] or {}).get("id")}
        for each in found for row in each.rows
    }  # fmt: skip
