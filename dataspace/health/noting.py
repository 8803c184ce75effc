"""When what was measured of a product is written down.

A product is measured each hour, and every write is a record of evidence and a version for good. So
the card is written anew when it would say something else: another verdict, ground, freshness, late
source or kind of failure, or figures that have moved by more than is worth nothing; and once a day.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from dataspace.quantity import read_moment

NOTED_EVERY: Final = timedelta(days=1)
SUCCESS_POINTS: Final = 2  # so many percent more or less are told at once
LATENCY_FACTOR: Final = 2  # and so many times the latency, or a part of it
LATENCY_MS_LEAST: Final = 100  # below which nobody feels a difference
TOLD_AT_ONCE: Final = ("verdict", "ground", "source_freshness", "late_sources", "last_failure")


def is_due(before: Mapping[str, Any] | None, now: Mapping[str, Any], *, at: datetime) -> bool:
    """Whether `now`, as values of the card, has to be written in place of `before`."""
    if before is None:
        return True
    if any(_plain(before.get(name)) != _plain(now.get(name)) for name in TOLD_AT_ONCE):
        return True
    if before["verdict"] == "UNKNOWN" and not now.get("calls"):
        return False
    return (
        at - read_moment(before["noted_at"]) >= NOTED_EVERY
        or _points_apart(before.get("success_percent"), now.get("success_percent"))
        or _times_apart(before.get("latency_p95_ms"), now.get("latency_p95_ms"))
    )


def _points_apart(before: int | None, now: int | None) -> bool:
    if before is None or now is None:
        return before is not now
    return abs(now - before) >= SUCCESS_POINTS


def _times_apart(before: int | None, now: int | None) -> bool:
    small, large = sorted(max(each or 0, LATENCY_MS_LEAST) for each in (before, now))
    return large >= small * LATENCY_FACTOR


def _plain(value: Any) -> Any:
    """A set of ids in one order, and nothing in one form."""
    return sorted(value) if isinstance(value, list | tuple) and value else value or None
