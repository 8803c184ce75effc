"""Which function does the work of which job: to let a job run, enter it here.

Every job of the table is here, and no other (a test says so). The function's contract stands in
`hub.scheduling.context`.
"""

from collections.abc import Mapping
from typing import Final

from dataspace.federation.profile import Profile
from dataspace.jobs.job import JobDefinition
from dataspace.jobs.table import JOBS
from dataspace.links import LINKS
from hub.scheduling.context import Work
from hub.scheduling.works import (
    authorisations,
    backups,
    disclosure,
    evidence,
    products,
    quality,
    report,
    resources,
    retention,
    tasks,
)
from hub.scheduling.works.federation import following, heartbeats, queueing
from hub.scheduling.works.joining import credentials, invitations, stops
from hub.scheduling.works.watching import (
    breaches,
    ceilings,
    complaints,
    filings,
    health,
    lapsed,
    owners,
)

WORK: Final[Mapping[str, Work]] = {
    "J-L1-1": Work(heartbeats.sweep, heartbeats.count),
    "J-L1-2": Work(tasks.chase, tasks.counting("L1")),
    "J-L1-3": Work(credentials.look),
    "J-L1-4": Work(invitations.close),
    "J-L1-5": Work(stops.look, stops.count),
    "J-L2-1": quality.SUPPLY,
    "J-L2-2": quality.ASSESSMENT,
    "J-L2-3": quality.PROPOSALS,
    "J-L2-4": Work(following.follow, following.count_followed),
    "J-L2-5": Work(tasks.chasing_after(resources.register)),
    "J-L2-6": Work(resources.end),
    "J-L2-7": Work(disclosure.disclose, disclosure.count),
    "J-L3-1": Work(tasks.chase, tasks.counting("L3")),
    "J-L3-2": Work(authorisations.end),
    "J-L3-3": Work(breaches.suspend),
    "J-L3-4": Work(owners.recheck, owners.count),
    "J-L3-5": Work(filings.look, filings.count),
    "J-L4-1": Work(tasks.chase, tasks.counting("L4")),
    "J-L4-2": Work(lapsed.release, lapsed.count),
    "J-L5-1": Work(tasks.chasing_after(products.remind)),
    "J-L5-2": Work(ceilings.look, ceilings.count),
    "J-L5-3": Work(health.measure, health.count),
    "J-L5-4": Work(products.compute_anew, products.count_renewable),
    "J-X-1": Work(evidence.make_checkpoint, evidence.count_records),
    "J-X-2": Work(evidence.verify, evidence.count_all),
    "J-X-3": Work(retention.archive, retention.count),
    "J-X-4": Work(report.report, report.count),
    "J-X-5": Work(backups.back_up, backups.count_records),
    "J-X-5-DRILL": Work(backups.drill, backups.count_backups),
    "J-X-6": Work(tasks.chasing_after(complaints.close), complaints.count),
    "J-X-7": Work(following.compare, following.count),
    "J-X-8": Work(tasks.keep_true, tasks.count_unseen),
    "J-X-9": Work(queueing.send, queueing.count),
}

def jobs_of(profile: Profile | None) -> Mapping[str, JobDefinition]:
    """The jobs that run at a node: those of the links that its profile takes part in, and all that
    run across the links."""
    unused = {link.code for link in LINKS} - set(profile.links) if profile else set()
    return {code: job for code, job in JOBS.items() if job.link not in unused}
