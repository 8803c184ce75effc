"""Logical spaces: who keeps them, who is in them in which role, what is seen, and their end."""

from typing import Any

import pytest

from dataspace.caller import Caller, Role
from dataspace.change import Create
from dataspace.errors import NotFound, ReferenceMissing
from dataspace.guards.access import CapabilityMissing, SpaceClosed, SpaceNotLogical
from dataspace.guards.refusals import PartyNotAdmitted
from dataspace.refusals import ReasonMissing, RoleMissing
from dataspace.selection import Page, Row, Selection, Where
from dataspace.visibility import visible
from hub.node import Node
from hub.operations import participants, products, spaces
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.mechanism.reading import seen
from hub.operations.membership import closing
from hub.operations.membership.closing import SpaceHoldsOthers
from tests.build import a_change_set, a_participant, a_product, a_row, caller_for
from tests.unit.operations.city import ADMIN, BANK, CENTRE, MARKET, REGISTRAR, SUPERVISOR

pytestmark = pytest.mark.anyio

OPERATOR = caller_for(Role.ORG_ADMIN, participant=CENTRE)
OF_THE_BANK = caller_for(Role.ORG_ADMIN, participant=BANK, subject="usr-bank")
FINANCE = {"code": "finance", "name": "金融子空间", "kind": "SUBSPACE", "tier": "SUBSPACE"}
LOANS = {"code": "loans", "name": "信贷 Loans", "kind": "LOGICAL", "tier": "SUBSPACE"}
REASON = "by contract"


async def a_sub_space(node: Node) -> str:
    return (await spaces.enter(node, ADMIN, {**FINANCE, "operator": CENTRE})).id


async def a_logical_space(node: Node, **values: Any) -> str:
    given = {**LOANS, "part_of": await a_sub_space(node), **values}
    return (await spaces.enter(node, OPERATOR, given)).id


def in_space(space: str, participant: str = BANK) -> Caller:
    return caller_for(Role.DEVELOPER, participant=participant, spaces=(space,))


async def products_seen(node: Node, caller: Caller) -> list[str]:
    asked = Selection("product", where=visible(caller)["product"], page=Page(5))
    return [row["id"] for row in (await node.catalogue.select(asked)).rows]


async def listed_in(node: Node, space: str) -> None:
    made = a_product("prd_1", owner=MARKET, state="LISTED", audience="SPACE", space=space)
    await node.catalogue.apply(a_change_set(made))


async def told_of(node: Node, code: str) -> list[Row]:
    asked = Selection("notice", ("party", "facts"), Where("code", "eq", code), page=Page(5))
    return (await node.catalogue.select(asked)).rows


async def test_the_operator_of_a_space_creates_logical_spaces_within_it(node: Node) -> None:
    finance = await a_sub_space(node)
    done = await spaces.enter(node, OPERATOR, {**LOANS, "part_of": finance})
    assert done.values["operator"] == CENTRE

    wrong: list[dict[str, Any]] = [
        {"part_of": None}, {"kind": "SUBSPACE"}, {"tier": "CITY"}, {"operator": BANK},
    ]  # fmt: skip
    for each in wrong:
        with pytest.raises(RoleMissing):
            await spaces.enter(node, OPERATOR, {**LOANS, "code": "b", "part_of": finance, **each})
    with pytest.raises(RoleMissing):
        await spaces.enter(node, OF_THE_BANK, {**LOANS, "code": "b", "part_of": finance})


async def test_the_operator_edits_its_logical_spaces_and_no_others(node: Node) -> None:
    loans = await a_logical_space(node)
    done = await spaces.amend(node, OPERATOR, loans, {"name": "小微信贷 Small loans"})
    asked = Selection("space", ("name",), Where("id", "eq", loans), page=Page(1))
    [now] = (await node.catalogue.select(asked)).rows
    earlier = Selection("space", ("name",), asked.where, page=Page(1), at=done.revision - 1)
    [before] = (await node.catalogue.select(earlier)).rows
    assert (before["name"], now["name"]) == (LOANS["name"], "小微信贷 Small loans")

    upper = (await seen(node, ADMIN, "space", id=loans))["part_of"]["id"]
    for id_, values in (
        (upper, {"name": "x"}), (loans, {"kind": "SUBSPACE"}), (loans, {"tier": "CITY"}),
        (loans, {"part_of": None}), (loans, {"operator": BANK}),
    ):  # fmt: skip
        with pytest.raises(RoleMissing):
            await spaces.amend(node, OPERATOR, id_, values)
    with pytest.raises(RoleMissing):
        await spaces.amend(node, OF_THE_BANK, loans, {"name": "x"})


