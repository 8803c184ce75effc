"""Desks: whoever is wanted to countersign shares that of whoever decides, and nobody else."""

from datetime import UTC, datetime
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.caller import Caller, Role
from dataspace.guards import ENOUGH_EYES, REVIEWERS
from dataspace.lifecycle import MACHINES
from dataspace.machine import Move
from dataspace.tasks.desks import desk_of_person, desks_of
from dataspace.tasks.docket import Docket
from dataspace.visibility import PLACES

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
DECIDING = [
    pytest.param(kind, move, id=f"{kind}.{move.name}")
    for kind, machine in MACHINES.items()
    for move in machine.moves
    if ENOUGH_EYES in move.guards
]


def test_the_machines_that_rules_may_ask_more_eyes_of_are_known() -> None:
    assert {each.values[0] for each in DECIDING} == REVIEWERS.keys()


@pytest.mark.parametrize(("kind", "move"), DECIDING)
def test_whatever_roles_the_rules_want_find_it_at_a_desk_of_theirs(kind: str, move: Move) -> None:
    roles = sorted(REVIEWERS[kind])
    for wanted in chain.from_iterable(combinations(roles, n) for n in range(len(roles) + 1)):
        row = {"id": "x", "state": move.sources[0], "reviewed_by": "usr_first"}
        docket = Docket(kind, "L", row, move, [])
        lying = docket.lying(move, {f"{kind}.reviewing_roles": frozenset(wanted)}, now=NOW)
        for role in Role:
            sits = lying["desk"] in desks_of(Caller("usr", roles=frozenset({role})), PLACES)
            assert sits == (role in move.roles or str(role) in lying["countersigners"])


@given(st.sets(st.sampled_from(Role)), st.booleans(), st.booleans())
def test_nobodys_own_desk_is_that_of_a_role_or_of_a_deputy(
    roles: set[Role], signed_in: bool, deputy: bool
) -> None:
    subject = "usr_1" if signed_in else ""
    caller = Caller(
        subject, roles=frozenset(roles), participant="par_1", delegation="dlg_1" if deputy else ""
    )
    own = [each for each in desks_of(caller, PLACES) if each.startswith("=")]
    assert own == ([desk_of_person("usr_1")] if signed_in and not deputy else [])
