"""What differs in a realm, and that no difference shows a secret."""

from typing import Any

import pytest

from identity.administration.comparison import differences, merged
from identity.administration.wanted import HUB_RIGHTS, Surroundings, wanted


def shown(wanted: Any, found: Any) -> list[str]:
    return [str(each) for each in differences("realm city", wanted, found)]


def test_only_what_is_wanted_is_compared() -> None:
    found = {"enabled": True, "of its own": 1, "attributes": {"a": "1", "b": "2"}}
    assert shown({"enabled": True, "attributes": {"a": "1"}}, found) == []
    assert shown({"enabled": False, "attributes": {"a": "2"}}, found) == [
        "realm city enabled: True → False",
        "realm city attributes.a: 1 → 2",
    ]


@pytest.mark.parametrize(
    ("wanted", "found", "same"),
    [
        (["b", "a"], ["a", "b"], True),
        (["a"], ["a", "b"], False),
        ([], None, True),
        ("", None, True),
        (False, None, True),
        (True, None, False),
        (["a"], None, False),
        ([{"name": "a"}], [{"name": "a", "own": 1}], True),
        ([{"name": "a"}], [{"name": "a"}, {"name": "b"}], False),
        ([{"name": "a", "max": 1}], [{"name": "a", "max": 2}], False),
    ],
)
def test_what_counts_as_the_same(wanted: Any, found: Any, same: bool) -> None:
    assert (shown({"value": wanted}, {"value": found}) == []) is same


def test_a_secret_is_never_shown() -> None:
    told = [
        *shown({"secret": "s3cret-wanted"}, {"secret": "s3cret-found"}),
        *shown({"hub": {"secret": "s3cret-wanted"}}, {"hub": None}),
    ]
    assert len(told) == 2
    assert "s3cret" not in str(told)


def test_what_is_wanted_goes_over_what_is_found_and_the_rest_stays() -> None:
    found = {"id": "1", "enabled": False, "attributes": {"a": "1", "own": "x"}, "list": ["old"]}
    over = {"enabled": True, "attributes": {"a": "2"}, "list": ["new"]}
    assert merged(over, found) == {
        "id": "1", "enabled": True, "attributes": {"a": "2", "own": "x"}, "list": ["new"],
    }  # fmt: skip


def test_the_hub_has_no_right_to_change_the_realm_itself() -> None:
    assert HUB_RIGHTS.isdisjoint({"manage-realm", "realm-admin", "impersonation", "create-client"})


def test_a_declaration_never_shows_the_hubs_secret() -> None:
    around = Surroundings("https://hub.city.example", "s3cret" * 5)
    assert "s3cret" not in repr(around)
    assert len(wanted(around)) > 25
