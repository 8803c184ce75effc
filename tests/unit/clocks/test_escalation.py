"""Who is told when: reminders before the last day, escalation after it, each thing once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.caller import Role
from dataspace.clocks.case_clock import CaseClock, Length, Span, Unit
from dataspace.clocks.china import CHINA
from dataspace.clocks.escalation import (
    escalate,
    notices,
    on_last_day,
    remind,
    remind_daily_when_overdue,
)
from dataspace.quantity import read_moment

CHAIN = (
    remind(2), on_last_day(), remind_daily_when_overdue(),
    escalate(1, Role.REG_APPROVER), escalate(3, Role.SUPERVISOR),
)  # fmt: skip
CASE = CaseClock(read_moment("2026-06-01T10:00:00+08:00"), Length(5, Unit.WORKING_DAYS))


def keys(now: str, case: CaseClock = CASE) -> list[str]:
    moment = read_moment(f"{now}+08:00")
    return [each.key for each in notices(case, CHINA, steps=CHAIN, now=moment)]


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-06-03T23:59", []),
        ("2026-06-04T00:00", ["REMINDER-2@2026-06-04"]),
        ("2026-06-07T12:00", ["REMINDER-2@2026-06-04"]),
        ("2026-06-08T00:00", ["REMINDER-2@2026-06-04", "LAST_DAY+0@2026-06-08"]),
        (
            "2026-06-09T00:00",
            [
                "REMINDER-2@2026-06-04", "LAST_DAY+0@2026-06-08", "REMINDER+1@2026-06-09",
                "ESCALATION+1@2026-06-09",
            ],
        ),
        (
            "2026-06-14T12:00",  # a Sunday: the reminder of Friday is the last
            [
                "REMINDER-2@2026-06-04", "LAST_DAY+0@2026-06-08", "REMINDER+1@2026-06-12",
                "ESCALATION+1@2026-06-09", "ESCALATION+3@2026-06-11",
            ],
        ),
    ],
)  # fmt: skip
def test_steps_are_reached_one_by_one(now: str, told: list[str]) -> None:
    assert keys(now) == told


def test_a_step_names_who_is_told() -> None:
    reached = notices(CASE, CHINA, steps=CHAIN, now=read_moment("2026-06-20T10:00:00+08:00"))
    told = {each.step.code: each.step.to for each in reached}
    assert told["REMINDER-2"] == frozenset()
    assert told["ESCALATION+1"] == {Role.REG_APPROVER}
    assert told["ESCALATION+3"] == {Role.SUPERVISOR}


def test_a_reminder_that_would_come_before_the_start_comes_with_it() -> None:
    short = CaseClock(read_moment("2024-01-02T10:00:00+08:00"), Length(1, Unit.WORKING_DAYS))
    reached = notices(short, CHINA, steps=(remind(3),), now=short.started)
    assert [each.key for each in reached] == ["REMINDER-3@2024-01-02"]


def test_nobody_is_told_while_the_clock_stands_still() -> None:
    span = Span(read_moment("2026-06-04T10:00:00+08:00"))
    assert keys("2026-07-01T00:00", CaseClock(CASE.started, CASE.length, (span,))) == []
    late = Span(read_moment("2026-06-12T10:00:00+08:00"))
    assert keys("2026-07-01T00:00", CaseClock(CASE.started, CASE.length, (late,))) == []


def test_a_deadline_that_moved_is_reminded_of_again() -> None:
    assert keys("2026-06-04T10:00") == ["REMINDER-2@2026-06-04"]
    span = Span(read_moment("2026-06-05T10:00:00+08:00"), read_moment("2026-06-11T10:00:00+08:00"))
    moved = CaseClock(CASE.started, CASE.length, (span,))
    assert keys("2026-06-10T23:00", moved) == []
    assert keys("2026-06-15T10:00", moved) == ["REMINDER-2@2026-06-11", "LAST_DAY+0@2026-06-15"]


def test_a_term_in_months_is_reminded_of_in_natural_days() -> None:
    case = CaseClock(read_moment("2024-03-31T10:00:00+08:00"), Length(36, Unit.MONTHS))
    steps = (remind(60), remind(30))
    reached = notices(case, CHINA, steps=steps, now=read_moment("2027-01-30T10:00:00+08:00"))
    assert [each.key for each in reached] == ["REMINDER-60@2027-01-30"]


@given(st.lists(st.integers(0, 60 * 24), min_size=1, max_size=40))
def test_whoever_looks_at_any_hours_tells_each_thing_once(hours: list[int]) -> None:
    """Looking late, twice, or with a clock that goes back and forth makes no second key."""
    told: list[str] = []
    for each in hours:
        now = datetime(2026, 5, 25, tzinfo=UTC) + timedelta(hours=each)
        told += [key for key in keys(now.replace(tzinfo=None).isoformat()) if key not in told]
    once = [key for key in told if not key.startswith("REMINDER+1")]
    assert len({key.partition("@")[0] for key in once}) == len(once)
    assert len(told) == len(set(told))


@given(st.integers(0, 60 * 24), st.integers(0, 60 * 24))
def test_what_was_reached_stays_reached(one: int, other: int) -> None:
    first, second = (
        {key for key in keys(str(datetime(2026, 5, 25) + timedelta(hours=each)).replace(" ", "T"))  # noqa: DTZ001
         if not key.startswith("REMINDER+1")}
        for each in sorted((one, other))
    )  # fmt: skip
    assert first <= second
