"""What the report upward says of each node, and the way of reports to whoever receives them."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any, Final

from dataspace.change import Act, Amend, ChangeSet
from dataspace.errors import DataSpaceError
from dataspace.identifiers import derived_id
from dataspace.quantity import written
from dataspace.selection import PAGE_MAX, POSITION, Child, Order, Page, Row, Selection, Where
from hub.node import Node
from hub.operations.mechanism.reading import rows_of
from hub.scheduling.context import Context
from hub.scheduling.works import files

# What did not arrive within a day is no news any more; it stays here as a file.
TRIED_FOR: Final = timedelta(days=1)
TRIED_MAX: Final = 24
FIELDS: Final = (
    "id", "identifier", "name", "kind", "status", "state", "software_version", "last_heartbeat_at",
    "catalogue_revision", "resource_count", "product_count",
)  # fmt: skip
FEED: Final = ("node_revision", "head", "lag", "as_of", "entries", "refused", "error")


async def nodes_told(node: Node) -> list[Mapping[str, Any]]:
    """How each node and connector stands, in the order of their ids."""
    return [_told(node, row) async for row in _nodes(node)]


def _told(node: Node, row: Row) -> Mapping[str, Any]:
    feeds = [{name: feed[name] for name in FEED} for feed in rows_of(row["feeds"])]
    own = {name: row[name] for name in FIELDS}
    return {**own, **_heard(node, row), "feed": feeds[0] if feeds else None}


async def send(node: Node, context: Context) -> str:
    """Sends what the receiver does not have yet, the oldest first, until one does not arrive; the
    rest waits for the next run, and is told with the reason. Nothing where all arrived.
    """
    tell = context.workshop.tell
    if tell is None:
        return ""
    waiting, why = await _unsent(node, context), ""
    while waiting and not why:
        context.check()
        try:
            await tell(await _content(node, waiting[0]["key"]))
        except DataSpaceError as error:
            context.tally.was_failing(error.code)
            why = error.message("en")
        else:
            await _note(node, context, waiting.pop(0))
    keys = ", ".join(row["key"] for row in waiting)
    return f"not sent 未送达: {keys} ({why})" if waiting else ""


async def _unsent(node: Node, context: Context) -> list[Row]:
    lately = Where("business_time", "gt", written(context.at - TRIED_FOR))
    unsent = Where("sent_at", "is_null", True)
    return (await files.there(node, "REPORT", lately, unsent, size=TRIED_MAX))[::-1]


async def _content(node: Node, key: str) -> bytes:
    return b"".join([chunk async for chunk in await node.assets.read(key)])


async def _note(node: Node, context: Context, row: Row) -> None:
    """That it was sent is a record of evidence (TC-014)."""
    now = written(node.clock.now())
    act = Act(context.caller.subject, "job_file.send", now)
    change = Amend("job_file", row["id"], {"sent_at": now}, act, version=row["version"])
    await node.catalogue.apply(ChangeSet(derived_id("chs", "sent", row["key"]), (change,)))


def _heard(node: Node, row: Row) -> Mapping[str, Any]:
    """Heartbeats lie in memory, and are noted now and then only."""
    pulse = node.meeting.presence.pulses.get(row["id"]) if node.meeting else None
    noted: str = row["last_heartbeat_at"] or ""
    return {"last_heartbeat_at": max(noted, written(pulse.last_at) if pulse else "") or None}


async def _nodes(node: Node) -> AsyncIterator[Row]:
    child = Child("feeds", "feeds", Selection("feed", FEED, page=Page(1)))
    position, more = None, True
    while more:
        found = await node.catalogue.select(
            Selection(
                "node", FIELDS, order=Order("id"), page=Page(PAGE_MAX, position), children=(child,)
            )
        )
        for row in found.rows:
            yield row
        more = found.more_after
        position = found.rows[-1][POSITION] if found.rows else None
