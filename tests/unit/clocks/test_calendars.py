"""Working days: China's as they were published, counted both ways, and never guessed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.clocks.calendars import Calendar, YearMissing
from dataspace.clocks.china import CHINA

FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
DAYS = st.dates(FIRST, LAST)
# Far enough from both ends that fifty working days lead out of no year.
INNER_DAYS = st.dates(date(2024, 4, 15), date(2026, 9, 1))
COUNTS = st.integers(0, 50)


@pytest.mark.parametrize(
    ("year", "working", "off"), [(2024, 251, 28), (2025, 248, 28), (2026, 248, 33)]
)
def test_a_year_has_as_many_working_days_as_its_notice_leaves(
    year: int, working: int, off: int
) -> None:
    assert sum(day.year == year for day in CHINA.working_days) == working
    assert sum(day.year == year for day in CHINA.off) == off


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2024, 2, 9), True),  # the eve in 2024: leave was only encouraged
        (date(2025, 1, 28), False),  # the eve in 2025: a holiday since the rule of 2024
        (date(2025, 1, 26), True),  # a Sunday
        (date(2025, 10, 8), False),
        (date(2025, 10, 11), True),  # a Saturday
        (date(2026, 1, 2), False),
        (date(2026, 1, 4), True),  # a Sunday
        (date(2026, 2, 23), False),
        (date(2026, 2, 28), True),  # a Saturday
        (date(2026, 9, 20), True),  # a Sunday, before the holiday that it is worked for
        (date(2026, 11, 28), False),  # a plain Saturday
        (date(2026, 11, 30), True),
    ],
)
def test_a_day_is_what_the_notice_says(day: date, works: bool) -> None:
    assert CHINA.works(day) is works


def test_the_notices_are_cited() -> None:
    assert [year.source.split(",")[0] for year in CHINA.years] == [
        "国办发明电〔2023〕7号",
        "国办发明电〔2024〕12号",
        "国办发明电〔2025〕7号",
    ]


def test_three_working_days_lead_over_the_spring_festival_and_a_worked_saturday() -> None:
    assert CHINA.after(date(2026, 2, 12), 3) == date(2026, 2, 24)
    assert CHINA.after(date(2026, 2, 24), -3) == date(2026, 2, 12)


@given(DAYS, COUNTS, COUNTS)
def test_n_and_then_m_working_days_are_n_plus_m(day: date, n: int, m: int) -> None:
    try:
        together = CHINA.after(day, n + m)
    except YearMissing:
        return
    assert CHINA.after(CHINA.after(day, n), m) == together


@given(INNER_DAYS, st.integers(1, 50))
def test_as_many_days_are_counted_as_were_added(day: date, n: int) -> None:
    assert CHINA.between(day, CHINA.after(day, n)) == n
    assert CHINA.between(CHINA.after(day, -n), day - timedelta(days=1)) == n - 1


@given(INNER_DAYS, INNER_DAYS, COUNTS)
def test_a_later_day_never_leads_to_an_earlier_one(one: date, other: date, n: int) -> None:
    assert CHINA.after(min(one, other), n) <= CHINA.after(max(one, other), n)


@given(INNER_DAYS, st.integers(1, 50))
def test_a_day_that_is_led_to_is_a_working_day(day: date, n: int) -> None:
    assert CHINA.works(CHINA.after(day, n))
    assert CHINA.works(CHINA.after(day, -n))


@given(DAYS, DAYS, DAYS)
def test_counts_add_up(one: date, two: date, three: date) -> None:
    assert CHINA.between(one, two) + CHINA.between(two, three) == CHINA.between(one, three)


@given(DAYS, DAYS)
def test_counting_is_looking_at_each_day(one: date, other: date) -> None:
    first, last = min(one, other), max(one, other)
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert CHINA.between(first, last) == sum(map(CHINA.works, days))
    assert CHINA.between(last, first) == -sum(map(CHINA.works, days))


def test_a_year_that_is_missing_is_refused_by_its_name() -> None:
    with pytest.raises(YearMissing) as refusal:
        CHINA.after(date(2026, 12, 20), 20)
    assert refusal.value.facts == {"calendar": "CN", "known": "2024, 2025, 2026", "year": 2027}
    assert refusal.value.message("zh") == "工作日历 CN 只含 2024, 2025, 2026 年，不含 2027 年"


@pytest.mark.parametrize(
    "ask",
    [
        lambda: CHINA.works(date(2027, 1, 1)),
        lambda: CHINA.after(date(2024, 1, 2), -3),
        lambda: CHINA.after(date(2027, 1, 1), 1),
        lambda: CHINA.after(date(2027, 1, 1), -1),
        lambda: CHINA.between(date(2023, 12, 30), date(2024, 1, 5)),
        lambda: CHINA.between(date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_no_working_day_is_guessed_on_either_side_of_the_table(ask: object) -> None:
    with pytest.raises(YearMissing):
        ask()  # type: ignore[operator]


def test_a_gap_within_the_table_is_not_stepped_over() -> None:
    gapped = Calendar(
        "CN", CHINA.text, CHINA.zone, CHINA.weekend,
        tuple(year for year in CHINA.years if year.year != 2025),
    )  # fmt: skip
    with pytest.raises(YearMissing, match="not 2025"):
        gapped.after(date(2024, 12, 31), 1)
    with pytest.raises(YearMissing, match="not 2025"):
        gapped.between(date(2024, 12, 31), date(2026, 1, 5))
    assert gapped.after(date(2026, 1, 4), 1) == date(2026, 1, 5)


def test_the_last_day_that_is_known_can_be_asked_for() -> None:
    assert CHINA.last_day == LAST
