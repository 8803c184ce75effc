"""Data objections: filed by whoever is given the data, corrected, and closed by the objector."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dataspace.caller import ANYONE, Role
from dataspace.errors import NotFound, NotSignedIn
from dataspace.quality.machines import CERTAIN_AFTER
from dataspace.refusals import NotYours, RoleMissing, WrongState
from hub.node import Node
from hub.operations import resources
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.quality import objections
from tests.build import caller_for
from tests.clock import FrozenClock
from tests.unit.operations.city import (
    BANK,
    MARKET,
    REGISTRAR,
    RESOURCE,
    STEWARD,
    a_registered_resource,
)
from tests.unit.operations.test_quality import JOB, rows_of

pytestmark = pytest.mark.anyio

USER = caller_for(Role.DATA_REQUESTER, participant=BANK)
GIVEN = {
    "title": "注册资本有误",
    "detail": "91310000MA1TEXT01W 应为 500 万元",
    "columns": ["注册资本"],
}


async def filed(node: Node, **more: Any) -> str:
    resource = (await a_registered_resource(node)).id
    done = await objections.file(node, USER, {**GIVEN, "resource": resource, **more})
    assert done.values["state"] == "FILED"
    assert (done.values["objector"], done.values["department"]) == (BANK, MARKET)
    return done.id


async def moved(node: Node, id_: str, *steps: tuple[Any, str]) -> str:
    state = ""
    for caller, name in steps:
        done = await objections.decide_on(node, caller, id_, name, reason="Looked at it")
        state = done.values["state"]
    return state


async def test_an_objection_runs_until_it_is_confirmed(node: Node) -> None:
    id_ = await filed(node)
    assert await moved(node, id_, (STEWARD, "accept"), (STEWARD, "correct")) == "CORRECTED"
    assert await moved(node, id_, (USER, "insist"), (STEWARD, "accept")) == "ACCEPTED"
    assert await moved(node, id_, (STEWARD, "correct"), (USER, "confirm")) == "CLOSED"
    [row] = await rows_of(node, "data_objection", "closed_by", "answered_by", "corrected_at")
    assert (row["closed_by"], row["answered_by"]) == (USER.subject, STEWARD.subject)


async def test_a_refusal_is_confirmed_insisted_on_or_decided(node: Node) -> None:
    id_ = await filed(node)
    assert await moved(node, id_, (STEWARD, "refuse"), (USER, "insist")) == "FILED"
    assert await moved(node, id_, (STEWARD, "refuse"), (REGISTRAR, "decide")) == "CLOSED"


async def test_it_is_filed_by_somebody_at_work_on_what_they_see(node: Node) -> None:
    resource = (await a_registered_resource(node)).id
    given = {**GIVEN, "resource": resource}
    with pytest.raises(NotSignedIn):
        await objections.file(node, ANYONE, given)
    with pytest.raises(RoleMissing):
        await objections.file(node, replace(USER, roles=frozenset({Role.AUDITOR})), given)
    with pytest.raises(NotYours):
        await objections.file(node, replace(USER, participant=""), given)
    with pytest.raises(NotFound):
        await objections.file(node, USER, {**given, "resource": "res_none"})
    with pytest.raises(NotFound):
        await objections.file(node, USER, GIVEN)
    with pytest.raises(FieldsInvalid):
        await objections.file(node, USER, {**given, "detail": ""})
    with pytest.raises(FieldsInvalid):
        await objections.file(node, USER, {**given, "state": "CLOSED"})


async def test_what_is_not_registered_yet_is_not_objected_to(node: Node) -> None:
    draft = (await resources.draft(node, STEWARD, RESOURCE)).id
    with pytest.raises(WrongState):
        await objections.file(node, STEWARD, {**GIVEN, "resource": draft})


async def test_strangers_learn_nothing_of_an_objection(node: Node) -> None:
    id_ = await filed(node)
    stranger = caller_for(Role.DATA_STEWARD, participant="par_centre")
    with pytest.raises(NotFound):
        await objections.decide_on(node, stranger, id_, "accept")


async def test_the_same_request_files_once(node: Node) -> None:
    given = {**GIVEN, "resource": (await a_registered_resource(node)).id}
    first = await objections.file(node, USER, given, request_id="r1")
    assert (await objections.file(node, USER, given, request_id="r1")).id == first.id
    assert len(await rows_of(node, "data_objection")) == 1


async def test_a_correction_that_nobody_contradicts_is_closed_in_time(
    node: Node, clock: FrozenClock
) -> None:
    id_ = await filed(node)
    await moved(node, id_, (STEWARD, "accept"), (STEWARD, "correct"))
    at = clock.now() + CERTAIN_AFTER
    early = await objections.lapse_due(node, JOB, at - timedelta(seconds=1))
    assert (early.considered, early.done) == (0, 0)
    dry = await objections.lapse_due(node, JOB, at, dry_run=True)
    assert (dry.considered, dry.done) == (1, 0)
    done = await objections.lapse_due(node, JOB, at)
    assert (done.considered, done.done, done.failed) == (1, 1, 0)
    [row] = await rows_of(node, "data_objection", "state", "closed_by")
    assert (row["state"], row["closed_by"]) == ("CLOSED", JOB.subject)
    assert (await objections.lapse_due(node, JOB, at)).considered == 0
