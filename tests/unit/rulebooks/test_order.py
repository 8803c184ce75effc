"""Every kind of rule is a meet-semilattice, and its values are read as they are written."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.rulebooks.kinds import RULES, RuleKind
from dataspace.rulebooks.order import no_looser
from tests.unit.rulebooks.made_up import values

each_rule = pytest.mark.parametrize("kind", RULES.values(), ids=lambda kind: kind.name)


@each_rule
@given(data=st.data())
def test_meeting_is_idempotent_commutative_and_associative(kind: RuleKind, data: Any) -> None:
    one, two, three = (data.draw(values(kind.order)) for _ in range(3))
    meet = kind.order.meet
    assert meet(one, one) == one
    assert meet(one, two) == meet(two, one)
    assert meet(meet(one, two), three) == meet(one, meet(two, three))


@each_rule
@given(data=st.data())
def test_the_meet_is_the_loosest_value_below_both(kind: RuleKind, data: Any) -> None:
    one, two, below = (data.draw(values(kind.order)) for _ in range(3))
    met = kind.order.meet(one, two)
    assert kind.order.holds(met)
    assert no_looser(kind.order, met, one) and no_looser(kind.order, met, two)
    if no_looser(kind.order, below, one) and no_looser(kind.order, below, two):
        assert no_looser(kind.order, below, met)


@each_rule
@given(data=st.data())
def test_a_value_is_read_as_it_was_written(kind: RuleKind, data: Any) -> None:
    value = data.draw(values(kind.order))
    assert kind.order.holds(value)
    assert kind.order.read(kind.order.written(value)) == value


@each_rule
@given(text=st.text(max_size=12))
def test_what_is_read_is_a_value_or_refused(kind: RuleKind, text: str) -> None:
    try:
        value = kind.order.read(text)
    except ValueError:
        return
    assert kind.order.holds(value)


@each_rule
@pytest.mark.parametrize("value", [None, 1.0, -1, True, 1, "B", "YES", frozenset({"?"}), ["READ"]])
def test_a_value_of_another_type_does_not_hold(kind: RuleKind, value: Any) -> None:
    """True is no number, and a list no set, however alike they look."""
    types = {"Number": int, "Flag": bool, "Codes": frozenset, "Ladder": str}
    of_its_type = type(value) is types[type(kind.order).__name__]
    assert not kind.order.holds(value) or of_its_type


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