async def test_the_operator_lets_members_in_with_a_role_and_takes_them_out(node: Node) -> None:
    loans = await a_logical_space(node)
    other = (await spaces.enter(node, ADMIN, {**LOANS, "code": "other"})).id
    await participants.join(node, REGISTRAR, BANK, other, role="SERVICE")
    with pytest.raises(ReasonMissing):
        await participants.join(node, OPERATOR, BANK, loans)
    with pytest.raises(FieldsInvalid):
        await participants.join(node, OPERATOR, BANK, loans, role="KING", reason=REASON)
    await participants.join(node, OPERATOR, BANK, loans, role="PROVIDER", reason=REASON)

    row = await seen(node, ADMIN, "participant", id=BANK)
    roles = {each["space"]: each["role"] for each in row["memberships"]}
    assert roles == {other: "SERVICE", loans: "PROVIDER"}
    assert {each["id"] for each in row["spaces"].rows} == set(roles)
    assert [each["party"] for each in await told_of(node, "participant.join.id")] == [BANK, BANK]

    for caller, space in ((OPERATOR, other), (OF_THE_BANK, other)):
        with pytest.raises(RoleMissing):
            await participants.join(node, caller, BANK, space, reason=REASON)
    with pytest.raises(RoleMissing):
        await participants.amend(node, OPERATOR, BANK, {"spaces": [loans]})
    await participants.leave(node, OPERATOR, BANK, loans, reason=REASON)
    row = await seen(node, ADMIN, "participant", id=BANK)
    assert [each["space"] for each in row["memberships"]] == [other]
    assert (row["state"], [each["id"] for each in row["spaces"].rows]) == ("ADMITTED", [other])


async def test_a_member_leaves_of_its_own_will_and_a_role_ends_with_the_membership(
    node: Node,
) -> None:
    loans = await a_logical_space(node)
    await participants.join(node, OPERATOR, BANK, loans, reason=REASON)
    with pytest.raises(RoleMissing):
        await participants.leave(node, OF_THE_BANK, MARKET, loans, reason=REASON)
    await participants.leave(node, OF_THE_BANK, BANK, loans, reason="our own wish")
    await participants.join(node, ADMIN, BANK, loans)
    done = await participants.amend(node, ADMIN, BANK, {"spaces": []})
    assert "spaces" not in done.values
    assert not (await seen(node, ADMIN, "participant", id=BANK))["memberships"]


async def test_who_lacks_what_a_space_requires_is_not_let_in(node: Node) -> None:
    loans = await a_logical_space(node, required_capabilities=["usage-control", "sandbox"])
    connector = {
        "name": "c", "kind": "CONNECTOR", "operator": BANK, "status": "ONLINE",
        "capabilities": ["sandbox"],
    }  # fmt: skip
    with pytest.raises(CapabilityMissing) as refusal:
        await participants.join(node, OPERATOR, BANK, loans, reason=REASON)
    assert refusal.value.facts["capabilities"] == "sandbox, usage-control"
    await node.catalogue.apply(a_change_set(a_row("node", "nod_1", connector)))
    with pytest.raises(CapabilityMissing) as refusal:
        await participants.amend(node, ADMIN, BANK, {"spaces": [loans]})
    assert refusal.value.facts["capabilities"] == "usage-control"
    able = {**connector, "capabilities": ["sandbox", "usage-control"]}
    await node.catalogue.apply(a_change_set(a_row("node", "nod_2", able)))
    await participants.join(node, OPERATOR, BANK, loans, reason=REASON)


async def test_what_is_in_a_space_is_seen_by_its_members_as_of_now(node: Node) -> None:
    """A token says in which spaces somebody was when it was given; the catalogue, who still is."""
    loans = await a_logical_space(node)
    await listed_in(node, loans)
    assert await products_seen(node, in_space(loans)) == []
    await participants.join(node, OPERATOR, BANK, loans, reason=REASON)
    assert await products_seen(node, in_space(loans)) == ["prd_1"]
    assert await products_seen(node, in_space("spc_other")) == []
    await participants.leave(node, OPERATOR, BANK, loans, reason=REASON)
    assert await products_seen(node, in_space(loans)) == []


