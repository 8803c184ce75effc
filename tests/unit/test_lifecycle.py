"""The machines of resource, authorisation and product: explored whole, and walked by many."""

import pkgutil
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace import guards
from dataspace.caller import Caller, Role
from dataspace.errors import DataSpaceError
from dataspace.guards.refusals import ItemListedAlready, NotInWindow, OtherList, OwnObjection
from dataspace.lifecycle import MACHINES
from dataspace.machine import NOWHERE, Guard, Machine, Mark, Move, Situation, decide, offers
from dataspace.refusals import (
    AuthorisabilityStated,
    FourEyes,
    GradeTooHigh,
    GradeTooLow,
    MetadataIncomplete,
    NotAuthorisable,
    NotOver,
    PriceNotFree,
    SourceNotGranted,
    StillInUse,
    TermInvalid,
)
from dataspace.relations import RELATIONS
from tests.unit.good_rows import AROUND, GOOD, NOW, OWN, row_for, rules_for, time_for

ALL = list(MACHINES.values())
REVIEWERS = ("submitted_by", "reviewed_by", "second_reviewed_by")

def person(name: str, *roles: Role, participant: str = OWN) -> Caller:
    return Caller(subject=name, roles=frozenset(roles), participant=participant)


def situation(
    noun: str, caller: Caller, now: datetime = NOW, around: dict[str, Any] | None = None, **row: Any
) -> Situation:
    related = {**AROUND, **(around or {})}
    return Situation(caller, now, {**GOOD[noun], **row}, reason="because", related=related)


BAD_NEWS = {
    "RETURNED", "CANCELLED", "REVIEW1_FAIL", "REVIEW2_FAIL", "SUSPENDED", "REVOKED", "REG_FAILED",
    "LIST_FAILED", "DELISTED", "WITHDRAWN", "OBJECTED", "CHANGE_FAILED", "VOID", "FAILED",
    "REJECTED", "TERMINATED", "CLOSED_REVOKED", "CLOSED_RESTORED", "CONDITIONAL", "BLOCKED",
    "WITHDRAW_FAILED",
}  # fmt: skip
EVERY_MOVE = [
    pytest.param(machine, move, id=f"{machine.kind}.{move.name}")
    for machine in ALL
    for move in machine.moves
]
EVERY_REVIEW = [
    pytest.param(machine, move, id=f"{machine.kind}.{move.name}")
    for machine in ALL
    for move in machine.moves
    if Mark.ACTOR in {move.marks.get("reviewed_by"), move.marks.get("second_reviewed_by")}
]


@pytest.mark.parametrize("machine", ALL, ids=MACHINES)
def test_every_state_is_reached_and_all_but_final_ones_are_left(machine: Machine) -> None:
    reached, frontier = {NOWHERE}, [NOWHERE]
    while frontier:
        for move in machine.from_state(frontier.pop()):
            if move.to not in reached:
                reached.add(move.to)
                frontier.append(move.to)
    assert reached == {NOWHERE, *machine.by_code}
    for state in machine.states:
        assert bool(machine.from_state(state.code)) != state.final, state.code


@pytest.mark.parametrize("machine", ALL, ids=MACHINES)
def test_a_final_state_is_reached_from_everywhere(machine: Machine) -> None:
    """Nothing is ever stuck."""
    ends = {state.code for state in machine.states if state.final}
    for state in machine.states:
        reached, frontier = {state.code}, [state.code]
        while frontier:
            for move in machine.from_state(frontier.pop()):
                if move.to not in reached:
                    reached.add(move.to)
                    frontier.append(move.to)
        assert reached & ends, state.code


@pytest.mark.parametrize("machine", ALL, ids=MACHINES)
def test_names_are_unique_and_all_that_a_move_names_exists(machine: Machine) -> None:
    noun = RELATIONS.by_name[machine.kind]
    assert len(machine.by_code) == len(machine.states)
    assert len(machine.by_name) == len(machine.moves)
    for move in machine.moves:
        assert {*move.sources, move.to} <= {NOWHERE, *machine.by_code}
        assert move.roles <= set(Role) and move.roles
        assert not move.party or move.party in {*noun.edge_by_name, "id"}
        assert set(move.marks) <= set(noun.by_name), move.name
        assert len(set(move.sources)) == len(move.sources)


