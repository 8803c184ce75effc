"""When a case is due, what is left, how late it is, and what a stop moves: in three zones."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.clocks.calendars import ONE_DAY, Calendar, YearMissing
from dataspace.clocks.case_clock import CaseClock, Length, Span, Unit
from dataspace.clocks.china import CHINA
from dataspace.clocks.days import beginning, day_of, end, months_after
from dataspace.clocks.standing import Deadline, deadline, standing
from dataspace.quantity import MomentInvalid, read_moment
from tests.unit.clocks.places import BERLIN, CAIRO, NEW_YORK

CALENDARS = st.sampled_from([CHINA, BERLIN, NEW_YORK, CAIRO])
MOMENTS = st.integers(1, 515 * 24 * 3600).map(
    lambda seconds: datetime(2025, 1, 2, tzinfo=UTC) + timedelta(seconds=seconds)
)
DAY_UNITS = st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS])
COUNTS = st.integers(1, 25)
PAUSES = st.timedeltas(timedelta(minutes=1), timedelta(days=9))
WORKING = Unit.WORKING_DAYS


def at(text: str) -> datetime:
    """A moment by Shanghai's time."""
    return read_moment(f"{text}+08:00")


def clock(started: str, count: int, unit: Unit = WORKING, *spans: tuple[str, str]) -> CaseClock:
    stopped = tuple(Span(at(start), at(until) if until else None) for start, until in spans)
    return CaseClock(at(started), Length(count, unit), stopped)


def due(case: CaseClock, calendar: Calendar = CHINA) -> Deadline:
    found = deadline(case, calendar)
    assert found is not None
    return found


def test_the_deadline_is_24_oclock_of_the_last_working_day() -> None:
    found = due(clock("2026-02-12T10:00", 3))
    assert found == Deadline(date(2026, 2, 24), at("2026-02-25T00:00"))


@pytest.mark.parametrize("time", ["00:00", "12:00", "23:59:59"])
def test_the_day_of_the_start_is_not_counted(time: str) -> None:
    assert due(clock(f"2026-06-01T{time}", 1)).last_day == date(2026, 6, 2)


def test_a_start_on_a_holiday_counts_from_the_first_working_day() -> None:
    assert due(clock("2026-10-03T10:00", 1)).last_day == date(2026, 10, 8)


def test_the_day_is_the_citys_and_not_that_of_utc() -> None:
    late_evening = CaseClock(datetime(2026, 6, 1, 16, 30, tzinfo=UTC), Length(1, WORKING))
    assert due(late_evening).last_day == date(2026, 6, 3)


@pytest.mark.parametrize(
    ("now", "left", "late", "overdue"),
    [
        ("2026-06-01T10:00", 3, 0, False),
        ("2026-06-02T00:00", 3, 0, False),
        ("2026-06-04T23:59:59", 1, 0, False),
        ("2026-06-05T00:00", 0, 1, True),
        ("2026-06-05T18:00", 0, 1, True),
        ("2026-06-06T10:00", 0, 1, True),  # Saturday
        ("2026-06-08T00:00", 0, 2, True),
        ("2026-06-22T09:00", 0, 11, True),  # the Dragon Boat Festival lies between
    ],
)
def test_what_is_left_and_how_late_it_is(now: str, left: int, late: int, overdue: bool) -> None:
    found = standing(clock("2026-06-01T10:00", 3), CHINA, now=at(now))
    assert (found.left, found.late, found.overdue) == (left, late, overdue)


def test_on_the_weekend_after_the_last_day_it_is_overdue_by_no_working_day_yet() -> None:
    found = standing(clock("2026-06-04T10:00", 1), CHINA, now=at("2026-06-06T10:00"))
    assert (found.overdue, found.late) == (True, 0)


def test_a_correction_stops_the_clock_for_every_day_that_it_touches() -> None:
    """Returned on Tuesday, corrected on Thursday: Tuesday, Wednesday and Thursday do not count."""
    case = clock("2026-06-01T10:00", 3, WORKING, ("2026-06-02T11:00", "2026-06-04T09:00"))
    assert due(case).last_day == date(2026, 6, 9)


def test_what_is_returned_on_the_last_day_is_not_overdue_when_it_comes_back() -> None:
    case = clock("2026-06-01T10:00", 3, WORKING, ("2026-06-04T17:00", "2026-06-12T09:00"))
    assert due(case).last_day == date(2026, 6, 15)


def test_a_weekend_in_a_correction_moves_nothing() -> None:
    case = clock("2026-06-01T10:00", 5, WORKING, ("2026-06-06T10:00", "2026-06-07T20:00"))
    assert due(case).last_day == date(2026, 6, 8)


