"""`jobs` answered: the definitions, with the last run of each in one selection a job."""

from datetime import datetime
from typing import Any

from dataspace.jobs.job import JobDefinition
from dataspace.jobs.table import JOBS
from dataspace.quantity import written
from dataspace.selection import Condition, Row, Selection
from dataspace.text import Language
from hub.operations.jobs import runs
from hub.scheduling.timetable import next_firing

LAST_RUN = (
    "id", "business_time", "state", "started", "finished", "considered", "done", "refused",
    "failed", "reason",
)  # fmt: skip


def selections(visible: Condition) -> tuple[Selection, ...]:
    return tuple(runs.last_run(job.code, visible) for job in JOBS.values())


def told(rows: list[Row], now: datetime, language: Language) -> list[dict[str, Any]]:
    by_job = {row["job"]: row for row in rows}
    return [_told(job, by_job.get(job.code), now=now, language=language) for job in JOBS.values()]


def _told(
    job: JobDefinition, row: Row | None, *, now: datetime, language: Language
) -> dict[str, Any]:
    return {
        "code": job.code,
        "label": job.text.to(language),
        "does": job.does.to(language),
        "link": job.link,
        "cron": job.cron,
        "missed": job.missed.value.to(language),
        "limit": job.limit,
        "seconds_max": job.seconds_max,
        "next_at": written(at) if (at := next_firing(job.cron, after=now)) else None,
        "last_run": {name: row[name] for name in LAST_RUN} if row else None,
    }
