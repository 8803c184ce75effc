"""Applications to become a member of a logical space: who decides, what follows, who is told."""

from dataclasses import replace
from typing import Any

import pytest

from dataspace.caller import Role
from dataspace.errors import MovedOn, NotFound
from dataspace.guards.access import (
    CapabilityMissing,
    SpaceClosed,
    SpaceKeptByAnother,
    SpaceNotLogical,
    SpaceOfNobody,
)
from dataspace.guards.refusals import PartyNotAdmitted
from dataspace.quantity import read_moment
from dataspace.refusals import NotYours, ReasonMissing, RoleMissing
from dataspace.selection import Child, Page, Row, Selection, Where
from dataspace.visibility import visible
from hub.node import Node
from hub.operations import participants, spaces
from hub.operations.mechanism.reading import seen
from hub.operations.membership import closing
from hub.operations.membership.applying import DESK
from tests.build import a_change_set, a_participant, a_row, caller_for
from tests.unit.operations.city import ADMIN, BANK, CENTRE, MARKET, REGISTRAR
from tests.unit.operations.test_logical_spaces import (
    LOANS,
    OF_THE_BANK,
    OPERATOR,
    a_logical_space,
    told_of,
)

pytestmark = pytest.mark.anyio

OF_THE_MARKET = caller_for(Role.ORG_ADMIN, participant=MARKET, subject="usr-market")
REASON = "It pays its loans"


async def an_application(node: Node, space: str, **values: Any) -> str:
    given = {"space": space, "role": "PROVIDER", "purpose": "To offer loans", **values}
    made = await DESK.draft(node, OF_THE_BANK, given)
    await DESK.move(node, OF_THE_BANK, made.id, "submit")
    return made.id


async def bank(node: Node) -> Row:
    return await seen(node, ADMIN, "participant", id=BANK)


async def task_of(node: Node, id_: str) -> Row:
    party = Child("party", "party", Selection("participant", ("id",), page=Page(1)))
    asked = Selection(
        "task", ("status", "awaited", "due_at", "term"), Where("subject", "eq", id_), page=Page(1),
        children=(party,),
    )  # fmt: skip
    [row] = (await node.catalogue.select(asked)).rows
    return row


async def test_who_is_approved_is_a_member_in_the_role_that_it_applied_for(node: Node) -> None:
    loans = await a_logical_space(node)
    id_ = await an_application(node, loans)
    waits = await task_of(node, id_)
    assert (waits["status"], waits["awaited"], waits["party"]["id"]) == ("OPEN", "approve", CENTRE)
    assert waits["term"] == "membership_application.answer"
    assert read_moment(waits["due_at"]) > node.clock.now()
    [to_do] = await told_of(node, "membership_application.submit.operator")
    assert to_do["party"] == CENTRE
    assert (await bank(node))["spaces"].rows == [], "an application lets nobody in"

    done = await DESK.move(node, OPERATOR, id_, "approve", reason=REASON, request_id="r1")
    again = await DESK.move(node, OPERATOR, id_, "approve", reason=REASON, request_id="r1")
    assert (done.values["state"], again.revision) == ("APPROVED", done.revision)
    row = await bank(node)
    assert [each["id"] for each in row["spaces"].rows] == [loans]
    [membership] = row["memberships"]
    assert (membership["space"], membership["role"]) == (loans, "PROVIDER")
    assert (await task_of(node, id_))["status"] == "DONE"
    [told] = await told_of(node, "membership_application.approve.applicant")
    assert told["party"] == BANK
    acts = [each.evidence["action"] for each in await node.catalogue.changes_since(0, 500)
            if each.id == BANK]  # fmt: skip
    assert acts[-1] == "participant.become_member"


async def test_who_is_refused_is_told_why_and_may_apply_again(node: Node) -> None:
    loans = await a_logical_space(node)
    id_ = await an_application(node, loans)
    with pytest.raises(ReasonMissing):
        await DESK.move(node, OPERATOR, id_, "refuse")
    await DESK.move(node, OPERATOR, id_, "refuse", reason="No guarantee")
    [told] = await told_of(node, "membership_application.refuse.applicant")
    assert (told["party"], "No guarantee" in told["facts"]) == (BANK, True)
    assert not (await bank(node))["memberships"]
    again = await an_application(node, loans)
    await DESK.move(node, OF_THE_BANK, again, "take_back")
    assert (await task_of(node, again))["status"] == "DONE"
    assert len(await told_of(node, "membership_application.take_back.operator")) == 1


