"""What the function of a job is given, and the loop over what is due that most of them are.

The seam: a job's function takes the node and its `Context` and gives a `Tally`. It counts on
`context.tally` as it goes, so that a run that is broken off says how far it came, and gives it
back. What it writes, it writes by the node that it was given, under request ids from
`context.request`: then nothing is done twice, and nothing is done by a process that has lost its
lease. It is entered under its code in `hub.scheduling.work`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from dataspace.caller import Caller, Role
from dataspace.checkpoints.note import Signer
from dataspace.errors import DataSpaceError, Unavailable
from dataspace.federation.flow.publishing import own
from dataspace.jobs.job import JobDefinition, request_key
from dataspace.jobs.refusals import LeaseLost
from dataspace.jobs.tally import Tally
from dataspace.ports import Catalogue
from dataspace.selection import PAGE_MAX, POSITION, Child, Order, Page, Row, Selection
from hub.node import Node
from hub.operations.jobs.leases import ACTOR

SCHEDULER: Final = Caller(ACTOR, "Scheduler 定时作业", frozenset({Role.SCHEDULER}))
LIMIT_REACHED: Final = "limit reached, the rest stays due 已达上限，余下仍待办"
UNEXPECTED: Final = "internal"


@dataclass(frozen=True, slots=True)
class Workshop:
    """What jobs need beside the ports of the node.

    `folder` is for files while they are made; `origin` names the log in its checkpoints; `scratch`
    opens an empty catalogue in a file, into which a backup is restored to try it. `tell` brings a
    report to its receiver, and raises the errors of `dataspace.federation.peer`; None without one.
    """

    folder: Path
    origin: str
    signer: Signer
    scratch: Callable[[Path], AbstractAsyncContextManager[Catalogue]]
    tell: Callable[[bytes], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """`at` is the job's time; `check` raises LeaseLost when the lease may be over by now."""

    job: JobDefinition
    at: datetime
    tally: Tally
    workshop: Workshop
    check: Callable[[], None]
    caller: Caller = SCHEDULER

    def request(self, object_id: str) -> str:
        return request_key(self.job.code, self.at, object_id)

    def within(self, days: int) -> Self:
        """For a rule that says how many days ahead the job looks."""
        assert self.job.due is not None
        return replace(self, job=replace(self.job, due=replace(self.job.due, days=days)))

    async def due(
        self, node: Node, *fields: str, beside: tuple[Child, ...] = ()
    ) -> AsyncIterator[Row]:
        """What is due, the oldest first, up to the limit of a run; also while it is acted on."""
        left, position = self.job.limit, None
        while left:
            found = await node.catalogue.select(
                replace(
                    due_selection(
                        self.job, self.at, fields, page=Page(min(left, PAGE_MAX), position)
                    ),
                    children=beside,
                )
            )
            for row in found.rows:
                yield row
            left -= len(found.rows)
            if not found.more_after:
                return
            position = found.rows[-1][POSITION]
        self.tally.remark = LIMIT_REACHED

    async def each(self, rows: AsyncIterator[Row], act: Callable[[Row], Awaitable[bool]]) -> Tally:
        """Acts on one row after the other; a refusal or a mistake at one does not stop the others.

        `act` says whether there was anything to do. Raises:  LeaseLost, Unavailable.
        """
        async for row in rows:
            self.check()
            try:
                acted = await act(row)
            except (LeaseLost, Unavailable):
                raise
            except DataSpaceError as error:
                self.tally.was_refused(error.code)
            except Exception as error:
                self.tally.was_failing(f"{UNEXPECTED} {type(error).__name__}")
            else:
                self.tally.did() if acted else self.tally.passed_over()
        return self.tally


Run = Callable[[Node, Context], Awaitable[Tally]]
Count = Callable[[Node, datetime], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Work:
    """`count` says what a run would consider, where the job's definition has no `due`."""

    run: Run
    count: Count | None = None


def due_selection(
    job: JobDefinition, at: datetime, fields: tuple[str, ...] = (), *, page: Page
) -> Selection:
    """What another node published is due there."""
    assert job.due is not None
    where = own(job.due.kind, job.due.condition(at))
    return Selection(job.due.kind, ("id", *fields), where, order=Order(job.due.field), page=page)
