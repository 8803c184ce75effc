"""What is late is chased (J-L1-2 and its like, J-X-6); nobody waits unseen (J-X-8)."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from dataspace.guards import REVIEWERS
from dataspace.jobs.tally import Tally
from dataspace.selection import Page
from hub.node import Node
from hub.operations.links.desks import DESKS
from hub.operations.tasks import countersigning, finding, reminding
from hub.scheduling.context import Context, Count, Run

LIFECYCLES: Final = tuple(desk.lifecycle for desk in DESKS.values())
REVIEWED: Final = tuple(each for each in LIFECYCLES if each.kind in REVIEWERS)


async def chase(node: Node, context: Context) -> Tally:
    """Reminds and escalates along the terms of the job's link, each step once."""
    swept = await reminding.remind(
        node, context.caller.subject,
        at=context.at, link=context.job.link, limit=context.job.limit,
    )  # fmt: skip
    return _counted(context, swept)


def chasing_after(run: Run) -> Run:
    """What the job does by itself, and then what is late in its link."""

    async def both(node: Node, context: Context) -> Tally:
        await run(node, context)
        return await chase(node, context)

    return both


def counting(link: str) -> Count:
    """How many to-dos of a link are due for a step."""

    async def count(node: Node, at: datetime) -> int:
        due = replace(reminding.due_selection(at, link), page=Page(1), rows=False, total=True)
        return (await node.catalogue.select(due)).total or 0

    return count


async def keep_true(node: Node, context: Context) -> Tally:
    """To-dos for what came in without a move, whom rules that changed want to countersign, and
    deadlines that could not be known before."""
    made = await finding.find(
        node, context.caller.subject, LIFECYCLES, at=context.at, limit=context.job.limit
    )
    context.tally.considered += made
    context.tally.done += made
    considered, wanted = await countersigning.want_anew(
        node, context.caller.subject, REVIEWED, at=context.at, limit=context.job.limit
    )
    context.tally.considered += considered
    context.tally.done += wanted
    swept = await reminding.time_anew(
        node, context.caller.subject, at=context.at, limit=context.job.limit
    )
    return _counted(context, swept)


async def count_unseen(node: Node, at: datetime) -> int:
    """Those that wait unseen or in vain, and those whose rules have changed since."""
    unseen = await finding.count(node, LIFECYCLES)
    return unseen + await countersigning.count(node, REVIEWED, at=at)


def _counted(context: Context, swept: reminding.Swept) -> Tally:
    """What had moved on by itself meanwhile was looked at, and needs nothing."""
    context.tally.considered += swept.considered
    context.tally.done += swept.done
    return context.tally
