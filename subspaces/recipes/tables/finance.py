"""The products of the finance sub-space, from the tables that they are made of."""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from dataspace.federation.profiles.recipe import Recipe, Rows
from subspaces.recipes import credit, electricity
from subspaces.recipes.rounding import written
from subspaces.recipes.tables.deliveries import performances
from subspaces.recipes.tables.reading import day, flag, grouped, told

FIRM: Final = "credit_code"
FUND_MONTHS: Final = 12
INSURED_MONTHS: Final = 25


def _indices(tables: Mapping[str, Rows]) -> Iterator[Sequence[object]]:
    """Of every firm with 24 months; one with fewer has no index."""
    for (firm,), rows in grouped(tables["electricity"], FIRM).items():
        held = sorted(rows, key=lambda row: row["month"])
        if len(held) < electricity.MONTHS:
            continue
        index = electricity.electricity_index(
            [int(row["electricity_kwh"]) for row in held],
            [flag(row["paid_on_time"]) for row in held],
        )
        growth = "" if index.growth is None else written(index.growth)
        yield (
            firm, held[-1]["month"], index.capacity, written(index.utilisation), growth,
            written(index.integrity),
        )  # fmt: skip


def _portraits(tables: Mapping[str, Rows]) -> Iterator[Sequence[object]]:
    """Of every firm that is registered, on the last day of the last month of insurance."""
    by_firm = {name: grouped(rows, FIRM) for name, rows in tables.items()}
    month = max(row["month"] for row in tables["insurance"])
    year, number = int(month[:4]), int(month[5:])
    on = date(year, number, monthrange(year, number)[1])
    since = _months_before(month, FUND_MONTHS - 1)
    for key, (registered, *_) in by_firm["registrations"].items():
        held = {name: by_firm[name].get(key, []) for name in tables}
        records = _records(registered, held, since=since)
        found = credit.portrait(records, on=on)
        values = (getattr(found, name) for name in credit.Portrait.__slots__)
        yield key[0], *(told(each) if isinstance(each, bool) else each for each in values)


def _records(
    registered: Mapping[str, str], held: Mapping[str, Rows], *, since: str
) -> credit.FirmRecords:
    """What is owed is what was owed the last time that it was told."""
    insurance = sorted(held["insurance"], key=lambda row: row["month"])[-INSURED_MONTHS:]
    tax = sorted(held["tax"], key=lambda row: row["year"])
    return credit.FirmRecords(
        founded_on=day(registered["founded_on"]),
        in_business=flag(registered["in_business"]),
        tax_arrears=bool(tax) and flag(tax[-1]["arrears"]),
        insured=[int(row["insured"]) for row in insurance],
        insurance_arrears=bool(insurance) and flag(insurance[-1]["arrears"]),
        fund_months=len({row["month"] for row in held["fund"] if row["month"] >= since}),
        penalties=[day(row["decided_on"]) for row in held["penalties"]],
    )


def _months_before(month: str, count: int) -> str:
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 - count, 12)
    return f"{year}-{number + 1:02d}"


RECIPES: Final[Mapping[str, Recipe]] = {
    "electricity-index": Recipe(
        {"electricity": (FIRM, "month", "electricity_kwh", "paid_on_time")},
        (FIRM, "month", "capacity", "utilisation", "growth", "integrity"), _indices,
    ),
    "logistics-performance": performances(),
    "credit-portrait": Recipe(
        {
            "registrations": (FIRM, "founded_on", "in_business"),
            "tax": (FIRM, "year", "arrears"),
            "insurance": (FIRM, "month", "insured", "arrears"),
            "fund": (FIRM, "month", "payers"),
            "penalties": (FIRM, "decision", "decided_on"),
        },
        (FIRM, *credit.Portrait.__slots__), _portraits,
    ),
}  # fmt: skip
