"""Load curves (行业用电负荷曲线), and how much charging stations are used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

HOURS: Final = 24
SECONDS_A_DAY: Final = 86_400
WH_A_KWH: Final = 1000


@dataclass(frozen=True, slots=True)
class Reading:
    """Mean power of one firm in one hour of one day, in whole kW."""

    firm: str
    industry: str
    day: str
    hour: int
    kw: int


@dataclass(frozen=True, slots=True)
class HourOfCurve:
    """`mean_kw` is that of all firms of an industry together, over the days that were read."""

    hour: int
    mean_kw: Fraction
    of_peak: Fraction


def load_curves(
    readings: Iterable[Reading], *, firms_min: int
) -> Mapping[str, tuple[HourOfCurve, ...]]:
    """The mean day of every industry: 24 hours, the load of all its firms together.

    An industry of fewer than `firms_min` firms has no curve: it would tell of a single one.

    Raises:  ValueError for an hour that is none.
    Source:  the mean day (典型日负荷曲线) is the usual form of a load curve; that hours are
             averaged over all days alike, and the least number of firms, are inferred.
    """
    sums: dict[str, list[int]] = {}
    days: dict[str, set[str]] = {}
    firms: dict[str, set[str]] = {}
    for each in readings:
        if not 0 <= each.hour < HOURS:
            raise ValueError(f"{each.hour} is no hour of a day")
        sums.setdefault(each.industry, [0] * HOURS)[each.hour] += each.kw
        days.setdefault(each.industry, set()).add(each.day)
        firms.setdefault(each.industry, set()).add(each.firm)
    told = sorted(industry for industry in sums if len(firms[industry]) >= firms_min)
    return {each: _curve(sums[each], len(days[each])) for each in told}


def _curve(sums: list[int], days: int) -> tuple[HourOfCurve, ...]:
    peak = max(sums)
    return tuple(
        HourOfCurve(hour, Fraction(kw, days), Fraction(kw, peak) if peak else Fraction(0))
        for hour, kw in enumerate(sums)
    )


@dataclass(frozen=True, slots=True)
class Session:
    """One charging at a station: `wh` are whole watt-hours; it ends after it has begun."""

    station: str
    begun_at: datetime
    ended_at: datetime
    wh: int


@dataclass(frozen=True, slots=True)
class StationUse:
    """`in_use` is the share of the time of all chargers of the station in which they charged."""

    sessions: int
    kwh: Fraction
    in_use: Fraction


def charging_use(
    sessions: Iterable[Session], *, chargers: Mapping[str, int], days: int
) -> Mapping[str, StationUse]:
    """How much every station was used in so many days.

    Source:  the time utilisation (时间利用率) of charging statistics: time of charging over the
             time that the chargers stood there.
    """
    by_station: dict[str, list[Session]] = {station: [] for station in chargers}
    for each in sessions:
        by_station[each.station].append(each)
    return {
        station: StationUse(
            len(held),
            Fraction(sum(each.wh for each in held), WH_A_KWH),
            Fraction(sum(map(_seconds, held)), chargers[station] * days * SECONDS_A_DAY),
        )
        for station, held in by_station.items()
    }


def _seconds(session: Session) -> int:
    return int((session.ended_at - session.begun_at).total_seconds())
