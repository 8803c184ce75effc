"""Change registrations, and how a product leaves the shelf and the register (L2, L5)."""

from typing import Any

import pytest

from dataspace.caller import Role
from dataspace.errors import MovedOn
from dataspace.guards.refusals import NotChangeable, NothingProposed
from dataspace.refusals import (
    FourEyes,
    GradeTooHigh,
    GradeTooLow,
    PriceNotFree,
    ReasonMissing,
    StillInUse,
    WrongState,
)
from dataspace.selection import Page, PartChild, Row, Selection, Where
from hub.node import Node
from hub.operations import products, resources
from hub.operations.links.changes import PRODUCT_CHANGES, RESOURCE_CHANGES
from hub.operations.links.development import COMPLIANCE_REVIEWS
from tests.build import caller_for
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    CENTRE,
    COMPLIANCE_REVIEW,
    DEVELOPER,
    LISTER,
    REGISTRAR,
    RESOURCE,
    STEWARD,
    SUPERVISOR,
    a_drafted_product,
    a_listed_product,
    a_registered_resource,
    an_authorisable_resource,
    an_authorisation,
)

pytestmark = pytest.mark.anyio

CHANGE = {"title": "Cycle", "kind": "CHANGE", "explanation": "We load hourly now"}
ITEMS = [
    {"name": "名称", "data_type": "TEXT"}, {"name": "状态", "data_type": "TEXT"},
    {"name": "成立日期", "data_type": "DATE"},
]  # fmt: skip


async def the_resource(node: Node, id_: str) -> Row:
    selection = Selection(
        "resource", ("id", "state", "summary", "update_cycle", "item_count", "identifier"),
        Where("id", "eq", id_), page=Page(1), parts=(PartChild("items", "items", ("name",), 50),),
    )  # fmt: skip
    found = (await node.catalogue.select(selection)).first
    assert found is not None
    return found


async def a_change(node: Node, resource: str, **values: Any) -> str:
    given = {**CHANGE, "resource": resource, **values}
    return (await RESOURCE_CHANGES.draft(node, STEWARD, given)).id


async def test_what_is_proposed_is_held_apart_until_it_passes(node: Node) -> None:
    id_ = await an_authorisable_resource(node)
    await an_authorisation(node, id_)
    before = await the_resource(node, id_)
    change = await a_change(node, id_, update_cycle="REAL_TIME", items=ITEMS)
    await RESOURCE_CHANGES.move(node, STEWARD, change, "submit")
    assert await the_resource(node, id_) == before, "nothing registered is lost or touched"

    done = await RESOURCE_CHANGES.move(node, REGISTRAR, change, "pass")
    after = await the_resource(node, id_)
    assert (after["update_cycle"], after["state"]) == ("REAL_TIME", "AUTHORISABLE")
    assert [each["name"] for each in after["items"]] == ["名称", "状态", "成立日期"]
    assert (after["item_count"], after["identifier"]) == (3, before["identifier"])
    assert done.values["before_sha256"] != done.values["after_sha256"]
    log = await node.catalogue.changes_since(done.revision - 10, 10)
    together = log[-1].evidence["change_set"]
    acts = [each.evidence["action"] for each in log if each.evidence["change_set"] == together]
    assert {"resource.change", "resource_change.pass"} <= set(acts)
    assert acts[-1] == "resource_change.pass"


async def test_a_change_is_refused_with_a_reason_and_may_be_asked_for_again(node: Node) -> None:
    id_ = (await a_registered_resource(node)).id
    change = await a_change(node, id_, kind="CORRECTION", summary="Every firm, and its branches")
    await RESOURCE_CHANGES.move(node, STEWARD, change, "submit")
    with pytest.raises(ReasonMissing):
        await RESOURCE_CHANGES.move(node, REGISTRAR, change, "refuse")
    await RESOURCE_CHANGES.move(node, REGISTRAR, change, "refuse", reason="Which branches?")
    await RESOURCE_CHANGES.amend(node, STEWARD, change, {"summary": "Every firm with branches"})
    both = caller_for(Role.DATA_STEWARD, Role.REGISTRAR, participant=STEWARD.participant)
    await RESOURCE_CHANGES.move(node, both, change, "submit")
    with pytest.raises(FourEyes):
        await RESOURCE_CHANGES.move(node, both, change, "pass")
    await RESOURCE_CHANGES.move(node, REGISTRAR, change, "pass")
    assert (await the_resource(node, id_))["summary"] == "Every firm with branches"


async def test_only_ones_own_registered_entry_is_changed_and_by_something(node: Node) -> None:
    draft = await resources.draft(node, STEWARD, RESOURCE)
    id_ = (await a_registered_resource(node)).id
    stranger = caller_for(Role.DATA_STEWARD, participant=CENTRE, subject="usr_stranger")
    foreign = {**CHANGE, "resource": id_, "summary": "Mine"}
    theirs = (await RESOURCE_CHANGES.draft(node, stranger, foreign)).id
    for caller, change, refusal in (
        (STEWARD, await a_change(node, draft.id, summary="s"), NotChangeable),
        (STEWARD, await a_change(node, id_), NothingProposed),
        (stranger, theirs, NotChangeable),
    ):
        with pytest.raises(refusal):
            await RESOURCE_CHANGES.move(node, caller, change, "submit")


async def test_what_an_entry_will_be_must_hold_as_what_it_is(node: Node) -> None:
    id_ = await an_authorisable_resource(node)
    grant = await an_authorisation(node, id_)
    product = (await a_listed_product(node, resources=[id_], authorisations=[grant])).id
    high = await a_change(node, id_, grade=4)
    with pytest.raises(GradeTooHigh):
        await RESOURCE_CHANGES.move(node, STEWARD, high, "submit")
    above = await a_change(node, id_, grade=3)
    with pytest.raises(GradeTooLow) as refusal:
        await RESOURCE_CHANGES.move(node, STEWARD, above, "submit")
    assert refusal.value.facts["id"] == product, "a product is never of a lower grade"


