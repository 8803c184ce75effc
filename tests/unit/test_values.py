"""Values are what the map says of their fields, or every problem is told with its field."""

from typing import Any

import pytest

from dataspace.relations import RELATIONS
from dataspace.validation import MISSING, PROBLEMS_MAX, ValuesInvalid, check_kept, problems

RESOURCE = RELATIONS.by_name["resource"]
WHOLE = {"name": "用水量", "state": "DRAFT", "audience": "PUBLIC", "provider": "par_1"}


def fields(values: dict[str, Any], *, partial: bool = True) -> list[str]:
    return [each.path for each in problems(RESOURCE, values, partial=partial)]


def test_a_row_with_all_that_it_must_have_has_no_problem() -> None:
    assert fields(WHOLE, partial=False) == []


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("name", ["水", "x" * 400], [1, ["x"], "x" * 401, "half \ud800", b"x"]),
        ("labels", [[], ["a", "b"]], ["a", [1], ["x" * 401], ["x"] * 201]),
        ("format", ["API"], ["api", "07", 7, ["API"]]),
        ("record_count", [0, -1, 2**53 - 1], [1.0, True, "1", 2**53]),
        ("secret", [True, False], [1, 0, "true"]),
        ("data_changed_at", ["2026-01-31T08:00:00.000Z"],
         ["2026-01-31", "2026-01-31T08:00:00Z", "2026-01-31T08:00:00.000",
          "2026-02-31T08:00:00.000Z",
          "2026-01-31T08:00:00.000+08:00", 5]),
        ("published_on", ["2026-02-28"], ["2026-02-30", "20260228", "2026-2-28", 20260228]),
        ("provider", ["par_1"], [["par_1"], 1, "x" * 41]),
        ("topics", [["top_1"], []], ["top_1", [1], [None]]),
        ("items", [[{"name": "a", "data_type": "TEXT"}], []], ["a", ["a"], [None]]),
    ],
)  # fmt: skip
def test_every_type_tells_its_values_from_others(
    name: str, good: list[Any], bad: list[Any]
) -> None:
    for value in (*good, None):
        assert [each for each in problems(RESOURCE, {name: value}, partial=True)
                if each.text is not MISSING] == [], value  # fmt: skip
    for value in bad:
        assert len(fields({name: value})) == 1, value


def test_a_problem_in_an_item_leads_to_its_place() -> None:
    items = [{"name": "a", "data_type": "TEXT"}, {"length": "3", "colour": "red"}]
    assert sorted(fields({"items": items})) == [
        "items[1].colour", "items[1].data_type", "items[1].length", "items[1].name",
    ]  # fmt: skip


def test_an_amendment_may_leave_out_what_must_be_there_but_not_take_it_away() -> None:
    assert fields({"summary": "x"}) == []
    assert fields({"name": None, "provider": ""}) == ["name", "provider"]
    assert fields({}, partial=False) == ["name", "state", "audience", "provider"]


def test_an_unknown_field_is_named() -> None:
    assert fields({"colour": "red"}) == ["colour"]


def test_no_input_however_wrong_makes_an_endless_list() -> None:
    assert len(fields({"items": [{}] * 500})) == PROBLEMS_MAX


def test_what_is_kept_may_lack_a_value_but_not_hold_a_wrong_one() -> None:
    check_kept(RESOURCE, "res_1", {"items": [{"name": "a"}]})
    with pytest.raises(ValuesInvalid) as refused:
        check_kept(RESOURCE, "res_1", {"grade": "2", "format": "x"})
    assert [each.path for each in refused.value.facts["problems"]] == ["grade", "format"]
    assert "grade: a whole number is needed" in refused.value.message("en")