@pytest.mark.parametrize(("machine", "move"), EVERY_MOVE)
def test_somebody_may_make_every_move(machine: Machine, move: Move) -> None:
    for source in move.sources:
        for role in move.roles:
            caller = person("somebody", role)
            changed = {**row_for(machine, move), "state": source}
            asked = situation(machine.kind, caller, time_for(move), **changed)
            asked = replace(asked, rules=rules_for(machine, move))
            assert decide(machine, move.name, asked).values["state"] == move.to


@pytest.mark.parametrize(("machine", "move"), EVERY_MOVE)
def test_nobody_without_the_role_may_make_a_move(machine: Machine, move: Move) -> None:
    for role in set(Role) - move.roles:
        asked = situation(machine.kind, person("x", role), time_for(move), state=move.sources[0])
        with pytest.raises(DataSpaceError) as caught:
            decide(machine, move.name, asked)
        assert caught.value.code == "lifecycle.role_missing"


@pytest.mark.parametrize(("machine", "move"), EVERY_REVIEW)
def test_whoever_had_it_in_hand_does_not_review_it(machine: Machine, move: Move) -> None:
    caller = person("same", *move.roles)
    for name in REVIEWERS:
        asked = situation(machine.kind, caller, state=move.sources[0], **{name: "same"})
        with pytest.raises(FourEyes):
            decide(machine, move.name, asked)


def test_a_refusal_or_an_end_needs_a_reason() -> None:
    without = [
        f"{machine.kind}.{move.name}"
        for machine in ALL
        for move in machine.moves
        if move.to in BAD_NEWS and not move.needs_reason
    ]
    assert without == []


@pytest.mark.parametrize("machine", ALL, ids=MACHINES)
def test_only_its_author_moves_what_is_open_to_change(machine: Machine) -> None:
    for state in machine.states:
        if state.open_to_change:
            assert all(move.party for move in machine.from_state(state.code)), state.code


def test_every_guard_that_is_defined_is_asked() -> None:
    defined = {name: each for name, each in vars(guards).items() if isinstance(each, Guard)}
    asked = {guard.name for machine in ALL for move in machine.moves for guard in move.guards}
    assert [name for name, each in defined.items() if each.name not in asked] == []
    assert len({each.name for each in defined.values()}) == len(defined)
    for module in pkgutil.walk_packages(guards.__path__, "dataspace.guards."):
        for each in vars(import_module(module.name)).values():
            assert not isinstance(each, Guard) or each in defined.values(), each.name


def test_every_kind_has_a_good_row_here() -> None:
    assert GOOD.keys() == MACHINES.keys()


@given(st.integers(0, 2**32), st.sampled_from(ALL))
def test_however_people_go_about_it_nobody_reviews_their_own(seed: int, machine: Machine) -> None:
    """Six people hold several roles each; whatever they try, each review is another person's."""
    random = Random(seed)
    roles = sorted({role for move in machine.moves for role in move.roles})
    most = min(3, len(roles))
    people = [person(f"p{n}", *random.sample(roles, random.randint(1, most))) for n in range(6)]
    row: dict[str, Any] = {"state": NOWHERE}
    for _ in range(25):
        caller, now = random.choice(people), random.choice([NOW, datetime(2028, 1, 1, tzinfo=UTC)])
        asked = situation(machine.kind, caller, now, **row)
        possible = [each.move for each in offers(machine, asked) if each.refusal is None]
        if not possible:
            continue
        step = decide(machine, random.choice(possible).name, asked)
        noted = {name for name, mark in step.move.marks.items() if mark.value == "actor"}
        if noted & {"reviewed_by", "second_reviewed_by"}:
            assert caller.subject not in {row.get(name) for name in REVIEWERS}
        row.update(step.values)
        reviewed = [row.get(n) for n in ("reviewed_by", "second_reviewed_by") if row.get(n)]
        assert len(set(reviewed)) == len(reviewed)


