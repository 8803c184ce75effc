"""What a scheduled job is, and the keys by which nothing of it is done twice.

A job's time is the moment that it was due (its business time, 业务时间) and never the moment at
which it happens to run: so it can be run late, again, or for a day long past.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from dataspace.identifiers import derived_id
from dataspace.quantity import written
from dataspace.selection import Condition, Every, Where
from dataspace.text import Text

ZONE: Final = "Asia/Shanghai"


class Missed(Enum):
    """What becomes of firings that nobody was there for."""

    MAKE_UP = Text("all are made up for, in order", "逐次按序补做")
    COALESCE = Text("only the last of them is made up for", "合并为最近一次")


@dataclass(frozen=True, slots=True)
class Due:
    """Rows of a kind in some states whose moment in `field` is at most `days` after the business
    time; negative days are before it. The oldest come first. Without states, all have one.
    """

    kind: str
    text: Text
    states: tuple[str, ...]
    field: str
    days: int = 0

    def condition(self, at: datetime) -> Condition:
        reached = Where(self.field, "lte", written(at + timedelta(days=self.days)))
        state = (Where("state", "in", self.states),) if self.states else ()
        return Every((*state, reached))


@dataclass(frozen=True, slots=True)
class JobDefinition:
    """`cron` has five fields, in `ZONE`, with the days of a week by name.

    `due`          which objects it is about; None where it is about the node as a whole
    `operation`    what is done to each of them
    `only_when_due`  a firing at which nothing is due leaves no run: for jobs of every minute
    `limit`        most objects in one run; what is left over stays due
    `seconds_max`  when a run is broken off
    """

    code: str
    text: Text
    does: Text
    link: str
    cron: str
    operation: str
    source: Text
    due: Due | None = None
    only_when_due: bool = False
    limit: int = 1000
    seconds_max: int = 600
    missed: Missed = Missed.COALESCE


def run_key(job: str, at: datetime) -> str:
    """Unique among all runs: whoever writes it first has the run."""
    return f"{job}@{written(at)}"


def run_id(job: str, at: datetime) -> str:
    return derived_id("run", run_key(job, at))


def request_key(job: str, at: datetime, object_id: str) -> str:
    """The request under which a run acts on one object, whoever asks and however often."""
    return f"{run_key(job, at)}/{object_id}"
