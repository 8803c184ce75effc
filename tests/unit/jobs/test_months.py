"""From June to January: every job of the table is run, and all that was due is done."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from dataspace.jobs.table import JOBS
from dataspace.quantity import written
from dataspace.selection import POSITION, Page, Row, Selection
from hub.node import Node
from hub.operations.evidence import verify
from hub.operations.links import breaches
from hub.scheduling.running import Bench
from hub.scheduling.scheduler import Scheduler
from hub.scheduling.work import WORK
from tests.clock import FrozenClock
from tests.unit.jobs.made_up import Heard, a_workshop, gone, turned
from tests.unit.operations.city import LISTER, an_authorisable_resource, an_authorisation

DAYS = 228
# No node beats here, none asks a hub, and nothing is computed by recipes: a firing at which nothing
# is due leaves no run.
NOTHING_DUE = frozenset({"J-L1-1", "J-L5-4", "J-X-9"})


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_months_of_the_citys_jobs(node: Node, clock: FrozenClock, tmp_path: Path) -> None:
    """The leader is there every twelfth day only, so that all else is made up for."""
    resource = await an_authorisable_resource(node)
    ends = {
        days: await an_authorisation(node, resource, valid_until=written(clock.now() + days * DAY))
        for days in (1, 29, 100, 200, 300, 500)
    }
    abused = await an_authorisation(node, resource)
    for n in range(5):
        await breaches.note(node, LISTER, abused, reason=f"Call {n}")
    heard = Heard()
    scheduler = Scheduler(Bench(node, a_workshop(tmp_path), heard.report), JOBS, WORK)
    await turned(scheduler)
    for _ in range(DAYS // 12):
        clock.advance(days=12)
        await turned(scheduler)
    await gone(scheduler)
    runs = await everything(node, "job_run", "job", "state", "failed", "business_time")
    assert {(row["state"], row["failed"]) for row in runs} == {("DONE", 0)}
    files = Counter(row["kind"] for row in await everything(node, "job_file", "kind"))
    assert files["BACKUP"] == DAYS // 12
    assert files["DRILL"] == 1
    assert files["ARCHIVE"] > 0
    states = {row["id"]: row["state"] for row in await everything(node, "authorisation", "state")}
    assert {days: states[id_] for days, id_ in ends.items()} == {
        days: "EXPIRED" if days <= DAYS - 12 else "EFFECTIVE" for days in ends
    }
    log = await node.catalogue.changes_since(0, 100_000)
    started = Counter(
        each.values["job"] for each in log
        if each.evidence["action"] == "job_run.start" and each.values
    )  # fmt: skip
    assert started["J-L3-2"] == DAYS
    assert started.keys() == JOBS.keys() - NOTHING_DUE
    assert started["J-L3-3"] == 1, "a minute at which nothing is due leaves no run"
    assert heard.errors == []
    assert (await verify(node.catalogue)).holds


async def everything(node: Node, kind: str, *fields: str) -> list[Row]:
    rows: list[Row] = []
    position, more = None, True
    while more:
        page = Page(100, position)
        found = await node.catalogue.select(Selection(kind, ("id", *fields), page=page))
        rows += found.rows
        more = found.more_after
        position = found.rows[-1][POSITION] if found.rows else None
    return rows


DAY = timedelta(days=1)
