"""How many objects a run considered, did, was refused and failed at, and why."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

REASON_CHARACTERS_MAX: Final = 1000


@dataclass(slots=True)
class Tally:
    """Counts of all attempts of a run together; `reasons` are codes of refusals and failures.

    `remark` is what the job says of its outcome, such as the place of a file that it made.
    """

    considered: int = 0
    done: int = 0
    refused: int = 0
    failed: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    remark: str = ""

    def did(self) -> None:
        self.considered += 1
        self.done += 1

    def passed_over(self) -> None:
        """It was looked at, and there was nothing to do."""
        self.considered += 1

    def was_refused(self, code: str) -> None:
        self.considered += 1
        self.refused += 1
        self.reasons[code] += 1

    def was_failing(self, code: str) -> None:
        self.considered += 1
        self.failed += 1
        self.reasons[code] += 1

    def add(self, other: "Tally") -> None:
        self.considered += other.considered
        self.done += other.done
        self.refused += other.refused
        self.failed += other.failed
        self.reasons.update(other.reasons)
        self.remark = other.remark or self.remark

    @property
    def counts(self) -> dict[str, Any]:
        return {
            "considered": self.considered,
            "done": self.done,
            "refused": self.refused,
            "failed": self.failed,
        }

    @property
    def why(self) -> str:
        """The remark, and the reasons with how often each came, most frequent first."""
        found = [f"{code} ×{count}" for code, count in self.reasons.most_common()]
        return "; ".join(filter(None, (self.remark, *found)))[:REASON_CHARACTERS_MAX]
