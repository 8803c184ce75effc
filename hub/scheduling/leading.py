"""Which of the processes leads: it takes the scheduler's lease, renews it, or finds it lost.

The lease is renewed at a third of its length. By the clock of the machine or by a steady counter,
whichever is earlier, a leader that could not renew it stops believing in it before anybody else may
take it.
"""

import asyncio
import os
import secrets
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from dataspace.errors import DataSpaceError
from dataspace.jobs.lease import SCHEDULER, Lease, Observed
from dataspace.jobs.refusals import LeaseLost
from hub.node import Books
from hub.operations.jobs import leases

RENEWED_AFTER: Final = 1 / 3
# A leader stops a little before its end, for the counters of two machines differ.
TRUSTED_FOR: Final = 0.9


def ticks() -> float:
    """Seconds of a counter that nobody puts back, and that runs on while a process is stopped."""
    return asyncio.get_running_loop().time()


def process_name() -> str:
    """Machine, process and something random, for a process number is used again."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"


@dataclass
class Holding:
    """One name that this process holds, or would like to hold, for `seconds` at a time."""

    books: Books
    seconds: float
    name: str = SCHEDULER
    holder: str = field(default_factory=process_name)
    lease: Lease | None = None
    renewed_at: float = 0.0

    def __post_init__(self) -> None:
        self.observed = Observed(self.seconds)

    @property
    def trusted(self) -> bool:
        """Whether nobody else can have it, as far as this process can know without asking."""
        since = ticks() - self.renewed_at
        return self.lease is not None and since < self.seconds * TRUSTED_FOR

    def check(self) -> None:
        """Raises:  LeaseLost."""
        if not self.trusted:
            raise LeaseLost(lease=self.name)

    async def turn(self) -> None:
        """Renews it when that is due, or tries to take it when it is free.

        Raises:  CatalogueUnavailable; a lease that cannot be renewed is trusted until its end.
        """
        began = ticks()
        if self.lease is None or not self.trusted:
            self.lease = None
            await self._contend(began)
        elif began - self.renewed_at >= self.seconds * RENEWED_AFTER:
            await self._renew(began)

    async def give_back(self) -> None:
        """So that nobody need wait for its end; whoever has it by now keeps it."""
        lease, self.lease = self.lease, None
        if lease is not None:
            with suppress(DataSpaceError):
                await leases.give_back(self.books, lease)

    def renewed(self, lease: Lease, began: float) -> None:
        """It counts from before the catalogue was asked, for that may have taken long."""
        self.lease, self.renewed_at = lease, began

    async def _renew(self, began: float) -> None:
        assert self.lease is not None
        try:
            lease = await leases.renew(self.books, self.lease, seconds=self.seconds)
        except LeaseLost:
            self.lease = None
        else:
            self.renewed(lease, began)

    async def _contend(self, began: float) -> None:
        there = await leases.read(self.books, self.name)
        now = self.books.clock.now()
        if there is not None and not self.observed.over(there, now, ticks=ticks()):
            return
        taken = await leases.take(
            self.books, self.name, holder=self.holder, seconds=self.seconds, over=there
        )
        if taken is not None:
            self.renewed(taken, began)