@given(st.integers(0, 2**32), st.sampled_from(ALL))
def test_an_offer_without_an_obstacle_can_be_taken(seed: int, machine: Machine) -> None:
    random = Random(seed)
    caller = person("p", *random.sample(sorted(Role), 4), participant=random.choice(["", OWN]))
    row = {
        "state": random.choice([NOWHERE, *machine.by_code]),
        "submitted_by": random.choice(["p", "q", None]),
        "grade": random.choice([None, 1, 5]),
        "authorisable": random.choice([True, False, None]),
    }
    asked = situation(machine.kind, caller, **row)
    for offer in offers(machine, asked):
        try:
            decide(machine, offer.move.name, asked)
            refusal = None
        except DataSpaceError as error:
            refusal = error
        assert type(offer.refusal) is type(refusal)


@pytest.mark.parametrize(
    ("kind", "move", "state", "changed", "around", "refusal"),
    [
        ("resource", "submit", "DRAFT", {"summary": ""}, {}, MetadataIncomplete),
        ("resource", "submit", "DRAFT", {"items": []}, {}, MetadataIncomplete),
        ("resource", "submit", "DRAFT", {"share_type": "CONDITIONAL"}, {}, MetadataIncomplete),
        ("resource", "submit", "DRAFT", {"authorisable": False}, {}, MetadataIncomplete),
        ("resource", "submit", "DRAFT", {"grade": 5}, {}, GradeTooHigh),
        ("resource", "submit", "DRAFT", {"classification": "CORE"}, {}, GradeTooHigh),
        ("resource", "submit", "DRAFT", {"secret": True}, {}, GradeTooHigh),
        ("resource", "submit", "DRAFT", {},
         {"same_source": [{"id": "res_2", "provider": "par_2"}]}, ItemListedAlready),
        ("resource", "object", "PUBLICITY", {}, {}, OwnObjection),
        ("resource", "open_renewal", "REGISTERED", {}, {}, NotInWindow),
        ("resource", "open_renewal", "REGISTERED", {"valid_until": None}, {}, NotInWindow),
        ("resource", "renew", "EXPIRING", {"was_authorisable": True}, {}, OtherList),
        ("resource", "renew_listed", "EXPIRING", {}, {}, OtherList),
        ("resource", "expire", "EXPIRING", {}, {}, NotOver),
        ("resource", "expire", "EXPIRING", {"valid_until": "2026-05-01T00:00:00Z"},
         {"users": [{"id": "aut_9"}]}, StillInUse),
        ("resource", "register", "PUBLICITY", {"usage_method": None}, {}, MetadataIncomplete),
        ("resource", "offer", "REGISTERED", {"grade": 4}, {}, GradeTooHigh),
        ("resource", "offer", "REGISTERED", {"authorisable": None}, {}, NotAuthorisable),
        ("resource", "declare_authorisable", "REGISTERED", {}, {}, AuthorisabilityStated),
        ("resource", "declare_authorisable", "REGISTERED",
         {"authorisable": False}, {}, AuthorisabilityStated),
        ("resource", "declare_authorisable", "REGISTERED",
         {"authorisable": None, "grade": 4}, {}, GradeTooHigh),
        ("resource", "cancel", "REGISTERED", {}, {"users": [{"id": "aut_9"}]}, StillInUse),
        ("resource", "unlist", "AUTHORISABLE", {}, {"users": [{"id": "aut_9"}]}, StillInUse),
        ("authorisation", "submit", "DRAFT", {},
         {"resources": [{"id": "res_1", "state": "REGISTERED"}]}, NotAuthorisable),
        ("authorisation", "pass_second", "REVIEW2", {},
         {"resources": [{"id": "res_1", "state": "AUTHORISABLE", "grade": 4}]}, GradeTooHigh),
        ("authorisation", "submit", "DRAFT", {"valid_until": None}, {}, TermInvalid),
        ("authorisation", "submit", "DRAFT",
         {"valid_until": "2026-06-01T12:00:00Z"}, {}, TermInvalid),
        ("authorisation", "submit", "DRAFT",
         {"valid_until": "2031-06-01T12:00:01Z"}, {}, TermInvalid),
        ("authorisation", "submit", "DRAFT",
         {"valid_from": "2028-01-01T00:00:00Z"}, {}, TermInvalid),
        ("authorisation", "resume", "SUSPENDED",
         {"valid_until": "2026-05-01T00:00:00Z"}, {}, TermInvalid),
        ("authorisation", "expire", "EFFECTIVE", {}, {}, NotOver),
        ("product", "submit", "DRAFT", {}, {"authorisations": []}, SourceNotGranted),
        ("product", "submit", "DRAFT", {}, {"resources": []}, SourceNotGranted),
        ("product", "submit", "DRAFT", {},
         {"source_products": [{"id": "prd_2", "state": "DELISTED"}]}, SourceNotGranted),
        ("product", "submit", "DRAFT", {"grade": 1}, {}, GradeTooLow),
        ("product", "submit", "DRAFT", {"grade": 4}, {}, GradeTooHigh),
        ("product", "list", "LIST_REVIEW", {"price_fen": 1}, {}, PriceNotFree),
        ("product", "withdraw", "DELISTED", {}, {"users": [{"id": "ctr_1"}]}, StillInUse),
    ],
)  # fmt: skip
def test_a_guard_refuses_what_does_not_hold(
    kind: str,
    move: str,
    state: str,
    changed: dict[str, Any],
    around: dict[str, Any],
    refusal: type[DataSpaceError],
) -> None:
    machine = MACHINES[kind]
    caller = person("somebody", *machine.by_name[move].roles)
    with pytest.raises(refusal):
        decide(machine, move, situation(kind, caller, around=around, state=state, **changed))


