"""Work orders and data objections stand in work-lists, with their clocks, and are told."""

from datetime import timedelta
from typing import Any

import pytest

from dataspace.caller import Caller, Role
from dataspace.change import Amend
from dataspace.quality.machines import CERTAIN_AFTER
from dataspace.quantity import written
from dataspace.selection import Page, PartChild, Row, Selection, Where
from dataspace.tasks.nouns import STEPS
from hub.node import Node
from hub.operations.links.desks import DESKS
from hub.operations.quality import assessing, objections, supply
from hub.operations.tasks import finding, reminding
from hub.operations.tasks.deciding import Decision, decide_all
from hub.operations.tasks.listing import tasks_of
from tests.build import a_change_set, an_act, caller_for
from tests.clock import FrozenClock
from tests.unit.operations.city import BANK, REGISTRAR, STEWARD
from tests.unit.operations.test_objections import USER, filed, moved
from tests.unit.operations.test_quality import (
    GOOD,
    JOB,
    OTHER,
    POOR,
    a_draft,
    registered,
    replaced,
    rows_of,
)
from tests.unit.operations.test_supply import a_supplied

pytestmark = pytest.mark.anyio
ACTOR = "system:scheduler"
LIFECYCLES = [desk.lifecycle for desk in DESKS.values()]


async def mine(node: Node, caller: Caller) -> list[tuple[str, str]]:
    """What waits for the caller: its kind, and what is awaited."""
    found = await node.catalogue.select(
        Selection("task", ("kind", "awaited"), tasks_of(caller), page=Page(100))
    )
    kinds = ("WORK_ORDER", "DATA_OBJECTION")
    return [(row["kind"], row["awaited"]) for row in found.rows if row["kind"] in kinds]


async def the_task(node: Node, subject: str) -> Row:
    steps = PartChild("steps", "steps", tuple(field.name for field in STEPS.fields), first=99)
    fields = ("id", "status", "state", "desk", "term", "due_at", "link", "title")
    found = await node.catalogue.select(
        Selection("task", fields, Where("subject", "eq", subject), page=Page(1), parts=(steps,))
    )
    assert found.first is not None
    return found.first


async def codes(node: Node, subject: str) -> set[str]:
    where = Where("subject", "eq", subject)
    found = await node.catalogue.select(Selection("notice", ("code",), where, page=Page(100)))
    return {row["code"] for row in found.rows}


async def a_work_order(node: Node) -> tuple[str, str]:
    resource = await registered(node, await a_draft(node, POOR))
    await assessing.assess(node, STEWARD, resource)
    [order] = await rows_of(node, "work_order")
    return resource, order["id"]


async def test_a_work_order_goes_from_the_department_to_the_registrar_and_back(
    node: Node,
) -> None:
    _, order = await a_work_order(node)
    assert await mine(node, STEWARD) == [("WORK_ORDER", "answer")]
    assert await mine(node, OTHER) == [] == await mine(node, REGISTRAR)
    task = await the_task(node, order)
    assert (task["link"], task["term"]) == ("L2", "work_order.answer")
    # Monday 1 June 2026 and five working days.
    assert task["due_at"] == "2026-06-08T16:00:00.000Z"
    assert await codes(node, order) == {"work_order.open.department"}

    desk = DESKS["work_order"]
    await desk.move(node, STEWARD, order, "answer", reason="已重新导出")
    assert await mine(node, STEWARD) == []
    assert await mine(node, REGISTRAR) == [("WORK_ORDER", "close")]
    assert (await the_task(node, order))["due_at"] is None, "its clock stands still"
    await desk.move(node, REGISTRAR, order, "reopen", reason="Nothing changed")
    assert await mine(node, STEWARD) == [("WORK_ORDER", "answer")]
    await desk.move(node, REGISTRAR, order, "close", reason="Superseded")
    assert await mine(node, STEWARD) == []
    task = await the_task(node, order)
    assert task["status"] == "DONE"
    assert [step["move"] for step in task["steps"]] == ["open", "answer", "reopen", "close"]
    assert {
        "work_order.answer.registrar", "work_order.reopen.department", "work_order.close.department"
    } <= await codes(node, order)


async def test_the_next_good_run_closes_the_order_with_its_to_do_in_its_change_set(
    node: Node,
) -> None:
    resource, order = await a_work_order(node)
    await replaced(node, resource, GOOD)
    await assessing.assess(node, STEWARD, resource)
    task = await the_task(node, order)
    assert (task["status"], task["steps"][-1]["move"]) == ("DONE", "close")
    assert await mine(node, STEWARD) == []
    assert "work_order.close.department" in await codes(node, order)
    log = [each.evidence for each in await node.catalogue.changes_since(0, 10_000)]
    last = {each["action"] for each in log if each["change_set"] == log[-1]["change_set"]}
    assert {"work_order.close", "task.close", "notice.tell"} <= last


