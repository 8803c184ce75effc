"""The to-do that every move leaves: for whom, why, until when, and what came before."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from dataspace.caller import Caller, Role
from dataspace.change import Act, Amend, Applied, ChangeSet, Create
from dataspace.errors import MovedOn
from dataspace.guards.refusals import NotOpened
from dataspace.refusals import GradeTooHigh, TermInvalid
from dataspace.selection import Order, Page, PartChild, Row, Selection, Where
from dataspace.tasks.nouns import STEPS
from hub.node import Node
from hub.operations import authorisations, products, resources
from hub.operations.tasks import finding, reminding
from hub.operations.tasks.deciding import Decision, decide_all
from hub.operations.tasks.listing import tasks_of
from tests.build import caller_for
from tests.clock import FrozenClock
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    APPROVER,
    PUBLICITY_DAYS,
    REGISTRAR,
    RESOURCE,
    STEWARD,
    an_application,
    an_authorisable_resource,
    pass_time,
)

ACTOR = "system:scheduler"
DESKS = {desk.lifecycle.kind: desk for desk in (resources.DESK, authorisations.DESK, products.DESK)}
LIFECYCLES = [desk.lifecycle for desk in DESKS.values()]


async def tasks(node: Node, where: Any = None) -> list[Row]:
    parts = (PartChild("steps", "steps", tuple(field.name for field in STEPS.fields), first=99),)
    fields = (
        "id", "title", "subject", "status", "state", "awaited", "desk", "since", "due_at", "term",
        "told", "level", "next_step_at", "acted",
    )  # fmt: skip
    selection = Selection(
        "task", fields, page=Page(100), order=Order("due_at"), parts=parts,
        **({"where": where} if where else {}),
    )  # fmt: skip
    return (await node.catalogue.select(selection)).rows


async def clock_notices(node: Node, code: str = "") -> list[Row]:
    selection = Selection("notice", ("code", "roles", "facts"), page=Page(100))
    rows = (await node.catalogue.select(selection)).rows
    return [each for each in rows if each["code"].startswith(f"clock.{code}")]


async def mine(node: Node, caller: Caller) -> list[str]:
    return [each["subject"] for each in await tasks(node, tasks_of(caller))]


async def a_submitted_resource(node: Node, **values: Any) -> str:
    done = await resources.draft(node, STEWARD, {**RESOURCE, **values})
    await resources.submit(node, STEWARD, done.id)
    return done.id


async def test_a_to_do_goes_from_desk_to_desk_with_its_object_and_is_closed_with_it(
    node: Node,
) -> None:
    id_ = await a_submitted_resource(node)
    assert await mine(node, REGISTRAR) == [id_]
    assert await mine(node, APPROVER) == []

    await resources.take_in(node, REGISTRAR, id_)
    await resources.pass_(node, REGISTRAR, id_)
    assert await mine(node, REGISTRAR) == []
    assert await mine(node, APPROVER) == [id_]

    pass_time(node, days=PUBLICITY_DAYS)
    await resources.register(node, APPROVER, id_)
    [task] = await tasks(node)
    assert (task["status"], task["desk"], task["due_at"]) == ("DONE", None, None)
    assert [step["move"] for step in task["steps"]] == ["submit", "take_in", "pass", "register"]
    assert await mine(node, APPROVER) == []


async def test_what_was_returned_waits_for_its_own_department_and_its_clock_stands_still(
    node: Node,
) -> None:
    id_ = await a_submitted_resource(node)
    await resources.take_in(node, REGISTRAR, id_)
    await resources.return_(node, REGISTRAR, id_, reason="The summary says nothing")

    [task] = await tasks(node)
    assert (task["state"], task["awaited"], task["due_at"]) == ("RETURNED", "submit", None)
    assert task["steps"][-1]["reason"] == "The summary says nothing"
    assert await mine(node, STEWARD) == [id_], "although the steward submitted it before"
    stranger = caller_for(Role.DATA_STEWARD, participant="par_bank")
    assert await mine(node, stranger) == []


async def test_the_deadline_is_counted_in_working_days_and_goes_on_after_a_return(
    node: Node, clock: FrozenClock
) -> None:
    id_ = await a_submitted_resource(node)
    await resources.take_in(node, REGISTRAR, id_)
    [task] = await tasks(node)
    assert task["term"] == "resource.form_review"
    # Monday 1 June 2026 and 20 working days, with the Dragon Boat Festival on Friday the 19th.
    assert task["due_at"] == "2026-06-30T16:00:00.000Z"

    clock.advance(days=2)
    await resources.return_(node, REGISTRAR, id_, reason="Lacking")
    clock.advance(days=7)
    await resources.submit(node, STEWARD, id_)
    [task] = await tasks(node)
    assert task["due_at"] == "2026-07-08T16:00:00.000Z", "six working days did not count"


async def test_a_reviewer_who_acted_does_not_find_it_in_their_list_again(node: Node) -> None:
    both = replace(caller_for(Role.REGISTRAR, Role.REG_APPROVER), subject="usr_both")
    id_ = await a_submitted_resource(node)
    await resources.take_in(node, both, id_)
    await resources.pass_(node, both, id_)
    assert await mine(node, both) == []
    assert await mine(node, APPROVER) == [id_]


async def test_a_removed_draft_takes_its_to_do_with_it(node: Node) -> None:
    id_ = await a_submitted_resource(node)
    await resources.withdraw(node, STEWARD, id_)
    await resources.remove(node, STEWARD, id_)
    assert await tasks(node) == []


async def test_the_whole_list_is_one_statement(node: Node) -> None:
    for n in range(3):
        await a_submitted_resource(node, name=f"Resource {n}", code=f"c{n}")
    counted, watch = watched(node)
    assert len(await mine(counted, REGISTRAR)) == 3
    assert watch.selects == 1


async def test_what_is_late_is_told_once_at_each_step_and_escalated(
    node: Node, clock: FrozenClock
) -> None:
    resource = await an_authorisable_resource(node)
    await an_application(node, resource)
    assert (await reminding.remind(node, ACTOR, at=clock.now())).considered == 0

    actions: list[str] = []
    for _ in range(16):
        clock.advance(days=1)
        for _ in range(2):
            await reminding.remind(node, ACTOR, at=clock.now())
        [task] = await tasks(node, Where("kind", "eq", "AUTHORISATION"))
        actions = task["told"]
    assert len(actions) == len(set(actions))
    codes = [each.partition("@")[0] for each in actions]
    assert codes[:2] == ["authorisation.answer:REMINDER-1", "authorisation.answer:LAST_DAY+0"]
    assert codes.count("authorisation.answer:ESCALATION+1") == 1
    assert codes.count("authorisation.answer:ESCALATION+3") == 1
    assert codes.count("authorisation.backlog:ESCALATION+1") == 1
    assert task["level"] == 3
    assert codes.count("authorisation.answer:REMINDER+1") > 5, "daily, until somebody acts"
    assert len(await clock_notices(node)) == len(actions)
    lies_with, escalated = [
        {tuple(each["roles"]) for each in await clock_notices(node, code)}
        for code in ("reminder", "escalation")
    ]
    assert lies_with == {("agency_reviewer1",)}
    assert escalated == {("agency_reviewer2",), ("supervisor",)}


async def test_a_sweep_that_was_missed_for_days_tells_what_is_so_now(
    node: Node, clock: FrozenClock
) -> None:
    resource = await an_authorisable_resource(node)
    await an_application(node, resource)
    clock.advance(days=30)
    swept = await reminding.remind(node, ACTOR, at=clock.now())
    assert (swept.considered, swept.done) == (1, 1)
    assert (await reminding.remind(node, ACTOR, at=clock.now())).considered == 0
    clock.advance(days=-1)
    assert (await reminding.remind(node, ACTOR, at=clock.now())).considered == 0, "put back"


async def test_a_term_is_as_long_as_the_rulebook_in_force_says(
    node: Node, clock: FrozenClock
) -> None:
    await a_rulebook(node, clock, {"resource.review_days_max": "5"})
    id_ = await a_submitted_resource(node)
    await resources.take_in(node, REGISTRAR, id_)
    [task] = await tasks(node)
    assert task["due_at"] == "2026-06-08T16:00:00.000Z"
    found = await node.catalogue.select(
        Selection("resource", ("decided_under",), Where("id", "eq", id_))
    )
    assert found.rows[0]["decided_under"] == "city v1"


async def test_a_deadline_in_a_year_without_a_calendar_is_found_when_it_comes(
    node: Node, clock: FrozenClock
) -> None:
    clock.at = datetime(2026, 12, 20, 4, tzinfo=UTC)
    id_ = await a_submitted_resource(node)
    await resources.take_in(node, REGISTRAR, id_)
    [task] = await tasks(node)
    assert (task["term"], task["due_at"]) == ("resource.form_review", None)
    assert (await reminding.time_anew(node, ACTOR, at=clock.now())).done == 0


async def test_decisions_are_taken_one_by_one_and_every_one_is_answered_for(node: Node) -> None:
    first, second = [
        await a_submitted_resource(node, name=f"Resource {n}", code=f"c{n}") for n in range(2)
    ]
    decided = await decide_all(
        node, REGISTRAR,
        [
            Decision(first, "take_in"),
            Decision(second, "return"),
            Decision("res_nowhere", "take_in"),
            Decision("nonsense", "take_in"),
            Decision(second, "take_in", request_id="again"),
            Decision(second, "take_in", request_id="again"),
        ],
        desks=DESKS,
    )  # fmt: skip
    codes = [each.refusal.code if each.refusal else None for each in decided]
    missing = "catalogue.not_found"
    assert codes == [None, "lifecycle.wrong_state", missing, missing, None, None]
    assert decided[4].done == decided[5].done


async def test_what_came_in_without_a_move_gets_its_to_do(node: Node, clock: FrozenClock) -> None:
    id_ = await a_submitted_resource(node)
    [task] = await tasks(node)
    act = Act("importer", "task.lose", "2026-06-01T12:00:00.000Z")
    await node.catalogue.apply(
        ChangeSet("lost", (Amend("task", task["id"], {"status": "DONE", "desk": None}, act),))
    )
    assert await mine(node, REGISTRAR) == []
    made = await finding.find(node, ACTOR, LIFECYCLES, at=clock.now())
    assert (made, await mine(node, REGISTRAR)) == (1, [id_])
    assert await finding.find(node, ACTOR, LIFECYCLES, at=clock.now()) == 0


async def test_a_to_do_whose_object_moved_on_past_the_moves_is_closed_and_that_is_told(
    node: Node, clock: FrozenClock
) -> None:
    id_ = await a_submitted_resource(node)
    other = await a_submitted_resource(node, name="Other", code="c2")
    past = Act("usr_dba", "past.the_operations", "2026-06-01T12:00:00.000Z")
    await node.catalogue.apply(ChangeSet("past", (
        Amend("resource", id_, {"state": "REGISTERED"}, past),
        Amend("resource", other, {"state": "PUBLICITY"}, past),
    )))  # fmt: skip
    assert sorted(await mine(node, REGISTRAR)) == sorted([id_, other])
    assert await finding.count(node, LIFECYCLES) == 2
    assert await finding.find(node, ACTOR, LIFECYCLES, at=clock.now()) == 2

    assert await mine(node, REGISTRAR) == []
    assert await mine(node, APPROVER) == [other], "handed on to whoever is awaited"
    by_subject = {task["subject"]: task for task in await tasks(node)}
    closed = by_subject[id_]
    assert (closed["status"], closed["state"], closed["desk"]) == ("DONE", "REGISTERED", None)
    assert [step["move"] for step in closed["steps"]] == ["submit", "find"]
    assert "SUBMITTED → REGISTERED" in closed["steps"][-1]["reason"]
    log = await node.catalogue.changes_since(0, 1000)
    [record] = [each.evidence for each in log if each.evidence["action"] == "task.close"]
    assert (record["actor"], record["subject"]) == (ACTOR, closed["id"])
    assert "SUBMITTED → REGISTERED" in record["reason"]
    told = await clock_notices(node, "moved_on")
    assert [each["roles"] for each in told] == [["registrar"]] * 2, "the desk where it lay"

    again = len(await node.catalogue.changes_since(0, 1000))
    assert await finding.find(node, ACTOR, LIFECYCLES, at=clock.now()) == 0
    assert await finding.count(node, LIFECYCLES) == 0
    assert len(await node.catalogue.changes_since(0, 1000)) == again


async def test_of_a_whole_page_of_stale_to_dos_none_is_left(
    node: Node, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PAGE", 2)
    past = Act("usr_dba", "past.the_operations", "2026-06-01T12:00:00.000Z")
    made = [await a_submitted_resource(node, name=f"R {n}", code=f"c{n}") for n in range(5)]
    gone = [Amend("resource", each, {"state": "CANCELLED"}, past) for each in made]
    await node.catalogue.apply(ChangeSet("past", tuple(gone)))
    assert await finding.find(node, ACTOR, LIFECYCLES, at=clock.now(), limit=3) == 3
    assert await finding.find(node, ACTOR, LIFECYCLES, at=clock.now()) == 2
    assert {task["status"] for task in await tasks(node)} == {"DONE"}


async def test_two_that_began_to_wait_at_one_instant_are_each_told_of(
    node: Node, clock: FrozenClock
) -> None:
    for n in range(2):
        id_ = await a_submitted_resource(node, name=f"R {n}", code=f"c{n}")
        await resources.take_in(node, REGISTRAR, id_)
    clock.advance(days=40)
    assert (await reminding.remind(node, ACTOR, at=clock.now())).done == 2


async def a_rulebook(node: Node, clock: FrozenClock, rules: dict[str, str]) -> None:
    moment = "2026-01-01T00:00:00.000Z"
    act = Act("test", "rulebook.enter", moment)
    space = {"code": "city", "name": "City", "kind": "CITY", "tier": "CITY"}
    book = {
        "title": "Rules", "status": "DECIDED", "edition": 1, "tier": "CITY", "space": "spc_city",
        "takes_effect_at": moment, "created_at": moment,
        "rules": [{"name": name, "value": value} for name, value in rules.items()],
    }  # fmt: skip
    await node.catalogue.apply(ChangeSet("rules", (
        Create("space", "spc_city", space, act), Create("rulebook", "rbk_1", book, act),
    )))  # fmt: skip


async def test_guards_go_by_the_rules_in_force(node: Node, clock: FrozenClock) -> None:
    resource = await an_authorisable_resource(node, grade=2, open_attribute="NOT_OPEN")
    await a_rulebook(
        node, clock,
        {
            "authorisation.term_years_max": "1", "authorisation.not_open_permitted": "NO",
            "resource.grade_max": "1", "resource.validity_years_max": "2",
        },
    )  # fmt: skip
    with pytest.raises(NotOpened):
        await an_application(node, resource)
    other = await resources.draft(node, STEWARD, {**RESOURCE, "code": "c9", "name": "Other"})
    with pytest.raises(GradeTooHigh):
        await resources.submit(node, STEWARD, other.id)
    third = await an_authorisable_resource(node, grade=1, code="c8", name="Third")
    found = await node.catalogue.select(
        Selection("resource", ("valid_until", "decided_under"), Where("id", "eq", third))
    )
    assert found.rows[0] == {
        **found.rows[0], "valid_until": "2028-06-01T12:00:00.000Z", "decided_under": "city v1",
    }  # fmt: skip
    with pytest.raises(TermInvalid):
        await an_application(node, third)


async def test_what_stays_due_does_not_hide_what_lies_behind_it(
    node: Node, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "PAGE", 1)
    clock.at = datetime(2026, 12, 20, 4, tzinfo=UTC)
    for n in range(3):
        id_ = await a_submitted_resource(node, name=f"Resource {n}", code=f"c{n}")
        await resources.take_in(node, REGISTRAR, id_)
    assert (await reminding.time_anew(node, ACTOR, at=clock.now())).considered == 3


async def test_a_search_for_what_waits_unseen_ends_when_everything_moves_on(
    node: Node, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PAGE", 1)
    act = Act("importer", "task.lose", "2026-06-01T12:00:00.000Z")
    for n in range(2):
        await a_submitted_resource(node, name=f"Resource {n}", code=f"c{n}")
    lost = [Amend("task", each["id"], {"status": "DONE"}, act) for each in await tasks(node)]
    await node.catalogue.apply(ChangeSet("lost", tuple(lost)))
    slow, watch = watched(node)

    async def moved_on(change_set: ChangeSet) -> Applied:
        raise MovedOn(kind="task", id=change_set.id)

    monkeypatch.setattr(watch, "apply", moved_on)
    assert await finding.find(slow, ACTOR, LIFECYCLES, at=clock.now()) == 0
    assert await finding.find(node, ACTOR, LIFECYCLES, at=clock.now()) == 2
