"""A participant from its application to the end of its part (L1-a)."""

from dataclasses import replace

import pytest

from dataspace.accounts.port import Standing
from dataspace.caller import Caller, Role
from dataspace.change import Amend
from dataspace.guards.refusals import HandlersThere, IdentityIncomplete
from dataspace.refusals import FourEyes, ReasonMissing, StillInUse, WrongState
from dataspace.selection import Page, Selection
from hub.node import Node
from hub.operations import authorisations, members, participants
from hub.operations.mechanism.done import Done
from tests.build import a_change_set, an_act, caller_for
from tests.unit.operations.city import (
    ADMIN,
    BANK,
    REGISTRAR,
    REVIEWER2,
    SUPERVISOR,
    an_authorisable_resource,
    an_authorisation,
)
from tests.unit.operations.remembered_accounts import RememberedAccounts

pytestmark = pytest.mark.anyio

FIRM = {"name": "新公司 New firm", "kind": "ENTERPRISE"}
CODE = "91310000MA1FL0000N"
PAPERS = {"credit_code": CODE, "contact": "021-1234"}
SECADMIN = caller_for(Role.SECADMIN)


async def move(node: Node, caller: Caller, id_: str, name: str, reason: str = "") -> Done:
    return await participants.DESK.move(node, caller, id_, name, reason=reason)


async def test_an_application_is_admitted_by_another_person_than_handed_it_in(node: Node) -> None:
    accounts = RememberedAccounts()
    node = replace(node, accounts=accounts)
    id_ = (await participants.enter(node, REGISTRAR, FIRM)).id
    await move(node, REGISTRAR, id_, "prepare")
    with pytest.raises(IdentityIncomplete):
        await move(node, REGISTRAR, id_, "submit")
    await participants.amend(node, REGISTRAR, id_, PAPERS)
    await move(node, REGISTRAR, id_, "submit")
    with pytest.raises(FourEyes):
        await participants.admit(node, REGISTRAR, id_)
    assert accounts.organisations == {}, "who applies has no account yet"

    await move(node, ADMIN, id_, "return", "Which licence?")
    await move(node, REGISTRAR, id_, "submit")
    done = await participants.admit(node, ADMIN, id_)
    assert (done.values["state"], done.values["standing"]) == ("ADMITTED", "ADMITTED")
    assert accounts.organisations[id_].standing is Standing.LET_IN

    [task] = (await node.catalogue.select(Selection("task", ("subject", "status")))).rows
    assert (task["subject"], task["status"]) == (id_, "DONE")
    told = (await node.catalogue.select(Selection("notice", ("code",), page=Page(50)))).rows
    assert {each["code"].split(".")[1] for each in told} >= {"submit", "return", "admit"}


async def test_who_is_refused_is_refused_for_good_and_told_why(node: Node) -> None:
    id_ = (await participants.enter(node, REGISTRAR, {**FIRM, **PAPERS})).id
    await move(node, REGISTRAR, id_, "prepare")
    await move(node, REGISTRAR, id_, "submit")
    with pytest.raises(ReasonMissing):
        await move(node, ADMIN, id_, "reject")
    done = await move(node, ADMIN, id_, "reject", "No such firm")
    assert (done.values["state"], done.values["decision_reason"]) == ("REJECTED", "No such firm")
    with pytest.raises(WrongState):
        await participants.admit(node, ADMIN, id_)


async def test_a_supervisor_freezes_and_the_cause_is_removed(node: Node) -> None:
    done = await move(node, SUPERVISOR, BANK, "suspend", "Breach")
    assert (done.values["state"], done.values["standing"]) == ("FROZEN", "SUSPENDED")
    done = await participants.admit(node, ADMIN, BANK)
    assert (done.values["state"], done.values["standing"]) == ("ADMITTED", "ADMITTED")


async def test_nobody_leaves_with_grants_or_handlers(node: Node) -> None:
    grant = await an_authorisation(node, await an_authorisable_resource(node))
    person = {"username": "li.wen", "name": "Li Wen", "roles": ["developer"], "participant": BANK}
    await move(node, SUPERVISOR, BANK, "suspend", "Breach")
    await participants.admit(node, ADMIN, BANK)
    handler = await members.enter(node, SECADMIN, person)
    own = caller_for(Role.ORG_ADMIN, participant=BANK)
    await move(node, own, BANK, "exit", "Merged; services end with the year")
    with pytest.raises(StillInUse):
        await participants.withdraw(node, ADMIN, BANK, reason="Merged")
    await authorisations.revoke(node, REVIEWER2, grant, reason="Merged")
    with pytest.raises(HandlersThere):
        await participants.withdraw(node, ADMIN, BANK, reason="Merged")
    await members.amend(node, SECADMIN, handler.id, {"status": "REMOVED"})
    done = await participants.withdraw(node, ADMIN, BANK, reason="Merged")
    assert (done.values["state"], done.values["standing"]) == ("DEREGISTERED", "WITHDRAWN")


async def test_who_was_admitted_before_there_was_a_state_is_where_it_stood(node: Node) -> None:
    id_ = (await participants.enter(node, REGISTRAR, FIRM)).id
    await participants.admit(node, ADMIN, id_)
    unstated = Amend("participant", id_, {"state": None}, an_act())
    await node.catalogue.apply(a_change_set(unstated))
    done = await participants.suspend(node, ADMIN, id_, reason="Breach")
    assert done.values["state"] == "FROZEN"
