"""Guards on how long something lasts (G-TERM), and on when it is over."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from dataspace.guards.limits import (
    AUTHORISATION_YEARS_MAX,
    EXPLORATION_DAYS_MAX,
    SCENARIO_YEARS_MAX,
)
from dataspace.guards.refusals import TooLong
from dataspace.machine import Guard, Situation
from dataspace.quantity import read_moment
from dataspace.refusals import NotOver, TermInvalid
from dataspace.text import Text


def check_term(row: Mapping[str, Any], now: datetime, *, years: int) -> None:
    """Raises:  TermInvalid, unless it ends after it starts and within so many years."""
    start = read_moment(row["valid_from"]) if row.get("valid_from") else now
    end = read_moment(row["valid_until"]) if row.get("valid_until") else None
    if end is None or not max(start, now) < end <= _years_after(start, years):
        raise TermInvalid(
            valid_from=start.isoformat(), valid_until=row.get("valid_until"), years=years
        )


def _years_after(start: datetime, years: int) -> datetime:
    """The same day of the calendar when the longest term ends; 29 February ends on 1 March."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, month=3, day=1)


def _over(situation: Situation) -> None:
    end = situation.row.get("valid_until")
    if not end or read_moment(end) > situation.now:
        raise NotOver(id=situation.row.get("id", ""), valid_until=end)


def _short(situation: Situation) -> None:
    row = situation.row
    start = read_moment(row["valid_from"]) if row.get("valid_from") else situation.now
    end = read_moment(row["valid_until"])
    if not max(start, situation.now) < end <= start + timedelta(days=EXPLORATION_DAYS_MAX):
        raise TooLong(
            id=row.get("id", ""), valid_until=row["valid_until"], days=EXPLORATION_DAYS_MAX
        )


TERM = Guard(
    "G-TERM",
    Text(
        "The term ends within the years that the rules allow (five by default)",
        "期限不超过规则允许的年数（默认五年）",
    ),
    lambda situation: check_term(
        situation.row,
        situation.now,
        years=situation.rule("authorisation.term_years_max", AUTHORISATION_YEARS_MAX),
    ),
)
SCENARIO_TERM = Guard(
    "G-TERM-SCENARIO",
    Text("The scenario ends within five years", "场景期限不超过五年"),
    lambda situation: check_term(situation.row, situation.now, years=SCENARIO_YEARS_MAX),
)
OVER = Guard("G-OVER", Text("The term is over", "期限已届满"), _over)
SHORT = Guard("G-SHORT", Text("Within the days that are lent", "在允许的时限之内"), _short)
