"""Supply status: by cycle and grace, for every moment, and never better for waiting."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.codes import SUPPLY_STATUS, UPDATE_CYCLE
from dataspace.quality.supply import (
    CYCLES,
    FRESH,
    STATUSES,
    WITHOUT_CYCLE,
    Span,
    supply_status,
    windows,
)

MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
CHANGED = datetime(2026, 3, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cycle", "fresh_for", "late_at"),
    [
        ("REAL_TIME", timedelta(minutes=15), timedelta(minutes=16)),
        ("DAILY", timedelta(hours=30), timedelta(hours=31)),
        ("WEEKLY", timedelta(days=8), timedelta(days=8, hours=1)),
        ("MONTHLY", timedelta(days=33), timedelta(days=35)),
        ("QUARTERLY", timedelta(days=98), timedelta(days=99)),
        ("HALF_YEARLY", timedelta(days=198), timedelta(days=200)),
        ("YEARLY", timedelta(days=380), timedelta(days=381)),
    ],
)
def test_an_update_is_in_time_until_its_cycle_and_grace_are_over(
    cycle: str, fresh_for: timedelta, late_at: timedelta
) -> None:
    assert supply_status(cycle, CHANGED, now=CHANGED + fresh_for) == "FRESH"
    assert supply_status(cycle, CHANGED, now=CHANGED + late_at) == "LATE"


def test_every_cycle_of_the_code_table_is_known() -> None:
    assert {*CYCLES, *WITHOUT_CYCLE} == set(UPDATE_CYCLE.codes)
    assert set(STATUSES) == set(SUPPLY_STATUS.codes)


@pytest.mark.parametrize(
    ("cycle", "at"), [(None, CHANGED), ("DAILY", None), ("FORTNIGHTLY", CHANGED)]
)
def test_what_is_not_known_has_no_status(cycle: str | None, at: datetime | None) -> None:
    assert supply_status(cycle, at, now=CHANGED) is None


@pytest.mark.parametrize("cycle", WITHOUT_CYCLE)
def test_of_what_nothing_is_promised_nothing_is_late(cycle: str) -> None:
    assert supply_status(cycle, CHANGED, now=CHANGED.replace(year=2099)) == FRESH


def test_a_city_may_have_another_grace() -> None:
    grace = {"DAILY": Span(time=timedelta(days=1))}
    now = CHANGED + timedelta(hours=40)
    assert supply_status("DAILY", CHANGED, now=now) == "LATE"
    assert supply_status("DAILY", CHANGED, now=now, grace=grace) == "FRESH"


@given(st.sampled_from(sorted(CYCLES)), MOMENTS, MOMENTS)
def test_every_moment_lies_in_exactly_one_window(
    cycle: str, changed_at: datetime, now: datetime
) -> None:
    found = [each for each in windows(cycle, now) if changed_at in each]
    assert [each.status for each in found] == [supply_status(cycle, changed_at, now=now)]


@given(st.sampled_from(sorted(CYCLES)), MOMENTS, st.timedeltas(timedelta(), timedelta(days=900)),
       st.timedeltas(timedelta(), timedelta(days=40)))  # fmt: skip
def test_waiting_makes_no_supply_better(
    cycle: str, changed_at: datetime, waited: timedelta, longer: timedelta
) -> None:
    first = supply_status(cycle, changed_at, now=changed_at + waited)
    then = supply_status(cycle, changed_at, now=changed_at + waited + longer)
    assert STATUSES.index(str(first)) <= STATUSES.index(str(then))


def test_the_end_of_a_short_month_stands_for_the_days_that_it_lacks() -> None:
    """31 March minus a month is the end of February, and so is 30 March."""
    end = datetime(2026, 3, 1, tzinfo=UTC)
    assert Span(1).before(datetime(2026, 3, 31, 8, tzinfo=UTC)) == end
    assert Span(1).before(datetime(2026, 3, 28, 8, tzinfo=UTC)) == datetime(
        2026, 2, 28, 8, tzinfo=UTC
    )


def test_a_span_behind_the_first_year_gives_the_first_moment() -> None:
    assert Span(12 * 5000).before(CHANGED) == datetime.min.replace(tzinfo=UTC)
