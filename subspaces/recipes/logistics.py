"""Logistics performance (物流履约率): how reliably what was promised is delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

HALF_YEAR: Final = 6
MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Consignment:
    """What was handed over: `delivered_on` is None when it never came, `lost` of its `pieces` did
    not arrive whole."""

    promised_on: date
    delivered_on: date | None
    pieces: int
    lost: int

    @property
    def on_time(self) -> bool:
        return self.delivered_on is not None and self.delivered_on <= self.promised_on


@dataclass(frozen=True, slots=True)
class Performance:
    """Shares; `trend` is by how much the on-time rate of the last six months is above that of the
    six before, and None when either half has no consignment."""

    on_time: Fraction
    loss: Fraction
    trend: Fraction | None


def performance(consignments: Sequence[Consignment], *, until: tuple[int, int]) -> Performance:
    """Of what was promised in the twelve months that end with the month `until` (year, month).

    Raises:  ValueError when nothing was promised in that time.
    Source:  on-time rate, loss rate and 12-month trend are named by the domain reference, section
             12.2; that a lost consignment is late, and the halves of the trend, are inferred.
    """
    by_half: tuple[list[Consignment], list[Consignment]] = ([], [])
    for each in consignments:
        back = _months(*until) - _months(each.promised_on.year, each.promised_on.month)
        if 0 <= back < MONTHS_A_YEAR:
            by_half[back < HALF_YEAR].append(each)
    earlier, later = by_half
    held = [*earlier, *later]
    if not held:
        raise ValueError("nothing was promised in the twelve months")
    pieces = sum(each.pieces for each in held)
    return Performance(
        on_time=_on_time(held),
        loss=Fraction(sum(each.lost for each in held), pieces) if pieces else Fraction(0),
        trend=_on_time(later) - _on_time(earlier) if earlier and later else None,
    )


def _on_time(consignments: Sequence[Consignment]) -> Fraction:
    return Fraction(sum(each.on_time for each in consignments), len(consignments))


def _months(year: int, month: int) -> int:
    return year * MONTHS_A_YEAR + month
