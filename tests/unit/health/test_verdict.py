"""What is said of a product's health: each ground, their order, and tighter rules."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.health.calls import LATENCY_STEPS, Cell
from dataspace.health.codes import HEALTH_GROUND, HEALTH_VERDICT
from dataspace.health.verdict import (
    FAILING,
    HEALTHY,
    LATENCY_RULE,
    SUCCESS_RULE,
    UNKNOWN,
    Measured,
    judged,
    worst,
)
from dataspace.quality.supply import STATUSES
from dataspace.rulebooks.city import CITY_RULES

GRAVITY = {"HEALTHY": 0, "DEGRADED": 1, "FAILING": 2}


def a_cell(calls: int, failed: int = 0, step: int = 10, *, last_failed: bool = False) -> Cell:
    latencies = Counter({step: calls - failed}) if calls > failed else Counter()
    last = "2026-06-01T12:00:00.000Z"
    failed_at = last if last_failed else "2026-05-31T12:00:00.000Z" * bool(failed)
    return Cell(calls, failed, latencies, last, failed_at, "MISSING" * bool(failed))


WELL = a_cell(168)


@pytest.mark.parametrize(("measured", "verdict", "ground"), [
    ({}, HEALTHY, "WELL"),
    ({"freshness": "FRESH"}, HEALTHY, "WELL"),
    ({"is_listed": False, "is_granted": False}, UNKNOWN, "NOT_LISTED"),
    ({"is_granted": False, "has_output": False}, FAILING, "NOT_GRANTED"),
    ({"has_output": False, "window": Cell()}, UNKNOWN, "NO_OUTPUT"),
    ({"window": Cell(), "recent": Cell()}, UNKNOWN, "NOT_CALLED"),
    ({"window": a_cell(168, 2), "recent": a_cell(3, 2)}, FAILING, "CALLS_FAIL"),
    ({"window": a_cell(168, 2), "recent": a_cell(2, 2)}, FAILING, "CALLS_FAIL"),
    ({"window": a_cell(168, 1, last_failed=True), "recent": a_cell(1, 1)},
     "DEGRADED", "LAST_FAILED"),
    ({"window": a_cell(168, 80), "recent": a_cell(3, 1)}, "DEGRADED", "SUCCESS_LOW"),
    ({"window": a_cell(168, step=3000)}, "DEGRADED", "SLOW"),
    ({"freshness": "LATE"}, "DEGRADED", "SOURCE_LATE"),
    ({"freshness": "STOPPED"}, "DEGRADED", "SOURCE_LATE"),
])  # fmt: skip
def test_each_ground_has_its_verdict(
    measured: dict[str, Any], verdict: str, ground: str
) -> None:
    found = judged(Measured(**{"window": WELL, "recent": a_cell(3), **measured}), CITY_RULES)
    assert (found.verdict, found.ground) == (verdict, ground)


def cells() -> st.SearchStrategy[Cell]:
    return st.builds(
        lambda calls, failed, step, last: a_cell(calls, min(calls, failed), step, last_failed=last),
        st.integers(0, 50), st.integers(0, 50), st.sampled_from(LATENCY_STEPS), st.booleans(),
    )  # fmt: skip


MEASURED = st.builds(
    Measured, st.booleans(), st.booleans(), st.booleans(),
    st.sampled_from([None, *STATUSES]), cells(), cells(),
)  # fmt: skip


@given(MEASURED, st.integers(0, 100), st.integers(0, 100), st.integers(1, 9000),
       st.integers(1, 9000))  # fmt: skip
def test_under_tighter_rules_nothing_is_healthier(
    measured: Measured, loose: int, more: int, slow: int, less: int
) -> None:
    city = {SUCCESS_RULE: loose, LATENCY_RULE: slow}
    tighter = {SUCCESS_RULE: max(loose, more), LATENCY_RULE: min(slow, less)}
    above, below = judged(measured, city), judged(measured, tighter)
    assert above.verdict in HEALTH_VERDICT and above.ground in HEALTH_GROUND
    if above.verdict == UNKNOWN:
        assert below == above
    else:
        assert GRAVITY[below.verdict] >= GRAVITY[above.verdict]


@given(MEASURED)
def test_a_product_that_was_put_right_is_not_said_to_fail_for_its_past(measured: Measured) -> None:
    recent = a_cell(3)
    found = judged(Measured(window=measured.window, recent=recent), CITY_RULES)
    assert found.verdict != FAILING


@given(st.lists(st.sampled_from([None, *STATUSES])))
def test_the_latest_source_is_the_one_that_counts(statuses: list[str | None]) -> None:
    found = worst(statuses)
    known = [each for each in statuses if each]
    assert (found is None) == (not known)
    assert all(STATUSES.index(each) <= STATUSES.index(found or "") for each in known)
