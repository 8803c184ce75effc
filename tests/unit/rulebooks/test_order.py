"""Every kind of rule is a meet-semilattice, and its values are read as they are written."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.rulebooks.kinds import RULES
from dataspace.rulebooks.order import Order, no_looser
from tests.unit.rulebooks.made_up import values

# Many rules are of one order, of which each is looked at once, under the name of its first rule.
ORDERS = {kind.order: name for name, kind in reversed(RULES.items())}
each_order = pytest.mark.parametrize("order", ORDERS, ids=ORDERS.values())


@each_order
@given(data=st.data())
def test_meeting_is_idempotent_commutative_and_associative(order: Order[Any], data: Any) -> None:
    one, two, three = (data.draw(values(order)) for _ in range(3))
    meet = order.meet
    assert meet(one, one) == one
    assert meet(one, two) == meet(two, one)
    assert meet(meet(one, two), three) == meet(one, meet(two, three))


@each_order
@given(data=st.data())
def test_the_meet_is_the_loosest_value_below_both(order: Order[Any], data: Any) -> None:
    one, two, below = (data.draw(values(order)) for _ in range(3))
    met = order.meet(one, two)
    assert order.holds(met)
    assert no_looser(order, met, one) and no_looser(order, met, two)
    if no_looser(order, below, one) and no_looser(order, below, two):
        assert no_looser(order, below, met)


@each_order
@given(data=st.data())
def test_a_value_is_read_as_it_was_written(order: Order[Any], data: Any) -> None:
    value = data.draw(values(order))
    assert order.holds(value)
    assert order.read(order.written(value)) == value


@each_order
@given(text=st.text(max_size=12))
def test_what_is_read_is_a_value_or_refused(order: Order[Any], text: str) -> None:
    try:
        value = order.read(text)
    except ValueError:
        return
    assert order.holds(value)


def test_a_value_of_another_type_does_not_hold() -> None:
    """True is no number, and a list no set, however alike they look."""
    types = {"Number": int, "Flag": bool, "Codes": frozenset, "Ladder": str}
    given_values = (None, 1.0, -1, True, 1, "B", "YES", frozenset({"?"}), ["READ"])
    assert [
        (kind.name, value) for kind in RULES.values() for value in given_values
        if kind.order.holds(value) and type(value) is not types[type(kind.order).__name__]
    ] == []  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "tight", "loose"),
    [
        ("authorisation.term_years_max", 3, 5),
        ("authorisation.reviewers_min", 3, 2),
        ("resource.publicity_days_min", 15, 10),
        ("resource.grade_min", 2, 1),
        ("use.actions", frozenset({"READ"}), frozenset({"READ", "DOWNLOAD"})),
        ("use.actions", frozenset(), frozenset({"READ"})),
        ("product.attachments", frozenset({"PRODUCT_CODE"}), frozenset()),
        ("authorisation.not_open_permitted", False, True),
        ("product.welfare_free", True, False),
        ("resource.quality_grade_min", "A", "B"),
    ],
)
def test_the_tighter_value_is_the_one_that_people_mean(rule: str, tight: Any, loose: Any) -> None:
    order = RULES[rule].order
    assert no_looser(order, tight, loose) and not no_looser(order, loose, tight)


def test_two_sets_may_be_neither_looser_nor_tighter() -> None:
    order = RULES["authorisation.personal_routes"].order
    one, other = frozenset({"CONSENT"}), frozenset({"ANONYMISED"})
    assert not no_looser(order, one, other) and not no_looser(order, other, one)
    assert order.meet(one, other) == frozenset()
