"""Which versions of rulebooks may take effect, and why the others are refused."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.codes import GOVERNANCE_TIER
from dataspace.errors import DataSpaceError, advice_for
from dataspace.rulebooks.adopting import TIERS, check, read_rules, written_rules
from dataspace.rulebooks.city import CITY_RULES
from dataspace.rulebooks.kinds import RULES
from dataspace.rulebooks.order import no_looser
from dataspace.rulebooks.refusals import (
    DatesOutOfOrder,
    ParentUnknown,
    RulebookCyclic,
    RulebookLoosens,
    RuleUnknown,
    RuleValueWrong,
    TierWrong,
    VersionOutOfOrder,
)
from dataspace.rulebooks.rulebook import Rulebook, effective
from tests.unit.rulebooks.made_up import PARENTS, day, rulebook, rules

TERM = "authorisation.term_years_max"
CITY = rulebook("city", {TERM: 5})


def refusal(made: Rulebook, *decided: Rulebook, now: int = 0, **parents: str) -> DataSpaceError:
    with pytest.raises(DataSpaceError) as refused:
        check(made, decided, parents={**PARENTS, **parents}, now=day(now))
    return refused.value


def accepted(made: Rulebook, *decided: Rulebook, now: int = 0) -> bool:
    check(made, decided, parents=PARENTS, now=day(now))
    return True


@given(st.lists(st.tuples(st.sampled_from(list(PARENTS)), st.integers(0, 9), rules())))
def test_whatever_is_accepted_keeps_every_tier_within_the_tier_above(
    attempts: list[tuple[str, int, dict[str, Any]]],
) -> None:
    """Attempts in any order; those refused leave nothing. What is accepted applies on its day."""
    decided: list[Rulebook] = []
    for space, from_day, stated in attempts:
        version = 1 + sum(each.space == space for each in decided)
        made = rulebook(space, stated, version=version, from_day=from_day)
        try:
            check(made, decided, parents=PARENTS, now=day(0))
        except DataSpaceError:
            continue
        above = [e for e in decided if list(PARENTS).index(e.space) < list(PARENTS).index(space)]
        found = effective([*above, made], made.takes_effect_at)
        assert {name: found[name].value for name in stated} == stated
        decided.append(made)


def test_a_rulebook_that_only_tightens_takes_effect() -> None:
    assert accepted(CITY)
    pudong = rulebook("pudong", {TERM: 5, "product.grade_max": 2})
    assert accepted(pudong, CITY)
    assert accepted(rulebook("fin", {TERM: 3}), CITY, pudong)


def test_a_rulebook_that_loosens_is_refused_with_all_that_there_is_to_say() -> None:
    found = refusal(
        replace(rulebook("fin", {TERM: 6, "product.grade_max": 2}), parent="city"), CITY
    )
    assert type(found) is RulebookLoosens
    assert found.facts["rules"] == TERM
    for language in ("en", "zh"):
        message = found.message(language)  # type: ignore[arg-type]
        assert all(each in message for each in (TERM, "6", "5", "fin v1", "city v1"))


def test_a_rule_is_measured_against_every_tier_above_not_the_next_alone() -> None:
    pudong = rulebook("pudong", {"product.grade_max": 2})
    found = refusal(rulebook("fin", {TERM: 6}), CITY, pudong)
    assert type(found) is RulebookLoosens and "city v1" in str(found)


def test_a_rule_is_measured_against_what_is_decided_to_come_above() -> None:
    coming = rulebook("city", {TERM: 2}, version=2, from_day=9)
    fin = replace(rulebook("fin", {TERM: 4}, from_day=1), parent="city")
    assert accepted(fin, CITY)
    found = refusal(fin, CITY, coming)
    assert type(found) is RulebookLoosens and "city v2" in str(found)


def test_a_rule_is_not_measured_against_what_is_over_by_then() -> None:
    strict = rulebook("city", {TERM: 2})
    eased = rulebook("city", {TERM: 5}, version=2, from_day=3)
    fin = replace(rulebook("fin", {TERM: 4}, from_day=3), parent="city")
    assert accepted(fin, strict, eased)


def test_a_city_may_ease_its_own_rules() -> None:
    assert accepted(rulebook("city", {TERM: 9}, version=2, from_day=1), CITY)


def test_a_rule_that_there_is_not_is_refused() -> None:
    found = refusal(rulebook("city", {"authorisation.colour": 5}))
    assert type(found) is RuleUnknown and found.facts["rule"] == "authorisation.colour"


@pytest.mark.parametrize(
    ("name", "value"),
    [(TERM, "5"), (TERM, -1), (TERM, True), ("product.welfare_free", 1),
     ("use.actions", frozenset({"FLY"})), ("use.actions", ["READ"]),
     ("resource.quality_grade_min", "E")],
)  # fmt: skip
def test_a_value_of_the_wrong_type_is_refused(name: str, value: Any) -> None:
    found = refusal(rulebook("city", {name: value}))
    assert type(found) is RuleValueWrong
    assert RULES[name].order.form.zh in advice_for(found, "zh")


@pytest.mark.parametrize("version", [0, 1, 3])
def test_versions_follow_one_another_without_a_gap(version: int) -> None:
    found = refusal(rulebook("city", {}, version=version, from_day=9), CITY)
    assert type(found) is VersionOutOfOrder


@pytest.mark.parametrize("from_day", [-1, 0])
def test_a_version_takes_effect_after_the_one_before_it(from_day: int) -> None:
    found = refusal(rulebook("city", {}, version=2, from_day=from_day), CITY, now=-5)
    assert type(found) is DatesOutOfOrder


def test_no_version_takes_effect_in_the_past() -> None:
    assert type(refusal(CITY, now=1)) is DatesOutOfOrder
    assert accepted(CITY, now=0)


@pytest.mark.parametrize("parent", ["fin", "lab"])
def test_a_rulebook_that_inherits_from_itself_is_refused(parent: str) -> None:
    found = refusal(replace(rulebook("fin", {}), parent=parent), CITY)
    assert type(found) is RulebookCyclic and "fin" in str(found)


def test_a_rulebook_below_nothing_in_force_is_refused() -> None:
    later = rulebook("city", {}, from_day=9)
    assert type(refusal(rulebook("pudong", {}), later)) is ParentUnknown
    assert type(refusal(rulebook("pudong", {}))) is ParentUnknown


@pytest.mark.parametrize(
    ("space", "tier", "parent"),
    [("city", "SUBSPACE", ""), ("fin", "CITY", "city"), ("fin", "VILLAGE", "city"),
     ("pudong", "DISTRICT", "fin")],
)  # fmt: skip
def test_a_tier_stands_below_the_one_that_it_inherits_from(
    space: str, tier: str, parent: str
) -> None:
    decided = [] if space == "city" else [CITY]
    if parent == "fin":
        decided.append(replace(rulebook("fin", {}), parent="city"))
    made = Rulebook(space, tier, parent, 1, day(0), {})
    with pytest.raises(TierWrong):
        check(made, decided, parents={"city": "", "fin": "city"}, now=day(0))


def test_a_space_may_stand_within_a_sub_space() -> None:
    fin = replace(rulebook("fin", {}), parent="city")
    check(rulebook("lab", {}), [CITY, fin], parents={**PARENTS, "fin": "city"}, now=day(0))


def test_the_rules_of_a_city_are_rules_and_can_be_kept() -> None:
    assert accepted(rulebook("city", dict(CITY_RULES)))
    assert read_rules("city", written_rules(CITY_RULES)) == CITY_RULES


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ([("authorisation.colour", "5")], RuleUnknown),
        ([(TERM, "five")], RuleValueWrong),
        ([(TERM, "9" * 400)], RuleValueWrong),
        ([(TERM, "5"), (TERM, "6")], RuleValueWrong),
        ([("use.actions", "")], RuleValueWrong),
        ([("use.actions", "READ, NONE")], RuleValueWrong),
    ],
)
def test_lines_that_are_no_rules_are_refused(
    lines: list[tuple[str, str]], error: type[DataSpaceError]
) -> None:
    with pytest.raises(error):
        read_rules("fin v1", lines)


def test_nothing_allowed_is_not_the_same_as_nothing_said() -> None:
    rules = read_rules("fin v1", [("use.actions", "NONE")])
    assert rules == {"use.actions": frozenset()}
    assert written_rules(rules) == [("use.actions", "NONE")]
    assert no_looser(RULES["use.actions"].order, rules["use.actions"], CITY_RULES["use.actions"])


def test_every_tier_of_the_code_table_has_a_place() -> None:
    assert tuple(GOVERNANCE_TIER.codes) == TIERS


def test_a_moment_later_is_late_enough() -> None:
    second = replace(CITY, version=2, takes_effect_at=day(0) + timedelta(milliseconds=1))
    assert accepted(second, CITY)