def test_a_stop_until_midnight_does_not_touch_the_next_day() -> None:
    case = clock("2026-06-01T10:00", 3, WORKING, ("2026-06-02T10:00", "2026-06-03T00:00"))
    assert due(case).last_day == date(2026, 6, 5)


def test_a_return_on_the_day_of_the_start_takes_nothing_of_that_day() -> None:
    case = clock("2026-06-01T10:00", 3, WORKING, ("2026-06-01T15:00", "2026-06-02T10:00"))
    assert due(case).last_day == date(2026, 6, 5)


def test_what_was_stopped_before_the_start_moves_nothing() -> None:
    before = ("2026-05-28T15:00", "2026-06-01T09:00")
    assert due(clock("2026-06-01T10:00", 3, WORKING, before)).last_day == date(2026, 6, 4)
    in_hours = due(clock("2026-06-01T10:00", 3, Unit.HOURS, before))
    assert in_hours.moment == at("2026-06-01T13:00")


def test_hours_that_two_stops_share_move_once_whatever_their_order() -> None:
    spans = (
        ("2026-06-01T12:00", "2026-06-01T13:00"), ("2026-06-01T11:00", "2026-06-01T12:30"),
        ("2026-06-01T14:00", "2026-06-01T13:30"),
    )  # fmt: skip
    found = [due(clock("2026-06-01T10:00", 4, Unit.HOURS, *each)) for each in (spans, spans[::-1])]
    assert [each.moment for each in found] == [at("2026-06-01T16:00")] * 2


def test_two_stops_on_one_day_count_once() -> None:
    case = clock(
        "2026-06-01T10:00", 3, WORKING,
        ("2026-06-02T09:00", "2026-06-02T10:00"), ("2026-06-02T11:00", "2026-06-02T12:00"),
    )  # fmt: skip
    assert due(case).last_day == date(2026, 6, 5)


def test_a_clock_that_stands_still_has_no_deadline_and_keeps_what_is_left() -> None:
    case = clock("2026-06-01T10:00", 3, WORKING, ("2026-06-03T09:00", ""))
    for now in ("2026-06-03T10:00", "2026-09-01T10:00"):
        found = standing(case, CHINA, now=at(now))
        assert (found.deadline, found.left, found.overdue, found.stands_still) == (
            None, 2, False, True,
        )  # fmt: skip


def test_what_was_late_before_it_was_returned_stays_late_and_gets_no_later() -> None:
    case = clock("2026-06-01T10:00", 1, WORKING, ("2026-06-05T09:00", ""))
    for now in ("2026-06-05T12:00", "2026-07-01T10:00"):
        found = standing(case, CHINA, now=at(now))
        assert (found.overdue, found.late, found.stands_still) == (True, 2, True)


def test_days_and_months_count_every_day() -> None:
    assert due(clock("2026-09-28T10:00", 7, Unit.DAYS)).last_day == date(2026, 10, 5)
    assert due(clock("2025-11-30T10:00", 3, Unit.MONTHS)).last_day == date(2026, 2, 28)
    stopped = clock("2025-11-30T10:00", 3, Unit.MONTHS, ("2026-01-01T10:00", "2026-01-03T10:00"))
    assert due(stopped).last_day == date(2026, 3, 3)


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 8, 31), 13, date(2027, 9, 30)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_the_31st_becomes_the_last_of_a_shorter_month(day: date, months: int, found: date) -> None:
    assert months_after(day, months) == found


def test_hours_are_hours_in_every_season_and_stop_to_the_minute() -> None:
    spring = CaseClock(read_moment("2026-03-28T12:00:00+01:00"), Length(24, Unit.HOURS))
    assert due(spring, BERLIN).moment == read_moment("2026-03-29T13:00:00+02:00")
    stopped = clock("2026-06-01T10:00", 24, Unit.HOURS, ("2026-06-01T12:00", "2026-06-01T13:30"))
    assert due(stopped).moment == at("2026-06-02T11:30")
    still = clock("2026-06-01T10:00", 24, Unit.HOURS, ("2026-06-01T12:30", ""))
    assert standing(still, CHINA, now=at("2026-07-01T00:00")).left == 22


def test_a_begun_hour_is_left_and_a_full_hour_is_late() -> None:
    case = clock("2026-06-01T10:00", 24, Unit.HOURS)
    for now, left, late in (
        ("2026-06-01T10:00", 24, 0), ("2026-06-02T09:59", 1, 0), ("2026-06-02T10:00", 0, 0),
        ("2026-06-02T11:59", 0, 1), ("2026-05-30T10:00", 24, 0),
    ):  # fmt: skip
        found = standing(case, CHINA, now=at(now))
        assert (found.left, found.late) == (left, late)


