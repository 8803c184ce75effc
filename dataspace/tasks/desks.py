"""Desks: which roles may take an object further, and of which participant; or which one person.

A desk has one written form, so that whatever lies at a caller's desks is found along an index.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations

from dataspace.caller import Caller, Role
from dataspace.guards.rules.reviewers import ENOUGH_EYES, REVIEWERS
from dataspace.machine import Machine, Move

Places = frozenset[tuple[frozenset[Role], bool]]


def desk_of(roles: Iterable[Role], party: str = "") -> str:
    """Roles in order, and behind them the participant that they must belong to, if to one."""
    return "|".join(sorted(roles)) + (f"@{party}" if party else "")


def desk_of_person(subject: str) -> str:
    """No role begins like this, so that nobody's own desk is that of a role."""
    return f"={subject}"


def places_of(machines: Iterable[Machine]) -> Places:
    """All desks that moves are made from: their roles, and whether they belong to a participant."""
    return frozenset(
        (roles, bool(move.party))
        for machine in machines
        for move in machine.moves
        for roles in _sharing(machine, move)
    )


def _sharing(machine: Machine, move: Move) -> Iterator[frozenset[Role]]:
    """The roles of a move, alone and beside any that may be wanted to countersign before it."""
    asks = ENOUGH_EYES in move.guards
    others = sorted(REVIEWERS[machine.kind] - move.roles) if asks else []
    for count in range(len(others) + 1):
        yield from (move.roles | frozenset(each) for each in combinations(others, count))


def desks_of(caller: Caller, places: Places) -> tuple[str, ...]:
    """The desks at which the caller sits. What waits for one person is not for their deputy."""
    shared = {
        desk_of(roles, caller.participant if own else "")
        for roles, own in places
        if caller.holds(*roles) and (caller.participant or not own)
    }
    in_person = {desk_of_person(caller.subject)} if caller.signed_in else set()
    return tuple(sorted(shared if caller.delegation else shared | in_person))
