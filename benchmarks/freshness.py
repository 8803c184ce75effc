"""How long does it take to note whose update is late, and in how much memory?

A sweep of 120,000 registered resources of all cycles, on SQLite: the first, which writes a status
for every one of them; the next day's, which writes what has become late or is in time again; and
one an hour after that, when little is due. Budget: 60 s and 300 MB (286 MiB) resident at the peak
for each.
"""

import asyncio
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.figures import Figure
from dataspace.caller import Caller, Role
from dataspace.change import Act, ChangeSet, Create
from dataspace.codes import UPDATE_CYCLE
from dataspace.quality.supply import CYCLES
from dataspace.quantity import written
from hub.node import Node
from hub.operations.quality import supply
from hub.operations.quality.supply import SupplyCounts
from hub.settings import Settings
from hub.wiring import open_node

SECONDS_MOST, PEAK_MOST_MEBIBYTES = 60, 286
RESOURCES, DEPARTMENTS, BATCH = 120_000, 60, 1000
DAY = datetime(2026, 6, 1, 6, tzinfo=UTC)
ACT = Act("benchmark", "resource.create", "2026-06-01T00:00:00.000Z")
CALLER = Caller("benchmark", roles=frozenset({Role.REGISTRAR}))
SWEEPS = (
    ("first sweep", timedelta()),
    ("a day later", timedelta(days=1)),
    ("an hour after that", timedelta(days=1, hours=1)),
)


def measure(data: Path, largest: int) -> list[Figure]:
    size = min(RESOURCES, largest)
    with tempfile.TemporaryDirectory(dir=data) as folder:
        return list(asyncio.run(_measured(Path(folder), size)))


async def _measured(folder: Path, size: int) -> list[Figure]:
    figures: list[Figure] = []
    async with open_node(Settings.read({}, data=folder, port=8000)) as opened:
        await _made(opened.node, size)
        for name, later in SWEEPS:
            began, worked = time.monotonic(), time.process_time()
            counts = await supply.sweep(opened.node, CALLER, DAY + later)
            spent = time.monotonic() - began, time.process_time() - worked
            figures += _figures(f"{size:,}, {name}", counts, *spent)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [*figures, Figure(f"{size:,}", "peak of resident memory", peak, "MiB",
                             most=PEAK_MOST_MEBIBYTES)]  # fmt: skip


def _figures(of: str, counts: SupplyCounts, seconds: float, worked: float) -> Iterator[Figure]:
    yield Figure(of, "sweep", seconds, "s", most=SECONDS_MOST)
    yield Figure(of, "the same, time of the processor", worked, "s")
    yield Figure(of, "read", counts.considered)
    yield Figure(of, "written", counts.done)
    yield Figure(of, "work orders made", counts.opened)
    yield Figure(of, "work orders closed", counts.closed)


async def _made(node: Node, size: int) -> None:
    """Nine in ten were updated within their cycle."""
    departments = [
        Create("participant", f"par_{at}", {"name": f"部门{at}", "kind": "DEPARTMENT"}, ACT)
        for at in range(DEPARTMENTS)
    ]
    await node.catalogue.apply(ChangeSet("benchmark-departments", tuple(departments)))
    for first in range(0, size, BATCH):
        rows = tuple(_resource(at) for at in range(first, min(first + BATCH, size)))
        await node.catalogue.apply(ChangeSet(f"benchmark-{first}", rows))


def _resource(at: int) -> Create:
    dice = Random(at)
    cycle = dice.choice(list(UPDATE_CYCLE.codes))
    known = CYCLES.get(cycle)
    span = DAY - known.period.before(DAY) if known else timedelta(days=1000)
    most = max(span, timedelta(minutes=15)) * (1 if dice.randrange(10) else 20)
    values = {
        "name": f"数据资源{at}", "state": "REGISTERED", "audience": "PUBLIC",
        "provider": f"par_{at % DEPARTMENTS}", "update_cycle": cycle,
        "data_changed_at": written(DAY - most * dice.random()),
    }  # fmt: skip
    return Create("resource", f"res_{at:06d}", values, ACT)
