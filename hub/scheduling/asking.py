"""Jobs as people meet them: tried dry, asked for, run by hand, and made up for a span.

A run that is asked for at a serving node waits for the leader, which takes it up within seconds.
One that is run by hand, on the command line, is run there, under a lease of the job's own beside
the scheduler's. Either way a moment has one run.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Final

from dataspace.caller import Caller, Role
from dataspace.change import Act
from dataspace.errors import DataSpaceError
from dataspace.jobs.job import JobDefinition
from dataspace.jobs.lease import of_job
from dataspace.jobs.refusals import JobAhead, JobBusy, JobUnknown, SpanInvalid
from dataspace.jobs.table import JOBS
from dataspace.quantity import written
from dataspace.selection import PAGE_MAX, Page, Row
from hub.node import Node
from hub.operations.jobs import leases, runs
from hub.operations.jobs.runs import Claimed
from hub.operations.mechanism.done import check_caller, check_signed_in
from hub.scheduling.context import Work, due_selection
from hub.scheduling.leading import Holding
from hub.scheduling.running import Bench, carry_out
from hub.scheduling.timetable import firings
from hub.scheduling.work import WORK

# Whoever runs the machines may have a job run; what it may do is decided by the job's own role.
MAY_ASK: Final = frozenset({Role.SYSADMIN})
MAY_TRY: Final = frozenset({Role.SYSADMIN, Role.PLATFORM_ADMIN})
BY_HAND_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class RunsAsked:
    """What a run would look at, when it was asked dry; else the moments, and which of them have a
    run from now on that had none before."""

    job: str
    moments: tuple[datetime, ...]
    entered: tuple[datetime, ...] = ()
    considered: int | None = None


def job_named(code: str, now: datetime, *moments: datetime) -> JobDefinition:
    """The job, when the moments are past. Raises:  JobUnknown, JobAhead."""
    if (job := JOBS.get(code)) is None:
        raise JobUnknown(job=code[:40])
    for at in moments:
        if at > now:
            raise JobAhead(at=written(at))
    return job


def span(job: JobDefinition, *, start: datetime, end: datetime) -> tuple[datetime, ...]:
    """The firings after `start` up to `end`, in order. Raises:  SpanInvalid."""
    found = tuple(islice(firings(job.cron, after=start, until=end), PAGE_MAX + 1))
    if not 1 <= len(found) <= PAGE_MAX:
        count = f"> {PAGE_MAX}" if found else 0
        raise SpanInvalid(
            job=job.code, count=count, start=written(start), end=written(end), limit=PAGE_MAX
        )
    return found


async def considered(node: Node, job: JobDefinition, at: datetime) -> int:
    """How many objects a run for that moment would look at; nothing is changed."""
    work = WORK[job.code]
    if work.count is not None:
        return await work.count(node, at)
    counted = replace(due_selection(job, at, page=Page(0)), rows=False, total=True)
    return min((await node.catalogue.select(counted)).total or 0, job.limit)


async def ask(
    node: Node, caller: Caller, code: str, at: datetime | None = None, *, dry_run: bool = False
) -> RunsAsked:
    """A run for the moment, now unless it is given, left to the leader.

    Raises:  NotSignedIn, RoleMissing, JobUnknown, JobAhead.
    """
    _check(caller, "job_run.ask", dry_run=dry_run)
    now = node.clock.now()
    moment = at or now.replace(microsecond=0)
    job = job_named(code, now, moment)
    return await _ask(node, caller, job, (moment,), dry_run=dry_run)


async def backfill(
    node: Node, caller: Caller, code: str, start: datetime, end: datetime, *, dry_run: bool = False
) -> RunsAsked:  # fmt: skip
    """A run for every firing of a span that has none, left to the leader.

    Raises:  what `ask` raises, and SpanInvalid.
    """
    _check(caller, "job_run.backfill", dry_run=dry_run)
    job = job_named(code, node.clock.now(), start, end)
    return await _ask(node, caller, job, span(job, start=start, end=end), dry_run=dry_run)


def _check(caller: Caller, verb: str, *, dry_run: bool) -> None:
    check_signed_in(caller)
    check_caller(caller, verb, MAY_TRY if dry_run else MAY_ASK)


async def _ask(
    node: Node, caller: Caller, job: JobDefinition, moments: Sequence[datetime], *, dry_run: bool
) -> RunsAsked:
    if dry_run:
        count = await considered(node, job, moments[-1])
        there = await runs.entered(node, job.code, moments)
        missing = tuple(at for at in moments if at not in there)
        return RunsAsked(job.code, tuple(moments), missing, count)
    act = Act(caller.subject, "job_run.ask", written(node.clock.now()))
    entered = [at for at in moments if await runs.ask(node, job.code, at, act=act)]
    return RunsAsked(job.code, tuple(moments), tuple(entered))


async def run_by_hand(
    bench: Bench, job: JobDefinition, at: datetime, *, work: Work | None = None
) -> Row:
    """Runs it here and now, unless that moment's run is done; its record.

    Raises:  JobBusy when somebody else is at the job or has the run, LeaseLost.
    """
    node = bench.node
    row = await runs.run_of(node, job.code, at)
    if row is not None and row["state"] == runs.DONE:
        return row
    holding = Holding(node, BY_HAND_SECONDS, of_job(job.code))
    await holding.turn()
    if holding.lease is None:
        there = await leases.read(node, holding.name)
        raise JobBusy(job=job.code, holder=there.holder if there else "")
    try:
        claimed = await _claimed(holding, job, at, row)
        await _renewed_meanwhile(bench, job, claimed, work=work or WORK[job.code], holding=holding)
    finally:
        await holding.give_back()
    ended = await runs.run_of(node, job.code, at)
    assert ended is not None
    return ended


async def _claimed(holding: Holding, job: JobDefinition, at: datetime, row: Row | None) -> Claimed:
    """Raises:  JobBusy."""
    node, holder = holding.books, ""
    if row is not None and row["state"] == runs.RUNNING and row["lease"] is not None:
        lease, holder = leases.lease_of(row["lease"]), row["holder"]
        if lease.epoch == row["epoch"] and lease.expires_at > node.clock.now():
            raise JobBusy(job=job.code, holder=holder)
    assert holding.lease is not None
    claimed = await runs.claim(
        node, job.code, at,
        lease=holding.lease, seconds=holding.seconds, cause=runs.ASKED, over=row,
    )  # fmt: skip
    if claimed is None:
        raise JobBusy(job=job.code, holder=holder)
    return claimed


async def _renewed_meanwhile(
    bench: Bench, job: JobDefinition, claimed: Claimed, *, work: Work, holding: Holding
) -> None:
    async def renewing() -> None:
        while True:
            await asyncio.sleep(holding.seconds / 10)
            try:
                await holding.turn()
            except DataSpaceError as error:
                bench.report(job.code, error)

    keeping = asyncio.create_task(renewing())
    try:
        await carry_out(bench, job, claimed, work=work, check=holding.check)
    finally:
        keeping.cancel()
        await asyncio.wait({keeping})
