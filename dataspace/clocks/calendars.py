"""Working days of a place: weekends, holidays, and the weekends that are worked in exchange.

A holiday arrangement is published for a year at a time, so a calendar knows certain years and no
others. A year that it does not know is refused and never guessed (docs/decisions/0017).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from dataspace.errors import Invalid
from dataspace.text import Text

ONE_DAY = timedelta(days=1)


class YearMissing(Invalid):
    """Working days were asked of a year whose holidays are not in the calendar."""

    code = "calendar.year_missing"
    title = Text(
        "The calendar {calendar} knows the years {known}, not {year}",
        "工作日历 {calendar} 只含 {known} 年，不含 {year} 年",
    )
    advice = Text(
        "Add the holiday arrangement of {year} to the table; no working day is guessed.",
        "请在节假日表中补入 {year} 年的放假安排；平台不推测工作日。",
    )


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days off from `first` to `last`, and the days of the weekend that are worked for them."""

    text: Text
    first: date
    last: date
    worked: tuple[date, ...] = ()

    def days(self) -> Iterator[date]:
        return (
            date.fromordinal(n) for n in range(self.first.toordinal(), self.last.toordinal() + 1)
        )


@dataclass(frozen=True, slots=True)
class Year:
    """The arrangement of one year; it may reach into the December before. `source` cites it."""

    year: int
    source: str
    holidays: tuple[Holiday, ...]


@dataclass(frozen=True)
class Calendar:
    """`weekend` holds days of the week as `date.weekday` counts them, 0 for Monday."""

    code: str
    text: Text
    zone: ZoneInfo
    weekend: frozenset[int]
    years: tuple[Year, ...]

    @cached_property
    def known(self) -> frozenset[int]:
        return frozenset(each.year for each in self.years)

    @cached_property
    def off(self) -> frozenset[date]:
        return frozenset(day for holiday in self._holidays() for day in holiday.days())

    @cached_property
    def worked(self) -> frozenset[date]:
        return frozenset(day for holiday in self._holidays() for day in holiday.worked)

    @cached_property
    def working_days(self) -> tuple[date, ...]:
        """All of the years that it knows, in order."""
        return tuple(
            day for year in sorted(self.known) for day in _days_of(year) if self._works(day)
        )

    @property
    def last_day(self) -> date:
        """The last day that it knows; to be replaced in time before it."""
        return date(max(self.known), 12, 31)

    def works(self, day: date) -> bool:
        """Raises:  YearMissing."""
        self.check(day, day)
        return self._works(day)

    def after(self, day: date, working_days: int) -> date:
        """The day that many working days after `day`, which itself is not counted.

        A negative number leads before it, and zero to the day itself, working or not.

        Raises:  YearMissing.
        """
        if working_days == 0:
            return day
        self.check(day, day)
        if working_days > 0:
            place = bisect_right(self.working_days, day) + working_days - 1
        else:
            place = bisect_left(self.working_days, day) + working_days
        if not 0 <= place < len(self.working_days):
            raise self._missing(min(self.known) - 1 if place < 0 else max(self.known) + 1)
        found = self.working_days[place]
        self.check(day, found)
        return found

    def between(self, after: date, until: date) -> int:
        """How many working days lie after `after`, up to and with `until`; less than 0 backwards.

        Raises:  YearMissing.
        """
        if after == until:
            return 0
        self.check(after + ONE_DAY, until) if after < until else self.check(until + ONE_DAY, after)
        return bisect_right(self.working_days, until) - bisect_right(self.working_days, after)

    def check(self, one: date, other: date) -> None:
        """Raises:  YearMissing for the first year from one day to the other that is not known."""
        for year in range(min(one, other).year, max(one, other).year + 1):
            if year not in self.known:
                raise self._missing(year)

    def _works(self, day: date) -> bool:
        return day in self.worked or (day.weekday() not in self.weekend and day not in self.off)

    def _holidays(self) -> Iterator[Holiday]:
        return (holiday for year in self.years for holiday in year.holidays)

    def _missing(self, year: int) -> YearMissing:
        known = ", ".join(map(str, sorted(self.known)))
        return YearMissing(calendar=self.code, known=known, year=year)


def _days_of(year: int) -> Iterator[date]:
    first, next_year = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    return (date.fromordinal(ordinal) for ordinal in range(first, next_year))
