"""Rulebooks as hypothesis makes them up, and a few by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from dataspace.rulebooks.kinds import RULES
from dataspace.rulebooks.order import Codes, Flag, Ladder, Number, Order
from dataspace.rulebooks.rulebook import Rulebook

DAY = datetime(2026, 6, 1, tzinfo=UTC)
PARENTS = {"city": "", "pudong": "city", "fin": "pudong", "lab": "fin"}
TIERS = {"city": "CITY", "pudong": "DISTRICT", "fin": "SUBSPACE", "lab": "SUBSPACE"}
# Few rules, so that rulebooks meet in them; one of every order.
SOME = (
    "authorisation.term_years_max", "authorisation.reviewers_min", "authorisation.attachments",
    "authorisation.personal_routes", "authorisation.not_open_permitted", "product.welfare_free",
    "resource.quality_grade_min",
)  # fmt: skip


def day(number: int) -> datetime:
    return DAY + timedelta(days=number)


def rulebook(space: str, rules: dict[str, Any], *, version: int = 1, from_day: int = 0) -> Rulebook:
    return Rulebook(space, TIERS[space], PARENTS[space], version, day(from_day), rules)


def values(order: Order[Any]) -> st.SearchStrategy[Any]:
    if isinstance(order, Number):
        return st.integers(0, 9)
    if isinstance(order, Flag):
        return st.booleans()
    if isinstance(order, Ladder):
        return st.sampled_from(order.steps)
    assert isinstance(order, Codes)
    return st.frozensets(st.sampled_from(order.names[:4]))


def rules(names: tuple[str, ...] = SOME) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={n: values(RULES[n].order) for n in names})


@st.composite
def histories(draw: st.DrawFn, space: str) -> list[Rulebook]:
    """Versions of one rulebook, each after the one before it; any of them may say anything."""
    days = sorted(draw(st.sets(st.integers(0, 20), max_size=4)))
    return [
        rulebook(space, draw(rules()), version=at + 1, from_day=number)
        for at, number in enumerate(days)
    ]


@st.composite
def chains(draw: st.DrawFn) -> tuple[Rulebook, ...]:
    """All versions of all the rulebooks from the city down to `lab`."""
    return tuple(each for space in PARENTS for each in draw(histories(space)))