def test_a_validity_ends_at_its_moment() -> None:
    case = clock("2027-01-01T00:00", 0, Unit.MOMENT)
    assert due(case) == Deadline(date(2026, 12, 31), at("2027-01-01T00:00"))
    assert standing(case, CHINA, now=at("2026-12-31T23:59")).left == 1
    assert standing(case, CHINA, now=at("2026-12-01T12:00")).left == 31
    assert standing(case, CHINA, now=at("2027-01-01T00:00")).overdue


def test_a_validity_for_ever_has_a_last_day_and_a_term_after_the_last_year_is_refused() -> None:
    for_ever = CaseClock(read_moment("9999-12-31T23:59:59Z"), Length(0, Unit.MOMENT))
    assert due(for_ever).last_day == date(9999, 12, 31)
    assert not standing(for_ever, CHINA, now=at("2026-06-01T10:00")).overdue
    for unit in (Unit.HOURS, Unit.DAYS, Unit.MONTHS):
        with pytest.raises(MomentInvalid):
            deadline(CaseClock(read_moment("9999-12-31T10:00:00Z"), Length(24, unit)), CHINA)


def test_a_notice_is_given_working_days_before_what_is_planned() -> None:
    case = clock("2026-10-09T08:00", -5)
    assert due(case).last_day == date(2026, 9, 24)
    assert standing(case, CHINA, now=at("2026-09-22T12:00")).left == 3
    assert standing(case, CHINA, now=at("2026-09-25T00:00")).overdue
    assert standing(case, CHINA, now=at("2026-09-29T00:00")).late == 2


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 6, 1)  # noqa: DTZ001
    with pytest.raises(MomentInvalid):
        CaseClock(naive, Length(1, WORKING))
    with pytest.raises(MomentInvalid):
        Span(naive)
    with pytest.raises(MomentInvalid):
        standing(clock("2026-06-01T10:00", 1), CHINA, now=naive)


def test_what_is_left_is_known_where_the_deadline_is_not() -> None:
    case = clock("2026-12-21T10:00", 20)
    with pytest.raises(YearMissing):
        deadline(case, CHINA)
    found = standing(case, CHINA, now=at("2026-12-24T10:00"))
    assert (found.deadline, found.left, found.overdue) == (None, 18, False)
    assert found.missing is not None
    assert found.missing.facts["year"] == 2027


def test_a_clock_that_stands_still_asks_for_no_year_that_it_may_end_in() -> None:
    case = clock("2026-12-21T10:00", 20, WORKING, ("2026-12-23T10:00", ""))
    found = standing(case, CHINA, now=at("2026-12-28T10:00"))
    assert (found.deadline, found.left, found.missing, found.stands_still) == (None, 19, None, True)


def test_in_a_year_that_is_missing_nothing_is_said() -> None:
    with pytest.raises(YearMissing):
        standing(clock("2026-12-21T10:00", 20), CHINA, now=at("2027-01-04T10:00"))


def test_natural_days_need_no_table() -> None:
    case = clock("2031-12-21T10:00", 20, Unit.DAYS)
    assert standing(case, CHINA, now=at("2032-01-11T10:00")).late == 1


@given(CALENDARS, MOMENTS, MOMENTS, COUNTS, DAY_UNITS)
def test_a_later_start_is_never_due_earlier(
    calendar: Calendar, one: datetime, other: datetime, count: int, unit: Unit
) -> None:
    first, second = (
        due(CaseClock(start, Length(count, unit)), calendar) for start in sorted((one, other))
    )
    assert first.moment <= second.moment


@given(CALENDARS, MOMENTS, COUNTS, COUNTS, DAY_UNITS)
def test_a_term_that_follows_a_term_ends_as_one_of_both(
    calendar: Calendar, start: datetime, n: int, m: int, unit: Unit
) -> None:
    first = due(CaseClock(start, Length(n, unit)), calendar)
    on_its_last_day = first.moment - timedelta(seconds=1)
    second = due(CaseClock(on_its_last_day, Length(m, unit)), calendar)
    assert second == due(CaseClock(start, Length(n + m, unit)), calendar)


@given(CALENDARS, MOMENTS, COUNTS, DAY_UNITS)
def test_a_deadline_is_the_first_moment_of_a_day_of_the_zone(
    calendar: Calendar, start: datetime, count: int, unit: Unit
) -> None:
    found = due(CaseClock(start, Length(count, unit)), calendar)
    assert day_of(found.moment, calendar.zone) == found.last_day + ONE_DAY
    assert day_of(found.moment - timedelta(microseconds=1), calendar.zone) == found.last_day


@given(CALENDARS, st.dates(date(2025, 1, 1), date(2026, 12, 30)))
def test_days_follow_one_another_without_a_gap(calendar: Calendar, day: date) -> None:
    assert end(day, calendar.zone) == beginning(day + ONE_DAY, calendar.zone)
    length = end(day, calendar.zone) - beginning(day, calendar.zone)
    assert length in {timedelta(hours=hours) for hours in (23, 24, 25)}


