"""The story of a city's first product, through a real `cityspace serve` and real sign-ins.

A department's resource is reviewed by two people and put on the list; a bank is authorised for
it by two more; its product is registered, listed, and found by anybody. All of it is evidenced,
and one byte that is changed in the file is found.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dataspace.caller import Role
from dataspace.text import Text
from identity.issuer.demo import BUREAU
from identity.issuer.directory import Account, Directory, Person
from tests.e2e.papers import an_agreement, in_publicity_long_enough, papers_of, review
from tests.e2e.running_hub import cityspace, running_hub
from tests.e2e.speaking import Speaker, Told, sign_in

pytestmark = pytest.mark.slow

PURPOSE = "评估小微企业信用 Assess the credit of small firms"
RESOURCE: Mapping[str, Any] = {
    "name": "个体工商户年报 Annual reports of sole traders",
    "summary": "Turnover and staff of every sole trader, as reported",
    "audience": "PUBLIC",
    "format": "DATABASE",
    "shareType": "UNCONDITIONAL",
    "openAttribute": "UNCONDITIONAL",
    "updateCycle": "YEARLY",
    "origin": "COLLECTED",
    "classification": "GENERAL",
    "grade": 3,
    "authorisable": True,
    "sourceSystem": "Company register",
    "updateMechanism": "Yearly, in July",
    "qualityStandard": "GB/T 36344",
    "usageMethod": "API",
}
ITEMS = [
    {"name": "统一社会信用代码", "fieldName": "uscc", "dataType": "TEXT"},
    {"name": "营业收入", "fieldName": "turnover", "dataType": "MONEY"},
]
PRODUCT: Mapping[str, Any] = {
    "name": "商户经营评分 Score of sole traders",
    "summary": "A score of every sole trader, once a year",
    "audience": "PUBLIC",
    "form": "API",
    "useKind": "INDUSTRY",
    "priceFen": 50,
    "priceUnit": "CALL",
    "usagePolicy": "For the credit assessment of whoever is scored",
}
TWO_HATS = Account(
    "per-two-hats", "two-hats", Text("He Li", "何力"), (Role.REGISTRAR, Role.REG_APPROVER), BUREAU
)


@dataclass
class Story:
    """What happened: ids by kind, and the codes of what was refused on the way."""

    data: Path
    ids: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)

    def refusal(self, what: str, speaker: Speaker, mutation: str, **given: Any) -> None:
        with pytest.raises(Told) as told:
            speaker.do(mutation, given)
        self.refused[what] = told.value.code


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    data = tmp_path_factory.mktemp("story") / "data"
    size = ("--departments", "2", "--resources", "3", "--seed", "7")
    seeded = cityspace("seed", "--data", str(data), *size)
    assert seeded.returncode == 0, seeded.stderr
    happened = Story(data)
    with running_hub(data) as hub:
        directory = Directory(data / "identity", demo=True)
        directory.add_person(Person(TWO_HATS), "a password of the test")
        people = {
            name: sign_in(hub, name)
            for name in (
                "steward", "registrar", "approver", "reviewer1", "reviewer2", "developer",
                "operator",
            )
        }  # fmt: skip
        people["two-hats"] = sign_in(hub, "two-hats", "a password of the test")
        _register(happened, people)
        _authorise(happened, people)
        _build(happened, people)
        _look(happened, Speaker(hub))
        happened.shown["exit"] = hub.stop()
    yield happened


def _register(story: Story, people: Mapping[str, Speaker]) -> None:
    """L2: one person takes it in and passes it, another registers it when nobody objects.

    What is drafted here is in publicity for ten working days; another has been for long enough.
    """
    steward, registrar, both = people["steward"], people["registrar"], people["two-hats"]
    story.refusal("incomplete", steward, "resourceSubmit", id=_draft(story, steward))
    id_ = story.ids["resource"]
    steward.do("resourceAmend", {"id": id_, "values": {"items": ITEMS}})
    story.refusal("without its papers", steward, "resourceSubmit", id=id_)
    steward.do("resourceAmend", {"id": id_, "values": {"papers": papers_of("resource")}})
    steward.do("resourceSubmit", {"id": id_, "requestId": "story-1"})
    steward.do("resourceSubmit", {"id": id_, "requestId": "story-1"})
    story.refusal("not a reviewer", steward, "resourceTakeIn", id=id_)
    both.do("resourceTakeIn", {"id": id_})
    both.do("resourcePass", {"id": id_})
    story.refusal("the same person", both, "resourceRegister", id=id_)
    approver = people["approver"]
    story.refusal("in publicity", approver, "resourceRegister", id=id_)
    id_ = story.ids["resource"] = in_publicity_long_enough(approver)
    shown = "id state identifier registrationCode validUntil decidedUnder"
    story.shown["registered"] = approver.do("resourceRegister", {"id": id_}, shown)
    registrar.do("resourceOffer", {"id": id_})


def _draft(story: Story, steward: Speaker) -> str:
    made = steward.do("resourceDraft", {"values": RESOURCE})
    story.ids["resource"] = made["id"]
    return str(made["id"])


def _authorise(story: Story, people: Mapping[str, Speaker]) -> None:
    """L3: applied for by the bank, reviewed by two people of the agency."""
    developer, first, second = people["developer"], people["reviewer1"], people["reviewer2"]
    values = {
        "title": "小微信贷 Credit for small firms", "mode": "SCENARIO", "purpose": PURPOSE,
        "rightKind": "OPERATING", "validUntil": "2028-12-31T16:00:00Z",
        "resources": [story.ids["resource"]],
        "agreement": an_agreement(developer),
        "papers": papers_of("authorisation"),
    }  # fmt: skip
    id_ = developer.do("authorisationDraft", {"values": values})["id"]
    story.ids["authorisation"] = id_
    developer.do("authorisationSubmit", {"id": id_})
    story.refusal("too early", second, "authorisationPassSecond", id=id_)
    with ThreadPoolExecutor(6) as clicks:
        story.shown["clicks"] = list(clicks.map(lambda _: _outcome(first, id_), range(6)))
    story.refusal("second try", first, "authorisationPassSecond", id=id_)
    shown = "id state code validFrom grantor { name } grantee { name }"
    story.shown["authorised"] = second.do("authorisationPassSecond", {"id": id_}, shown)


def _outcome(reviewer: Speaker, id_: str) -> str:
    try:
        return str(reviewer.do("authorisationPassFirst", {"id": id_}, "state")["state"])
    except Told as told:
        return told.code


def _build(story: Story, people: Mapping[str, Speaker]) -> None:
    """L5: registered by the bureau, listed by the operator."""
    developer = people["developer"]
    sources = {
        "resources": [story.ids["resource"]], "authorisations": [story.ids["authorisation"]],
        "papers": papers_of("product"),
    }  # fmt: skip
    id_ = developer.do("productDraft", {"values": {**PRODUCT, **sources}})["id"]
    story.ids["product"] = id_
    developer.do("productAmend", {"id": id_, "values": {"grade": 1}})
    story.refusal("grade", developer, "productSubmit", id=id_)
    developer.do("productAmend", {"id": id_, "values": {"grade": 2}})
    story.refusal("not reviewed", developer, "productSubmit", id=id_)
    review(people["developer"], people["operator"], product=id_)
    developer.do("productSubmit", {"id": id_})
    people["registrar"].do("productRegister", {"id": id_})
    developer.do("productRequestListing", {"id": id_})
    story.refusal("not the lister", people["registrar"], "productList", id=id_)
    shown = "id state identifier listedAt"
    story.shown["listed"] = people["operator"].do("productList", {"id": id_}, shown)


FOUND = """
query Found($search: String!) {
  products(first: 5, search: $search) {
    totalCount
    nodes {
      id name owner { name } submittedBy
      lineage { edge target { id } }
    }
  }
}
"""


def _look(story: Story, anybody: Speaker) -> None:
    """As anybody, without signing in."""
    story.shown["found"] = anybody.ask(FOUND, search="商户经营评分")["products"]
    story.refusal("not signed in", anybody, "productTakeDown", id=story.ids["product"], reason="No")


def test_a_resource_is_registered_by_two_people(story: Story) -> None:
    registered = story.shown["registered"]
    assert registered["state"] == "REGISTERED"
    assert registered["identifier"].startswith("7")
    assert registered["registrationCode"].startswith("reg_")
    assert registered["decidedUnder"] == "city v1"


def test_what_may_not_be_is_refused_by_name(story: Story) -> None:
    assert story.refused == {
        "incomplete": "resource.metadata_incomplete",
        "not a reviewer": "lifecycle.role_missing",
        "without its papers": "lifecycle.papers_missing",
        "the same person": "lifecycle.four_eyes",
        "in publicity": "resource.publicity_runs",
        "too early": "lifecycle.wrong_state",
        "second try": "lifecycle.role_missing",
        "grade": "product.grade_too_low",
        "not reviewed": "product.not_reviewed",
        "not the lister": "lifecycle.role_missing",
        "not signed in": "identity.sign_in_required",
    }


def test_the_bureau_authorises_the_bank(story: Story) -> None:
    authorised = story.shown["authorised"]
    assert authorised["state"] == "EFFECTIVE"
    assert authorised["code"].startswith("SQ-")
    assert (authorised["grantor"]["name"], authorised["grantee"]["name"]) == (
        "市数据局",
        "城市银行",
    )


def test_of_six_clicks_at_once_one_decides(story: Story) -> None:
    outcomes = story.shown["clicks"]
    assert outcomes.count("REVIEW2") == 1
    assert set(outcomes) <= {"REVIEW2", "catalogue.moved_on", "lifecycle.wrong_state"}


def test_anybody_finds_the_product_and_what_it_rests_on(story: Story) -> None:
    assert story.shown["listed"]["identifier"].startswith("6")
    found = story.shown["found"]
    assert found["totalCount"] == 1
    [product] = found["nodes"]
    assert product["id"] == story.ids["product"]
    assert product["submittedBy"] is None, "who handles it is no business of anybody's"
    reached = {link["target"]["id"] for link in product["lineage"]}
    assert story.ids["resource"] in reached
    assert story.ids["authorisation"] not in reached, "not everybody sees authorisations"


def test_all_of_it_is_evidenced_until_one_byte_changes(story: Story) -> None:
    assert story.shown["exit"] == 0
    before = _verified(story.data)
    assert before["holds"]
    path = story.data / "catalogue.sqlite"
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file.close()
    raw = bytearray(path.read_bytes())
    text = PURPOSE.encode()
    at = raw.index(text)
    while raw[at - 1] == ord('"'):  # there it is quoted in the JSON of its certificate
        at = raw.index(text, at + 1)
    raw[at + len(text) - 1] ^= 1
    path.write_bytes(raw)

    after = _verified(story.data)
    assert not after["holds"]
    assert (after["first"]["kind"], after["first"]["id"]) == (
        "authorisation", story.ids["authorisation"],
    )  # fmt: skip


def _verified(data: Path) -> Any:
    ran = cityspace("evidence", "verify", "--data", str(data), "--json")
    found = json.loads(ran.stdout)
    assert ran.returncode == (0 if found["holds"] else 1)
    return found
