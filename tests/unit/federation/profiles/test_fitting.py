"""What a profile asks of what is registered, and what it adds to a draft."""

from pathlib import Path
from typing import Any

import pytest

from dataspace.federation.profile import ExtraField, Term
from dataspace.federation.profiles.fitting import (
    begun,
    labelled,
    missing_rules,
    problem_of,
    problems,
)
from dataspace.quality.rules import QualityRule
from dataspace.shape import Type
from dataspace.text import Text
from subspaces.energy import ENERGY
from subspaces.profiles import profile_named

WATER = profile_named(str(Path(__file__).with_name("water.toml")))
ONE = Text("One", "一")
FITTING: dict[str, Any] = {
    "grade": 3, "purposes": ["flood-control"], "extra": [{"name": "warning_minutes", "value": "9"}],
}  # fmt: skip


def paths(kind: str, whole: bool = True, **changed: Any) -> list[str]:
    values = {**FITTING, **changed}
    return [each.path for each in problems(WATER, kind, values, whole=whole)]


def test_what_fits_is_not_remarked_on() -> None:
    assert paths("product") == []


def test_a_purpose_is_one_of_the_profile() -> None:
    assert paths("product", purposes=["marketing"]) == ["purposes.marketing"]
    assert paths("product", purposes=[]) == ["purposes"]
    assert paths("product", whole=False, purposes=[]) == []


def test_a_resource_has_no_purposes_and_needs_its_own_extra_field() -> None:
    assert paths("resource", extra=[]) == ["extra.river"]
    assert paths("resource", whole=False, extra=[]) == []
    assert paths("resource", extra=[{"name": "river", "value": "长江"}]) == []


def test_a_grade_is_one_that_the_space_has_a_name_for() -> None:
    assert paths("product", grade=2) == ["grade"]
    [problem] = problems(ENERGY, "resource", {"grade": 3}, whole=False)
    assert problem.text.en == "one of 1 (Public), 2 (General), 4 (Important), 5 (Core)"
    assert "4（重要）" in problem.text.zh


def test_extra_fields_are_known_typed_and_there_once() -> None:
    def extra(*pairs: tuple[str, str]) -> list[str]:
        return paths("product", extra=[{"name": name, "value": value} for name, value in pairs])

    assert extra(("river", "长江")) == ["extra[0].name"]
    assert extra(("warning_minutes", "soon")) == ["extra[0].value"]
    assert extra(("warning_minutes", "1"), ("warning_minutes", "2")) == ["extra[1].name"]


def test_no_more_items_than_the_limit() -> None:
    extra = [{"name": "river", "value": "长江"}]
    items = [{"name": str(at)} for at in range(4)]
    assert paths("resource", extra=extra, items=items[:3]) == []
    assert paths("resource", extra=extra, items=items) == ["items"]


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        (Type.TEXT, "a", " "),
        (Type.NUMBER, "-12", "1.5"),
        (Type.NUMBER, "9007199254740991", "9007199254740992"),
        (Type.NUMBER, "0", "²"),
        (Type.FLAG, "true", "yes"),
        (Type.DAY, "2026-02-28", "2026-02-29"),
        (Type.MOMENT, "2026-01-31T08:00:00.000Z", "2026-01-31 08:00"),
        (Type.CODE, "lv", "hv"),
    ],
)
def test_a_value_is_of_its_type(type_: Type, good: str, bad: str) -> None:
    codes = (Term("lv", ONE),) if type_ is Type.CODE else ()
    field = ExtraField("resource", "x", type_, ONE, codes=codes)
    assert problem_of(field, good) is None
    assert problem_of(field, bad) is not None


def test_words_of_the_vocabulary_become_labels_in_both_languages() -> None:
    found = labelled(WATER, ["water-level", "水位", "WATER LEVEL", "mine"])
    assert found == ["水位 Water level", "mine"]


def test_a_draft_begins_with_its_template() -> None:
    values = begun(WATER, WATER.templates[0])
    assert values["name"] == "洪水预警 Flood warning"
    assert values["summary"].endswith("剩余时间（分钟） Minutes left")
    assert values["purposes"] == ["flood-control"]
    assert values["labels"] == ["水位 Water level"]
    assert (values["form"], values["price_unit"]) == ("API", "CALL")


def test_quality_rules_are_for_columns_that_are_there_and_not_stated_yet() -> None:
    [rule] = WATER.quality
    assert missing_rules(WATER, ["level_cm", "at"], ()) == [rule]
    assert missing_rules(WATER, ["at"], ()) == []
    stated = QualityRule("RANGE", "level_cm", minimum="0", maximum="2000", source="qrl_1")
    assert missing_rules(WATER, ["level_cm"], (stated,)) == []
    [other] = (each for each in ENERGY.quality if each.columns == ("park", "month"))
    assert missing_rules(ENERGY, ["park", "month"], ()) == [other]
    assert missing_rules(ENERGY, ["park"], ()) == []
