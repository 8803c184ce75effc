"""Quality rules as SQL conditions over the table of a file.

What a person stated goes into a statement as a parameter, never as a part of its text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dataspace.quality.rules import QualityRule
from hub.operations.quality.data import texts
from hub.operations.quality.data.columns import Columns

# Half a fen: sums of amounts that were rounded each by itself are still equal.
SUM_TOLERANCE: Final = "0.005"
SIGNS: Final[Mapping[str, str]] = {
    "LT": "<", "LTE": "<=", "EQ": "=", "NE": "<>", "GTE": ">=", "GT": ">",
}  # fmt: skip
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Clause:
    """Which rows a rule looks at, and which of these fail; `shown` is what an example quotes."""

    considered: str
    holds: str
    shown: str
    parameters: tuple[Any, ...] = ()

    @property
    def fails(self) -> str:
        """What cannot be decided fails: a value that is no number is in no range of numbers."""
        return f"({self.considered}) AND NOT coalesce(({self.holds}), false)"


def clause(rule: QualityRule, named: Columns) -> Clause | None:
    """The clause of a rule that is decided row by row, over `named.source`; None for the others.

    Raises:  KeyError for a column that the file does not have.
    """
    make = _CLAUSES.get(rule.kind)
    return make(rule, named) if make else None


def columns_of(rule: QualityRule) -> tuple[str, ...]:
    """The headings that the file must have for the rule to be measured at all."""
    if rule.kind == "COLUMNS":
        return ()
    single = (rule.column, rule.other_column if rule.kind == "COMPARE" else "")
    inside = (rule.other_column,) if rule.kind == "FOREIGN_KEY" and not rule.other else ()
    return tuple(each for each in (*single, *inside, *rule.columns) if each)


def _filled(column: str, holds: str, *parameters: Any) -> Clause:
    return Clause(f"{column} IS NOT NULL", holds, column, parameters)


def _not_null(rule: QualityRule, named: Columns) -> Clause:
    column = named[rule.column]
    return Clause("true", f"{column} IS NOT NULL", column)


def _type(rule: QualityRule, named: Columns) -> Clause:
    column, type_ = named[rule.column], rule.values[0]
    if type_ in ("NUMBER", "MONEY"):
        return _filled(column, f"{named.number(rule.column)} IS NOT NULL")
    if type_ == "MOMENT":
        return _filled(column, f"{named.moment(rule.column)} IS NOT NULL")
    return _filled(column, texts.is_type(type_, column))


def _length(rule: QualityRule, named: Columns) -> Clause:
    column = named[rule.column]
    return _filled(column, *_between(f"length({column})", rule, int))


def _code_table(rule: QualityRule, named: Columns) -> Clause:
    column = named[rule.column]
    return _filled(column, f"list_contains(?::VARCHAR[], trim({column}))", list(rule.values))


def _checked(check: Callable[[str], str]) -> Callable[[QualityRule, Columns], Clause]:
    def make(rule: QualityRule, named: Columns) -> Clause:
        column = named[rule.column]
        return _filled(column, check(column))

    return make


def _range(rule: QualityRule, named: Columns) -> Clause:
    """Days when a bound is a day, or else numbers."""
    column = named[rule.column]
    if _DAY.fullmatch(rule.minimum or rule.maximum):
        return _filled(column, *_between(named.moment(rule.column), rule, str, "::DATE"))
    return _filled(column, *_between(named.number(rule.column), rule, float))


def _pattern(rule: QualityRule, named: Columns) -> Clause:
    column = named[rule.column]
    return _filled(column, f"regexp_full_match({column}, ?)", rule.pattern)


def _sum(rule: QualityRule, named: Columns) -> Clause:
    """Only rows in which the whole and all its parts are numbers are looked at."""
    headings = (rule.column, *rule.columns)
    whole, *parts = (named.number(each) for each in headings)
    numbers = " AND ".join(f"{each} IS NOT NULL" for each in (whole, *parts))
    holds = f"abs({whole} - ({' + '.join(parts)})) <= {SUM_TOLERANCE}"
    return Clause(numbers, holds, _joined(*(named[each] for each in headings)))


def _compare(rule: QualityRule, named: Columns) -> Clause:
    """As numbers when both are, or else as moments when both are, or else as texts."""
    one, other = named[rule.column], named[rule.other_column]
    sign, pair = SIGNS[rule.comparison], (rule.column, rule.other_column)
    number, other_number = (named.number(each) for each in pair)
    moment, other_moment = (named.moment(each) for each in pair)
    holds = " ".join((
        f"CASE WHEN {number} IS NOT NULL AND {other_number} IS NOT NULL",
        f"THEN {number} {sign} {other_number}",
        f"WHEN {moment} IS NOT NULL AND {other_moment} IS NOT NULL",
        f"THEN {moment} {sign} {other_moment}",
        f"ELSE {one} {sign} {other} END",
    ))  # fmt: skip
    return Clause(f"{one} IS NOT NULL AND {other} IS NOT NULL", holds, _joined(one, other))


def _between(
    value: str, rule: QualityRule, read: Callable[[str], Any], type_: str = ""
) -> tuple[Any, ...]:
    """The condition that a value lies within the bounds, and its parameters."""
    bounds = ((">=", rule.minimum), ("<=", rule.maximum))
    stated = [(sign, read(bound)) for sign, bound in bounds if bound]
    holds = " AND ".join(f"{value} {sign} ?{type_}" for sign, _ in stated)
    return holds, *(bound for _, bound in stated)


def _joined(*columns: str) -> str:
    return f"concat_ws(' / ', {', '.join(columns)})"


_CLAUSES: Final[Mapping[str, Callable[[QualityRule, Columns], Clause]]] = {
    "NOT_NULL": _not_null,
    "TYPE": _type,
    "LENGTH": _length,
    "CODE_TABLE": _code_table,
    "CREDIT_CODE": _checked(texts.is_credit_code),
    "ID_CARD": _checked(texts.is_identity_number),
    "RANGE": _range,
    "PATTERN": _pattern,
    "SUM": _sum,
    "COMPARE": _compare,
}