async def test_only_the_operator_of_the_space_decides_and_only_the_applicant_applies(
    node: Node,
) -> None:
    loans = await a_logical_space(node)
    id_ = await an_application(node, loans)
    with pytest.raises(NotYours):
        await DESK.move(node, OF_THE_BANK, id_, "approve", reason=REASON)
    for stranger in (ADMIN, replace(OPERATOR, participant="par_other"), OF_THE_MARKET):
        with pytest.raises(NotFound):
            await DESK.move(node, stranger, id_, "approve", reason=REASON)
    with pytest.raises(RoleMissing):
        await DESK.move(node, REGISTRAR, id_, "approve", reason=REASON)
    with pytest.raises(RoleMissing):
        developer = caller_for(Role.DEVELOPER, participant=BANK)
        await DESK.draft(node, developer, {"space": loans, "purpose": "x"})
    shown = [visible(each)["membership_application"] for each in (OF_THE_MARKET, OPERATOR)]
    counted = [
        len((await node.catalogue.select(
            Selection("membership_application", where=each, page=Page(5))
        )).rows)
        for each in shown
    ]  # fmt: skip
    assert counted == [0, 1]


async def test_a_space_that_is_kept_by_another_now_is_decided_on_by_that_one(node: Node) -> None:
    loans = await a_logical_space(node)
    id_ = await an_application(node, loans)
    await spaces.amend(node, ADMIN, loans, {"operator": MARKET})
    with pytest.raises(SpaceKeptByAnother):
        await DESK.move(node, OPERATOR, id_, "approve", reason=REASON)
    await DESK.move(node, OF_THE_BANK, id_, "take_back")
    await DESK.move(node, OF_THE_BANK, id_, "submit")
    done = await DESK.move(node, OF_THE_MARKET, id_, "approve", reason=REASON)
    assert done.values["operator"] == MARKET


async def test_what_is_asked_of_members_is_asked_when_it_is_submitted_and_again_when_decided(
    node: Node,
) -> None:
    loans = await a_logical_space(node)
    id_ = await an_application(node, loans)
    await spaces.amend(node, ADMIN, loans, {"required_capabilities": ["sandbox"]})
    with pytest.raises(CapabilityMissing):
        await DESK.move(node, OPERATOR, id_, "approve", reason=REASON)
    with pytest.raises(CapabilityMissing):
        await an_application(node, loans)
    able = {
        "name": "c", "kind": "CONNECTOR", "operator": BANK, "status": "ONLINE",
        "capabilities": ["sandbox"],
    }  # fmt: skip
    await node.catalogue.apply(a_change_set(a_row("node", "nod_1", able)))
    await participants.suspend(node, ADMIN, BANK, reason="frozen")
    with pytest.raises(PartyNotAdmitted):
        await DESK.move(node, OPERATOR, id_, "approve", reason=REASON)
    await participants.admit(node, ADMIN, BANK)
    await closing.close(node, OPERATOR, loans, reason="The pilot is over")
    with pytest.raises(SpaceClosed):
        await DESK.move(node, OPERATOR, id_, "approve", reason=REASON)
    await DESK.move(node, OPERATOR, id_, "refuse", reason="The pilot is over")


async def test_only_logical_spaces_are_applied_for(node: Node) -> None:
    loans = await a_logical_space(node)
    finance = (await seen(node, ADMIN, "space", id=loans))["part_of"]["id"]
    with pytest.raises(SpaceNotLogical):
        await an_application(node, finance)
    nobodys = {**LOANS, "code": "other"}
    await node.catalogue.apply(a_change_set(a_row("space", "spc_nobodys", nobodys)))
    with pytest.raises(SpaceOfNobody):
        await an_application(node, "spc_nobodys")


async def test_what_changed_about_the_member_meanwhile_is_not_undone(node: Node) -> None:
    loans = await a_logical_space(node)
    id_ = await an_application(node, loans)
    other = (await spaces.enter(node, ADMIN, {**LOANS, "code": "other"})).id
    apply, joined = node.catalogue.apply, False

    async def meanwhile(change_set: Any) -> Any:
        nonlocal joined
        if not joined:
            joined = True
            await participants.join(node, ADMIN, BANK, other)
        return await apply(change_set)

    node.catalogue.apply = meanwhile  # type: ignore[method-assign]
    with pytest.raises(MovedOn):
        await DESK.move(node, OPERATOR, id_, "approve", reason=REASON)
    node.catalogue.apply = apply  # type: ignore[method-assign]
    await DESK.move(node, OPERATOR, id_, "approve", reason=REASON)
    assert {each["space"] for each in (await bank(node))["memberships"]} == {other, loans}


async def test_the_account_of_a_member_is_told_with_the_decision(node: Node) -> None:
    from tests.unit.operations.remembered_accounts import RememberedAccounts

    with_accounts = replace(node, accounts=RememberedAccounts())
    loans = await a_logical_space(node)
    await node.catalogue.apply(a_change_set(
        a_participant("par_firm", state="ADMITTED", standing="ADMITTED")
    ))  # fmt: skip
    firm = caller_for(Role.ORG_ADMIN, participant="par_firm", subject="usr-firm")
    made = await DESK.draft(with_accounts, firm, {"space": loans, "purpose": "x"})
    await DESK.move(with_accounts, firm, made.id, "submit")
    await DESK.move(with_accounts, OPERATOR, made.id, "approve", reason=REASON)
    asked = Selection("errand", ("state",), page=Page(5))
    assert [each["state"] for each in (await node.catalogue.select(asked)).rows] == ["WAITING"]