async def test_a_closed_space_shows_nothing_and_takes_nothing_and_stays_closed(node: Node) -> None:
    loans = await a_logical_space(node)
    await listed_in(node, loans)
    await participants.join(node, OPERATOR, BANK, loans, reason=REASON)
    with pytest.raises(ReasonMissing):
        await closing.close(node, OPERATOR, loans)
    with pytest.raises(RoleMissing):
        await closing.close(node, OF_THE_BANK, loans, reason=REASON)
    done = await closing.close(node, OPERATOR, loans, reason="The pilot is over", request_id="r1")
    assert done.values["close_reason"] == "The pilot is over"
    assert await closing.close(
        node, OPERATOR, loans, reason="The pilot is over", request_id="r1"
    ) == done  # fmt: skip

    assert await products_seen(node, in_space(loans)) == []
    assert await products_seen(node, in_space(loans, MARKET)) == ["prd_1"]
    assert [each["party"] for each in await told_of(node, "space.close.members")] == [BANK]
    row = await seen(node, ADMIN, "participant", id=BANK)
    assert row["state"] == "ADMITTED"
    for again in (
        closing.close(node, ADMIN, loans, reason=REASON),
        spaces.amend(node, ADMIN, loans, {"name": "x"}),
        participants.join(node, ADMIN, MARKET, loans),
        participants.amend(node, ADMIN, MARKET, {"spaces": [loans]}),
    ):
        with pytest.raises(SpaceClosed):
            await again
    with pytest.raises(FieldsInvalid):
        await spaces.amend(node, ADMIN, (await a_new_space(node)), {"closed_at": None})


async def a_new_space(node: Node) -> str:
    return (await spaces.enter(node, ADMIN, {**LOANS, "code": "new"})).id


async def test_nothing_is_listed_in_a_closed_space(node: Node) -> None:
    loans = await a_logical_space(node)
    made: Create = a_product("prd_2", owner=BANK, state="REGISTERED", audience="SPACE", space=loans)
    await node.catalogue.apply(a_change_set(made))
    await closing.close(node, OPERATOR, loans, reason=REASON)
    publisher = caller_for(Role.PRODUCT_PUBLISHER, participant=BANK)
    with pytest.raises(SpaceClosed):
        await products.request_listing(node, publisher, "prd_2")


async def test_only_a_logical_space_closes_and_what_is_within_it_before_it(node: Node) -> None:
    loans = await a_logical_space(node)
    upper = (await seen(node, ADMIN, "space", id=loans))["part_of"]["id"]
    with pytest.raises(SpaceNotLogical):
        await closing.close(node, ADMIN, upper, reason=REASON)
    inner = (await spaces.enter(node, OPERATOR, {**LOANS, "code": "inner", "part_of": loans})).id
    with pytest.raises(SpaceHoldsOthers):
        await closing.close(node, OPERATOR, loans, reason=REASON)
    await closing.close(node, OPERATOR, inner, reason=REASON)
    await closing.close(node, OPERATOR, loans, reason=REASON)
    with pytest.raises(RoleMissing):
        await spaces.enter(node, OPERATOR, {**LOANS, "code": "late", "part_of": loans})


async def test_nobody_joins_or_closes_what_is_not_there(node: Node) -> None:
    with pytest.raises(ReferenceMissing):
        await participants.join(node, ADMIN, BANK, "spc_nowhere")
    with pytest.raises(NotFound):
        await closing.close(node, ADMIN, "spc_nowhere", reason=REASON)
    with pytest.raises(RoleMissing):
        await closing.close(node, SUPERVISOR, "spc_nowhere", reason=REASON)


async def test_who_has_not_been_admitted_or_is_frozen_is_let_into_no_space(node: Node) -> None:
    loans = await a_logical_space(node)
    firm = {"name": "企业 Firm", "kind": "ENTERPRISE"}
    with pytest.raises(PartyNotAdmitted):
        await participants.enter(node, ADMIN, {**firm, "spaces": [loans]})
    listed = (await participants.enter(node, ADMIN, firm)).id
    await node.catalogue.apply(a_change_set(a_participant("par_applies", state="SUBMITTED")))
    for caller, id_ in ((OPERATOR, listed), (ADMIN, listed), (OPERATOR, "par_applies")):
        with pytest.raises(PartyNotAdmitted):
            await participants.join(node, caller, id_, loans, reason=REASON)
    with pytest.raises(PartyNotAdmitted) as refusal:
        await participants.amend(node, ADMIN, "par_applies", {"spaces": [loans]})
    assert refusal.value.code == "participant.not_admitted"
    assert refusal.value.facts["standing"] == "SUBMITTED"

    await participants.admit(node, ADMIN, listed)
    await participants.join(node, OPERATOR, listed, loans, reason=REASON)
    await participants.suspend(node, ADMIN, listed, reason="frozen")
    with pytest.raises(PartyNotAdmitted):
        await participants.join(node, OPERATOR, listed, loans, role="PROVIDER", reason=REASON)
    await participants.leave(node, OPERATOR, listed, loans, reason=REASON)
