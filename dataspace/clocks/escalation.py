"""Who is told about a case and when: reminders before the last day, escalation after it.

A chain is data. A step is reached by what the calendar says, and has a key of its own for each
day it is reached for, so that whoever sends can remember what was sent: late, twice, or after the
machine's time was put back, nobody is told the same thing twice.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from dataspace.caller import Role
from dataspace.clocks.calendars import Calendar
from dataspace.clocks.case_clock import CaseClock
from dataspace.clocks.counting import RunningDays, running_days
from dataspace.clocks.days import day_of
from dataspace.clocks.standing import standing
from dataspace.text import Text


class StepKind(Enum):
    REMINDER = Text("reminder", "提醒")
    LAST_DAY = Text("last day", "到期提示")
    ESCALATION = Text("escalation", "升级督办")


@dataclass(frozen=True, slots=True)
class Step:
    """`days` counts from the last day: less than 0 before it, 0 on it, more than 0 after it.

    They are working days where the clock is in working days, and natural days elsewhere. `to`
    is who is told; nobody named means those with whom the case lies. `daily` goes on every such
    day until the case moves, and what was missed is not made up for.
    """

    kind: StepKind
    days: int
    to: frozenset[Role] = frozenset()
    daily: bool = False

    @property
    def code(self) -> str:
        return f"{self.kind.name}{self.days:+d}"


@dataclass(frozen=True, slots=True)
class Notice:
    """A step that has been reached, and the day that it was reached for."""

    step: Step
    day: date

    @property
    def key(self) -> str:
        """One for each thing to be told of a case; a deadline that has moved makes new ones."""
        return f"{self.step.code}@{self.day.isoformat()}"


def remind(days_before: int, *, daily: bool = False) -> Step:
    return Step(StepKind.REMINDER, -days_before, daily=daily)


def on_last_day() -> Step:
    return Step(StepKind.LAST_DAY, 0)


def remind_daily_when_overdue() -> Step:
    return Step(StepKind.REMINDER, 1, daily=True)


def escalate(days_after: int, *to: Role) -> Step:
    return Step(StepKind.ESCALATION, days_after, frozenset(to))


def notices(
    clock: CaseClock, calendar: Calendar, *, steps: tuple[Step, ...], now: datetime
) -> tuple[Notice, ...]:
    """Every step that has been reached by now, whether or not it was sent.

    None while the clock stands still, nor as long as its last day lies in a year that is missing.

    Raises:  YearMissing, MomentInvalid.
    """
    stands = standing(clock, calendar, now=now)
    if stands.deadline is None or stands.stands_still:
        return ()
    days, last = running_days(clock, calendar), stands.deadline.last_day
    since_last = days.between(last, day_of(now, calendar.zone))
    started = day_of(clock.started, calendar.zone)
    earliest = -days.between(started, last) if started < last else None
    return tuple(
        Notice(step, day)
        for step in steps
        if step.days <= since_last and (day := _day(step, days, last, since_last, earliest))
    )


def next_day(
    clock: CaseClock, calendar: Calendar, *, steps: tuple[Step, ...], now: datetime
) -> date | None:
    """The first day after today on which `notices` will have a step that it has not now.

    Raises:  YearMissing, MomentInvalid.
    """
    stands = standing(clock, calendar, now=now)
    if stands.deadline is None or stands.stands_still:
        return None
    days, last = running_days(clock, calendar), stands.deadline.last_day
    today = day_of(now, calendar.zone)
    since_last = days.between(last, today)
    coming = (
        days.after(today, 1) if step.daily and step.days <= since_last
        else days.after(last, step.days) if step.days > since_last
        else None
        for step in steps
    )  # fmt: skip
    return min((day for day in coming if day and day > today), default=None)


def _day(
    step: Step, days: RunningDays, last: date, since_last: int, earliest: int | None
) -> date | None:
    """A reminder that would come before the start comes with it."""
    offset = since_last if step.daily else step.days
    return days.after(last, offset if earliest is None else max(offset, earliest))