async def test_the_registrar_decides_on_an_order_about_a_draft_too(node: Node) -> None:
    await assessing.assess(node, STEWARD, await a_draft(node, POOR))
    [order] = await rows_of(node, "work_order")
    desk = DESKS["work_order"]
    await desk.move(node, STEWARD, order["id"], "answer", reason="It is a draft")
    done = await desk.move(node, REGISTRAR, order["id"], "close", reason="Measured again later")
    assert done.values["state"] == "CLOSED"


async def test_a_late_supply_makes_and_closes_a_to_do_at_its_logical_time(node: Node) -> None:
    await a_supplied(node, "res_1")
    late = node.clock.now() + timedelta(days=2)
    await supply.sweep(node, JOB, late)
    [order] = await rows_of(node, "work_order")
    assert await mine(node, STEWARD) == [("WORK_ORDER", "answer")]
    assert (await the_task(node, order["id"]))["steps"][0]["at"] == written(late)
    assert "work_order.open.department" in await codes(node, order["id"])
    now = {"data_changed_at": written(late)}
    await node.catalogue.apply(a_change_set(Amend("resource", "res_1", now, an_act())))
    await supply.sweep(node, JOB, late)
    assert await mine(node, STEWARD) == []


async def test_an_objection_waits_for_the_department_and_then_for_its_objector(
    node: Node, clock: FrozenClock
) -> None:
    id_ = await filed(node)
    assert await mine(node, STEWARD) == [("DATA_OBJECTION", "accept")]
    assert await mine(node, USER) == []
    assert (await the_task(node, id_))["term"] == "data_objection.answer"
    await moved(node, id_, (STEWARD, "accept"))
    assert await mine(node, STEWARD) == [("DATA_OBJECTION", "correct")]
    task = await the_task(node, id_)
    assert (task["term"], task["due_at"]) == (
        "data_objection.correction", "2026-06-15T16:00:00.000Z",
    )  # fmt: skip
    await moved(node, id_, (STEWARD, "correct"))
    assert await mine(node, USER) == [("DATA_OBJECTION", "confirm")]
    assert await mine(node, caller_for(Role.DATA_REQUESTER, participant="par_centre")) == []
    await moved(node, id_, (USER, "confirm"))
    assert await mine(node, USER) == [] == await mine(node, STEWARD)
    assert await codes(node, id_) == {
        "data_objection.file.department", "data_objection.accept.objector",
        "data_objection.correct.objector", "data_objection.confirm.department",
    }  # fmt: skip


async def test_silence_closes_an_objection_with_its_to_do(node: Node) -> None:
    id_ = await filed(node)
    await moved(node, id_, (STEWARD, "accept"), (STEWARD, "correct"))
    at = node.clock.now() + CERTAIN_AFTER
    assert (await objections.lapse_due(node, JOB, at)).done == 1
    task = await the_task(node, id_)
    assert (task["status"], task["steps"][-1]["move"]) == ("DONE", "lapse")
    assert await mine(node, USER) == []
    assert {"data_objection.lapse.objector", "data_objection.lapse.department"} <= await codes(
        node, id_
    )


async def test_what_nobody_answers_is_chased_and_escalated(node: Node, clock: FrozenClock) -> None:
    _, order = await a_work_order(node)
    told: set[str] = set()
    for _ in range(16):
        clock.advance(days=1)
        await reminding.remind(node, ACTOR, at=clock.now())
        told |= await codes(node, order)
    assert {"clock.reminder", "clock.last_day", "clock.escalation"} <= told


async def test_orders_and_objections_from_before_get_their_to_dos(
    node: Node, clock: FrozenClock
) -> None:
    """What was made before work-lists knew of them, as an upgrade finds it."""
    _, order = await a_work_order(node)
    task = await the_task(node, order)
    lost = Amend("task", task["id"], {"status": "DONE", "desk": None}, an_act("task.lose"))
    await node.catalogue.apply(a_change_set(lost))
    assert await mine(node, STEWARD) == []
    assert await finding.count(node, LIFECYCLES) == 1
    assert await finding.find(node, ACTOR, LIFECYCLES, at=clock.now()) == 1
    assert await mine(node, STEWARD) == [("WORK_ORDER", "answer")]


async def test_they_are_decided_in_bulk_as_everything_else_is(node: Node) -> None:
    _, order = await a_work_order(node)
    id_ = await filed(node, **_other())
    decided = await decide_all(
        node, STEWARD,
        [Decision(order, "answer", "Exported again"), Decision(id_, "accept", "We look into it")],
        desks=DESKS,
    )  # fmt: skip
    assert [each.refusal for each in decided] == [None, None]
    assert await mine(node, STEWARD) == [("DATA_OBJECTION", "correct")]


def _other() -> dict[str, Any]:
    return {"title": f"Another of {BANK}"}
