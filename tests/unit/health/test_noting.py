"""When a card is written anew: when it would say something else, and once a day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dataspace.health.noting import is_due
from dataspace.quantity import written

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
CARD: dict[str, Any] = {
    "verdict": "HEALTHY", "ground": "WELL", "calls": 100, "success_percent": 99,
    "latency_p95_ms": 150, "source_freshness": "FRESH", "late_sources": [], "last_failure": None,
    "noted_at": written(NOON), "last_call_at": written(NOON),
}  # fmt: skip


@pytest.mark.parametrize(("now", "hours", "due"), [
    ({}, 1, False),
    ({"calls": 101, "last_call_at": "2026-06-01T13:00:00.000Z"}, 1, False),
    ({}, 24, True),
    ({"verdict": "DEGRADED", "ground": "SLOW"}, 1, True),
    ({"ground": "LAST_FAILED"}, 1, True),
    ({"last_failure": "MISSING"}, 1, True),
    ({"source_freshness": "LATE"}, 1, True),
    ({"late_sources": ["res_1"]}, 1, True),
    ({"late_sources": None}, 1, False),
    ({"success_percent": 98}, 1, False),
    ({"success_percent": 97}, 1, True),
    ({"success_percent": None}, 1, True),
    ({"latency_p95_ms": 200}, 1, False),
    ({"latency_p95_ms": 300}, 1, True),
    ({"latency_p95_ms": 1}, 1, False),
])  # fmt: skip
def test_what_is_worth_a_record(now: dict[str, Any], hours: int, due: bool) -> None:
    assert is_due(CARD, {**CARD, **now}, at=NOON + timedelta(hours=hours)) is due


def test_the_first_card_is_written_and_nothing_that_is_still_unknown_each_day() -> None:
    unknown = {**CARD, "verdict": "UNKNOWN", "ground": "NO_OUTPUT", "calls": 0}
    assert is_due(None, unknown, at=NOON)
    assert not is_due(unknown, unknown, at=NOON + timedelta(days=9))


def test_late_sources_are_a_set() -> None:
    before, now = {**CARD, "late_sources": ["a", "b"]}, {**CARD, "late_sources": ["b", "a"]}
    assert not is_due(before, now, at=NOON)
