"""J-L2-1 to J-L2-3: supply is noted, data are measured, metadata are proposed."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, Protocol

from dataspace.jobs.tally import Tally
from hub.node import Node
from hub.operations.quality import assessing, proposals, supply
from hub.scheduling.context import LIMIT_REACHED, SCHEDULER, Context, Work

ALL: Final = 1_000_000
FAILED: Final = "moved on or could not be read 已变更或无法读取"


class Counts(Protocol):
    """What a sweep of quality or supply came to."""

    considered: int
    done: int
    failed: int
    more: bool


def _work(sweep: Callable[..., Awaitable[Counts]]) -> Work:
    async def run(node: Node, context: Context) -> Tally:
        counts = await sweep(node, context.caller, context.at, limit=context.job.limit)
        tally = context.tally
        tally.considered += counts.considered
        tally.done += counts.done
        tally.failed += counts.failed
        if counts.failed:
            tally.reasons[FAILED] += counts.failed
        if counts.more:
            tally.remark = LIMIT_REACHED
        return tally

    async def count(node: Node, at: datetime) -> int:
        return (await sweep(node, SCHEDULER, at, limit=ALL, dry_run=True)).considered

    return Work(run, count)


SUPPLY: Final = _work(supply.sweep)
ASSESSMENT: Final = _work(assessing.assess_due)
PROPOSALS: Final = _work(proposals.propose_due)
