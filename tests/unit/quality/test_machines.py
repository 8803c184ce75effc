"""The machines of a work order and an objection: nothing is stuck, everybody has their word."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dataspace.caller import Caller, Role
from dataspace.machine import NOWHERE, Machine, Mark, Situation, decide, offers
from dataspace.quality.machines import CERTAIN_AFTER, DATA_OBJECTION, WORK_ORDER
from dataspace.quality.refusals import NotYetCertain
from dataspace.quantity import written
from dataspace.refusals import NotYours, ReasonMissing, RoleMissing, WrongState
from dataspace.relations import RELATIONS

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ROW = {"id": "obj_1", "department": "par_department", "objector": "par_user"}
STEWARD = Caller("usr_steward", roles=frozenset({Role.DATA_STEWARD}), participant="par_department")
USER = Caller("usr_user", roles=frozenset({Role.DATA_REQUESTER}), participant="par_user")
REGISTRAR = Caller("usr_registrar", roles=frozenset({Role.REGISTRAR}), participant="par_bureau")
each_machine = pytest.mark.parametrize(
    "machine", (WORK_ORDER, DATA_OBJECTION), ids=lambda machine: machine.kind
)


def ahead(machine: Machine, state: str) -> set[str]:
    reached, frontier = {state}, [state]
    while frontier:
        for move in machine.from_state(frontier.pop()):
            if move.to not in reached:
                reached.add(move.to)
                frontier.append(move.to)
    return reached


@each_machine
def test_every_state_is_reached_and_an_end_is_reached_from_everywhere(machine: Machine) -> None:
    assert ahead(machine, NOWHERE) == {NOWHERE, *machine.by_code}
    for state in machine.states:
        assert bool(machine.from_state(state.code)) != state.final
        assert any(machine.by_code[each].final for each in ahead(machine, state.code) - {NOWHERE})


@each_machine
def test_all_that_a_move_names_exists(machine: Machine) -> None:
    noun = RELATIONS.by_name[machine.kind]
    for move in machine.moves:
        assert move.roles
        assert not move.party or move.party in noun.edge_by_name
        assert set(move.marks) <= set(noun.by_name)
        assert (Mark.REASON in move.marks.values()) or move.name in ("open", "file")


def tried(machine: Machine, name: str, caller: Caller, state: str, **more: Any) -> str:
    row = {**ROW, "state": state, **more.pop("row", {})}
    reason = more.pop("reason", "because")
    return decide(machine, name, Situation(caller, more.pop("now", NOW), row, reason)).move.to


def test_an_objection_runs_until_its_objector_confirms() -> None:
    objection = DATA_OBJECTION
    assert tried(objection, "file", USER, NOWHERE) == "FILED"
    assert tried(objection, "accept", STEWARD, "FILED") == "ACCEPTED"
    assert tried(objection, "correct", STEWARD, "ACCEPTED") == "CORRECTED"
    assert tried(objection, "insist", USER, "CORRECTED") == "FILED"
    assert tried(objection, "confirm", USER, "CORRECTED") == "CLOSED"


def test_nobody_else_has_the_last_word() -> None:
    for caller in (STEWARD, REGISTRAR):
        with pytest.raises((RoleMissing, NotYours)):
            tried(DATA_OBJECTION, "confirm", caller, "CORRECTED")
    with pytest.raises(RoleMissing):
        tried(DATA_OBJECTION, "refuse", USER, "FILED")
    with pytest.raises(NotYours):
        other = Caller("x", roles=frozenset({Role.DATA_STEWARD}), participant="par_other")
        tried(DATA_OBJECTION, "accept", other, "FILED")


def test_a_refusal_needs_a_reason_and_may_be_decided() -> None:
    with pytest.raises(ReasonMissing):
        tried(DATA_OBJECTION, "refuse", STEWARD, "FILED", reason="")
    with pytest.raises(ReasonMissing):
        tried(DATA_OBJECTION, "refuse", STEWARD, "FILED", reason="x" * 100_000)
    assert tried(DATA_OBJECTION, "refuse", STEWARD, "FILED") == "REFUSED"
    assert tried(DATA_OBJECTION, "decide", REGISTRAR, "REFUSED") == "CLOSED"
    with pytest.raises(WrongState):
        tried(DATA_OBJECTION, "decide", REGISTRAR, "CORRECTED")


def test_silence_closes_a_correction_only_after_its_time() -> None:
    row = {"corrected_at": written(NOW)}
    early = NOW + CERTAIN_AFTER - timedelta(seconds=1)
    with pytest.raises(NotYetCertain):
        tried(DATA_OBJECTION, "lapse", REGISTRAR, "CORRECTED", row=row, now=early)
    late = NOW + CERTAIN_AFTER
    assert tried(DATA_OBJECTION, "lapse", REGISTRAR, "CORRECTED", row=row, now=late) == "CLOSED"


def test_a_work_order_is_answered_by_its_department_and_closed_by_the_desk() -> None:
    assert tried(WORK_ORDER, "answer", STEWARD, "OPEN") == "ANSWERED"
    assert tried(WORK_ORDER, "reopen", REGISTRAR, "ANSWERED") == "OPEN"
    assert tried(WORK_ORDER, "close", REGISTRAR, "OPEN") == "CLOSED"
    with pytest.raises(RoleMissing):
        tried(WORK_ORDER, "close", STEWARD, "OPEN")
    found = offers(WORK_ORDER, Situation(STEWARD, NOW, {**ROW, "state": "OPEN"}))
    assert [each.move.name for each in found if each.refusal is None] == ["answer"]
