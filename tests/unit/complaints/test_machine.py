"""A complaint's machine: whose word counts, who keeps out, and how long an answer is disputable."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dataspace.caller import Caller, Role
from dataspace.complaints.guards import TERM, is_undisputed, undisputed_from
from dataspace.complaints.machine import COMPLAINT, DESK, HANDLERS
from dataspace.complaints.refusals import (
    Concerned,
    ReopenedBefore,
    SpeaksForComplainant,
    StillDisputable,
)
from dataspace.errors import DataSpaceError
from dataspace.guards.refusals import SameHandler
from dataspace.machine import NOWHERE, Situation, decide, offers
from dataspace.quantity import written
from dataspace.refusals import FourEyes, NotInPerson, ReasonMissing, RoleMissing, WrongState
from dataspace.rulebooks.kinds import RULES
from dataspace.rulebooks.order import no_looser

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
FIRM = "par_firm"
SPEAKING = ("confirm", "reopen", "withdraw")


def person(name: str, *roles: Role, participant: str = "par_bureau", handler: str = "") -> Caller:
    return Caller(name, roles=frozenset(roles), participant=participant, handler=handler)


CITIZEN = person("usr_citizen", participant="")
COLLEAGUE = person("usr_colleague", Role.ORG_ADMIN, participant=FIRM)
CLERK = person("usr_clerk", Role.REGISTRAR)
APPROVER = person("usr_approver", Role.REG_APPROVER)
SUPERVISOR = person("usr_supervisor", Role.SUPERVISOR)
IN_PERSON = {
    "id": "cpl_1", "channel": "ONLINE", "complained_by": "usr_citizen",
    "submitted_by": "usr_citizen", "respondent": FIRM,
}  # fmt: skip
BY_TELEPHONE = {
    "id": "cpl_2", "channel": "TELEPHONE", "submitted_by": "usr_clerk", "respondent": FIRM,
}  # fmt: skip


def asked(caller: Caller, state: str, row: dict[str, Any], **more: Any) -> Situation:
    return Situation(caller, NOW, {**row, "state": state}, **{"reason": "because", **more})


def tried(caller: Caller, move: str, state: str, row: dict[str, Any], **more: Any) -> str:
    return decide(COMPLAINT, move, asked(caller, state, row, **more)).move.to


def test_anybody_who_has_signed_in_lodges_their_own_and_only_a_desk_that_of_others() -> None:
    nobody = Caller("usr_roleless")
    own = {"complained_by": "usr_roleless"}
    assert tried(nobody, "lodge", NOWHERE, own) == "LODGED"
    with pytest.raises(NotInPerson):
        tried(nobody, "lodge", NOWHERE, {"complained_by": "usr_citizen"})
    with pytest.raises(RoleMissing):
        tried(nobody, "lodge", NOWHERE, {"complained_by": None})
    assert tried(CLERK, "lodge", NOWHERE, {"complained_by": None}) == "LODGED"


@pytest.mark.parametrize("move", ["confirm", "reopen"])
def test_the_last_word_is_that_of_whoever_complained_in_person(move: str) -> None:
    tried(CITIZEN, move, "ANSWERED", IN_PERSON)
    for other in (CLERK, APPROVER, SUPERVISOR, COLLEAGUE):
        with pytest.raises(NotInPerson):
            tried(other, move, "ANSWERED", IN_PERSON)
        with pytest.raises(NotInPerson):
            tried(other, "withdraw", "HANDLING", IN_PERSON)


def test_for_whoever_called_a_desk_speaks_that_does_not_handle_it() -> None:
    answered = {**BY_TELEPHONE, "handled_by": "usr_approver", "answered_by": "usr_approver"}
    assert tried(CLERK, "confirm", "ANSWERED", answered) == "CLOSED"
    for move, state in (("confirm", "ANSWERED"), ("reopen", "ANSWERED"), ("withdraw", "HANDLING")):
        with pytest.raises(SpeaksForComplainant):
            tried(APPROVER, move, state, answered)
    deputy = replace(person("usr_deputy", Role.REGISTRAR), delegator="usr_approver")
    with pytest.raises(SpeaksForComplainant):
        tried(deputy, "confirm", "ANSWERED", answered)
    with pytest.raises(RoleMissing):
        tried(CITIZEN, "confirm", "ANSWERED", answered)


def test_two_accounts_of_one_person_are_not_two_people() -> None:
    row = {**BY_TELEPHONE, "answered_by": "usr_first", "answered_handler": "hdl_1"}
    same = person("usr_second", Role.REGISTRAR, handler="hdl_1")
    with pytest.raises(SpeaksForComplainant):
        tried(same, "confirm", "ANSWERED", row)
    with pytest.raises(SameHandler):
        tried(same, "take", "ACCEPTED", row)


def test_whoever_handed_it_in_does_not_decide_on_it() -> None:
    for move, state in (("accept", "LODGED"), ("refuse", "LODGED"), ("take", "ACCEPTED")):
        with pytest.raises(FourEyes):
            tried(CLERK, move, state, BY_TELEPHONE)
        tried(APPROVER, move, state, BY_TELEPHONE)


def test_people_of_whom_it_is_about_keep_out_but_complain_themselves() -> None:
    concerned = person("usr_inside", *HANDLERS, participant=FIRM)
    own = {**IN_PERSON, "complained_by": "usr_inside", "submitted_by": "usr_inside"}
    for move in COMPLAINT.moves:
        if move.name in ("lodge", "lapse"):
            continue
        with pytest.raises((Concerned, NotInPerson)):
            tried(concerned, move.name, move.sources[0], BY_TELEPHONE)
        if move.name not in SPEAKING:
            with pytest.raises((Concerned, NotInPerson)):
                tried(concerned, move.name, move.sources[0], own)
    assert tried(concerned, "withdraw", "LODGED", own) == "WITHDRAWN"
    assert tried(concerned, "confirm", "ANSWERED", own) == "CLOSED"
    assert tried(concerned, "reopen", "ANSWERED", own) == "ACCEPTED"


def test_only_who_took_it_in_hand_answers_and_another_after_it_was_reopened() -> None:
    handled = {**IN_PERSON, "handled_by": "usr_clerk"}
    for name in ("answer_founded", "answer_unfounded"):
        assert tried(CLERK, name, "HANDLING", handled) == "ANSWERED"
        with pytest.raises(NotInPerson):
            tried(APPROVER, name, "HANDLING", handled)
        with pytest.raises(ReasonMissing):
            tried(CLERK, name, "HANDLING", handled, reason=" ")
    again = {**IN_PERSON, "answered_by": "usr_clerk", "reopened_at": written(NOW)}
    with pytest.raises(FourEyes):
        tried(CLERK, "take", "ACCEPTED", again)
    assert tried(APPROVER, "take", "ACCEPTED", again) == "HANDLING"
    with pytest.raises(ReopenedBefore):
        tried(CITIZEN, "reopen", "ANSWERED", again)


def test_the_supervisor_takes_over_from_wherever_it_lies() -> None:
    for state in ("LODGED", "ACCEPTED", "HANDLING"):
        assert tried(SUPERVISOR, "take_over", state, BY_TELEPHONE) == "HANDLING"
        with pytest.raises(ReasonMissing):
            tried(SUPERVISOR, "take_over", state, BY_TELEPHONE, reason="")
    with pytest.raises(WrongState):
        tried(SUPERVISOR, "take_over", "ANSWERED", BY_TELEPHONE)
    taken = {**BY_TELEPHONE, "handled_by": "usr_supervisor"}
    assert tried(SUPERVISOR, "answer_founded", "HANDLING", taken) == "ANSWERED"


def test_a_refusal_says_why_within_the_length_of_a_reason() -> None:
    for reason in ("", "x" * 100_000):
        with pytest.raises(ReasonMissing):
            tried(APPROVER, "refuse", "LODGED", IN_PERSON, reason=reason)


@given(st.integers(0, 60), st.integers(0, 23), st.integers(0, 80 * 24))
def test_an_answer_stands_when_the_days_of_the_rule_are_over_and_no_sooner(
    days: int, hour: int, hours_later: int
) -> None:
    """Days are whole ones after that of the answer, as the place counts them."""
    answered = datetime(2026, 6, 1, hour, 30, tzinfo=UTC)
    row = {**IN_PERSON, "state": "ANSWERED", "answered_at": written(answered)}
    scheduler = Caller("system:scheduler", roles=frozenset({Role.SCHEDULER}))
    now = answered + timedelta(hours=hours_later)
    found = Situation(scheduler, now, row, rules={TERM.rule: days})
    until = undisputed_from(found)
    if days:
        assert timedelta(days=days) < until - answered <= timedelta(days=days + 1)
        assert (until + timedelta(hours=8)).time().isoformat() == "00:00:00"
    assert is_undisputed(found) == (until <= now)
    if until <= now:
        assert decide(COMPLAINT, "lapse", found).move.to == "CLOSED"
    else:
        with pytest.raises(StillDisputable) as refused:
            decide(COMPLAINT, "lapse", found)
        assert refused.value.facts["days"] == days


@pytest.mark.parametrize(
    ("rule", "loose", "tight"),
    [
        ("complaint.acceptance_days_max", 6, 5),
        ("complaint.result_days_max", 16, 15),
        ("complaint.dispute_days_min", 14, 15),
    ],
)
def test_a_sub_space_decides_sooner_and_leaves_more_time_and_never_the_other_way(
    rule: str, loose: int, tight: int
) -> None:
    order = RULES[rule].order
    assert no_looser(order, tight, loose)
    assert not no_looser(order, loose, tight)


@given(st.integers(0, 2**32), st.booleans())
@example(58, True)  # who complained of their own firm handed back what others had in hand
def test_whatever_people_try_a_complaint_is_decided_by_others(seed: int, in_person: bool) -> None:
    """Eight people, some of them of whom it is about, some with several roles, try what they may:
    nobody decides on what they handed in or gave the first answer to, nobody is judge in their own
    case, and no complaint is reopened twice."""
    random = Random(seed)
    roles = sorted(HANDLERS | {Role.DEVELOPER})
    people = [
        person(f"p{n}", *random.sample(roles, random.randint(0, 3)),
               participant=random.choice(["par_bureau", FIRM, ""]))
        for n in range(8)
    ]  # fmt: skip
    entering = [each for each in people if in_person or each.holds(*DESK)]
    if not entering:
        return
    first = random.choice(entering)
    row: dict[str, Any] = {
        "id": "cpl_1", "respondent": FIRM, "complained_by": first.subject if in_person else None,
    }  # fmt: skip
    row.update(decide(COMPLAINT, "lodge", asked(first, NOWHERE, row)).values)
    answers: list[str] = []
    for _ in range(40):
        caller = random.choice(people)
        situation = asked(caller, row["state"], row)
        possible = [each.move for each in offers(COMPLAINT, situation) if each.refusal is None]
        if not possible:
            continue
        move = random.choice(possible)
        step = decide(COMPLAINT, move.name, situation)
        speaks = move.name in SPEAKING
        if speaks and in_person:
            assert caller is first
        else:
            assert caller.participant != FIRM
            assert caller.holds(*HANDLERS)
            assert speaks or move.name == "hand_back" or caller is not first
        if move.name.startswith("answer"):
            answers.append(caller.subject)
        row.update(step.values)
    assert len(set(answers)) == len(answers) <= 2


def test_a_move_from_a_state_that_it_is_not_made_from_is_refused() -> None:
    everybody = person("usr_all", *HANDLERS, Role.SCHEDULER)
    for move in COMPLAINT.moves:
        for state in COMPLAINT.states:
            if state.code in move.sources or move.name == "lodge":
                continue
            with pytest.raises(DataSpaceError) as refused:
                tried(everybody, move.name, state.code, BY_TELEPHONE)
            assert isinstance(refused.value, WrongState)
