"""The full verification of a node: all that it publishes beside all that is here of it, healed.

It is also how a node is first taken over: then everything is missing. Whatever stops it, it begins
anew, and what it has put right before is found to be right.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from dataspace.federation.batches import ENTRIES_MAX, Entry, Mark
from dataspace.federation.flow.checking import OWNERS, ROWS_MAX, check_length, check_weight
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.federation.flow.publishing import Flow
from dataspace.federation.flow.refusals import FeedTooLong, FeedTooSlow, NamesUnknown
from dataspace.federation.flow.taking_over import HIDDEN, RETIRED, Key, weight
from dataspace.relations import RELATIONS
from dataspace.selection import (
    EVERYTHING,
    POSITION,
    Condition,
    Either,
    Every,
    Linked,
    Not,
    Order,
    Page,
    Row,
    Selection,
    Where,
)
from hub.operations.federation.flow import feeds, shelf
from hub.operations.federation.flow.feeds import NO_ERROR, Feed, Following
from hub.operations.federation.flow.standing import as_told, whole
from hub.operations.federation.flow.taking_over import Taking, take_over

PAGES_MAX: Final = 20_000
SECONDS_MAX: Final = 1800.0  # of one comparison, however slowly the node tells
# Of entries that wait for what they refer to; more wait for the next comparison.
ASIDE_BYTES_MAX: Final = 16_777_216


async def verify(
    following: Following, feed: Feed, *, cause: str = "", check: Callable[[], None] = lambda: None
) -> Feed:
    """Compares everything, and writes on the feed what was put right; `cause` says why it was done.

    `check` is called between pages, for whoever may have to stop.

    Raises:  PeerUnavailable, PeerRefuses, PeerMalformed, FeedTooLong, FeedTooHeavy, FeedTooSlow,
             FeedBusy.
    """
    feed.counts.clear()
    first = not feed.row.get("verified_at")
    began, seen = await _walk(following, feed, check)
    await _take_back(following, feed, seen)
    feed.bytes = await weighed(following, check=check)
    check_weight(feed.bytes, limit=following.bytes_max)
    await _end_refusals(following, feed, seen)
    healed = {name: count for name, count in sorted(feed.counts.items()) if name != "refused"}
    told = ", ".join(f"{name} {count}" for name, count in healed.items())
    await shelf.come_back(following, feed)
    values = {
        "node_revision": began.revision, "leaf": began.leaf, "head": began.revision, "lag": 0,
        "as_of": following.moment, "verified_at": following.moment, "suspect": None, **NO_ERROR,
        "healed": 0 if first else sum(healed.values()),
        "healed_detail": "; ".join(filter(None, (cause, told))) or None,
        "entries": await _counted(following), "refused": await _refused(following),
        "bytes": feed.bytes,
    }  # fmt: skip
    await feeds.keep(following, feed, values, verb="verify", named=(str(began.revision),))
    feed.mark = began
    feed.entries, feed.refused = int(values["entries"] or 0), int(values["refused"] or 0)
    return feed


async def take_all_back(following: Following, feed: Feed) -> None:
    """Withdraws what a node published that has left for good. Raises:  FeedBusy."""
    await _take_back(following, feed, set())


async def _walk(
    following: Following, feed: Feed, check: Callable[[], None]
) -> tuple[Mark, set[Key]]:
    """Everything, page by page; what refers to something that comes later is taken at the end.

    A row that is told twice counts twice: a node that never ends is not followed for ever.
    """
    began, position, seen, told, size = None, "", set[Key](), 0, 0
    aside, until = Aside(), asyncio.get_running_loop().time() + SECONDS_MAX
    for _ in range(PAGES_MAX):
        check()
        listing = await following.peer.whole(position, ENTRIES_MAX)
        began = began or listing.at
        told += len(listing.entries)
        check_length(told)
        if asyncio.get_running_loop().time() > until:
            raise FeedTooSlow(minutes=round(SECONDS_MAX / 60))
        seen |= {feeds.shortened(each) for each in listing.entries}
        taking = await take_over(following, feed, listing.entries)
        aside.keep(taking)
        size += taking.weight
        check_weight(size, limit=following.bytes_max)
        if not listing.position:
            await _take_aside(following, feed, aside)
            return began, seen
        position = listing.position
    raise FeedTooLong(limit=ROWS_MAX)


@dataclass(slots=True)
class Aside:
    """Entries that refer to something that may yet be told. They are all that is kept of pages
    that were read, so their size is bounded."""

    entries: dict[Key, Entry] = field(default_factory=dict)
    size: int = 0

    def keep(self, taking: Taking) -> None:
        for key, (entry, error) in taking.refused.items():
            if isinstance(error, NamesUnknown) and self.size < ASIDE_BYTES_MAX:
                self.entries[key] = entry
                self.size += entry.length


async def _take_aside(following: Following, feed: Feed, aside: Aside) -> None:
    """As long as any of them can be taken, for they may refer to each other."""
    entries = aside.entries
    while entries:
        before = len(entries)
        waiting = list(entries.values())
        for at in range(0, len(waiting), ENTRIES_MAX):
            taking = await take_over(following, feed, waiting[at : at + ENTRIES_MAX])
            for key in taking.good:
                entries.pop(key, None)
        if len(entries) == before:
            return


async def _take_back(following: Following, feed: Feed, seen: set[Key]) -> None:
    """What is here of the node, and it publishes no longer: what refers to others first."""
    release = following.release
    for kind in reversed([each for each in release.flow.edges if each in release.conditions]):
        shown = _shown(kind, release.flow)
        if shown is None:
            continue
        position = None
        while True:
            page = Page(ENTRIES_MAX, position)
            where = Every((Where(ORIGIN, "eq", following.node), shown))
            asked = Selection(kind, where=where, order=Order("id"), page=page)
            found = await following.books.catalogue.select(asked)
            gone = [Entry(kind, row["id"], 0, None) for row in found.rows
                    if (kind, row["id"]) not in seen]  # fmt: skip
            if gone:
                await take_over(following, feed, gone)
            if not found.more_after:
                break
            position = found.rows[-1][POSITION]


def _shown(kind: str, flow: Flow) -> Condition | None:
    """What of the kind may have to be taken back. Who belongs to others and classes stay where they
    are known, but not what is said of participants that only who tells of them can know."""
    if kind not in flow.companions:
        return Not(Where("state", "eq", HIDDEN[kind])) if kind in HIDDEN else EVERYTHING
    edges = [name for name in RETIRED.get(kind, {}) if name in flow.edges[kind]]
    return Either(tuple(Linked(name, EVERYTHING) for name in edges)) if edges else None


async def _end_refusals(following: Following, feed: Feed, seen: set[Key]) -> None:
    """Those of entries that the node tells of no longer."""
    position = None
    where = Every((Where("node", "eq", following.node), Where("ended_at", "is_null", True)))
    fields = ("id", "version", "subject_kind", "subject", "ended_at")
    while True:
        asked = Selection("feed_refusal", fields, where, order=Order("id"),
                          page=Page(ENTRIES_MAX, position))  # fmt: skip
        found = await following.books.catalogue.select(asked)
        over = [row for row in found.rows if not _is_told(row, seen)]
        changes = [change for row in over for change in feeds.mended(following, row)]
        if changes:
            named = tuple(row["id"] for row in over)
            await feeds.keep(following, feed, {}, changes=changes, named=named)
        if not found.more_after:
            return
        position = found.rows[-1][POSITION]


def _is_told(row: Row, seen: set[Key]) -> bool:
    return (row["subject_kind"], row["subject"]) in seen


async def held(following: Following) -> int:
    """All rows here that came from the node, whatever they are about."""
    kinds = [each for each in following.release.flow.edges
             if ORIGIN in RELATIONS.by_name[each].edge_by_name]  # fmt: skip
    asked = [Selection(kind, where=Where(ORIGIN, "eq", following.node), rows=False, total=True)
             for kind in kinds]  # fmt: skip
    return sum([(await following.books.catalogue.select(each)).total or 0 for each in asked])


async def weighed(following: Following, *, check: Callable[[], None] = lambda: None) -> int:
    """The bytes of all rows here that came from the node, each of them read."""
    flow, size = following.release.flow, 0
    for kind in flow.edges:
        if ORIGIN not in RELATIONS.by_name[kind].edge_by_name:
            continue
        own, position = whole(flow, kind, Where(ORIGIN, "eq", following.node)), None
        while True:
            check()
            asked = replace(own, order=Order("id"), page=Page(ENTRIES_MAX, position))
            found = await following.books.catalogue.select(asked)
            size += sum(weight(kind, as_told(following, kind, row), flow) for row in found.rows)
            if not found.more_after:
                break
            position = found.rows[-1][POSITION]
    return size


async def _counted(following: Following) -> int:
    shown = 0
    for kind in OWNERS:
        where = Every((
            Where(ORIGIN, "eq", following.node), Not(Where("state", "eq", HIDDEN[kind])),
        ))  # fmt: skip
        counted = Selection(kind, where=where, rows=False, total=True)
        shown += (await following.books.catalogue.select(counted)).total or 0
    return shown


async def _refused(following: Following) -> int:
    where = Every((Where("node", "eq", following.node), Where("ended_at", "is_null", True)))
    counted = Selection("feed_refusal", where=where, rows=False, total=True)
    return (await following.books.catalogue.select(counted)).total or 0
