"""A process with a scheduler of its own on a catalogue file: `python -m tests.faults.jobs_child`.

It has one job, which touches every participant, slowly; lines on its output say when it leads, and
which object it has begun and done.
"""

import asyncio
import sys
from pathlib import Path

from dataspace.change import Amend, ChangeSet
from dataspace.identifiers import derived_id
from dataspace.jobs.job import Due
from dataspace.jobs.tally import Tally
from dataspace.selection import Row
from graph.sqlite_catalogue import SqliteCatalogue
from hub.node import Node
from hub.operations.jobs.leases import an_act
from hub.scheduling.context import Context, Work
from hub.scheduling.running import Bench
from hub.scheduling.scheduler import Scheduler
from hub.wiring import SystemClock
from tests.unit.jobs.made_up import NAME, a_job, a_workshop
from tests.unit.operations.city import DictionaryAssets, NobodyKnown

LEASE_SECONDS = 2.0
DUE = Due("participant", NAME, (), "created_at")
# Once a year, and asked for by the test, so that there is one run and no other.
JOB = a_job("T-KILL", "0 0 1 1 *", due=DUE)


def report(what: str, error: Exception) -> None:
    print("trouble", what, type(error).__name__, flush=True)


async def touch(node: Node, context: Context) -> Tally:
    """Notes on each of them once, by a change set of the run and the object."""

    async def act(row: Row) -> bool:
        print("at", row["id"], flush=True)
        await asyncio.sleep(0.02)
        amend = Amend("participant", row["id"], {}, an_act("test.touch", node.clock.now()))
        set_id = derived_id("chs", context.request(row["id"]))
        applied = await node.catalogue.apply(ChangeSet(set_id, (amend,)))
        print("done", row["id"], flush=True)
        return not applied.repeated

    return await context.each(context.due(node), act)


async def main(path: Path) -> None:
    catalogue = await SqliteCatalogue.open(path)
    node = Node(catalogue, NobodyKnown(), DictionaryAssets(), SystemClock())
    bench = Bench(node, a_workshop(path.parent), report)
    scheduler = Scheduler(
        bench, {JOB.code: JOB}, {JOB.code: Work(touch)},
        lease_seconds=LEASE_SECONDS, turn_seconds=0.05,
    )  # fmt: skip
    keeping = asyncio.create_task(scheduler.keep())
    led = False
    while not keeping.done():
        if scheduler.holding.trusted != led:
            led = not led
            print("leads" if led else "lost", flush=True)
        await asyncio.sleep(0.02)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
