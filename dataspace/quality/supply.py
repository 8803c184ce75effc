"""Whether data come as often as their update cycle says (更新及时性核查, J-L2-1).

Grace by cycle is the domain reference's (its section 6.7, inferred there). When what is late
counts as stale, and when supply counts as stopped, no source says: those lengths are ours.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

FRESH, LATE, STALE, STOPPED = "FRESH", "LATE", "STALE", "STOPPED"
STATUSES: Final = (FRESH, LATE, STALE, STOPPED)
NOTHING: Final = timedelta()


@dataclass(frozen=True, slots=True)
class Span:
    """Calendar months, then time."""

    months: int = 0
    time: timedelta = NOTHING

    def __add__(self, other: "Span") -> "Span":
        return Span(self.months + other.months, self.time + other.time)

    def before(self, moment: datetime) -> datetime:
        """The moment so long before; the end of a month that is too short for the day.

        So a later moment never has an earlier one before it, and what is late stays late. A span
        that reaches behind the first year gives the first moment that there is.
        """
        try:
            return _months_before(moment - self.time, self.months)
        except (OverflowError, ValueError):
            return datetime.min.replace(tzinfo=UTC)


def _months_before(moment: datetime, count: int) -> datetime:
    """Raises:  ValueError, OverflowError before the first year."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - count, 12)
    days = monthrange(year, month + 1)[1]
    if moment.day <= days:
        return moment.replace(year=year, month=month + 1)
    end = moment.replace(year=year, month=month + 1, day=days, hour=0, minute=0, second=0)
    return end.replace(microsecond=0) + timedelta(days=1)


def _days(count: int) -> Span:
    return Span(time=timedelta(days=count))


@dataclass(frozen=True, slots=True)
class Cycle:
    """From the last update on: how long it is fresh but for the grace, late, and stale."""

    period: Span
    grace: Span
    stale_after: Span
    stopped_after: Span


CYCLES: Final[Mapping[str, Cycle]] = {
    "REAL_TIME": Cycle(Span(), Span(time=timedelta(minutes=15)), _days(1), _days(30)),
    "DAILY": Cycle(_days(1), Span(time=timedelta(hours=6)), _days(3), _days(30)),
    "WEEKLY": Cycle(_days(7), _days(1), _days(15), Span(3)),
    "MONTHLY": Cycle(Span(1), _days(3), Span(2, timedelta(days=3)), Span(6)),
    "QUARTERLY": Cycle(Span(3), _days(7), Span(6, timedelta(days=7)), Span(12)),
    "HALF_YEARLY": Cycle(Span(6), _days(15), Span(12, timedelta(days=15)), Span(24)),
    "YEARLY": Cycle(Span(12), _days(15), Span(24, timedelta(days=15)), Span(36)),
}
# Nothing is promised of these, so nothing of them is late.
WITHOUT_CYCLE: Final = ("IRREGULAR", "HISTORICAL")
GRACE: Final[Mapping[str, Span]] = {code: cycle.grace for code, cycle in CYCLES.items()}


@dataclass(frozen=True, slots=True)
class Window:
    """Updates from `start` (inclusive) to `end` (exclusive) have this status; None is no bound."""

    status: str
    start: datetime | None
    end: datetime | None

    def __contains__(self, moment: datetime) -> bool:
        return (self.start is None or self.start <= moment) and (
            self.end is None or moment < self.end
        )


def windows(
    update_cycle: str, now: datetime, grace: Mapping[str, Span] = GRACE
) -> tuple[Window, ...]:
    """For each status the moments of the last update that have it now; together, all moments.

    Empty for a cycle that is not known.
    """
    if update_cycle in WITHOUT_CYCLE:
        return (Window(FRESH, None, None),)
    if (cycle := CYCLES.get(update_cycle)) is None:
        return ()
    late = (cycle.period + grace.get(update_cycle, cycle.grace)).before(now)
    stale = min(late, cycle.stale_after.before(now))
    stopped = min(stale, cycle.stopped_after.before(now))
    return (
        Window(FRESH, late, None),
        Window(LATE, stale, late),
        Window(STALE, stopped, stale),
        Window(STOPPED, None, stopped),
    )


def late_by(
    update_cycle: str | None, data_changed_at: datetime | None, *, now: datetime
) -> timedelta | None:
    """For how long data have been late, their grace over; nothing when they are not. None when the
    cycle or the last update is not known."""
    if not update_cycle or data_changed_at is None or not (found := windows(update_cycle, now)):
        return None
    fresh = found[0].start
    return NOTHING if fresh is None else max(fresh - data_changed_at, NOTHING)


def supply_status(
    update_cycle: str | None,
    data_changed_at: datetime | None,
    *,
    now: datetime,
    grace: Mapping[str, Span] = GRACE,
) -> str | None:
    """FRESH, LATE, STALE or STOPPED; None when the cycle or the last update is not known."""
    if not update_cycle or data_changed_at is None:
        return None
    return next(
        (each.status for each in windows(update_cycle, now, grace) if data_changed_at in each), None
    )
