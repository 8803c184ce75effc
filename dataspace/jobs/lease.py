"""A lease: one of many processes holds a name, and whoever has lost it can write nothing more.

Every take-over counts the epoch up by one. What is written under a lease carries the condition
that holder and epoch are still the same, decided under the catalogue's lock (fencing): a process
that slept through its lease is refused by the catalogue, whatever it believes.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from dataspace.identifiers import derived_id
from dataspace.selection import Condition, Every, Where

SCHEDULER: Final = "scheduler"


def lease_id(name: str) -> str:
    return derived_id("lea", name)


def of_job(code: str) -> str:
    """The name of the lease under which a job is run by hand, beside the scheduler."""
    return f"job {code}"


@dataclass(frozen=True, slots=True)
class Lease:
    """As it was read, or as it was taken; `version` is that of its row."""

    name: str
    holder: str
    epoch: int
    expires_at: datetime
    version: int
    since: datetime

    @property
    def id(self) -> str:
        return lease_id(self.name)

    @property
    def held(self) -> Condition:
        """Holds of the lease's row as long as nobody else has taken it."""
        return Every((Where("holder", "eq", self.holder), Where("epoch", "eq", self.epoch)))


@dataclass(slots=True)
class Observed:
    """Tells that a lease is over even when the clock is wrong.

    A lease is over at its end by the clock, or when its row has not changed for its length of
    `ticks`, the seconds of a steady counter: a clock that was put back would else keep a dead
    holder's lease for as long as it was put back.
    """

    seconds: float
    seen: dict[str, tuple[int, float]] = field(default_factory=dict)

    def over(self, lease: Lease, now: datetime, *, ticks: float) -> bool:
        version, since = self.seen.get(lease.name, (-1, ticks))
        if version != lease.version:
            self.seen[lease.name] = (lease.version, ticks)
            since = ticks
        return lease.expires_at <= now or ticks - since >= self.seconds
