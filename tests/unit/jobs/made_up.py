"""A node with a scheduler of its own, and jobs that were made up to see what becomes of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dataspace.jobs.job import JobDefinition, Missed
from dataspace.jobs.tally import Tally
from dataspace.ports import Catalogue
from dataspace.selection import Order, Page, Row, Selection
from dataspace.text import Text
from hub.node import Node
from hub.scheduling.context import Context, Work, Workshop
from hub.scheduling.running import Bench
from hub.scheduling.scheduler import Scheduler
from storage.checkpoint_key import CheckpointKey
from tests.made_catalogue import a_catalogue

NAME = Text("Made up", "虚构")


@asynccontextmanager
async def scratch(path: Path) -> AsyncIterator[Catalogue]:
    catalogue = await a_catalogue(path)
    try:
        yield catalogue
    finally:
        await catalogue.close()


def a_workshop(folder: Path) -> Workshop:
    return Workshop(
        folder, "city.example/evidence", CheckpointKey("city.example", b"k" * 32), scratch
    )


def a_job(code: str = "T-1", cron: str = "0 * * * *", **more: Any) -> JobDefinition:
    return JobDefinition(code, NAME, NAME, "X1", cron, "test", NAME, **more)


def each_firing(code: str = "T-1", cron: str = "0 * * * *", **more: Any) -> JobDefinition:
    return a_job(code, cron, missed=Missed.MAKE_UP, **more)


@dataclass
class Heard:
    """What a job was called with, and what the scheduler complained of."""

    moments: list[str] = field(default_factory=list)
    errors: list[tuple[str, Exception]] = field(default_factory=list)

    def report(self, what: str, error: Exception) -> None:
        self.errors.append((what, error))

    async def note(self, node: Node, context: Context) -> Tally:
        self.moments.append(f"{context.at:%m-%dT%H:%M}")
        context.tally.did()
        return context.tally


def a_scheduler(
    node: Node, folder: Path, heard: Heard, *jobs: JobDefinition, **more: Any
) -> Scheduler:
    """Every job does what `run` says, or just notes that it was called."""
    run = more.pop("run", heard.note)
    bench = Bench(node, a_workshop(folder), heard.report)
    work = {job.code: Work(run) for job in jobs}
    return Scheduler(bench, {job.code: job for job in jobs}, work, **more)


async def turned(scheduler: Scheduler) -> None:
    """One turn, and all that it started is over."""
    await scheduler.turn()
    await settled(scheduler)


async def settled(scheduler: Scheduler) -> None:
    if tasks := list(scheduler.looking.values()):
        await asyncio.wait(tasks)


async def gone(scheduler: Scheduler) -> None:
    """As if its process had been killed: nothing is given back."""
    await scheduler._step_down()


async def the_runs(node: Node, *fields: str) -> list[Row]:
    asked = Selection(
        "job_run", ("id", "job", "business_time", "state", *fields), order=Order("business_time"),
        page=Page(100),
    )  # fmt: skip
    return (await node.catalogue.select(asked)).rows
