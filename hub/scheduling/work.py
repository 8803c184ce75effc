"""Which function does the work of which job: to let a job run, enter it here.

A job whose definition has no `waits_for` is here, and no other (a test says so). The function's
contract stands in `hub.scheduling.context`.
"""

from collections.abc import Mapping
from typing import Final

from dataspace.jobs.job import JobDefinition
from dataspace.jobs.table import JOBS
from hub.scheduling.context import Work
from hub.scheduling.works import (
    authorisations,
    backups,
    evidence,
    products,
    report,
    resources,
    retention,
)

WORK: Final[Mapping[str, Work]] = {
    "J-L2-5": Work(resources.register),
    "J-L2-6": Work(resources.end),
    "J-L3-1": Work(authorisations.note_backlog),
    "J-L3-2": Work(authorisations.end),
    "J-L5-1": Work(products.remind),
    "J-X-1": Work(evidence.make_checkpoint, evidence.count_records),
    "J-X-2": Work(evidence.verify, evidence.count_all),
    "J-X-3": Work(retention.archive, retention.count),
    "J-X-4": Work(report.report, report.count),
    "J-X-5": Work(backups.back_up, backups.count_records),
    "J-X-5-DRILL": Work(backups.drill, backups.count_backups),
}

RUNNING_JOBS: Final[Mapping[str, JobDefinition]] = {
    code: job for code, job in JOBS.items() if job.runs
}
