"""How the nodes of the city stand, and how well this one hears of them.

What the catalogue tells comes in one statement for every hundred nodes, and each node's feed with
it; the rest is in memory.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from dataspace.federation.standings import CUT_OFF
from dataspace.federation.watched.counts import FAILED, TAKEN
from dataspace.quantity import read_moment
from dataspace.selection import PAGE_MAX, POSITION, Child, FacetOf, Page, Row, Selection
from hub.node import Node
from hub.operations.mechanism.reading import rows_of
from hub.watching import definitions as told
from hub.watching.meter import Reading

NODES_MAX: Final = 1000
FEED: Final = Selection("feed", ("lag", "as_of", "entries", "refused"), page=Page(1))
# Of whom nobody expects anything: their silence is no trouble.
NOT_EXPECTED: Final = CUT_OFF | {"MAINTENANCE"}


async def node_readings(node: Node, now: datetime) -> list[Reading]:
    """A member tells of its feed of the hub alone. Raises:  CatalogueUnavailable."""
    readings: list[Reading] = []
    found = await node.catalogue.select(_asked(None))
    if _is_hub(node):
        statuses = found.facets["status"]
        readings += [Reading(told.NODES, count, (status,)) for status, count in statuses]
    rows = list(found.rows)
    while found.more_after and len(rows) < NODES_MAX:
        found = await node.catalogue.select(_asked(found.rows[-1][POSITION]))
        rows += found.rows
    expected = [row for row in rows if row["status"] not in NOT_EXPECTED]
    return [*readings, *(each for row in expected for each in _of_node(node, row, now))]


def meeting_readings(node: Node, now: datetime) -> list[Reading]:
    """What this process has counted since it began, and how old the hub's list is."""
    if node.meeting is None:
        return []
    known, counts = node.meeting.known, node.meeting.counts
    refused = [Reading(told.DOOR_REFUSALS, n, (code,)) for code, n in counts.refused.items()]
    if _is_hub(node):
        heard = {TAKEN: 0, **counts.heard}
        return [*refused, *(Reading(told.HEARTBEATS, n, (code,)) for code, n in heard.items())]
    sent = {TAKEN: 0, FAILED: 0, **counts.sent}
    age = [Reading(told.STANDINGS_AGE_SECONDS, _age(known.issued_at, now))] if known else []
    return [*refused, *(Reading(told.BEATS, n, (outcome,)) for outcome, n in sent.items()), *age]


def _asked(position: tuple[Any, str] | None) -> Selection:
    facets = (FacetOf("status", PAGE_MAX),) if position is None else ()
    return Selection(
        "node", ("id", "status", "last_heartbeat_at"), page=Page(PAGE_MAX, position),
        facets=facets, children=(Child("feeds", "feeds", FEED),),
    )  # fmt: skip


def _is_hub(node: Node) -> bool:
    return node.meeting is None or node.meeting.membership is None


def _of_node(node: Node, row: Row, now: datetime) -> Iterator[Reading]:
    label = (row["id"],)
    if _is_hub(node):
        yield from (Reading(told.NODE_SILENT_SECONDS, s, label) for s in _silent(node, row, now))
    for feed in rows_of(row["feeds"]):
        yield Reading(told.FEED_LAG_RECORDS, feed["lag"] or 0, label)
        yield Reading(told.FEED_ENTRIES, feed["entries"] or 0, label)
        yield Reading(told.FEED_REFUSALS, feed["refused"] or 0, label)
        if feed["as_of"]:
            yield Reading(told.FEED_AGE_SECONDS, _age(read_moment(feed["as_of"]), now), label)


def _silent(node: Node, row: Row, now: datetime) -> Iterator[float]:
    """One number, or none before the first heartbeat."""
    pulse = node.meeting.presence.pulses.get(row["id"]) if node.meeting else None
    moments = [read_moment(row["last_heartbeat_at"])] if row["last_heartbeat_at"] else []
    moments += [pulse.last_at] if pulse else []
    if moments:
        yield _age(max(moments), now)


def _age(moment: datetime, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds())
