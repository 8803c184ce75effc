"""One claimed run from its start to its record: limits kept, whatever the job does."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from dataspace.errors import DataSpaceError
from dataspace.jobs.job import JobDefinition
from dataspace.jobs.refusals import LeaseLost
from hub.node import Node
from hub.operations.jobs import runs
from hub.operations.jobs.fence import Fenced
from hub.operations.jobs.runs import Claimed
from hub.scheduling.context import UNEXPECTED, Context, Work, Workshop

OUT_OF_TIME: Final = "job.timed_out"
Report = Callable[[str, Exception], None]


@dataclass(frozen=True, slots=True)
class Bench:
    """What carries runs out: the node, what jobs need beside it, and who hears of mistakes."""

    node: Node
    workshop: Workshop
    report: Report


async def carry_out(
    bench: Bench, job: JobDefinition, claimed: Claimed, *, work: Work, check: Callable[[], None]
) -> str:
    """Runs it and writes how it ended; the state that it ended in.

    A run that is cancelled, as at a stop, stays as it is: whoever leads next takes it over.

    Raises:  LeaseLost when it is no longer ours, CatalogueUnavailable when its end could not be
             written; either way another attempt will be made.
    """
    tally = claimed.tally
    fenced = Fenced(bench.node.catalogue, bench.node.clock, claimed)
    node = replace(bench.node, catalogue=fenced)
    context = Context(job, claimed.at, tally, bench.workshop, check)
    state = runs.DONE
    try:
        async with asyncio.timeout(job.seconds_max) as limit:
            returned = await work.run(node, context)
        if returned is not tally:
            tally.add(returned)
    except LeaseLost:
        raise
    except Exception as error:
        out_of_time = isinstance(error, TimeoutError) and limit.expired()
        state = runs.TIMED_OUT if out_of_time else runs.FAILED
        tally.reasons[OUT_OF_TIME if out_of_time else _code(error)] += 1
        bench.report(job.code, error)
    await runs.end(bench.node, claimed, state=state)
    return state


def _code(error: Exception) -> str:
    if isinstance(error, DataSpaceError):
        return error.code
    return f"{UNEXPECTED} {type(error).__name__}"
