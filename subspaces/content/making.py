"""What all made-up data rest on: dice that do not depend on each other, months, codes and files."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Final

from dataspace.federation.profiles.content import Column, DataSet, Table
from dataspace.federation.profiles.recipe import Recipe, read_table, written_table
from dataspace.identifiers import credit_code_check_digit
from dataspace.text import Text

REGION: Final = "310000"
LAST_MONTH: Final = (2026, 5)  # of all data, the month before the demo's day
LAST_DAY: Final = date(2026, 5, 31)
BOOLEANS: Final = ("false", "true")

CREDIT_CODE: Final = Column(
    "credit_code", Text("Unified social credit code", "统一社会信用代码"), "TEXT"
)
MONTH: Final = Column("month", Text("Month", "月份"), "TEXT")
DAY: Final = Column("day", Text("Day", "日期"), "DATE")


def dice(seed: int, *parts: object) -> Random:
    """Each row, or each firm, has its own, so that one more of them changes no other."""
    return Random(f"{seed}:{':'.join(map(str, parts))}")  # noqa: S311  (nothing secret)


def credit_code(kind: str, number: int) -> str:
    """A synthetic code with a valid check digit (GB 32100), of nobody: the body says `MAF`."""
    body = f"{kind}{REGION}MAF{number:06d}"
    return body + credit_code_check_digit(body)


def months(count: int) -> list[str]:
    """So many months up to the last one, the latest last: `2026-05`."""
    year, month = LAST_MONTH
    last = year * 12 + month - 1
    return [f"{each // 12}-{each % 12 + 1:02d}" for each in range(last - count + 1, last + 1)]


def days(count: int) -> list[date]:
    return [LAST_DAY - timedelta(days=back) for back in reversed(range(count))]


def flag(value: bool) -> str:
    return BOOLEANS[value]


def table(name: str, columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> Table:
    return headed(name, [each.heading for each in columns], rows)


def headed(name: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    return written_table(name, headings, rows)


def computed(
    template: str, recipes: Mapping[str, Recipe], *files: DataSet, inputs: tuple[str, ...]
) -> Table:
    """What the recipe of a template makes of the files of these data sets."""
    recipe, tables = recipes[template], {}
    for each in files:
        if each.code in inputs:
            headings, rows = read_table(each.table.content)
            tables[recipe.input_of(headings) or ""] = rows
    return recipe.made(template, tables)
