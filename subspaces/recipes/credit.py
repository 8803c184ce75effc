"""The SME credit portrait (小微企业信用画像): flags and bands about a firm, and no raw value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

# Up to which number of staff, and of years, a band reaches; above the last is the last name.
SIZES: Final = ((20, "MICRO"), (300, "SMALL"), (1000, "MEDIUM"))
LARGE: Final = "LARGE"
AGES: Final = ((1, "BELOW_1"), (3, "1_TO_3"), (5, "3_TO_5"), (10, "5_TO_10"))
OLD: Final = "OVER_10"
RISING, STEADY, FALLING, UNKNOWN = "RISING", "STEADY", "FALLING", "UNKNOWN"
MONTHS: Final = 12
TENTH: Final = 10
PENALTY_YEARS: Final = 2


@dataclass(frozen=True, slots=True)
class FirmRecords:
    """What departments hold of a firm; `insured` are its insured staff by month, the latest last,
    `fund_months` how many of the last 12 it paid into the provident fund."""

    founded_on: date
    in_business: bool
    tax_arrears: bool
    insured: Sequence[int]
    insurance_arrears: bool
    fund_months: int
    penalties: Sequence[date]


@dataclass(frozen=True, slots=True)
class Portrait:
    in_business: bool
    age: str
    size: str
    staff: str
    tax_arrears: bool
    insurance_arrears: bool
    fund_paid: bool
    penalised: bool


def portrait(records: FirmRecords, *, on: date) -> Portrait:
    """How a firm stands on a day.

    Staff rise or fall by a tenth or more against twelve months before. The fund counts as paid
    when none of the last twelve months is missing. Penalties count for two years.

    Source:  flags and bands without raw values: domain reference, section 12.2. Bands of size:
             staff in industry, 工信部联企业〔2011〕300号. All other limits are inferred.
    """
    return Portrait(
        in_business=records.in_business,
        age=_band(_years(records.founded_on, on), AGES, OLD),
        size=_band(records.insured[-1], SIZES, LARGE) if records.insured else UNKNOWN,
        staff=_course(records.insured),
        tax_arrears=records.tax_arrears,
        insurance_arrears=records.insurance_arrears,
        fund_paid=records.fund_months >= MONTHS,
        penalised=any(
            each <= on and _years(each, on) < PENALTY_YEARS for each in records.penalties
        ),
    )


def _band(value: int, bands: Sequence[tuple[int, str]], above: str) -> str:
    return next((name for limit, name in bands if value < limit), above)


def _course(insured: Sequence[int]) -> str:
    """Compared in whole numbers, so that exactly a tenth counts."""
    if len(insured) <= MONTHS:
        return UNKNOWN
    before, now = insured[-1 - MONTHS], insured[-1]
    if (now - before) * TENTH >= before and now != before:
        return RISING
    return FALLING if (before - now) * TENTH >= before and now != before else STEADY


def _years(since: date, on: date) -> int:
    """Whole years from a day to another."""
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))
