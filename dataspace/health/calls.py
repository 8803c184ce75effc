"""Calls of products in hourly cells, of a bounded size however many calls there are.

Cells add up, in any order and however they are split: so many processes may each keep their own,
and what is said of a week is the sum of its hours.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, Final, Self

from dataspace.quantity import written

HOUR: Final = timedelta(hours=1)
# Upper bounds in ms. What took longer than the last stands with it.
LATENCY_STEPS: Final = (
    1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700,
    1000, 1500, 2000, 3000, 5000, 7000, 10_000,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a product at a moment; `failure` is a code of CallFailure, "" when it succeeded.

    `milliseconds` are from the request to the last byte of the answer.
    """

    product: str
    at: datetime
    milliseconds: int
    failure: str = ""


@dataclass(slots=True)
class Cell:
    """What calls of one product came to; moments as they are written, "" for none.

    `latencies` counts the calls that succeeded by the step that they stand in: what was refused
    at once would make a product look fast.
    """

    calls: int = 0
    failed: int = 0
    latencies: Counter[int] = field(default_factory=Counter)
    last_at: str = ""
    failed_at: str = ""
    failure: str = ""

    def enter(self, call: Call) -> None:
        at = written(call.at)
        if call.failure:
            self.add(Cell(1, 1, Counter(), at, at, call.failure))
        else:
            self.add(Cell(1, 0, Counter({step_of(call.milliseconds): 1}), at))

    def add(self, other: "Cell") -> None:
        self.calls += other.calls
        self.failed += other.failed
        self.latencies.update(other.latencies)
        self.last_at = max(self.last_at, other.last_at)
        self.failed_at, self.failure = max(
            (self.failed_at, self.failure), (other.failed_at, other.failure)
        )

    @property
    def succeeded(self) -> int:
        return self.calls - self.failed

    @property
    def success_percent(self) -> int | None:
        """Whole percent, rounded down; None without a call."""
        return self.succeeded * 100 // self.calls if self.calls else None

    @property
    def last_failed(self) -> bool:
        return bool(self.failed_at) and self.failed_at == self.last_at

    def latency_ms(self, percent: int) -> int | None:
        """So many percent of the calls that succeeded took at most this, to the next step of
        LATENCY_STEPS; None when none did."""
        steps = sorted(self.latencies)
        total = self.latencies.total()
        sums = accumulate(self.latencies[step] for step in steps)
        return next(
            (step for step, reached in zip(steps, sums, strict=True)
             if reached * 100 >= total * percent), None
        )  # fmt: skip

    @property
    def told(self) -> dict[str, Any]:
        """As JSON, which knows no number as a key."""
        latencies = {str(step): count for step, count in sorted(self.latencies.items())}
        return {
            "calls": self.calls, "failed": self.failed, "latencies": latencies,
            "last_at": self.last_at, "failed_at": self.failed_at, "failure": self.failure,
        }  # fmt: skip

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """Raises:  KeyError, TypeError, ValueError for what `told` never gives."""
        latencies = Counter({int(step): int(n) for step, n in told["latencies"].items()})
        return cls(
            int(told["calls"]), int(told["failed"]), latencies,
            str(told["last_at"]), str(told["failed_at"]), str(told["failure"]),
        )  # fmt: skip


def step_of(milliseconds: int) -> int:
    return next((step for step in LATENCY_STEPS if milliseconds <= step), LATENCY_STEPS[-1])


def hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def total(cells: Iterable[Cell]) -> Cell:
    found = Cell()
    for each in cells:
        found.add(each)
    return found
