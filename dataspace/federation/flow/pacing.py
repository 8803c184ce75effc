"""How often a node is asked for what is new: every few seconds, and less often while it is away."""

from typing import Final

ASKED_EVERY_SECONDS: Final = 2.0
# The hub is asked by every node, and what it says changes rarely.
HUB_ASKED_EVERY_SECONDS: Final = 10.0
WAITED_SECONDS_MAX: Final = 300.0
JITTER: Final = 0.2  # so that many nodes are not asked at one moment, after an outage of all


def wait_seconds(failures: int, chance: float, *, every: float = ASKED_EVERY_SECONDS) -> float:
    """Twice as long after every failure in a row; `chance` from 0 to 1 spreads it by a fifth."""
    doubled = every * 2.0 ** min(failures, 20)
    spread = 1 + JITTER * (2 * chance - 1)
    return float(min(doubled, WAITED_SECONDS_MAX) * spread)