@pytest.mark.parametrize(
    "grant",
    [
        {"state": "SUSPENDED"},
        {"state": "REVIEW2"},
        {"grantee": "par_other"},
        {"resources": ["res_2"]},
        {"resources": None},
        {"valid_until": "2026-06-01T12:00:00.000Z"},
        {"valid_from": "2026-06-01T12:00:01.000Z"},
    ],
)
def test_an_authorisation_grants_only_what_it_covers_to_its_holder_now(
    grant: dict[str, Any],
) -> None:
    good = AROUND["authorisations"][0]
    caller = person("d", Role.DEVELOPER)
    decide(MACHINES["product"], "submit", situation("product", caller, state="DRAFT"))
    around = {"authorisations": [{**good, **grant}]}
    with pytest.raises(SourceNotGranted):
        decide(
            MACHINES["product"],
            "submit",
            situation("product", caller, around=around, state="DRAFT"),
        )


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [
        ("2026-06-02T00:00:00Z", "2031-06-02T00:00:00Z", True),
        ("2026-06-02T00:00:00Z", "2031-06-02T00:00:01Z", False),
        ("2028-02-29T00:00:00Z", "2033-03-01T00:00:00Z", True),
        ("2028-02-29T00:00:00Z", "2033-03-01T00:00:01Z", False),
        ("2028-02-29T00:00:00Z", "2028-02-29T00:00:00Z", False),
    ],
)
def test_a_term_ends_within_five_years_of_the_calendar(start: str, end: str, holds: bool) -> None:
    caller = person("d", Role.DEVELOPER)
    asked = situation("authorisation", caller, state="DRAFT", valid_from=start, valid_until=end)
    if holds:
        decide(MACHINES["authorisation"], "submit", asked)
    else:
        with pytest.raises(TermInvalid):
            decide(MACHINES["authorisation"], "submit", asked)
