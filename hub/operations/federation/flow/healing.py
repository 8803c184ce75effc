"""The full verification of a node: all that it publishes beside all that is here of it, healed.

It is also how a node is first taken over: then everything is missing. Whatever stops it, it begins
anew, and what it has put right before is found to be right.
"""

from collections.abc import Callable
from typing import Final

from dataspace.federation.batches import ENTRIES_MAX, Entry, Mark
from dataspace.federation.flow.checking import OWNERS
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.federation.flow.publishing import Flow
from dataspace.federation.flow.refusals import FeedTooLong, NamesUnknown
from dataspace.federation.flow.taking_over import HIDDEN, RETIRED, Key
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
from hub.operations.federation.flow.taking_over import Taking, take_over

ROWS_MAX: Final = 200_000  # of one node; the city as a whole has fewer
PAGES_MAX: Final = 20_000


async def verify(
    following: Following, feed: Feed, *, cause: str = "", check: Callable[[], None] = lambda: None
) -> Feed:
    """Compares everything, and writes on the feed what was put right; `cause` says why it was done.

    `check` is called between pages, for whoever may have to stop.

    Raises:  PeerUnavailable, PeerRefuses, PeerMalformed, FeedTooLong, FeedBusy.
    """
    feed.counts.clear()
    first = not feed.row.get("verified_at")
    began, seen = await _walk(following, feed, check)
    await _take_back(following, feed, seen)
    await _end_refusals(following, feed, seen)
    healed = {name: count for name, count in sorted(feed.counts.items()) if name != "refused"}
    told = ", ".join(f"{name} {count}" for name, count in healed.items())
    values = {
        "node_revision": began.revision, "leaf": began.leaf, "head": began.revision, "lag": 0,
        "as_of": following.moment, "verified_at": following.moment, "suspect": None, **NO_ERROR,
        "healed": 0 if first else sum(healed.values()),
        "healed_detail": "; ".join(filter(None, (cause, told))) or None,
        "entries": await _counted(following), "refused": await _refused(following),
    }  # fmt: skip
    await feeds.keep(following, feed, values, verb="verify", named=(str(began.revision),))
    feed.mark = began
    feed.entries, feed.refused = int(values["entries"] or 0), int(values["refused"] or 0)
    await shelf.come_back(following, feed)
    return feed


async def take_all_back(following: Following, feed: Feed) -> None:
    """Withdraws what a node published that has left for good. Raises:  FeedBusy."""
    await _take_back(following, feed, set())


async def _walk(
    following: Following, feed: Feed, check: Callable[[], None]
) -> tuple[Mark, set[Key]]:
    """Everything, page by page; what refers to something that comes later is taken at the end."""
    began, position, seen = None, "", set[Key]()
    aside: dict[Key, Entry] = {}
    for _ in range(PAGES_MAX):
        check()
        listing = await following.peer.whole(position, ENTRIES_MAX)
        began = began or listing.at
        seen |= {(each.kind, each.id) for each in listing.entries}
        if len(seen) > ROWS_MAX:
            break
        taking = await take_over(following, feed, listing.entries)
        aside |= {key: each for key, (each, error) in taking.refused.items()
                  if isinstance(error, NamesUnknown)}  # fmt: skip
        if not listing.position:
            await _take_aside(following, feed, aside)
            return began, seen
        position = listing.position
    raise FeedTooLong(limit=ROWS_MAX)


async def _take_aside(following: Following, feed: Feed, aside: dict[Key, Entry]) -> None:
    """As long as any of them can be taken, for they may refer to each other."""
    while aside:
        before = len(aside)
        waiting = list(aside.values())
        for at in range(0, len(waiting), ENTRIES_MAX):
            taking: Taking = await take_over(following, feed, waiting[at : at + ENTRIES_MAX])
            for key in taking.good:
                aside.pop(key, None)
        if len(aside) == before:
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
