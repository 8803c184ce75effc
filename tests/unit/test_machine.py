"""The mechanism of state machines: which rule refuses first, and what a decided move notes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from dataspace.caller import ANYONE, Caller, Role
from dataspace.errors import DataSpaceError
from dataspace.machine import (
    NOWHERE,
    REASON_CHARACTERS_MAX,
    Guard,
    Machine,
    Mark,
    Move,
    Situation,
    State,
    decide,
    offers,
    roles_for,
)
from dataspace.refusals import (
    FourEyes,
    MoveUnknown,
    NotYours,
    ReasonMissing,
    RoleMissing,
    WrongState,
)
from dataspace.selection import Where
from dataspace.text import Text
from tests.build import caller_for

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
STEWARD = caller_for(Role.DATA_STEWARD, participant="par_a")
CLERK = caller_for(Role.REGISTRAR, participant="par_city")


def _refuse(situation: Situation) -> None:
    if situation.related.get("bad"):
        raise FourEyes(id=situation.row["id"], subject=situation.caller.subject)


def _of(text: str) -> Text:
    return Text(text, text)


MACHINE = Machine(
    "resource",
    "L2",
    states=(
        State("DRAFT", _of("Draft"), open_to_change=True),
        State("DONE", _of("Done"), final=True),
    ),
    moves=(
        Move("draft", _of("Draft"), (NOWHERE,), "DRAFT", STEWARD.roles, party="provider"),
        Move(
            "finish", _of("Finish"), ("DRAFT",), "DONE", CLERK.roles,
            guards=(Guard("G-1", _of("One"), _refuse),),
            marks={"reviewed_by": Mark.ACTOR, "registered_at": Mark.NOW,
                   "decision_reason": Mark.REASON, "second_reviewed_by": Mark.NOTHING},
            needs_reason=True,
        ),
        Move("drop", _of("Drop"), ("DRAFT",), "DONE", STEWARD.roles, party="provider"),
    ),
)  # fmt: skip
DRAFT = {"id": "res_1", "state": "DRAFT", "provider": "par_a"}


def situation(caller: Caller, row: dict[str, Any] | None = None, **more: Any) -> Situation:
    return Situation(caller, NOW, DRAFT if row is None else row, **more)


def test_a_decided_move_notes_who_when_and_why_and_guards_the_state_that_it_saw() -> None:
    step = decide(MACHINE, "finish", situation(CLERK, reason="  complete \n"))
    assert step.values == {
        "state": "DONE",
        "reviewed_by": CLERK.subject,
        "registered_at": "2026-06-01T12:00:00.000Z",
        "decision_reason": "complete",
        "second_reviewed_by": None,
    }
    assert step.action == "resource.finish"
    assert step.guard == Where("state", "eq", "DRAFT")


def test_what_is_not_there_yet_is_made_by_a_move_from_nowhere() -> None:
    step = decide(MACHINE, "draft", situation(STEWARD, {"provider": "par_a"}))
    assert step.values == {"state": "DRAFT"}


def test_a_move_that_the_machine_does_not_know_is_refused_with_those_that_it_does() -> None:
    with pytest.raises(MoveUnknown) as caught:
        decide(MACHINE, "fly", situation(CLERK))
    assert caught.value.facts["moves"] == "draft, finish, drop"


def test_rules_are_tried_in_the_order_of_role_owner_state_reason_guard() -> None:
    done = {**DRAFT, "state": "DONE"}
    elsewhere = caller_for(Role.DATA_STEWARD, participant="par_b")
    bad = {"bad": True}
    tried = [
        ("finish", situation(STEWARD, done, related=bad), RoleMissing),
        ("drop", situation(elsewhere, done), NotYours),
        ("finish", situation(CLERK, done, related=bad), WrongState),
        ("finish", situation(CLERK, related=bad), ReasonMissing),
        ("finish", situation(CLERK, related=bad, reason="x"), FourEyes),
    ]
    for move, asked, refusal in tried:
        with pytest.raises(refusal):
            decide(MACHINE, move, asked)


@pytest.mark.parametrize("state", ["", "DRAFT", "DONE", "OTHER"])
@pytest.mark.parametrize("caller", [ANYONE, caller_for(Role.AUDITOR)])
def test_a_stranger_does_not_learn_the_state(caller: Caller, state: str) -> None:
    for move in MACHINE.by_name:
        with pytest.raises(RoleMissing) as caught:
            decide(MACHINE, move, situation(caller, {**DRAFT, "state": state}))
        assert state not in caught.value.facts.values() or not state


@pytest.mark.parametrize("provider", [None, "", "par_b"])
@pytest.mark.parametrize("participant", ["", "par_c"])
def test_what_belongs_to_nobody_or_to_another_is_not_yours(
    provider: str | None, participant: str
) -> None:
    caller = caller_for(Role.DATA_STEWARD, participant=participant)
    for row in ({"provider": provider}, {}):
        with pytest.raises(NotYours):
            decide(MACHINE, "draft", situation(caller, row))


@pytest.mark.parametrize("reason", ["", " ", "\n\t", "x" * (REASON_CHARACTERS_MAX + 1)])
def test_a_reason_that_is_needed_is_neither_blank_nor_endless(reason: str) -> None:
    with pytest.raises(ReasonMissing):
        decide(MACHINE, "finish", situation(CLERK, reason=reason))


def test_a_move_is_made_from_its_sources_only() -> None:
    for state in (NOWHERE, "DONE", "OTHER"):
        with pytest.raises(WrongState):
            decide(MACHINE, "drop", situation(STEWARD, {**DRAFT, "state": state}))


def test_offers_are_the_moves_from_here_with_what_stands_in_their_way() -> None:
    assert [each.move.name for each in offers(MACHINE, situation(CLERK, {}))] == ["draft"]
    found = {each.move.name: each.refusal for each in offers(MACHINE, situation(CLERK))}
    assert found["finish"] is None
    assert isinstance(found["drop"], RoleMissing)
    blocked = offers(MACHINE, situation(CLERK, related={"bad": True}))
    assert isinstance(blocked[0].refusal, FourEyes)
    assert offers(MACHINE, situation(CLERK, {**DRAFT, "state": "DONE"})) == []


def test_whose_move_it_is_follows_from_the_state() -> None:
    assert roles_for(MACHINE, "DRAFT") == {Role.REGISTRAR, Role.DATA_STEWARD}
    assert roles_for(MACHINE, "DONE") == frozenset()


def test_deciding_changes_nothing_that_it_was_given() -> None:
    row = dict(DRAFT)
    decide(MACHINE, "finish", situation(CLERK, row, reason="x"))
    with pytest.raises(DataSpaceError):
        decide(MACHINE, "finish", situation(STEWARD, row))
    assert row == DRAFT
