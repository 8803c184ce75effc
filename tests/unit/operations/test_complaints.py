"""Complaints as they are lodged, handled, answered and closed, on both catalogues."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dataspace.caller import ANYONE, Caller, Role
from dataspace.change import Amend
from dataspace.complaints.refusals import NotAssignable, ReopenedBefore, TooManyOpen
from dataspace.errors import MovedOn, NotFound, NotSignedIn
from dataspace.quantity import read_moment
from dataspace.refusals import FourEyes, NotInPerson, ReasonMissing, RoleMissing, WrongState
from dataspace.selection import Every, Page, PartChild, Row, Selection, Where
from dataspace.tasks.nouns import STEPS
from dataspace.visibility import told_to, visible
from hub.node import Node
from hub.operations import resources
from hub.operations.complaints import lodging
from hub.operations.complaints.desk import COMPLAINTS
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.tasks import finding, reminding
from hub.operations.tasks.listing import tasks_of
from tests.build import BUREAU, a_change_set, a_row, an_act, caller_for
from tests.clock import FrozenClock
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    APPROVER,
    BANK,
    CENTRE,
    MARKET,
    REGISTRAR,
    RESOURCE,
    STEWARD,
    SUPERVISOR,
    a_registered_resource,
    rule,
)
from tests.unit.operations.test_rulebooks import a_space, decided

pytestmark = pytest.mark.anyio

ACTOR = "system:scheduler"
CITIZEN = Caller("usr_citizen", "Citizen")
EMPLOYEE = caller_for(Role.DATA_REQUESTER, participant=BANK, subject="usr_employee")
COLLEAGUE = caller_for(Role.ORG_ADMIN, participant=BANK, subject="usr_colleague")
CLERK2 = caller_for(Role.REGISTRAR, subject="usr_second_clerk")
INSIDER = caller_for(*(Role.REGISTRAR, Role.SUPERVISOR), participant=MARKET, subject="usr_insider")
GIVEN: Mapping[str, Any] = {
    "matter": "数据久未更新 Stale data", "detail": "Nothing new since March; please update it",
    "complainant_name": "王小明", "complainant_contact": "13800000000",
}  # fmt: skip


async def lodged(node: Node, caller: Caller = CITIZEN, **values: Any) -> str:
    done = await lodging.lodge(node, caller, {**GIVEN, **values})
    assert done.values["state"] == "LODGED"
    return done.id


async def moved(node: Node, id_: str, *steps: tuple[Caller, str]) -> str:
    state = ""
    for caller, name in steps:
        done = await COMPLAINTS.move(node, caller, id_, name, reason=f"{name}: looked at it")
        state = done.values["state"]
    return state


async def the_row(node: Node, id_: str, *fields: str) -> Row:
    asked = Selection("complaint", ("state", *fields), Where("id", "eq", id_), page=Page(1))
    row = (await node.catalogue.select(asked)).first
    assert row is not None
    return row


async def the_task(node: Node, id_: str) -> Row:
    steps = PartChild("steps", "steps", tuple(field.name for field in STEPS.fields), first=99)
    fields = ("status", "awaited", "desk", "person", "term", "due_at", "title", "link", "acted")
    asked = Selection("task", fields, Where("subject", "eq", id_), page=Page(1), parts=(steps,))
    row = (await node.catalogue.select(asked)).first
    assert row is not None
    return row


async def mine(node: Node, caller: Caller) -> list[str]:
    """What of complaints waits for the caller."""
    where = Every((tasks_of(caller), Where("kind", "eq", "COMPLAINT")))
    found = await node.catalogue.select(Selection("task", ("awaited",), where, page=Page(100)))
    return [row["awaited"] for row in found.rows]


async def seen_by(node: Node, caller: Caller) -> set[str]:
    asked = Selection("complaint", ("id",), visible(caller)["complaint"], page=Page(100))
    return {row["id"] for row in (await node.catalogue.select(asked)).rows}


async def told(node: Node, caller: Caller) -> set[str]:
    """Codes of the notices about complaints that reach the caller, without their nouns."""
    where = Every((told_to(caller), Where("subject_kind", "eq", "complaint")))
    asked = Selection("notice", ("code", "facts"), where, page=Page(100))
    rows = (await node.catalogue.select(asked)).rows
    assert all(set(json.loads(row["facts"])) == {"object"} for row in rows), "its number only"
    return {row["code"].removeprefix("complaint.") for row in rows}


HANDLED = ((REGISTRAR, "accept"), (REGISTRAR, "take"), (REGISTRAR, "answer_founded"))


async def test_a_complaint_runs_from_lodging_to_its_complainants_word(node: Node) -> None:
    id_ = await lodged(node, resource=(await a_registered_resource(node)).id)
    assert await moved(node, id_, *HANDLED) == "ANSWERED"
    assert await moved(node, id_, (CITIZEN, "confirm")) == "CLOSED"
    row = await the_row(
        node, id_, "about", "outcome", "answer", "answered_by", "closed_by", "code", "channel"
    )
    assert row["code"].startswith("TS-2026-")
    assert (row["about"], row["channel"], row["outcome"]) == ("RESOURCE", "ONLINE", "FOUNDED")
    assert row["answer"] == "answer_founded: looked at it"
    assert (row["answered_by"], row["closed_by"]) == (REGISTRAR.subject, CITIZEN.subject)
    log = [each.evidence for each in await node.catalogue.changes_since(0, 10_000)]
    assert [each["action"] for each in log if each["subject"] == id_] == [
        "complaint.lodge", "complaint.accept", "complaint.take", "complaint.answer_founded",
        "complaint.confirm",
    ]  # fmt: skip


async def test_who_is_not_satisfied_has_it_handled_once_more_by_somebody_else(node: Node) -> None:
    id_ = await lodged(node)
    await moved(node, id_, *HANDLED)
    assert await moved(node, id_, (CITIZEN, "reopen")) == "ACCEPTED"
    with pytest.raises(FourEyes):
        await moved(node, id_, (REGISTRAR, "take"))
    assert await mine(node, REGISTRAR) == [], "who answered it is not asked again"
    assert await mine(node, APPROVER) == ["take"]
    again = ((APPROVER, "take"), (APPROVER, "answer_unfounded"))
    assert await moved(node, id_, *again) == "ANSWERED"
    assert (await the_row(node, id_, "outcome"))["outcome"] == "UNFOUNDED"
    with pytest.raises(ReopenedBefore):
        await moved(node, id_, (CITIZEN, "reopen"))


async def test_it_is_refused_with_a_reason_and_withdrawn_by_its_complainant(node: Node) -> None:
    refused, withdrawn = await lodged(node), await lodged(node)
    with pytest.raises(ReasonMissing):
        await COMPLAINTS.move(node, REGISTRAR, refused, "refuse", reason=" ")
    assert await moved(node, refused, (REGISTRAR, "refuse")) == "REFUSED"
    assert await moved(node, withdrawn, (REGISTRAR, "accept"), (CITIZEN, "withdraw")) == "WITHDRAWN"
    with pytest.raises(WrongState):
        await moved(node, withdrawn, (REGISTRAR, "take"))
    assert await mine(node, REGISTRAR) == [] == await mine(node, CITIZEN)


async def test_who_called_is_entered_with_a_name_and_a_contact_by_a_desk(node: Node) -> None:
    with pytest.raises(RoleMissing):
        await lodging.lodge(node, CITIZEN, {**GIVEN, "channel": "TELEPHONE"})
    for name in ("complainant_name", "complainant_contact"):
        with pytest.raises(FieldsInvalid) as refused:
            given = {**GIVEN, "channel": "LETTER", name: " "}
            await lodging.lodge(node, REGISTRAR, given)
        assert [each.path for each in refused.value.problems] == [name]
    id_ = await lodged(node, REGISTRAR, channel="TELEPHONE")
    assert (await the_row(node, id_, "complained_by"))["complained_by"] is None
    assert await mine(node, REGISTRAR) == [], "who entered it does not decide on it"
    with pytest.raises(FourEyes):
        await moved(node, id_, (REGISTRAR, "accept"))
    handled = ((APPROVER, "accept"), (APPROVER, "take"), (APPROVER, "answer_founded"))
    assert await moved(node, id_, *handled) == "ANSWERED"
    assert await mine(node, CLERK2) == ["confirm"]
    assert await moved(node, id_, (CLERK2, "confirm")) == "CLOSED"


async def test_what_does_not_hold_is_refused_and_nothing_is_kept(node: Node) -> None:
    resource = (await a_registered_resource(node)).id
    with pytest.raises(NotSignedIn):
        await lodging.lodge(node, ANYONE, GIVEN)
    for wrong in (
        {"detail": ""}, {"detail": "x" * 4001}, {"matter": None}, {"state": "CLOSED"},
        {"channel": "PIGEON"}, {"about": "NODE"}, {"complained_by": "usr_other"},
        {"resource": resource, "participant": MARKET},
    ):  # fmt: skip
        with pytest.raises(FieldsInvalid):
            await lodging.lodge(node, CITIZEN, {**GIVEN, **wrong})
    with pytest.raises(NotFound):
        await lodging.lodge(node, CITIZEN, {**GIVEN, "resource": "res_none"})
    assert await seen_by(node, REGISTRAR) == set()


async def test_nobody_learns_by_complaining_of_what_they_may_not_see(node: Node) -> None:
    draft = (await resources.draft(node, STEWARD, RESOURCE)).id
    with pytest.raises(NotFound):
        await lodging.lodge(node, CITIZEN, {**GIVEN, "resource": draft})


async def test_a_complainant_sees_their_own_and_nobody_elses(node: Node) -> None:
    own, other = await lodged(node), await lodged(node, EMPLOYEE, participant=BANK)
    assert await seen_by(node, CITIZEN) == {own}
    assert await seen_by(node, EMPLOYEE) == {other}
    assert await seen_by(node, COLLEAGUE) == set(), "not even that of a colleague"
    assert await seen_by(node, ANYONE) == set()
    assert await seen_by(node, replace(CITIZEN, subject="usr_stranger")) == set()
    assert await seen_by(node, caller_for(Role.AGENCY_REVIEWER1, Role.AUDITOR)) == set()
    for caller in (REGISTRAR, APPROVER, SUPERVISOR):
        assert await seen_by(node, caller) == {own, other}
    for stranger in (COLLEAGUE, replace(CITIZEN, subject="usr_stranger")):
        with pytest.raises(NotFound):
            await moved(node, own, (stranger, "withdraw"))


async def test_people_of_whom_it_is_about_neither_see_nor_handle_it(node: Node) -> None:
    id_ = await lodged(node, resource=(await a_registered_resource(node)).id)
    assert await seen_by(node, INSIDER) == set()
    assert await mine(node, INSIDER) == []
    clerk = replace(INSIDER, roles=frozenset({Role.REGISTRAR}))
    where = Every((visible(clerk)["task"], Where("kind", "eq", "COMPLAINT")))
    assert (await node.catalogue.select(Selection("task", ("id",), where, page=Page(9)))).rows == []
    with pytest.raises(NotFound):
        await moved(node, id_, (INSIDER, "accept"))
    assert await mine(node, REGISTRAR) == ["accept"]


async def test_a_complaint_about_the_bureau_is_taken_over_by_a_supervisor_of_elsewhere(
    node: Node,
) -> None:
    id_ = await lodged(node, participant=BUREAU)
    for caller in (REGISTRAR, APPROVER, SUPERVISOR):
        assert await seen_by(node, caller) == set()
        with pytest.raises(NotFound):
            await moved(node, id_, (caller, "accept"))
    outside = caller_for(Role.SUPERVISOR, participant=CENTRE, subject="usr_outside")
    steps = ((outside, "take_over"), (outside, "answer_founded"))
    assert await moved(node, id_, *steps) == "ANSWERED"


async def test_it_waits_for_one_desk_then_for_one_person_then_for_the_complainant(
    node: Node, clock: FrozenClock
) -> None:
    id_ = await lodged(node)
    task = await the_task(node, id_)
    assert (task["link"], task["term"]) == ("X2", "complaint.acceptance")
    assert task["title"].startswith("TS-2026-"), "a list tells nothing of what it says"
    assert task["due_at"] == "2026-06-08T16:00:00.000Z", "five working days from Monday"
    assert await mine(node, REGISTRAR) == await mine(node, APPROVER) == ["accept"]
    clock.advance(days=1)
    await moved(node, id_, (REGISTRAR, "accept"))
    assert (await the_task(node, id_))["term"] == "complaint.result"
    clock.advance(days=1)
    await moved(node, id_, (REGISTRAR, "take"))
    task = await the_task(node, id_)
    assert task["due_at"] == "2026-06-24T16:00:00.000Z", "fifteen, across the Dragon Boat Festival"
    assert task["person"] == REGISTRAR.subject
    assert (await mine(node, REGISTRAR), await mine(node, APPROVER)) == (["answer_founded"], [])
    await moved(node, id_, (REGISTRAR, "answer_founded"))
    assert (await mine(node, CITIZEN), await mine(node, REGISTRAR)) == (["confirm"], [])
    await moved(node, id_, (CITIZEN, "confirm"))
    assert await mine(node, CITIZEN) == []
    task = await the_task(node, id_)
    assert (task["status"], task["person"], len(task["steps"])) == ("DONE", None, 5)


async def people(node: Node, **participants: str) -> None:
    """Members by their subject, `_` for `-`; all of them approvers but for who is called other."""
    await node.catalogue.apply(a_change_set(*(
        a_row("member", f"mem_{name}", {
            "username": name, "name": name, "subject": f"usr_{name}", "status": "ACTIVE",
            "participant": participant,
            "roles": ["reg_approver"] if name != "other" else ["agency_reviewer1"],
        })
        for name, participant in participants.items()
    )))  # fmt: skip


async def test_the_desk_gives_it_to_a_colleague_who_alone_answers_it(node: Node) -> None:
    await people(node, zhao=BUREAU, qian=BUREAU)
    zhao, qian = (replace(APPROVER, subject=f"usr_{name}") for name in ("zhao", "qian"))
    id_ = await lodged(node)
    await moved(node, id_, (REGISTRAR, "accept"))
    done = await COMPLAINTS.assign(node, REGISTRAR, id_, "mem_zhao", reason="Yours")
    assert (done.values["state"], done.values["handled_by"]) == ("HANDLING", "usr_zhao")
    assert (await mine(node, zhao), await mine(node, REGISTRAR)) == (["answer_founded"], [])
    assert "assign.handled_by" in await told(node, zhao)
    assert "assign.complained_by" in await told(node, CITIZEN)
    with pytest.raises(NotInPerson):
        await moved(node, id_, (REGISTRAR, "answer_founded"))
    await COMPLAINTS.assign(node, REGISTRAR, id_, "mem_qian", reason="He is away")
    assert await mine(node, zhao) == []
    assert await moved(node, id_, (qian, "answer_founded"), (CITIZEN, "reopen")) == "ACCEPTED"
    with pytest.raises(NotAssignable):
        await COMPLAINTS.assign(node, REGISTRAR, id_, "mem_qian")
    with pytest.raises(FourEyes):
        await COMPLAINTS.assign(node, qian, id_, "mem_zhao")


async def test_it_is_given_to_nobody_who_could_not_take_it(node: Node, clock: FrozenClock) -> None:
    await people(node, other=BUREAU, gone=BUREAU, inside=MARKET, citizen=BUREAU)
    gone = Amend("member", "mem_gone", {"status": "REMOVED"}, an_act("member.remove"))
    await node.catalogue.apply(a_change_set(gone))
    id_ = await lodged(node, resource=(await a_registered_resource(node)).id)
    await moved(node, id_, (REGISTRAR, "accept"))
    everywhere = replace(REGISTRAR, roles=REGISTRAR.roles | {Role.SUPERVISOR})
    for caller, member in (
        (REGISTRAR, "mem_other"), (REGISTRAR, "mem_gone"), (REGISTRAR, "mem_none"),
        (REGISTRAR, "mem_inside"), (everywhere, "mem_inside"), (REGISTRAR, "mem_citizen"),
    ):  # fmt: skip
        with pytest.raises(NotAssignable):
            await COMPLAINTS.assign(node, caller, id_, member)
    with pytest.raises(NotAssignable):
        await COMPLAINTS.move(node, REGISTRAR, id_, "assign", reason="to whom?")
    with pytest.raises(NotFound):
        await COMPLAINTS.assign(node, INSIDER, id_, "mem_other")
    assert (await the_row(node, id_, "handled_by"))["handled_by"] is None


async def test_what_waits_for_one_person_is_not_their_deputys(node: Node) -> None:
    id_ = await lodged(node)
    await moved(node, id_, *HANDLED[:2])
    deputy = replace(
        CLERK2, delegation="dlg_1", delegator=REGISTRAR.subject, roles=REGISTRAR.roles
    )
    assert await mine(node, deputy) == []
    with pytest.raises(NotInPerson):
        await moved(node, id_, (deputy, "answer_founded"))
    assert await moved(node, id_, (CLERK2, "hand_back"), (CLERK2, "take")) == "HANDLING"


async def test_everybody_who_is_awaited_or_concerned_is_told_and_of_its_number_only(
    node: Node,
) -> None:
    id_ = await lodged(node)
    assert await told(node, REGISTRAR) == {"lodge.reg_approver_or_registrar"}
    await moved(node, id_, *HANDLED, (CITIZEN, "reopen"))
    assert await told(node, CITIZEN) == {
        "accept.complained_by", "take.complained_by", "answer_founded.complained_by",
    }  # fmt: skip
    assert await told(node, APPROVER) == {
        f"{move}.reg_approver_or_registrar" for move in ("lodge", "accept", "reopen")
    }
    assert await told(node, COLLEAGUE) == set()
    by_telephone = await lodged(node, REGISTRAR, channel="TELEPHONE")
    await moved(node, by_telephone, (APPROVER, "refuse"))
    assert "refuse.complained_by" in await told(node, CLERK2), "who called is told by a desk"


async def test_what_is_late_is_chased_at_whom_it_lies_and_escalated_to_the_supervisor(
    node: Node, clock: FrozenClock
) -> None:
    id_ = await lodged(node)
    await moved(node, id_, *HANDLED[:2])
    clock.advance(days=24)
    swept = await reminding.remind(node, ACTOR, at=clock.now(), link="X2")
    assert (swept.considered, swept.done) == (1, 1)
    where = Where("subject", "eq", id_)
    asked = Selection("notice", ("code", "roles", "recipient"), where, page=Page(100))
    rows = (await node.catalogue.select(asked)).rows
    clocks = {
        (row["code"], row["recipient"] or "", *(row["roles"] or ()))
        for row in rows if row["code"].startswith("clock.")
    }  # fmt: skip
    assert clocks == {
        ("clock.reminder", REGISTRAR.subject), ("clock.last_day", REGISTRAR.subject),
        ("clock.escalation", "", "supervisor"),
    }  # fmt: skip


async def test_the_clocks_are_those_of_the_rules_and_tighter_in_a_sub_space(
    node: Node, clock: FrozenClock
) -> None:
    await rule(node, complaint__acceptance_days_max="4")
    space = await a_space(node, "finance", part_of="spc_city")
    await decided(node, space, {"complaint.acceptance_days_max": 2})
    clock.advance(minutes=1)
    inside = (await a_registered_resource(node, name="子空间资源", space=space)).id
    in_space, in_city = await lodged(node, resource=inside), await lodged(node)
    due = [(await the_task(node, each))["due_at"] for each in (in_space, in_city)]
    assert due == ["2026-06-03T16:00:00.000Z", "2026-06-05T16:00:00.000Z"]
    rows = [await the_row(node, each, "decided_under") for each in (in_space, in_city)]
    assert "finance" in rows[0]["decided_under"]
    assert "finance" not in rows[1]["decided_under"]


async def test_one_person_has_so_many_open_complaints_and_no_more(node: Node) -> None:
    first = await lodged(node)
    for _ in range(lodging.OPEN_MAX - 1):
        await lodged(node)
    with pytest.raises(TooManyOpen):
        await lodging.lodge(node, CITIZEN, GIVEN)
    await lodged(node, EMPLOYEE)
    await moved(node, first, (CITIZEN, "withdraw"))
    await lodged(node)


async def test_the_same_request_lodges_once(node: Node) -> None:
    first = await lodging.lodge(node, CITIZEN, GIVEN, request_id="r1")
    again = await lodging.lodge(node, CITIZEN, GIVEN, request_id="r1")
    assert (again.id, again.values["code"]) == (first.id, first.values["code"])
    assert len(await seen_by(node, CITIZEN)) == 1


async def test_of_two_who_take_it_at_the_same_moment_one_has_it(node: Node) -> None:
    id_ = await lodged(node)
    await moved(node, id_, (REGISTRAR, "accept"))
    slow, watch = watched(node)

    async def faster() -> None:
        await moved(node, id_, (APPROVER, "take"))

    watch.after_select = faster
    with pytest.raises(MovedOn):
        await moved(slow, id_, (REGISTRAR, "take"))
    assert (await the_task(node, id_))["person"] == APPROVER.subject


async def test_it_is_lodged_in_four_statements_and_moved_in_three(node: Node) -> None:
    counted, watch = watched(node)
    id_ = await lodged(counted)
    assert (watch.selects, watch.applies) == (2, 1), "what it is about would be a third"
    watch.selects = watch.applies = 0
    await moved(counted, id_, (REGISTRAR, "accept"))
    assert (watch.selects, watch.applies) == (2, 1)


async def test_a_to_do_that_was_lost_is_made_again_for_the_one_person_awaited(
    node: Node, clock: FrozenClock
) -> None:
    id_ = await lodged(node, resource=(await a_registered_resource(node)).id)
    await moved(node, id_, *HANDLED[:2])
    lost = {"status": "DONE", "desk": None, "person": None}
    where = Where("subject", "eq", id_)
    row = (await node.catalogue.select(Selection("task", ("id",), where, page=Page(1)))).first
    assert row is not None
    change = Amend("task", row["id"], lost, an_act("task.lose"))
    await node.catalogue.apply(a_change_set(change))
    assert await finding.find(node, ACTOR, [COMPLAINTS.lifecycle], at=clock.now()) == 1
    assert await mine(node, REGISTRAR) == ["answer_founded"]
    assert await mine(node, INSIDER) == []


async def test_who_answers_for_what_it_is_about(node: Node) -> None:
    await node.catalogue.apply(a_change_set(
        a_row("node", "nod_1", {"name": "n", "kind": "BUSINESS", "status": "ONLINE",
                                "operator": CENTRE}),
        a_row("node", "nod_2", {"name": "m", "kind": "BUSINESS", "status": "ONLINE"}),
    ))  # fmt: skip

    async def respondent(**about: str) -> str | None:
        done = await lodging.lodge(node, EMPLOYEE, {**GIVEN, **about})
        return done.values.get("respondent")

    resource = (await a_registered_resource(node)).id
    assert await respondent(node="nod_1") == CENTRE
    assert await respondent(node="nod_2") is None
    assert await respondent(participant=MARKET) == MARKET
    assert await respondent(resource=resource) == MARKET
    assert await respondent() is None


async def test_its_working_days_are_not_guessed_when_the_next_year_is_not_known(
    node: Node, clock: FrozenClock
) -> None:
    clock.at = read_moment("2026-12-29T10:00:00+08:00")
    id_ = await lodged(node)
    task = await the_task(node, id_)
    assert (task["term"], task["due_at"]) == ("complaint.acceptance", None)
    assert await moved(node, id_, *HANDLED) == "ANSWERED", "nobody is held up by that"
    assert (await the_task(node, id_))["due_at"] == "2027-01-13T16:00:00.000Z"
    assert clock.now() + timedelta(days=15) < read_moment("2027-01-14T00:00:00+08:00")
