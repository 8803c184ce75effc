"""The electricity fluctuation index (企业用电波动指数): how a firm works, by its power."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

YEAR: Final = 12
MONTHS: Final = 24
KWH_A_STEP: Final = 1000
POINTS_A_STEP: Final = 10


@dataclass(frozen=True, slots=True)
class ElectricityIndex:
    """`capacity` in points; the others are shares, `growth` below nothing for a firm in decline.

    A firm that used nothing in its first year has no growth that could be told.
    """

    capacity: int
    utilisation: Fraction
    growth: Fraction | None
    integrity: Fraction


def electricity_index(kwh: Sequence[int], paid_on_time: Sequence[bool]) -> ElectricityIndex:
    """The index of the last month of `kwh`, whole kWh of months in a row, the latest last.

    capacity = (INT(mean of the last 12 / 1000) + 1) × 10; utilisation = the last month / the peak
    of the last 12; growth = (the last 12 − the first 12) / the first 12 of 24 months; integrity is
    the share of the 24 bills that were paid in time.

    Raises:  ValueError for fewer than 24 months, another number of bills, or negative use.
    Source:  recipe of the data set 0cbfabbacb2e655abe768fbfda501a7a of selectdataset.com, which
             leaves open how payment behaviour counts: that share is inferred.
    """
    if len(kwh) < MONTHS or len(kwh) != len(paid_on_time) or min(kwh) < 0:
        raise ValueError(f"{MONTHS} months in a row are needed, each with its bill")
    first, last = sum(kwh[-MONTHS:-YEAR]), sum(kwh[-YEAR:])
    peak = max(kwh[-YEAR:])
    return ElectricityIndex(
        capacity=(last // (YEAR * KWH_A_STEP) + 1) * POINTS_A_STEP,
        utilisation=Fraction(kwh[-1], peak) if peak else Fraction(0),
        growth=Fraction(last - first, first) if first else None,
        integrity=Fraction(sum(paid_on_time[-MONTHS:]), MONTHS),
    )
