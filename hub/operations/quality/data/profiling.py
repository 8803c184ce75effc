"""What the columns of a file hold: counted, so that metadata can be proposed from it."""

from collections.abc import Mapping
from typing import Final

from dataspace.quality.proposing import CODES_MAX, ColumnProfile
from hub.operations.quality.data import texts
from hub.operations.quality.data.duck import TABLE, Engine
from hub.operations.quality.data.records import Records

# A count that is only roughly right says whether it is worth looking at the values themselves.
ROUGHLY: Final = 2


def profiles(engine: Engine, records: Records) -> list[ColumnProfile]:
    """Raises:  MeasuringTooLong, DataFileTooLarge."""
    return [
        _profile(engine, records, name=name, column=f"c{at}")
        for at, name in enumerate(records.columns)
    ]


def _profile(engine: Engine, records: Records, *, name: str, column: str) -> ColumnProfile:
    kinds = _kinds(column)
    counts = ", ".join(f"count(*) FILTER ({each})" for each in kinds.values())
    number, day = texts.number(column), texts.day(column)
    [found] = engine.rows(
        f"SELECT count({column}), approx_count_distinct({column}), max(length({column})),"
        f" min({number}), max({number}), min({day}), max({day}), {counts} FROM {TABLE}"
    )
    filled, distinct, length_max, *bounds = found[:7]
    matched = dict(zip(kinds, found[7:], strict=True))
    values = _values(engine, column, roughly=distinct)
    profile = ColumnProfile(
        name, records.rows, filled, len(values) or distinct, length_max or 0, matched,
        values=values,
    )  # fmt: skip
    least, most = bounds[2:] if profile.type == "DATE" else bounds[:2]
    if profile.type not in ("DATE", "NUMBER"):
        return profile
    return ColumnProfile(
        name, records.rows, filled, profile.distinct, profile.length_max, matched,
        _bound(least), _bound(most), values,
    )  # fmt: skip


def _values(engine: Engine, column: str, *, roughly: int) -> tuple[str, ...]:
    """The distinct values, ascending, when they are few."""
    if not 0 < roughly <= ROUGHLY * CODES_MAX:
        return ()
    found = engine.rows(
        f"SELECT DISTINCT {column} AS v FROM {TABLE} WHERE v IS NOT NULL ORDER BY v"
        f" LIMIT {CODES_MAX + 1}"
    )
    return tuple(value for (value,) in found) if len(found) <= CODES_MAX else ()


def _kinds(column: str) -> Mapping[str, str]:
    """What is counted; a number that begins with a nought is a code, and none to reckon with."""
    return {
        "BOOLEAN": texts.is_truth(column),
        "DATE": texts.is_type("DATE", column),
        "NUMBER": f"{texts.is_type('NUMBER', column)} AND NOT regexp_matches({column}, '^0\\d')",
        "MOMENT": texts.is_type("MOMENT", column),
        "LINK": texts.is_type("LINK", column),
        "ID_CARD": texts.is_identity_number(column),
        "MOBILE": texts.is_mobile(column),
        "EMAIL": texts.is_email(column),
        "BANK_CARD": texts.is_bank_card(column),
    }


def _bound(value: object) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else str(value)
