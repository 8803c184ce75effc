"""A profile that does not hold says where, in both languages."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.federation.profile import ExtraField, LocalGrade, ProfileLimits, Term, Wording
from dataspace.federation.profiles.checking import check, problems
from dataspace.federation.profiles.refusals import ProfileInvalid
from dataspace.quality.rules import QualityRule
from dataspace.rulebooks.city import CITY_RULES
from dataspace.rulebooks.kinds import RULES
from dataspace.rulebooks.order import no_looser
from dataspace.shape import Type
from dataspace.text import Text
from subspaces.finance import FINANCE

ONE = Text("One", "一")
TEMPLATE = FINANCE.templates[0]
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "code": ({"code": "Finance!"}, "code"),
    "name": ({"name": Text("Finance", " ")}, "name"),
    "summary": ({"summary": Text("", "概要")}, "summary"),
    "kind": ({"kind": "CLUB"}, "kind"),
    "the city's kind": ({"kind": "CITY"}, "kind"),
    "industry": ({"industry": "66"}, "industry"),
    "wording": ({"wording": Wording(ONE, Text("Space", ""))}, "wording.space"),
    "term": ({"terms": (Term("load", ONE), Term("load", ONE))}, "terms.load"),
    "purpose": ({"purposes": (Term("A b", ONE),)}, "purposes.A b"),
    "grade": ({"grades": (LocalGrade(ONE, 6),)}, "grades.6"),
    "grades": ({"grades": (LocalGrade(ONE, 2), LocalGrade(ONE, 2))}, "grades.2"),
    "limit": ({"limits": ProfileLimits(items_max=0)}, "limits.items_max"),
    "unknown rule": ({"rules": {"use.fun": 1}}, "rules"),
    "value of a rule": ({"rules": {"use.log_days_min": "long"}}, "rules"),
    "looser rule": ({"rules": {"use.log_days_min": 1}}, "rules.use.log_days_min"),
    "link": ({"links": ("L9",)}, "links.L9"),
    "noun of a field": ({"fields": (ExtraField("node", "x", Type.TEXT, ONE),)}, "fields.node.x"),
    "type of a field": (
        {"fields": (ExtraField("product", "x", Type.NAMES, ONE),)}, "fields.product.x",
    ),
    "codes of a field": (
        {"fields": (ExtraField("product", "x", Type.CODE, ONE),)}, "fields.product.x",
    ),
    "fields": (
        {"fields": (ExtraField("product", "x", Type.TEXT, ONE),) * 2}, "fields.product.x",
    ),
    "form": (
        {"templates": (replace(TEMPLATE, form="SONG"),)}, "templates.electricity-index.form",
    ),
    "purpose of a template": (
        {"templates": (replace(TEMPLATE, purposes=("fun",)),)},
        "templates.electricity-index.purposes.fun",
    ),
    "purposes of a template": (
        {"templates": (replace(TEMPLATE, purposes=()),)}, "templates.electricity-index.purposes",
    ),
    "term of a template": (
        {"templates": (replace(TEMPLATE, terms=("fun",)),)},
        "templates.electricity-index.terms.fun",
    ),
    "outputs of a template": (
        {"templates": (replace(TEMPLATE, outputs=TEMPLATE.outputs[:1] * 2),)},
        "templates.electricity-index.outputs.credit_code",
    ),
    "kind of a quality rule": ({"quality": (QualityRule("FUN", "x"),)}, "quality[0]"),
    "quality rule on no data": ({"quality": (QualityRule("SUPPLY"),)}, "quality[0]"),
    "column of a quality rule": ({"quality": (QualityRule("DUPLICATE_ROWS"),)}, "quality[0]"),
    "quality rule": ({"quality": (QualityRule("RANGE", "x"),)}, "quality[0]"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_does_not_hold_is_named(wrong: str) -> None:
    changed, path = WRONG[wrong]
    found = list(problems(replace(FINANCE, **changed)))
    assert path in {each.path for each in found}
    assert all(each.text.en and each.text.zh for each in found)


def test_a_refusal_names_all_places() -> None:
    with pytest.raises(ProfileInvalid, match=r"industry: .*; links\.L9: "):
        check(replace(FINANCE, industry="?", links=("L9",)))


numbers = [name for name, value in CITY_RULES.items() if type(value) is int]


@given(st.sampled_from(numbers), st.integers(0, 2000))
def test_a_profile_may_state_what_is_no_looser_than_the_city_and_nothing_else(
    name: str, value: int
) -> None:
    profile = replace(FINANCE, rules={name: value})
    holds = no_looser(RULES[name].order, value, CITY_RULES[name])
    assert [each.path for each in problems(profile)] == ([] if holds else [f"rules.{name}"])
