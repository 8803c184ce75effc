"""Days in a zone: on which day a moment lies, when a day begins, the same day of a later month."""

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time
from zoneinfo import ZoneInfo

from dataspace.clocks.calendars import ONE_DAY
from dataspace.quantity import MomentInvalid


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC, where adding hours adds hours in every season.

    Raises:  MomentInvalid when `moment` is naive, or lies outside the years 1 to 9999.
    """
    if moment.tzinfo is None:
        raise MomentInvalid(value=moment.isoformat())
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise MomentInvalid(value=moment.isoformat()) from error


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The day of the zone; the last there is for what is written as 9999-12-31 and means for ever.

    Raises:  MomentInvalid when `moment` is naive, because then it lies on no certain day.
    """
    utc = in_utc(moment)
    try:
        return utc.astimezone(zone).date()
    except OverflowError:
        return utc.date()


def beginning(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day, in UTC.

    Where the clocks are set forward at midnight the day begins at one o'clock, and where they
    are set back over midnight it begins the first time: both are what `fold=0` means.
    """
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def end(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after a day, its 24 o'clock: whoever acts before it acts in time."""
    return beginning(day + ONE_DAY, zone)


def months_after(day: date, months: int) -> date:
    """The day of the same number; the last of the month where there is none, as for the 31st.

    Source: Civil Code of the People's Republic of China (民法典), article 202.

    Raises:  OverflowError outside the years 1 to 9999, as other sums of days do.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError(year)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
