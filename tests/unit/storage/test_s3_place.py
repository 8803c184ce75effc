"""Where an S3 store is, and what may be done there."""

import json

import pytest

from storage.s3.place import AssetsAddressInvalid, At, Place
from storage.s3.policies import folder_policy, hub_policy


def test_an_address_names_host_port_prefix_region_and_what_readers_use() -> None:
    place = Place.of("s3+https://s3.city:9000/city?region=cn-east-3&public=https://files.city/")
    assert place == Place("s3.city:9000", True, "city", "cn-east-3", "https://files.city")
    assert place.address == "https://s3.city:9000"
    assert Place.of("s3+http://[::1]:1/abc/") == Place("[::1]:1", False, "abc")


def test_evidence_lies_apart_from_all_other_files() -> None:
    place = Place.of("s3+https://s3.city/city")
    assert place.at("samples/a") == At("city-files", "samples/a")
    assert place.at("evidence/a") == At("city-evidence", "evidence/a")
    assert place.at("evidence") == At("city-files", "evidence")


@pytest.mark.parametrize(
    "url",
    [
        "s3+https:///city", "s3+https://s3.city", "s3+https://s3.city/", "s3+https://s3.city/a/b",
        "s3+https://s3.city/City", "s3+https://s3.city/ab", "s3+https://s3.city/-city",
        "s3+https://key:word@s3.city/city", "s3+https://s3.city:port/city",
        "s3+https://s3.city/city?secure=no", "s3+https://s3.city/city?region",
    ],
)  # fmt: skip
def test_another_address_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(AssetsAddressInvalid) as refused:
        Place.of(url)
    assert "word" not in refused.value.message("en").replace("password", "")


def test_not_even_the_hub_may_take_evidence_back() -> None:
    granted = {
        (action, resource)
        for statement in json.loads(hub_policy(Place.of("s3+https://s3.city/city")))["Statement"]
        for action in statement["Action"] for resource in statement["Resource"]
    }  # fmt: skip
    assert ("s3:DeleteObject", "arn:aws:s3:::city-files/*") in granted
    assert ("s3:PutObject", "arn:aws:s3:::city-evidence/evidence/*") in granted
    evidence = {action for action, resource in granted if "evidence" in resource}
    assert not {action for action in evidence if "Delete" in action or "Bypass" in action}
    changing = ("s3:*", "s3:CreateBucket", "s3:DeleteBucket", "s3:PutBucket", "s3:PutLifecycle")
    assert not {action for action, _ in granted if action.startswith(changing)}
    assert not {resource for _, resource in granted if resource == "*"}


def test_a_node_is_lent_one_folder() -> None:
    policy = json.loads(folder_policy(Place.of("s3+https://s3.city/city"), "nodes/finance"))
    (statement,) = policy["Statement"]
    assert statement["Action"] == ["s3:GetObject", "s3:PutObject"]
    assert statement["Resource"] == ["arn:aws:s3:::city-files/nodes/finance/*"]