async def test_of_two_changes_at_once_the_slower_one_looks_again(node: Node) -> None:
    id_ = (await a_registered_resource(node)).id
    first = await a_change(node, id_, summary="First")
    second = await a_change(node, id_, update_cycle="MONTHLY")
    for each in (first, second):
        await RESOURCE_CHANGES.move(node, STEWARD, each, "submit")
    slow, watch = watched(node)

    async def passed() -> None:
        await RESOURCE_CHANGES.move(node, REGISTRAR, first, "pass")

    watch.after_select = passed
    with pytest.raises(MovedOn):
        await RESOURCE_CHANGES.move(slow, REGISTRAR, second, "pass")
    await RESOURCE_CHANGES.move(node, REGISTRAR, second, "pass")
    row = await the_resource(node, id_)
    assert (row["summary"], row["update_cycle"]) == ("First", "MONTHLY")


async def a_listed(node: Node, **values: Any) -> str:
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource)
    sources = {"resources": [resource], "authorisations": [grant]}
    return (await a_listed_product(node, **sources, **values)).id


async def test_a_listed_product_changes_its_price_by_registration(node: Node) -> None:
    id_ = await a_listed(node)
    values = {**CHANGE, "product": id_, "price_fen": 40}
    change = (await PRODUCT_CHANGES.draft(node, DEVELOPER, values)).id
    await PRODUCT_CHANGES.move(node, DEVELOPER, change, "submit")
    await PRODUCT_CHANGES.move(node, REGISTRAR, change, "pass")
    selection = Selection("product", ("price_fen", "state"), Where("id", "eq", id_))
    row = (await node.catalogue.select(selection)).rows[0]
    assert (row["price_fen"], row["state"]) == (40, "LISTED")
    free = {**CHANGE, "product": id_, "use_kind": "PUBLIC_WELFARE"}
    paid = (await PRODUCT_CHANGES.draft(node, DEVELOPER, free)).id
    with pytest.raises(PriceNotFree):
        await PRODUCT_CHANGES.move(node, DEVELOPER, paid, "submit")
    low = (await PRODUCT_CHANGES.draft(node, DEVELOPER, {**CHANGE, "product": id_, "grade": 1})).id
    with pytest.raises(GradeTooLow):
        await PRODUCT_CHANGES.move(node, DEVELOPER, low, "submit")


async def test_an_owner_applies_for_taking_a_product_down_and_the_operator_decides(
    node: Node,
) -> None:
    id_ = await a_listed(node)
    await products.take_down(node, DEVELOPER, id_, reason="A better one is coming")
    kept = await products.keep_listed(node, LISTER, id_, reason="Contracts run")
    assert kept.values["state"] == "LISTED"
    await products.take_down(node, DEVELOPER, id_, reason="They have ended")
    assert (await products.delist(node, LISTER, id_, reason="Agreed")).values["state"] == "DELISTED"
    await products.request_listing(node, DEVELOPER, id_)
    assert (await products.list_(node, LISTER, id_)).values["state"] == "LISTED"
    forced = await products.delist(node, SUPERVISOR, id_, reason="Complaint")
    assert forced.values["state"] == "DELISTED"


async def test_a_registration_is_withdrawn_or_the_withdrawal_fails(node: Node) -> None:
    id_ = await a_listed(node)
    with pytest.raises(WrongState):
        await products.request_withdrawal(node, DEVELOPER, id_, reason="Over")
    await products.delist(node, LISTER, id_, reason="Agreed")
    await products.request_withdrawal(node, DEVELOPER, id_, reason="Over")
    with pytest.raises(ReasonMissing):
        await products.fail_withdrawal(node, REGISTRAR, id_)
    failed = await products.fail_withdrawal(node, REGISTRAR, id_, reason="Bills are open")
    assert failed.values["state"] == "WITHDRAW_FAILED"
    await products.request_withdrawal(node, DEVELOPER, id_, reason="Bills are paid")
    done = await products.withdraw(node, REGISTRAR, id_, reason="Nothing rests on it")
    assert done.values["state"] == "WITHDRAWN"


async def test_what_others_build_on_is_not_withdrawn(node: Node) -> None:
    source = await a_listed(node)
    derived = (await a_listed_product(node, source_products=[source])).id
    await products.delist(node, LISTER, source, reason="Agreed")
    with pytest.raises(StillInUse) as refusal:
        await products.request_withdrawal(node, DEVELOPER, source, reason="Over")
    assert refusal.value.facts["users"] == derived


async def test_a_grade_below_its_sources_needs_a_review_that_approves_it(node: Node) -> None:
    resource = await an_authorisable_resource(node, grade=3)
    grant = await an_authorisation(node, resource)
    product = await a_drafted_product(node, resources=[resource], authorisations=[grant], grade=2)
    with pytest.raises(GradeTooLow):
        await products.submit(node, DEVELOPER, product)
    lowered = {"grade_proposed": 2, "grade_ground": "Aggregated by district", "product": product}
    review = await COMPLIANCE_REVIEWS.draft(node, DEVELOPER, {**COMPLIANCE_REVIEW, **lowered})
    await COMPLIANCE_REVIEWS.move(node, DEVELOPER, review.id, "submit")
    await COMPLIANCE_REVIEWS.move(node, LISTER, review.id, "pass")
    await products.submit(node, DEVELOPER, product)
    done = await products.register(node, REGISTRAR, product)
    assert (done.values["state"], done.values["grade"]) == ("REGISTERED", 2)
