"""When a cron fires: in order, each once, in the zone's own hours."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.jobs.job import ZONE
from dataspace.jobs.table import JOBS
from hub.scheduling.timetable import firings, last_firing, next_firing

START = datetime(2026, 6, 1, tzinfo=UTC)
CRONS = ("*/10 * * * *", "0 * * * *", "0 1 * * *", "0 9-17 * * mon-fri", "0 5 2 1 *")
DAY_ONE = datetime(2025, 1, 1, tzinfo=UTC)
moments = st.integers(0, 3 * 365 * 24 * 60).map(lambda n: DAY_ONE + timedelta(minutes=n))


def test_a_daily_job_fires_at_the_citys_own_hour() -> None:
    found = list(firings("0 1 * * *", after=START, until=START + timedelta(days=2)))
    assert found == [datetime(2026, 6, day, 17, tzinfo=UTC) for day in (1, 2)]


def test_the_end_belongs_to_a_span_and_its_beginning_does_not() -> None:
    at = datetime(2026, 6, 1, 17, tzinfo=UTC)
    assert list(firings("0 1 * * *", after=at - timedelta(hours=1), until=at)) == [at]
    assert list(firings("0 1 * * *", after=at, until=at + timedelta(hours=1))) == []


@given(st.sampled_from(CRONS), moments, st.integers(0, 40 * 24), st.integers(0, 40 * 24))
def test_two_spans_side_by_side_have_the_firings_of_both(
    cron: str, start: datetime, first: int, second: int
) -> None:
    middle = start + timedelta(hours=first)
    end = middle + timedelta(hours=second)
    whole = list(firings(cron, after=start, until=end))
    parts = [*firings(cron, after=start, until=middle), *firings(cron, after=middle, until=end)]
    assert whole == parts == sorted(set(whole))
    assert last_firing(cron, after=start, until=end) == (whole[-1] if whole else None)


@given(st.sampled_from(CRONS), moments)
def test_the_next_firing_is_the_first_of_those_to_come(cron: str, start: datetime) -> None:
    found = next_firing(cron, after=start)
    assert found is not None
    assert list(firings(cron, after=start, until=found)) == [found]


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", ZONE])
@pytest.mark.parametrize(
    ("cron", "count"), [("30 4 * * *", 365), ("0 * * * *", 365 * 24), ("30 1,2 * * *", 2 * 365)]
)
def test_where_clocks_are_changed_time_goes_forward(zone: str, cron: str, count: int) -> None:
    """What fires in the hour that comes twice fires in both; in the one left out, not."""
    start = datetime(2026, 1, 1, 12, tzinfo=UTC)
    year = list(firings(cron, zone=zone, after=start, until=start + timedelta(days=365)))
    assert year == sorted(set(year))
    assert len(year) == count


@pytest.mark.parametrize("job", JOBS.values(), ids=lambda job: job.code)
def test_every_job_fires(job: object) -> None:
    assert next_firing(JOBS[job.code].cron, after=START) is not None
