"""Runs of jobs: asked for, claimed, taken over from a dead process, and ended.

A run is claimed in one change set with the renewal of the lease that it is to run under, and its
end is written under the condition that the lease and the attempt are still the same. So nothing
that a process believes after it has lost its lease gets into the catalogue (docs/decisions/0021).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dataspace.change import Act, Amend, Change, ChangeSet, Create
from dataspace.errors import AlreadyThere, MovedOn, NotUnique
from dataspace.identifiers import new_id
from dataspace.jobs.job import run_id, run_key
from dataspace.jobs.lease import Lease
from dataspace.jobs.refusals import LeaseLost
from dataspace.jobs.tally import Tally
from dataspace.quantity import read_moment, written
from dataspace.selection import (
    PAGE_MAX,
    Child,
    Condition,
    Either,
    Every,
    Linked,
    Order,
    Page,
    Row,
    Selection,
    Where,
)
from hub.node import Books
from hub.operations.jobs.leases import FIELDS as LEASE_FIELDS
from hub.operations.jobs.leases import an_act, renewal

WAITING, RUNNING, DONE, FAILED, TIMED_OUT = "WAITING", "RUNNING", "DONE", "FAILED", "TIMED_OUT"
FIRING, ASKED = "FIRING", "ASKED"
ATTEMPTS_MAX: Final = 3
FIELDS: Final = (
    "id", "version", "key", "job", "business_time", "state", "cause", "started", "finished",
    "attempts", "considered", "done", "refused", "failed", "reason", "holder", "epoch",
)  # fmt: skip
LEASE: Final = Child("lease", "lease", Selection("lease", LEASE_FIELDS))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A run that is ours as long as the lease is; `tally` goes on from earlier attempts."""

    job: str
    at: datetime
    attempt: int
    lease: Lease
    tally: Tally

    @property
    def id(self) -> str:
        return run_id(self.job, self.at)

    @property
    def held(self) -> Condition:
        """Holds of the run's row as long as it is ours, decided under the catalogue's lock."""
        return Every((
            Where("state", "eq", RUNNING),
            Where("attempts", "eq", self.attempt),
            Where("epoch", "eq", self.lease.epoch),
            Linked("lease", self.lease.held),
        ))  # fmt: skip


async def ask(books: Books, job: str, at: datetime, *, act: Act) -> bool:
    """Enters a run that waits for the leader; False when there is one of that moment already.

    Raises:  CatalogueUnavailable.
    """
    values = {**_named(job, at), "state": WAITING, "cause": ASKED, "asked_by": act.actor}
    change = Create("job_run", run_id(job, at), values, act)
    try:
        await books.catalogue.apply(ChangeSet(new_id("chs"), (change,)))
    except (AlreadyThere, NotUnique):
        return False
    return True


async def claim(
    books: Books, job: str, at: datetime, *, lease: Lease, seconds: float, cause: str = FIRING,
    over: Row | None = None,
) -> Claimed | None:  # fmt: skip
    """Makes the run ours: a new one, or that of the row `over`; None when somebody else has it.

    Raises:  LeaseLost, CatalogueUnavailable.
    """
    now = books.clock.now()
    attempt = 1 + (over["attempts"] or 0 if over else 0)
    values = {
        "state": RUNNING, "started": written(now), "finished": None, "attempts": attempt,
        "holder": lease.holder, "epoch": lease.epoch, "lease": lease.id,
    }  # fmt: skip
    act = an_act("job_run.start", now)
    change: Change
    if over is None:
        change = Create(
            "job_run", run_id(job, at), {**_named(job, at), "cause": cause, **values}, act
        )
    else:
        change = Amend("job_run", over["id"], values, act, version=over["version"])
    renewing, renewed = renewal(books, lease, seconds=seconds)
    try:
        await books.catalogue.apply(ChangeSet(new_id("chs"), (renewing, change)))
    except (AlreadyThere, NotUnique):
        return None
    except MovedOn as error:
        if error.facts.get("kind") == "lease":
            raise LeaseLost(lease=lease.name) from error
        return None
    return Claimed(job, at, attempt, renewed, _tally(over))


async def end(books: Books, claimed: Claimed, *, state: str) -> None:
    """Writes how it ended. Raises:  LeaseLost, CatalogueUnavailable."""
    now, tally = books.clock.now(), claimed.tally
    values = {
        "state": state, "finished": written(now), **tally.counts, "reason": tally.why,
    }  # fmt: skip
    act = an_act(f"job_run.{state.lower()}", now, tally.why)
    change = Amend("job_run", claimed.id, values, act, guard=claimed.held)
    try:
        await books.catalogue.apply(ChangeSet(new_id("chs"), (change,)))
    except MovedOn as error:
        raise LeaseLost(lease=claimed.lease.name) from error


async def open_runs(books: Books, job: str = "") -> list[Row]:
    """Runs that wait, run, or failed and may be tried again, the oldest business time first."""
    again = Every((
        Where("state", "in", (FAILED, TIMED_OUT)), Where("attempts", "lt", ATTEMPTS_MAX),
    ))  # fmt: skip
    is_open: Condition = Either((Where("state", "in", (WAITING, RUNNING)), again))
    where = Every((Where("job", "eq", job), is_open)) if job else is_open
    found = await books.catalogue.select(
        Selection(
            "job_run", FIELDS, where, order=Order("business_time"), page=Page(PAGE_MAX),
            children=(LEASE,),
        )
    )  # fmt: skip
    return found.rows


async def run_of(books: Books, job: str, at: datetime) -> Row | None:
    where = Where("id", "eq", run_id(job, at))
    asked = Selection("job_run", FIELDS, where, page=Page(1), children=(LEASE,))
    return (await books.catalogue.select(asked)).first


async def entered(books: Books, job: str, moments: Sequence[datetime]) -> set[datetime]:
    """Which of the moments, PAGE_MAX at most, have a run already."""
    by_id = {run_id(job, at): at for at in moments}
    asked = Selection("job_run", where=Where("id", "in", tuple(by_id)), page=Page(PAGE_MAX))
    rows = (await books.catalogue.select(asked)).rows if by_id else []
    return {by_id[row["id"]] for row in rows}


def last_run(job: str, *conditions: Condition) -> Selection:
    """The run of the latest business time."""
    return Selection(
        "job_run", FIELDS, Every((Where("job", "eq", job), *conditions)),
        order=Order("business_time", descending=True), page=Page(1),
    )  # fmt: skip


async def last_firing(books: Books, job: str) -> datetime | None:
    """The business time up to which firings were run."""
    row = (await books.catalogue.select(last_run(job, Where("cause", "eq", FIRING)))).first
    return read_moment(row["business_time"]) if row else None


def _named(job: str, at: datetime) -> Row:
    return {"key": run_key(job, at), "job": job, "business_time": written(at)}


def _tally(over: Row | None) -> Tally:
    """As far as earlier attempts have come."""
    if over is None:
        return Tally()
    return Tally(
        over["considered"] or 0, over["done"] or 0, over["refused"] or 0, over["failed"] or 0
    )
