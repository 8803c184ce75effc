"""J-L2-4 and J-X-7: nodes are followed, and now and then all of what they publish is compared."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Final

from dataspace.errors import DataSpaceError
from dataspace.federation.flow.refusals import FeedBusy
from dataspace.jobs.tally import Tally
from dataspace.quantity import read_moment
from hub.node import Node
from hub.operations.federation import tables
from hub.operations.federation.flow import feeds, healing, pulling
from hub.operations.federation.flow.feeds import Feed, Following
from hub.operations.federation.flow.neighbours import Neighbours
from hub.scheduling.context import Context

VERIFIED_EVERY: Final = timedelta(days=7)


async def follow(node: Node, context: Context) -> Tally:
    """Asks every node once for what is new, in case nobody did for ten minutes; and sees to it
    that the nodes are told which code tables hold here."""
    await tables.keep(node)
    async for following in Neighbours(node).followed():
        context.check()
        pulled = await pulling.pull(following)
        if pulled.error:
            context.tally.was_refused(pulled.error.code)
        else:
            context.tally.did() if pulled.changed else context.tally.passed_over()
    return context.tally


async def compare(node: Node, context: Context) -> Tally:
    """Compares in full those whose week is over, and those of which something is refused; it heals
    what differs, and says on the feed and of the run what that was."""
    told: list[str] = []
    due = [each async for each in _due(node, context.at)]
    # Those with which it went wrong may take up all the time that there is.
    for following, feed in sorted(due, key=lambda each: bool(each[1].row.get("error"))):
        context.check()
        try:
            await healing.verify(following, feed, check=context.check)
        except FeedBusy:
            context.tally.passed_over()
        except DataSpaceError as error:
            if error.code.partition(".")[0] not in ("peer", "feed"):
                raise
            await feeds.went_wrong(following, feed, error)
            context.tally.was_refused(error.code)
        else:
            context.tally.did()
            told.append(f"{following.node}: {feed.row.get('healed_detail') or '='}")
    context.tally.remark = "; ".join(told)[:1000]
    return context.tally


async def count(node: Node, at: datetime) -> int:
    """Nodes that are due to be compared."""
    return len([each async for each in _due(node, at)])


async def count_followed(node: Node, at: datetime) -> int:
    return len([each async for each in Neighbours(node).followed()])


async def _due(node: Node, at: datetime) -> AsyncIterator[tuple[Following, Feed]]:
    async for following in Neighbours(node).followed():
        feed = await feeds.opened(following)
        verified = feed.row.get("verified_at")
        is_over = not verified or read_moment(verified) + VERIFIED_EVERY <= at
        if is_over or feed.row.get("suspect") or feed.refused:
            yield following, feed
