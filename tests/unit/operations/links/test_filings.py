"""The chain of filings and the agreement: handed in, signed by two, archived, filed, in order."""

from typing import Any

import pytest

from dataspace.caller import Caller, Role
from dataspace.change import Amend
from dataspace.guards.refusals import (
    ElementsMissing,
    LetterMissing,
    NothingToFollow,
    SharesUneven,
    SignatureBroken,
    WrongRoute,
)
from dataspace.refusals import FourEyes, NotYours, StillInUse, WrongState
from hub.node import Node
from hub.operations import authorisations
from hub.operations.links.filings import AGREEMENTS, FILINGS
from tests.build import a_change_set, an_act, caller_for
from tests.unit.operations.city import (
    APPROVER,
    BANK,
    REVIEWER1,
    REVIEWER2,
    an_application,
    an_authorisable_resource,
)

pytestmark = pytest.mark.anyio

BANKER = caller_for(Role.ORG_ADMIN, participant=BANK)
SCHEDULER = caller_for(Role.SCHEDULER, participant="")
ELEMENTS: dict[str, Any] = {
    "title": "公共数据授权运营协议", "grantee": BANK, "right_kind": "OPERATING",
    "grantor_representative": "Director Zhang", "grantee_representative": "Chair Zhao",
    "purpose": "Credit for small firms", "scenario": "Credit", "product_list": "Scores",
    "valid_until": "2029-06-01T00:00:00Z", "geographic_scope": "The city",
    "encryption": "SM4 or AES", "access_control": "By role", "operation_audit": "All calls",
    "safety_officer": "Sun Hao", "prohibited_acts": "No resale of raw data",
    "filing_duty": "Before external supply", "self_review": "Yearly", "benefit_rule": "By input",
    "change_grounds": "Law, breach, force majeure", "breach": "Damages",
    "dispute_settlement": "Arbitration", "evaluation": "Yearly", "exit_terms": "Destroy",
    "price_cap_fen": 80, "confidentiality_sha256": "a" * 64,
    "scope": [
        {"unit": "市场监管局", "system": "Register", "right_kind": "OPERATING"},
        {"unit": "税务局", "right_kind": "PROCESSING"},
    ],
    "shares": [{"party": "City", "percent": 40}, {"party": "Bank", "percent": 60}],
}  # fmt: skip


async def a_drafted_agreement(node: Node, **values: Any) -> str:
    given = {name: value for name, value in {**ELEMENTS, **values}.items() if value is not None}
    return (await AGREEMENTS.draft(node, REVIEWER1, given)).id


async def moved(node: Node, id_: str, *moves: tuple[Caller, str]) -> str:
    state = ""
    for caller, move in moves:
        state = str((await AGREEMENTS.move(node, caller, id_, move)).values["state"])
    return state


async def a_signed_agreement(node: Node, **values: Any) -> str:
    id_ = await a_drafted_agreement(node, **values)
    await moved(node, id_, (REVIEWER1, "settle"), (BANKER, "lock"), (BANKER, "sign_as_grantee"),
                (REVIEWER2, "countersign_as_grantor"))  # fmt: skip
    return id_


async def an_archived_agreement(node: Node) -> str:
    id_ = await a_signed_agreement(node)
    await moved(node, id_, (SCHEDULER, "verify"), (SCHEDULER, "archive"))
    return id_


async def a_filing(node: Node, kind: str, **values: Any) -> str:
    """Filed, or passed when it is a joint review."""
    given = {"title": kind, "summary": "What it says", "kind": kind, **values}
    id_ = (await FILINGS.draft(node, BANKER, given)).id
    if kind in ("AGREEMENT", "PRODUCT_LIST"):
        await FILINGS.move(node, BANKER, id_, "submit_to_agency")
        await FILINGS.move(node, REVIEWER1, id_, "confirm")
    else:
        await FILINGS.move(node, BANKER, id_, "submit")
    await FILINGS.move(node, APPROVER, id_, "pass" if kind == "JOINT_REVIEW" else "file")
    return id_


