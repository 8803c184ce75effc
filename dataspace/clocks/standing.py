"""What a case clock says at a moment: the last day, what is left, whether it is overdue, how late.

To ask whether something was done in time, ask with the moment when it was done.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dataspace.clocks.calendars import ONE_DAY, Calendar, YearMissing
from dataspace.clocks.case_clock import CaseClock, Unit
from dataspace.clocks.counting import INSTANT, running_days, stopped_for
from dataspace.clocks.days import day_of, end, in_utc, months_after
from dataspace.quantity import MomentInvalid

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """`moment` is the first one that is too late: for a term in days, 24 o'clock of `last_day`."""

    last_day: date
    moment: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """`left` and `late` are in working days, hours or days, as the clock is.

    `left` counts today, `late` the days that have begun since the last one, so that both are 0 on
    the weekend after it. `missing` is why the deadline is not known although it runs: it lies in
    a year that the calendar does not know, while all days until now lie in years that it knows.
    """

    deadline: Deadline | None
    left: int
    late: int = 0
    overdue: bool = False
    stands_still: bool = False
    missing: YearMissing | None = None


def deadline(clock: CaseClock, calendar: Calendar) -> Deadline | None:
    """None when the clock stands still before its end has come.

    Raises:  YearMissing, MomentInvalid, the latter also when it would end after the year 9999.
    """
    try:
        return _deadline(clock, calendar)
    except OverflowError as error:
        raise MomentInvalid(value=clock.started.isoformat()) from error


def standing(clock: CaseClock, calendar: Calendar, *, now: datetime) -> Standing:
    """Raises:  YearMissing when `now` or the start is in an unknown year; MomentInvalid."""
    now = in_utc(now)
    today, missing = day_of(now, calendar.zone), None
    still = any(span.end is None for span in clock.spans)
    try:
        due = deadline(clock, calendar)
    except YearMissing as error:
        due, missing = None, None if still else error
    if due and now >= due.moment:
        late = _late(clock, calendar, due=due, now=now)
        return Standing(due, left=0, late=late, overdue=True, stands_still=still)
    if clock.length.unit is Unit.HOURS:
        left = _hours_left(clock, calendar, now=now)
    else:
        left = _days_left(clock, calendar, due=due, today=today)
    return Standing(due, left=left, stands_still=still, missing=missing)


def _deadline(clock: CaseClock, calendar: Calendar) -> Deadline | None:
    started = day_of(clock.started, calendar.zone)
    if clock.length.unit is Unit.MOMENT:
        return _at(clock.started, calendar)
    if clock.length.unit is Unit.HOURS:
        return _to_the_hour(clock, calendar)
    last = running_days(clock, calendar).after(started, _days(clock, started))
    return None if last is None else Deadline(last, end(last, calendar.zone))


def _at(moment: datetime, calendar: Calendar) -> Deadline:
    return Deadline(day_of(moment - INSTANT, calendar.zone), moment)


def _to_the_hour(clock: CaseClock, calendar: Calendar) -> Deadline | None:
    until = clock.started + timedelta(hours=clock.length.count)
    stopped = stopped_for(clock.spans, after=clock.started, until=until)
    return None if stopped is None else _at(until + stopped, calendar)


def _days(clock: CaseClock, started: date) -> int:
    """How many days the clock runs, of those that are counted."""
    count = clock.length.count
    if clock.length.unit is Unit.MONTHS:
        return (months_after(started, count) - started).days
    return count


def _days_left(clock: CaseClock, calendar: Calendar, *, due: Deadline | None, today: date) -> int:
    """What has not been used, so that it is known even where the deadline is not.

    A day is used when it is over, and a start that lies ahead has used nothing.
    """
    days, started = running_days(clock, calendar), day_of(clock.started, calendar.zone)
    yesterday, count = today - ONE_DAY, _days(clock, started)
    if count > 0:
        return max(0, count - days.between(started, max(started, yesterday)))
    return max(0, days.between(yesterday, due.last_day)) if due else 0


def _hours_left(clock: CaseClock, calendar: Calendar, *, now: datetime) -> int:
    """A begun hour counts as one. A clock that stands still has what it had when it was stopped."""
    stopped = [span.start for span in clock.spans if span.end is None]
    ran = replace(clock, spans=tuple(span for span in clock.spans if span.end is not None))
    due = _to_the_hour(ran, calendar)
    left = -((min([now, *stopped]) - due.moment) // HOUR) if due else 0
    return max(0, min(left, clock.length.count))


def _late(clock: CaseClock, calendar: Calendar, *, due: Deadline, now: datetime) -> int:
    if clock.length.unit is Unit.HOURS:
        return (now - due.moment) // HOUR
    return running_days(clock, calendar).between(due.last_day, day_of(now, calendar.zone))
