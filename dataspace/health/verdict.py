"""What is said of a product's health, and on what ground: one pure function.

The order of the grounds is that of their weight. What fails now is told by the last hours alone, so
that a product which was put right is not said to fail for the rest of the week. Source: inferred.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dataspace.health.calls import Cell
from dataspace.quality.supply import FRESH, STATUSES

HEALTHY, DEGRADED, FAILING, UNKNOWN = "HEALTHY", "DEGRADED", "FAILING", "UNKNOWN"
WINDOW_DAYS: Final = 7
WINDOW_HOURS: Final = WINDOW_DAYS * 24
# FAILING is said when fewer than half of the calls of these hours succeeded, of at least so many.
RECENT_HOURS: Final = 3
RECENT_CALLS_MIN: Final = 2
SUCCESS_RULE: Final = "product.success_percent_min"
SUCCESS_PERCENT_MIN: Final = 95  # where no rulebook says otherwise
LATENCY_RULE: Final = "product.latency_ms_max"
LATENCY_MS_MAX: Final = 2000
LATENCY_PERCENT: Final = 95


@dataclass(frozen=True, slots=True)
class Measured:
    """All that the verdict rests on.

    `window` holds the calls of the last WINDOW_HOURS, `recent` those of the last RECENT_HOURS;
    `freshness` is that of the source which is the latest, None when nothing is known of any.
    """

    is_listed: bool = True
    has_output: bool = True
    is_granted: bool = True
    freshness: str | None = None
    window: Cell = field(default_factory=Cell)
    recent: Cell = field(default_factory=Cell)


@dataclass(frozen=True, slots=True)
class Judgement:
    verdict: str
    ground: str


def judged(measured: Measured, rules: Mapping[str, Any]) -> Judgement:
    """Under the rules in force in the product's space."""
    if not measured.is_listed:
        return Judgement(UNKNOWN, "NOT_LISTED")
    if not measured.is_granted:
        return Judgement(FAILING, "NOT_GRANTED")
    if not measured.has_output:
        return Judgement(UNKNOWN, "NO_OUTPUT")
    if not measured.window.calls:
        return Judgement(UNKNOWN, "NOT_CALLED")
    if _fails(measured.recent):
        return Judgement(FAILING, "CALLS_FAIL")
    if flaw := _flaw(measured, rules):
        return Judgement(DEGRADED, flaw)
    return Judgement(HEALTHY, "WELL")


def worst(statuses: Iterable[str | None]) -> str | None:
    """The status of supply that is the latest of those that are known."""
    known = [each for each in statuses if each is not None]
    return max(known, key=STATUSES.index, default=None)


def _fails(recent: Cell) -> bool:
    return recent.calls >= RECENT_CALLS_MIN and recent.succeeded * 2 < recent.calls


def _flaw(measured: Measured, rules: Mapping[str, Any]) -> str:
    window = measured.window
    if (window.success_percent or 0) < rules.get(SUCCESS_RULE, SUCCESS_PERCENT_MIN):
        return "SUCCESS_LOW"
    if (window.latency_ms(LATENCY_PERCENT) or 0) > rules.get(LATENCY_RULE, LATENCY_MS_MAX):
        return "SLOW"
    if window.last_failed:
        return "LAST_FAILED"
    return "SOURCE_LATE" if measured.freshness not in (None, FRESH) else ""
