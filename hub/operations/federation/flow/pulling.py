"""One pull of one node: its changes in order, or everything where they cannot be followed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from dataspace.change import Create
from dataspace.errors import Broken, Conflict, DataSpaceError, Refused, Unavailable
from dataspace.federation.batches import ENTRIES_MAX, Batch
from dataspace.federation.flow.checking import (
    OWNERS,
    ROWS_MAX,
    check_goes_on,
    check_length,
    check_weight,
)
from dataspace.federation.flow.refusals import FeedBusy, FeedTooHeavy, FeedTooLong, FeedWentBack
from dataspace.quantity import read_moment
from hub.operations.federation.flow import feeds, healing
from hub.operations.federation.flow.feeds import NO_ERROR, Feed, Following
from hub.operations.federation.flow.taking_over import Reached, take_over

BATCHES_MAX: Final = 1000  # in one pull; what is left is pulled the next time
# A node of which nothing is new is not written of at every poll: that would be evidence of nothing.
# So few records that tell nothing are looked at again by the next one.
FRESH_FOR: Final = timedelta(minutes=10)
RECORDS_OVERLOOKED_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Pulled:
    """`error` is what stopped it, None when this node is up to date; `changed` counts what was
    written or refused."""

    changed: int = 0
    error: DataSpaceError | None = None


async def pull(following: Following) -> Pulled:
    """Brings what is here of the node up to date; what goes wrong stands on the feed.

    Raises:  what this node's own catalogue raises.
    """
    try:
        feed = await feeds.opened(following)
    except FeedBusy:
        return Pulled()
    try:
        await _pull(following, feed)
    except FeedBusy:
        return Pulled(feed.counts.total())
    except DataSpaceError as error:
        if not _of_the_other(error):
            raise
        await _note(following, feed, error)
        return Pulled(feed.counts.total(), error)
    return Pulled(feed.counts.total())


async def _pull(following: Following, feed: Feed) -> None:
    """Of a node that publishes too much nothing more is asked here: that it has become less is
    found by the comparison that J-X-7 makes."""
    if feed.row.get("error") == FeedTooLong.code:
        raise FeedTooLong(limit=ROWS_MAX)
    if feed.row.get("error") == FeedTooHeavy.code:
        raise FeedTooHeavy(limit_bytes=following.bytes_max)
    if not feed.verified:
        await healing.verify(following, feed)
    for _ in range(BATCHES_MAX):
        batch = await following.peer.changes_since(feed.mark.revision, ENTRIES_MAX)
        if not check_goes_on(batch, feed.mark):
            await _went_back(following, feed)
            return
        if batch.reached == batch.since:
            await _stays_fresh(following, feed)
            return
        await _take(following, feed, batch)
        if not batch.more:
            return


async def _take(following: Following, feed: Feed, batch: Batch) -> None:
    reached = {
        "node_revision": batch.reached.revision, "leaf": batch.reached.leaf, "head": batch.head,
        "lag": batch.head - batch.reached.revision, **NO_ERROR,
    }  # fmt: skip
    if not batch.complete:
        reached["suspect"] = True
    if not batch.more:
        reached["as_of"] = following.moment
    few = batch.reached.revision - batch.since.revision <= RECORDS_OVERLOOKED_MAX
    idle = few and batch.complete and not batch.more and _is_fresh(following, feed)
    taking = await take_over(following, feed, batch.entries, reached=Reached(reached, idle))
    check_length(feed.entries + feed.refused)
    check_weight(feed.bytes, limit=following.bytes_max)
    created = (each.kind for each in taking.changes.values() if isinstance(each, Create))
    if any(kind not in OWNERS for kind in created):
        check_length(await healing.held(following))
    if feed.row["node_revision"] == batch.reached.revision:
        feed.mark = batch.reached


async def _went_back(following: Following, feed: Feed) -> None:
    """It is told before it is healed, so that a process that dies in between is told of it too."""
    error = FeedWentBack(revision=feed.mark.revision)
    await feeds.keep(following, feed, {"suspect": True}, verb="suspect", named=(error.code,))
    await healing.verify(following, feed, cause=error.code)


async def _stays_fresh(following: Following, feed: Feed) -> None:
    if not _is_fresh(following, feed):
        values = {"as_of": following.moment, "lag": 0, **NO_ERROR}
        await feeds.keep(following, feed, values, verb="stay_fresh", named=(following.moment,))


def _is_fresh(following: Following, feed: Feed) -> bool:
    told = feed.row.get("as_of")
    if feed.row.get("error") or not told:
        return False
    return following.books.clock.now() - read_moment(told) < FRESH_FOR


def _of_the_other(error: DataSpaceError) -> bool:
    """Whether it is the other node's doing; that this node's catalogue is away is not."""
    own = error.code.partition(".")[0] not in ("peer", "feed")
    return not own and isinstance(error, Unavailable | Refused | Broken | Conflict)


async def _note(following: Following, feed: Feed, error: DataSpaceError) -> None:
    try:
        await feeds.went_wrong(following, feed, error)
    except FeedBusy:
        return

