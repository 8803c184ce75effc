"""The scheduler of a process: it leads or waits to lead, and while it leads it runs what is due.

Every few seconds it turns: the lease is renewed or contended for, and runs that somebody asked for,
that were left by a dead process or that failed are taken up. In between, the alarm wakes it at each
firing. Jobs run beside each other, each of them one run at a time.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from dataspace.jobs.job import JobDefinition, Missed
from dataspace.jobs.lease import Observed
from dataspace.jobs.refusals import LeaseLost
from dataspace.quantity import read_moment
from dataspace.selection import PAGE_MAX, Page, Row
from hub.operations.jobs import runs
from hub.operations.jobs.leases import lease_of
from hub.scheduling.context import Work, due_selection
from hub.scheduling.leading import Holding, ticks
from hub.scheduling.running import Bench, carry_out
from hub.scheduling.timetable import Alarm, firings, last_firing

LEASE_SECONDS: Final = 300
TURN_SECONDS: Final = 5
RETRY_AFTER: Final = timedelta(minutes=5)


@dataclass
class Scheduler:
    """`jobs` are those that run, `work` what each of them does."""

    bench: Bench
    jobs: Mapping[str, JobDefinition]
    work: Mapping[str, Work]
    lease_seconds: float = LEASE_SECONDS
    turn_seconds: float = TURN_SECONDS
    looking: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    upto: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.holding = Holding(self.bench.node, self.lease_seconds)
        self.alarm = Alarm(self.look)
        self.observed = Observed(self.lease_seconds)
        self.leads = False

    async def keep(self) -> None:
        """Turns until it is cancelled; then it gives the lease back. Nothing gets out of here."""
        try:
            while True:
                try:
                    await self.turn()
                except Exception as error:
                    self.bench.report("scheduler", error)
                await asyncio.sleep(self.turn_seconds)
        finally:
            await self._step_down()
            await asyncio.shield(self.holding.give_back())

    async def turn(self) -> None:
        """One turn. Raises:  CatalogueUnavailable."""
        if self.leads and not self.holding.trusted:
            await self._step_down()
        await self.holding.turn()
        if not self.holding.trusted:
            return
        if not self.leads:
            self.leads = True
            self.alarm.start(tuple(self.jobs.values()))
        rows = await runs.open_runs(self.bench.node)
        for job in self.jobs.values():
            self.look(job, [row for row in rows if row["job"] == job.code])

    def look(self, job: JobDefinition, rows: Sequence[Row] = ()) -> None:
        """Runs what is due of the job, and those of its open runs that are free, beside whatever
        else runs; unless it is at it already."""
        at_it = self.looking.get(job.code)
        if self.leads and (at_it is None or at_it.done()):
            self.looking[job.code] = asyncio.create_task(self._look(job, rows))

    async def _look(self, job: JobDefinition, rows: Sequence[Row]) -> None:
        """Nothing gets out of here; what was not done is found again with the next turn."""
        try:
            for row in filter(self._free, rows):
                await self._run(job, read_moment(row["business_time"]), over=row)
            while fired := await self._due(job):
                for at in fired:
                    await self._run(job, at)
                    self.upto[job.code] = at
        except LeaseLost:
            return
        except Exception as error:
            self.bench.report(job.code, error)

    async def _run(self, job: JobDefinition, at: datetime, *, over: Row | None = None) -> None:
        """Raises:  LeaseLost, CatalogueUnavailable."""
        began = ticks()
        self.holding.check()
        assert self.holding.lease is not None
        claimed = await runs.claim(
            self.bench.node, job.code, at,
            lease=self.holding.lease, seconds=self.lease_seconds, over=over,
        )  # fmt: skip
        if claimed is None:
            return
        self.holding.renewed(claimed.lease, began)
        await carry_out(
            self.bench, job, claimed, work=self.work[job.code], check=self.holding.check
        )

    async def _due(self, job: JobDefinition) -> list[datetime]:
        """The next firings to run, in order; of one that coalesces, the last.

        What nobody was there for is counted from the last firing that was run, and before the
        first of all from when the scheduler's lease was first taken.
        """
        now, lease = self.bench.node.clock.now(), self.holding.lease
        if job.code not in self.upto:
            last = await runs.last_firing(self.bench.node, job.code)
            self.upto[job.code] = last or (lease.since if lease else now)
        after = self.upto[job.code]
        if job.missed is Missed.COALESCE:
            at = last_firing(job.cron, after=after, until=now)
            found = [at] if at and await self._is_called_for(job, at) else []
        else:
            found = list(islice(firings(job.cron, after=after, until=now), PAGE_MAX))
        there = await runs.entered(self.bench.node, job.code, found)
        if found and len(there) == len(found):
            self.upto[job.code] = found[-1]
            return await self._due(job)
        return [at for at in found if at not in there]

    async def _is_called_for(self, job: JobDefinition, at: datetime) -> bool:
        if not job.only_when_due:
            return True
        if count := self.work[job.code].count:
            return bool(await count(self.bench.node, at))
        found = await self.bench.node.catalogue.select(due_selection(job, at, page=Page(1)))
        return bool(found.rows)

    def _free(self, row: Row) -> bool:
        """Whether an open run may be taken up: nobody is at it, and it is time to try again."""
        now = self.bench.node.clock.now()
        if row["state"] in (runs.FAILED, runs.TIMED_OUT):
            finished = read_moment(row["finished"])
            return not finished <= now < finished + RETRY_AFTER
        if row["state"] == runs.WAITING or row["lease"] is None:
            return True
        lease = lease_of(row["lease"])
        own = self.holding.lease
        if lease.epoch != row["epoch"] or (own is not None and lease.id == own.id):
            return True
        return self.observed.over(lease, now, ticks=ticks())

    async def _step_down(self) -> None:
        """What is under way is broken off; its runs stay open for whoever leads next."""
        self.leads = False
        self.alarm.stop()
        self.upto.clear()
        tasks = [task for task in self.looking.values() if not task.done()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        self.looking.clear()
