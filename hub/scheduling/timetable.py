"""When a cron expression fires: the one file that knows APScheduler.

It wakes the scheduler at the right moments and keeps nothing: what is due is worked out from the
records of runs and the Clock port, so a wake that comes late, twice or never loses nothing.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from dataspace.jobs.job import ZONE, JobDefinition

MOMENT: Final = timedelta(microseconds=1)
AGAIN: Final = timedelta(minutes=10)
# Looked through one after the other for the last firing, so that a long stop costs little.
SPANS: Final = (timedelta(hours=1), timedelta(days=1), timedelta(days=32), timedelta(days=367))


def firings(cron: str, *, after: datetime, until: datetime, zone: str = ZONE) -> Iterator[datetime]:
    """Every firing after one moment up to and including another, in order, in aware UTC."""
    trigger = _trigger(cron, zone)
    while (at := _next(trigger, after)) is not None and at <= until:
        yield at
        after = at


def last_firing(
    cron: str, *, after: datetime, until: datetime, zone: str = ZONE
) -> datetime | None:
    """The last firing after one moment up to and including another."""
    for span in SPANS:
        start = max(after, until - span)
        if found := list(firings(cron, after=start, until=until, zone=zone)):
            return found[-1]
        if start == after:
            break
    return None


def next_firing(cron: str, *, after: datetime, zone: str = ZONE) -> datetime | None:
    return _next(_trigger(cron, zone), after)


class Alarm:
    """Calls at every firing of every job, from `start` to `stop`, within the running loop."""

    def __init__(self, wake: Callable[[JobDefinition], None]) -> None:
        self._wake = wake
        self._scheduler: Any = None

    def start(self, jobs: tuple[JobDefinition, ...]) -> None:
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = AsyncIOScheduler(timezone=ZoneInfo(ZONE), job_defaults=defaults)
        for job in jobs:
            self._scheduler.add_job(self._awake, _trigger(job.cron, ZONE), (job,), id=job.code)
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    async def _awake(self, job: JobDefinition) -> None:
        """A coroutine, so that it is called within the loop and not in a thread."""
        self._wake(job)


def _trigger(cron: str, zone: str) -> Any:
    """Raises:  ValueError when the five fields are none."""
    return CronTrigger.from_crontab(cron, ZoneInfo(zone))


def _next(trigger: Any, after: datetime) -> datetime | None:
    """In the hour that comes twice where clocks are put back, APScheduler may answer with a moment
    that is past; it is then asked from later on, so that time always goes forward.
    """
    asked = after
    while (at := trigger.get_next_fire_time(None, asked + MOMENT)) is not None:
        found: datetime = at.astimezone(UTC)
        if found > after:
            return found
        asked += AGAIN
    return None
