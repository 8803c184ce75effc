"""How often a node is asked for what is new: every few seconds, and less often while it is away."""

from dataclasses import dataclass
from typing import Final

ASKED_EVERY_SECONDS: Final = 2.0
# The hub is asked by every node, and what it says changes rarely.
HUB_ASKED_EVERY_SECONDS: Final = 10.0
WAITED_SECONDS_MAX: Final = 300.0
JITTER: Final = 0.2  # so that many nodes are not asked at one moment, after an outage of all

# What a node may change here in one go, which is all that it may publish and a quarter more, and
# how much of that it has again each second: every change is evidence for good.
CHANGES_MAX: Final = 250_000
CHANGES_A_SECOND: Final = 20.0


@dataclass(slots=True)
class Allowance:
    """How many changes of one node may still be taken over; moments are of a steady counter."""

    left: float = CHANGES_MAX
    at: float = 0.0

    def take(self, changes: int, now: float) -> float:
        """Seconds for which no more is taken; what was told in one batch too many is owed."""
        again = (now - self.at) * CHANGES_A_SECOND
        self.left = min(self.left + again, CHANGES_MAX) - changes
        self.at = now
        return max(0.0, -self.left / CHANGES_A_SECOND)


def wait_seconds(failures: int, chance: float, *, every: float = ASKED_EVERY_SECONDS) -> float:
    """Twice as long after every failure in a row; `chance` from 0 to 1 spreads it by a fifth."""
    doubled = every * 2.0 ** min(failures, 20)
    spread = 1 + JITTER * (2 * chance - 1)
    return float(min(doubled, WAITED_SECONDS_MAX) * spread)
