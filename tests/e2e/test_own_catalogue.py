"""The whole story beside a city's own catalogue: a demonstration that starts from its file.

The people of the demonstration work at organisations that no portal's file names. What they hand
in stands beside the imported resources; one of those is authorised, and carries a product.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.papers import an_agreement, papers_of, review
from tests.e2e.running_hub import RunningHub, cityspace, running_hub
from tests.e2e.speaking import Speaker, Told, sign_in
from tests.e2e.test_story import FOUND, ITEMS, PRODUCT, PURPOSE, RESOURCE

pytestmark = [pytest.mark.slow, pytest.mark.catalogues]

PEOPLE = (
    "steward", "registrar", "approver", "reviewer1", "reviewer2", "developer", "operator",
)  # fmt: skip
IMPORTED = """
query Imported($search: String!) {
  resources(first: 1, search: $search, filter: {state: {eq: "REGISTERED"}}) {
    nodes { id name source authorisable provider { name } }
  }
}
"""


@dataclass
class Evening:
    data: Path
    shown: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory, catalogues: Path) -> Iterator[Evening]:
    data = tmp_path_factory.mktemp("own") / "data"
    file = str(catalogues / "data.cityofnewyork.us.jsonl")
    happened = Evening(data)
    with running_hub(data, "--demo", "--catalogue", file, seconds=180) as hub:
        people = {name: sign_in(hub, name) for name in PEOPLE}
        _in_publicity(happened, people)
        imported = _imported(happened, people, Speaker(hub))
        _authorised_and_listed(happened, people, [imported])
        happened.shown["found"] = Speaker(hub).ask(FOUND, search="商户经营评分")["products"]
        happened.shown["records"] = _records(hub)
    with running_hub(data, "--demo") as hub:
        happened.shown["records of a second start"] = _records(hub)
    yield happened


def _in_publicity(happened: Evening, people: Mapping[str, Speaker]) -> None:
    """A department's own resource goes into publicity; what a portal published needs none."""
    values = {**RESOURCE, "items": ITEMS, "papers": papers_of("resource")}
    id_ = str(people["steward"].do("resourceDraft", {"values": values})["id"])
    for name, move in (("steward", "Submit"), ("registrar", "TakeIn"), ("registrar", "Pass")):
        people[name].do(f"resource{move}", {"id": id_})
    with pytest.raises(Told) as told:
        people["approver"].do("resourceRegister", {"id": id_})
    happened.refused["registered on its first day"] = told.value.code


def _imported(happened: Evening, people: Mapping[str, Speaker], anybody: Speaker) -> str:
    """A resource of the portal: declared authorisable by one person, listed by another."""
    [found] = anybody.ask(IMPORTED, search="street tree census")["resources"]["nodes"]
    happened.shown["imported"] = found
    id_ = str(found["id"])
    with pytest.raises(Told) as told:
        people["registrar"].do("resourceOffer", {"id": id_})
    happened.refused["offered as it came"] = told.value.code
    reason = "New York opens it to everybody (Open Data Law)"
    given = {"id": id_, "reason": reason}
    with pytest.raises(Told) as told:
        people["registrar"].do("resourceDeclareAuthorisable", given)
    happened.refused["declared by who lists"] = told.value.code
    people["approver"].do("resourceDeclareAuthorisable", given)
    with pytest.raises(Told) as told:
        people["approver"].do("resourceDeclareAuthorisable", given)
    happened.refused["declared twice"] = told.value.code
    happened.shown["offered"] = people["registrar"].do("resourceOffer", {"id": id_}, "state")
    return id_


def _authorised_and_listed(
    happened: Evening, people: Mapping[str, Speaker], resources: list[str]
) -> None:
    developer = people["developer"]
    values = {
        "title": "小微信贷 Credit for small firms", "mode": "SCENARIO", "purpose": PURPOSE,
        "rightKind": "OPERATING", "validUntil": "2028-12-31T16:00:00Z", "resources": resources,
        "agreement": an_agreement(developer), "papers": papers_of("authorisation"),
    }  # fmt: skip
    grant = developer.do("authorisationDraft", {"values": values})["id"]
    developer.do("authorisationSubmit", {"id": grant})
    people["reviewer1"].do("authorisationPassFirst", {"id": grant})
    shown = "state grantor { name } grantee { name }"
    happened.shown["granted"] = people["reviewer2"].do(
        "authorisationPassSecond", {"id": grant}, shown
    )
    sources = {"resources": resources, "authorisations": [grant], "grade": 3,
               "papers": papers_of("product")}  # fmt: skip
    product = developer.do("productDraft", {"values": {**PRODUCT, **sources}})["id"]
    review(developer, people["operator"], product=product)
    for name, move in (
        ("developer", "Submit"), ("registrar", "Register"), ("developer", "RequestListing"),
        ("operator", "List"),
    ):  # fmt: skip
        people[name].do(f"product{move}", {"id": product})
    happened.shown["product"] = product


def _records(hub: RunningHub) -> int:
    query = "{ evidence(first: 1) { totalCount } }"
    return int(sign_in(hub, "auditor").ask(query)["evidence"]["totalCount"])


def test_a_product_on_an_imported_resource_is_found_by_anybody(evening: Evening) -> None:
    [product] = evening.shown["found"]["nodes"]
    assert product["id"] == evening.shown["product"]
    assert product["owner"]["name"] == "城市银行"
    reached = {each["target"]["id"] for each in product["lineage"]}
    assert evening.shown["imported"]["id"] in reached


def test_the_city_authorises_what_a_portal_published(evening: Evening) -> None:
    imported = evening.shown["imported"]
    assert (imported["source"], imported["authorisable"]) == ("data.cityofnewyork.us", None)
    assert evening.shown["offered"]["state"] == "AUTHORISABLE"
    granted = evening.shown["granted"]
    assert granted["state"] == "EFFECTIVE"
    assert (granted["grantor"]["name"], granted["grantee"]["name"]) == ("市数据局", "城市银行")


def test_what_a_portal_left_open_is_declared_by_another_than_who_lists_it(
    evening: Evening,
) -> None:
    assert evening.refused == {
        "registered on its first day": "resource.publicity_runs",
        "offered as it came": "authorisation.resource_not_authorisable",
        "declared by who lists": "lifecycle.role_missing",
        "declared twice": "resource.authorisability_stated",
    }


def test_a_second_start_enters_nobody_again(evening: Evening) -> None:
    before = evening.shown["records"]
    assert evening.shown["records of a second start"] == before
    verified = cityspace("evidence", "verify", "--data", str(evening.data), "--json")
    assert verified.returncode == 0, verified.stderr
