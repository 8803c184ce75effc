"""Whether values hold by the map: every kind of slip is named, and anything at all is judged."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.relations import RELATIONS
from dataspace.validation import PROBLEMS_MAX, ValuesInvalid, check_kept, problems
from tests.build import a_participant, a_product, a_resource, a_topic, an_asset

RESOURCE = RELATIONS.by_name["resource"]
GOOD = {**a_resource().values, "items": [{"name": "户号", "data_type": "TEXT", "length": 12}]}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)  # fmt: skip


def named(values: dict[str, Any], *, partial: bool = False) -> list[str]:
    return [each.path for each in problems(RESOURCE, values, partial=partial)]


def test_what_the_builders_make_holds() -> None:
    for made in (a_participant(), a_resource(), a_product(), a_topic(), an_asset()):
        noun = RELATIONS.by_name[made.kind]
        assert problems(noun, made.values, partial=False) == []
    assert named(GOOD) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", 7), ("name", "x" * 401), ("name", ["x"]), ("name", "\ud800"), ("name", b"x"),
        ("grade", "2"), ("grade", 2.0), ("grade", True), ("grade", 2**53), ("grade", -(2**60)),
        ("secret", 1), ("secret", "true"), ("audience", "public"), ("audience", ["PUBLIC"]),
        ("audience", {}), ("labels", "a"), ("labels", ["a", 1]), ("labels", ["x" * 401]),
        ("labels", [None]), ("labels", ["x"] * 201),
        ("published_on", "2025-02-30"), ("published_on", "2025-1-1"),
        ("published_on", "20250101"), ("published_on", 20250101),
        ("data_changed_at", "2025-01-01T00:00:00"), ("data_changed_at", "yesterday"),
        ("data_changed_at", "0001-01-01T00:00:00+14:00"), ("data_changed_at", 1),
        ("data_changed_at", "2025-01-01T00:00:00Z"),
        ("data_changed_at", "2025-01-01T08:00:00.000+08:00"),
        ("provider", 7), ("provider", ["par_1"]), ("provider", "x" * 41),
        ("topics", "top_1"), ("topics", [1]),
        ("items", "x"), ("items", ["x"]), ("items", [{}] * 4001), ("smell", "x"), ("id", "res_1"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_of_its_type_is_named(field: str, value: Any) -> None:
    for found in (named({**GOOD, field: value}), named({field: value}, partial=True)):
        assert field in {re.split(r"[.\[]", each)[0] for each in found}


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", ["水", "x" * 400]), ("labels", [[], ["a", "b"]]), ("format", ["API"]),
        ("record_count", [0, -1, 2**53 - 1]), ("secret", [True, False]),
        ("data_changed_at", ["2026-01-31T08:00:00.000Z"]), ("published_on", ["2026-02-28"]),
        ("provider", ["par_1"]), ("topics", [["top_1"], []]),
        ("items", [[{"name": "a", "data_type": "TEXT"}], []]),
    ],
)  # fmt: skip
def test_a_value_of_its_type_is_taken(field: str, values: list[Any]) -> None:
    for value in values:
        assert named({field: value}, partial=True) == []


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({"data_type": "TEXT"}, "items[1].name"),
        ({"name": "x"}, "items[1].data_type"),
        ({"name": "x", "data_type": "STONE"}, "items[1].data_type"),
        ({"name": "x", "data_type": "TEXT", "length": "long"}, "items[1].length"),
        ({"name": "x", "data_type": "TEXT", "smell": "x"}, "items[1].smell"),
    ],
)
def test_an_item_is_named_by_its_place(item: dict[str, Any], field: str) -> None:
    assert named({**GOOD, "items": [GOOD["items"][0], item]}) == [field]


def test_what_must_be_there_is_named_when_it_is_missing_or_taken_away() -> None:
    for name in ("name", "state", "audience", "provider"):
        without = {field: value for field, value in GOOD.items() if field != name}
        assert named(without) == [name]
        assert named({}, partial=True) == []
        for nothing in (None, ""):
            assert named({name: nothing}, partial=True) == [name]


def test_no_input_however_wrong_makes_an_endless_list() -> None:
    assert len(named({"items": [{}] * 500})) == PROBLEMS_MAX


def test_what_is_kept_may_lack_a_value_but_not_hold_a_wrong_one() -> None:
    check_kept(RESOURCE, "res_1", {"items": [{"name": "a"}]})
    with pytest.raises(ValuesInvalid) as refused:
        check_kept(RESOURCE, "res_1", {"grade": "2", "format": "x"})
    assert [each.path for each in refused.value.facts["problems"]] == ["grade", "format"]
    assert "grade: a whole number is needed" in refused.value.message("en")


@given(
    st.dictionaries(
        st.sampled_from([*RESOURCE.by_name, *RESOURCE.edge_by_name, "items", "x"]), JSON
    )
)
def test_anything_at_all_is_judged(values: dict[str, Any]) -> None:
    for partial in (True, False):
        for each in problems(RESOURCE, values, partial=partial):
            assert each.text.en
            assert each.text.zh
