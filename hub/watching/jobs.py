"""How the jobs stand, read from the records of their runs: every node tells the same."""

import asyncio
from collections.abc import Iterator
from datetime import datetime

from dataspace.jobs.lease import SCHEDULER
from dataspace.jobs.table import JOBS
from dataspace.quantity import read_moment
from dataspace.selection import Row, Where
from hub.node import Books
from hub.operations.jobs import leases, runs
from hub.watching.definitions import (
    JOB_DURATION_SECONDS,
    JOB_FAILURES,
    JOB_LAST_SUCCESS,
    SCHEDULER_LEASE_SECONDS,
)
from hub.watching.meter import Reading

ENDED = Where("state", "in", (runs.DONE, runs.FAILED, runs.TIMED_OUT))
WELL = Where("state", "eq", runs.DONE)


async def job_readings(books: Books, now: datetime) -> list[Reading]:
    """Raises:  CatalogueUnavailable."""
    lease = await leases.read(books, SCHEDULER)
    found = await asyncio.gather(*(_of_job(books, code) for code in JOBS))
    left = max(0.0, (lease.expires_at - now).total_seconds()) if lease else 0.0
    return [Reading(SCHEDULER_LEASE_SECONDS, left), *(each for told in found for each in told)]


async def _of_job(books: Books, code: str) -> list[Reading]:
    last, good = await asyncio.gather(
        books.catalogue.select(runs.last_run(code, ENDED)),
        books.catalogue.select(runs.last_run(code, WELL)),
    )
    return [*_last(code, last.first), *_good(code, good.first)]


def _last(code: str, row: Row | None) -> Iterator[Reading]:
    if row is None:
        return
    took = read_moment(row["finished"]) - read_moment(row["started"])
    broken_off = row["state"] != runs.DONE
    yield Reading(JOB_DURATION_SECONDS, max(0.0, took.total_seconds()), (code,))
    yield Reading(JOB_FAILURES, max(row["failed"] or 0, int(broken_off)), (code,))


def _good(code: str, row: Row | None) -> Iterator[Reading]:
    if row is not None:
        yield Reading(JOB_LAST_SUCCESS, read_moment(row["finished"]).timestamp(), (code,))