async def a_filed_operator(node: Node) -> str:
    review = await a_filing(node, "JOINT_REVIEW")
    plan = await a_filing(node, "PLAN", rests_on=review)
    return await a_filing(node, "OPERATOR", rests_on=plan)


async def test_an_agreement_is_settled_whole_locked_and_signed_by_either_party_first(
    node: Node,
) -> None:
    id_ = await a_drafted_agreement(node)
    assert await moved(node, id_, (REVIEWER1, "settle"), (BANKER, "lock")) == "LOCKED"
    with pytest.raises(NotYours):
        await AGREEMENTS.move(node, caller_for(Role.ORG_ADMIN), id_, "sign_as_grantee")
    assert await moved(node, id_, (REVIEWER2, "sign_as_grantor")) == "GRANTOR_SIGNED"
    assert await moved(node, id_, (BANKER, "countersign_as_grantee")) == "SIGNED"
    assert await moved(node, id_, (SCHEDULER, "verify"), (APPROVER, "archive")) == "ARCHIVED"


@pytest.mark.parametrize("blank", ["purpose", "exit_terms", "scope", "shares", "safety_officer"])
async def test_a_blank_element_is_named_when_it_is_settled(node: Node, blank: str) -> None:
    id_ = await a_drafted_agreement(node, **{blank: None})
    with pytest.raises(ElementsMissing) as refusal:
        await AGREEMENTS.move(node, REVIEWER1, id_, "settle")
    assert refusal.value.facts["fields"] == blank


async def test_shares_are_the_whole_whatever_their_number(node: Node) -> None:
    shares = [{"party": "City", "percent": 40}, {"party": "Bank", "percent": 59}]
    id_ = await a_drafted_agreement(node, shares=shares)
    with pytest.raises(SharesUneven):
        await AGREEMENTS.move(node, REVIEWER1, id_, "settle")


async def test_what_was_locked_is_not_edited_and_an_alteration_is_found(node: Node) -> None:
    id_ = await a_signed_agreement(node)
    with pytest.raises(WrongState):
        await AGREEMENTS.amend(node, REVIEWER1, id_, {"price_cap_fen": 800})
    tampered = Amend("agreement", id_, {"price_cap_fen": 800}, an_act("past.the_operations"))
    await node.catalogue.apply(a_change_set(tampered))
    with pytest.raises(SignatureBroken, match="not what was locked"):
        await AGREEMENTS.move(node, SCHEDULER, id_, "verify")


async def test_it_is_archived_only_with_the_letter_of_confidentiality(node: Node) -> None:
    id_ = await a_signed_agreement(node, confidentiality_sha256=None)
    await AGREEMENTS.move(node, SCHEDULER, id_, "verify")
    with pytest.raises(LetterMissing):
        await AGREEMENTS.move(node, SCHEDULER, id_, "archive")
    done = await AGREEMENTS.move(node, REVIEWER1, id_, "give_up", reason="Letter missing")
    assert done.values["state"] == "VOID"


async def test_opening_it_again_takes_signatures_and_lock_away(node: Node) -> None:
    id_ = await a_drafted_agreement(node)
    await moved(node, id_, (REVIEWER1, "settle"), (BANKER, "lock"))
    done = await AGREEMENTS.move(node, REVIEWER1, id_, "reopen", reason="Another ceiling")
    assert "locked_sha256" not in done.values
    await AGREEMENTS.amend(node, REVIEWER1, id_, {"price_cap_fen": 60})