def test_a_day_without_a_midnight_begins_when_it_begins() -> None:
    """In Cairo the clocks went from 24 o'clock of 23 April 2026 to one o'clock."""
    assert beginning(date(2026, 4, 24), CAIRO.zone) == datetime(2026, 4, 23, 22, tzinfo=UTC)
    assert end(date(2026, 4, 24), CAIRO.zone) == datetime(2026, 4, 24, 21, tzinfo=UTC)


@given(CALENDARS, MOMENTS, COUNTS, DAY_UNITS, st.lists(st.tuples(PAUSES, PAUSES), max_size=3))
def test_a_stop_moves_the_deadline_by_exactly_the_days_that_it_touched(
    calendar: Calendar, start: datetime, count: int, unit: Unit,
    pauses: list[tuple[timedelta, timedelta]],
) -> None:  # fmt: skip
    spans, moment = [], start
    for ran, stood in pauses:
        spans.append(Span(moment + ran, moment + ran + stood))
        moment += ran + stood
    found = due(CaseClock(start, Length(count, unit), tuple(spans)), calendar)
    first = day_of(start, calendar.zone)
    days = [first + timedelta(days=n) for n in range(1, (found.last_day - first).days + 1)]
    counted = [day for day in days if unit is Unit.DAYS or calendar.works(day)]
    stopped = [day for day in counted if any(_touches(span, day, calendar) for span in spans)]
    assert len(counted) - len(stopped) == count
    assert found == due(CaseClock(start, Length(count + len(stopped), unit)), calendar)


@given(CALENDARS, MOMENTS, st.integers(1, 200), st.lists(st.tuples(PAUSES, PAUSES), max_size=3))
def test_a_stop_moves_a_deadline_in_hours_by_exactly_its_time(
    calendar: Calendar, start: datetime, count: int, pauses: list[tuple[timedelta, timedelta]]
) -> None:
    spans, moment = [], start
    for ran, stood in pauses:
        spans.append(Span(moment + ran, moment + ran + stood))
        moment += ran + stood
    found = due(CaseClock(start, Length(count, Unit.HOURS), tuple(spans)), calendar).moment
    stopped = sum(
        (min(found, span.end or found) - span.start for span in spans if span.start < found),
        timedelta(),
    )
    assert found - start - stopped == timedelta(hours=count)


@given(CALENDARS, MOMENTS, COUNTS, DAY_UNITS, PAUSES, PAUSES)
def test_the_order_in_which_stops_are_given_changes_nothing(
    calendar: Calendar, start: datetime, count: int, unit: Unit, one: timedelta, other: timedelta
) -> None:
    spans = (Span(start, start + one), Span(start + other, start + 2 * other), Span(start + one))
    length = Length(count, unit)
    assert deadline(CaseClock(start, length, spans), calendar) == deadline(
        CaseClock(start, length, spans[::-1]), calendar
    )


@given(CALENDARS, MOMENTS, COUNTS, DAY_UNITS, PAUSES, st.none() | PAUSES)
def test_what_is_used_and_what_is_left_is_the_whole_term_until_it_is_overdue(
    calendar: Calendar, start: datetime, count: int, unit: Unit, ran: timedelta,
    stood: timedelta | None,
) -> None:  # fmt: skip
    stopped = Span(start + ran, None if stood is None else start + ran + stood)
    case = CaseClock(start, Length(count, unit), (stopped,))
    lefts = [
        standing(case, calendar, now=start + timedelta(days=n)).left for n in range(-2, 2 * count)
    ]
    assert lefts[:3] == [count, count, count]
    assert all(before - after in (0, 1) for before, after in pairwise(lefts))


@given(CALENDARS, MOMENTS, MOMENTS, COUNTS, DAY_UNITS)
def test_it_is_overdue_from_the_deadline_on_and_never_before(
    calendar: Calendar, start: datetime, now: datetime, count: int, unit: Unit
) -> None:
    found = standing(CaseClock(start, Length(count, unit)), calendar, now=now)
    assert found.deadline is not None
    assert found.overdue == (now >= found.deadline.moment)
    assert found.overdue == (found.left == 0)
    assert found.late >= 0


@given(MOMENTS, COUNTS, DAY_UNITS, st.sampled_from(["Europe/Berlin", "America/New_York", "UTC"]))
def test_how_a_moment_is_written_does_not_change_the_deadline(
    start: datetime, count: int, unit: Unit, zone: str
) -> None:
    length = Length(count, unit)
    assert due(CaseClock(start.astimezone(ZoneInfo(zone)), length)) == due(CaseClock(start, length))


def _touches(span: Span, day: date, calendar: Calendar) -> bool:
    assert span.end is not None
    return span.start < end(day, calendar.zone) and beginning(day, calendar.zone) < span.end
