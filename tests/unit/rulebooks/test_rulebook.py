"""Which rules apply to a space at a date, and that no tier is looser than one above it."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.rulebooks.adopting import check
from dataspace.rulebooks.kinds import RULES
from dataspace.rulebooks.order import no_looser
from dataspace.rulebooks.refusals import RulebookCyclic
from dataspace.rulebooks.rulebook import (
    SPACES_MAX,
    Rulebook,
    ancestry,
    chain,
    effective,
    in_force,
    loosened,
)
from tests.unit.rulebooks.made_up import PARENTS, chains, day, histories, rulebook, rules

TERM = "authorisation.term_years_max"
ROUTES = "authorisation.personal_routes"
days = st.integers(-1, 21).map(day)


@given(chains(), days)
def test_no_rule_is_looser_than_what_any_tier_above_states(
    all_versions: tuple[Rulebook, ...], at: Any
) -> None:
    """Whatever was entered, in whatever order, and however the city tightens later."""
    for depth, space in enumerate(PARENTS):
        found = effective(chain(space, PARENTS, all_versions), at)
        for upper in list(PARENTS)[: depth + 1]:
            stated = in_force([each for each in all_versions if each.space == upper], at)
            for name, value in (stated.rules if stated else {}).items():
                assert no_looser(RULES[name].order, found[name].value, value)


@given(chains(), days)
def test_no_space_is_governed_more_loosely_than_the_one_that_it_is_part_of(
    all_versions: tuple[Rulebook, ...], at: Any
) -> None:
    for space, parent in PARENTS.items():
        own = effective(chain(space, PARENTS, all_versions), at)
        above = effective(chain(parent, PARENTS, all_versions), at) if parent else {}
        for name, ruling in above.items():
            assert no_looser(RULES[name].order, own[name].value, ruling.value)


@given(chains(), days)
def test_what_applies_is_nothing_but_what_its_sources_state(
    all_versions: tuple[Rulebook, ...], at: Any
) -> None:
    for name, ruling in effective(all_versions, at).items():
        stated = [each.rules[name] for each in ruling.sources]
        met = stated[0]
        for value in stated[1:]:
            met = ruling.kind.order.meet(met, value)
        assert ruling.value == met
        assert all(each.takes_effect_at <= at for each in ruling.sources)


@given(chains(), rules(), days)
def test_what_is_found_to_tighten_only_applies_as_it_stands(
    above: tuple[Rulebook, ...], own: dict[str, Any], at: Any
) -> None:
    """The check is right in both directions: it refuses exactly what would be void."""
    ancestors = [e for e in above if e.space == "city" and e.takes_effect_at <= at][-1:]
    lowest = Rulebook("fin", "SUBSPACE", "city", 1, at, own)
    found = effective([*ancestors, lowest], at)
    void = {name for name, value in own.items() if found[name].value != value}
    assert {each.kind.name for each in loosened(lowest, ancestors)} == void


@given(histories("city"), histories("fin"), rules(), days, days)
def test_no_version_that_may_take_effect_changes_the_past(
    city: list[Rulebook], fin: list[Rulebook], own: dict[str, Any], now: Any, past: Any
) -> None:
    at = max(now, *(each.takes_effect_at for each in city), day(0)) + timedelta(days=1)
    coming = Rulebook("city", "CITY", "", len(city) + 1, at, own)
    check(coming, city, parents=PARENTS, now=now)
    if past < now:
        assert effective([*city, *fin], past) == effective([*city, coming, *fin], past)


def test_a_rule_that_is_not_stated_is_inherited_and_says_from_where() -> None:
    city = rulebook("city", {TERM: 5})
    fin = rulebook("fin", {"product.grade_max": 2})
    found = effective([city, fin], day(0))
    assert (found[TERM].value, found[TERM].sources) == (5, (city,))
    assert found["product.grade_max"].sources == (fin,)
    assert "product.welfare_free" not in found


def test_the_uppermost_that_states_the_value_is_its_source() -> None:
    city, fin = rulebook("city", {TERM: 3}), rulebook("fin", {TERM: 3})
    assert effective([city, fin], day(0))[TERM].sources == (city,)


def test_a_value_that_nobody_states_alone_names_all_that_state_the_rule() -> None:
    city = rulebook("city", {ROUTES: frozenset({"CONSENT"})})
    fin = rulebook("fin", {ROUTES: frozenset({"ANONYMISED"})})
    ruling = effective([city, fin], day(0))[ROUTES]
    assert (ruling.value, ruling.sources) == (frozenset(), (city, fin))


def test_a_version_applies_from_its_moment_until_the_next_ones() -> None:
    first, second = rulebook("city", {TERM: 5}), rulebook("city", {TERM: 3}, version=2, from_day=9)
    just_before = day(9) - timedelta(milliseconds=1)
    assert in_force([first, second], day(0) - timedelta(milliseconds=1)) is None
    assert in_force([first, second], just_before) is first
    assert in_force([second, first], day(9)) is second


def test_a_city_that_tightens_later_binds_what_was_looser_below() -> None:
    city = [rulebook("city", {TERM: 5}), rulebook("city", {TERM: 2}, version=2, from_day=9)]
    fin = rulebook("fin", {TERM: 4})
    assert effective([*city, fin], day(8))[TERM].value == 4
    later = effective([*city, fin], day(9))[TERM]
    assert (later.value, later.sources) == (2, (city[1],))


def test_every_rule_that_loosens_is_named_with_both_values_and_both_rulebooks() -> None:
    city = rulebook("city", {TERM: 5, ROUTES: frozenset({"CONSENT"}), "product.grade_max": 3})
    fin = rulebook("fin", {TERM: 6, ROUTES: frozenset({"ANONYMISED"}), "product.grade_max": 3})
    found = loosened(fin, [city])
    assert [each.kind.name for each in found] == [TERM, ROUTES]
    text = found[0].text
    for said in (text.en, text.zh):
        assert all(each in said for each in (TERM, "6", "5", "fin v1", "city v1"))


def test_a_space_inherits_from_the_top_down() -> None:
    assert ancestry("lab", PARENTS) == ("city", "pudong", "fin", "lab")
    assert ancestry("alone", PARENTS) == ("alone",)


@pytest.mark.parametrize(
    "parents", [{"a": "a"}, {"a": "b", "b": "a"}, {"a": "b", "b": "c", "c": "b"}]
)
def test_a_space_never_inherits_from_itself(parents: dict[str, str]) -> None:
    with pytest.raises(RulebookCyclic, match="inherit from itself"):
        ancestry("a", parents)


def test_nobody_inherits_through_more_spaces_than_people_can_follow() -> None:
    deep = {str(number): str(number + 1) for number in range(SPACES_MAX)}
    assert len(ancestry("1", deep)) == SPACES_MAX
    with pytest.raises(RulebookCyclic):
        ancestry("0", deep)