async def test_the_whole_chain_leads_to_a_grant_in_authorised_operation(node: Node) -> None:
    operator = await a_filed_operator(node)
    agreement = await an_archived_agreement(node)
    filing = await a_filing(node, "AGREEMENT", rests_on=operator, agreement=agreement)
    products = await a_filing(node, "PRODUCT_LIST", rests_on=filing)
    with pytest.raises(StillInUse):
        await FILINGS.move(node, APPROVER, filing, "close", reason="Over")
    resource = await an_authorisable_resource(node)
    id_ = await an_application(node, resource, agreement=agreement)
    await authorisations.pass_first(node, REVIEWER1, id_)
    done = await authorisations.pass_second(node, REVIEWER2, id_)

    assert done.values["state"] == "EFFECTIVE"
    assert done.values["price_cap_fen"] == 80, "the ceiling of its agreement"
    closed = await FILINGS.move(node, APPROVER, products, "close", reason="Replaced")
    assert closed.values["code"].startswith("BA-2026-")


async def test_each_filing_follows_what_comes_before_it(node: Node) -> None:
    values = {"title": "Plan", "summary": "What it says", "kind": "PLAN"}
    plan = (await FILINGS.draft(node, BANKER, values)).id
    with pytest.raises(NothingToFollow):
        await FILINGS.move(node, BANKER, plan, "submit")
    review = (await FILINGS.draft(node, BANKER, {**values, "kind": "JOINT_REVIEW"})).id
    await FILINGS.move(node, BANKER, review, "submit")
    await FILINGS.amend(node, BANKER, plan, {"rests_on": review})
    with pytest.raises(NothingToFollow):
        await FILINGS.move(node, BANKER, plan, "submit")
    await FILINGS.move(node, APPROVER, review, "fail", reason="Too broad")
    with pytest.raises(NothingToFollow):
        await FILINGS.move(node, BANKER, plan, "submit")


async def test_each_kind_goes_its_own_way(node: Node) -> None:
    values = {"title": "A", "summary": "What it says", "kind": "AGENCY"}
    id_ = (await FILINGS.draft(node, BANKER, values)).id
    with pytest.raises(WrongRoute):
        await FILINGS.move(node, BANKER, id_, "submit_to_agency")
    await FILINGS.move(node, BANKER, id_, "submit")
    with pytest.raises(WrongRoute):
        await FILINGS.move(node, APPROVER, id_, "pass")


async def test_only_what_was_returned_is_edited_and_only_what_is_filed_is_changed(
    node: Node,
) -> None:
    values = {"title": "A", "summary": "What it says", "kind": "AGENCY"}
    id_ = (await FILINGS.draft(node, BANKER, values)).id
    await FILINGS.move(node, BANKER, id_, "submit")
    with pytest.raises(WrongState):
        await FILINGS.amend(node, BANKER, id_, {"summary": "Else"})
    with pytest.raises(WrongState):
        await FILINGS.move(node, BANKER, id_, "change", reason="Moved")
    await FILINGS.move(node, APPROVER, id_, "return", reason="Which office?")
    await FILINGS.amend(node, BANKER, id_, {"summary": "Office 3"})
    await FILINGS.move(node, BANKER, id_, "submit")
    filed = await FILINGS.move(node, APPROVER, id_, "file")
    await FILINGS.move(node, BANKER, id_, "change", reason="Moved")
    await FILINGS.amend(node, BANKER, id_, {"summary": "Office 4"})
    await FILINGS.move(node, BANKER, id_, "submit")
    again = await FILINGS.move(node, APPROVER, id_, "file")
    assert again.values["code"] == filed.values["code"], "a change keeps its number"


async def test_the_agency_and_the_bureau_confirm_with_two_pairs_of_eyes(node: Node) -> None:
    both = caller_for(Role.AGENCY_REVIEWER1, Role.REG_APPROVER, subject="usr_both")
    operator = await a_filed_operator(node)
    agreement = await an_archived_agreement(node)
    values = {"title": "A", "summary": "s", "kind": "AGREEMENT", "rests_on": operator}
    id_ = (await FILINGS.draft(node, BANKER, {**values, "agreement": agreement})).id
    await FILINGS.move(node, BANKER, id_, "submit_to_agency")
    await FILINGS.move(node, both, id_, "confirm")
    with pytest.raises(FourEyes):
        await FILINGS.move(node, both, id_, "file")
