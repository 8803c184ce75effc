"""Which days count for a clock: those of its unit, and of these only the ones it ran all through.

That one rule says three things: the day of the start does not count, nor does a day on which the
clock was stopped, nor the one on which it went on (docs/decisions/0017).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dataspace.clocks.calendars import ONE_DAY, Calendar
from dataspace.clocks.case_clock import CaseClock, Span, Unit
from dataspace.clocks.days import day_of

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class EveryDay:
    """Counts natural days the way a `Calendar` counts working days."""

    def after(self, day: date, days: int) -> date:
        return day + timedelta(days=days)

    def between(self, after: date, until: date) -> int:
        return (until - after).days


@dataclass(frozen=True, slots=True)
class Stop:
    """Days on which a clock stood still, the first and the last among them."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class RunningDays:
    """`stops` share no day; that of a clock which still stands is endless."""

    days: Calendar | EveryDay
    stops: tuple[Stop, ...]

    def between(self, after: date, until: date) -> int:
        """How many days count after `after`, up to and with `until`; less than 0 backwards.

        Raises:  YearMissing.
        """
        return self.days.between(after, until) - self._stopped(after, until)

    def after(self, day: date, count: int) -> date | None:
        """The day that many counted days after `day`; None when the clock stands still before it.

        Raises:  YearMissing.
        """
        found, stopped = self.days.after(day, count), 0
        while self._stopped(day, found) != stopped:
            if self._goes_on_standing(found):
                return None
            stopped = self._stopped(day, found)
            found = self.days.after(day, count + stopped)
        return found

    def _stopped(self, after: date, until: date) -> int:
        return sum(
            self.days.between(max(stop.first, after + ONE_DAY) - ONE_DAY, min(stop.last, until))
            for stop in self.stops
            if max(stop.first, after + ONE_DAY) <= min(stop.last, until)
        )

    def _goes_on_standing(self, until: date) -> bool:
        return any(stop.last == date.max and stop.first <= until for stop in self.stops)


def running_days(clock: CaseClock, calendar: Calendar) -> RunningDays:
    """Raises:  MomentInvalid."""
    days = calendar if clock.length.unit is Unit.WORKING_DAYS else EveryDay()
    return RunningDays(days, _merged(_stop(span, calendar.zone) for span in clock.spans))


def stopped_for(spans: Iterable[Span], *, after: datetime, until: datetime) -> timedelta | None:
    """How much of the time from `after` on is stopped before `until`, which moves along with it.

    None when the clock stands still before `until` comes.
    """
    moved = timedelta()
    seen = after
    for span in sorted(spans, key=lambda span: span.start):
        if span.start >= until + moved:
            break
        if span.end is None:
            return None
        moved += max(timedelta(), span.end - max(span.start, seen))
        seen = max(seen, span.end)
    return moved


def _stop(span: Span, zone: ZoneInfo) -> Stop:
    first = day_of(span.start, zone)
    if span.end is None:
        return Stop(first, date.max)
    return Stop(first, max(first, day_of(span.end - INSTANT, zone)))


def _merged(stops: Iterable[Stop]) -> tuple[Stop, ...]:
    merged: list[Stop] = []
    for stop in sorted(stops, key=lambda stop: stop.first):
        if merged and stop.first <= merged[-1].last:
            stop = Stop(merged[-1].first, max(merged[-1].last, stop.last))
            merged.pop()
        merged.append(stop)
    return tuple(merged)
