"""The one mechanism of all state machines: states and moves are data, one pure function decides.

A machine says for a noun which states there are and which moves lead from one to the next: who
may make a move, what must hold (guards), what it notes on the row, whether it needs a reason,
and the name of the act in the evidence. `decide` answers a single move, `offers` all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import Any

from dataspace.caller import Caller, Role
from dataspace.clocks.calendars import Calendar
from dataspace.clocks.china import CHINA
from dataspace.errors import DataSpaceError
from dataspace.federation.profile import Profile
from dataspace.quantity import written
from dataspace.refusals import (
    MoveUnknown,
    NotInPerson,
    NotYours,
    ReasonMissing,
    RoleMissing,
    WrongState,
)
from dataspace.selection import Condition, Where
from dataspace.text import Text

NOWHERE = ""  # the state of what is not there yet
REASON_CHARACTERS_MAX = 4000


class Mark(Enum):
    """What a move notes in a field."""

    ACTOR = "actor"
    HANDLER = "handler"
    NOW = "now"
    REASON = "reason"
    NOTHING = "nothing"
    # What comes to those that stand in the field already.
    ALSO_ACTOR = "also actor"
    ALSO_HANDLER = "also handler"
    ALSO_ROLES = "also roles"


@dataclass(frozen=True, slots=True)
class State:
    """`open_to_change` says that the one it belongs to may still edit the object."""

    code: str
    text: Text
    open_to_change: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a decision may rest on.

    `row` holds the object's values with edges as ids (empty when it is not there yet);
    `related` holds what the operation read beside it, under names that the guards document;
    `rules` the values of the rules in force by their names, `stated_by` the versions of rulebooks
    that state each, and `editions` those of all. `kind` is the noun that is decided about; working
    days are counted by the `calendar`. `profile` is that of the node that decides, if it has one.
    """

    caller: Caller
    now: datetime
    row: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    related: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)
    stated_by: Mapping[str, str] = field(default_factory=dict)
    editions: str = ""
    calendar: Calendar = CHINA
    kind: str = ""
    profile: Profile | None = None

    @property
    def state(self) -> str:
        return str(self.row.get("state") or NOWHERE)

    def rule(self, name: str, otherwise: Any) -> Any:
        """The value of a rule in force; what holds `otherwise` where no rulebook states it."""
        return self.rules.get(name, otherwise)

    def edition(self, name: str) -> str:
        """Which versions of rulebooks state a rule; "∅" where none does, and a default holds."""
        return self.stated_by.get(name, "∅")


@dataclass(frozen=True, slots=True)
class Guard:
    """A named condition of a move; `check` raises the refusal, with its facts, or returns."""

    name: str
    text: Text
    check: Callable[[Situation], None]


@dataclass(frozen=True, slots=True)
class Move:
    """`party` names the edge (or "id") whose participant the caller must act for; "" for none.

    `person` names the field with the subject of the one person whose move it is. Where the object
    names nobody there, it is made by whoever holds one of the roles.
    """

    name: str
    text: Text
    sources: tuple[str, ...]
    to: str
    roles: frozenset[Role]
    party: str = ""
    person: str = ""
    guards: tuple[Guard, ...] = ()
    marks: Mapping[str, Mark] = field(default_factory=dict)
    needs_reason: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A decided move: new values, the act's name, and what must still hold when it is applied."""

    move: Move
    values: Mapping[str, Any]
    action: str
    guard: Condition


@dataclass(frozen=True, slots=True)
class Offer:
    """A move from the present state, and what stands in its way for this caller, if anything."""

    move: Move
    refusal: DataSpaceError | None


@dataclass(frozen=True)
class Machine:
    kind: str
    link: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]

    @cached_property
    def by_code(self) -> Mapping[str, State]:
        return {state.code: state for state in self.states}

    @cached_property
    def by_name(self) -> Mapping[str, Move]:
        return {move.name: move for move in self.moves}

    def from_state(self, state: str) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if state in move.sources)


def decide(machine: Machine, name: str, situation: Situation) -> Step:
    """Permits one move, or refuses it by the first rule that fails.

    Rules are tried in the order in which a clerk would ask: is there such a move, may somebody
    like you make it, is the object yours, is it in the right state, did you say why, do the
    guards hold. Role and ownership come first, so that a stranger does not learn the state.

    Raises:  MoveUnknown, RoleMissing, NotYours, WrongState, ReasonMissing, or a guard's refusal.
    """
    move = machine.by_name.get(name)
    if move is None:
        raise MoveUnknown(kind=machine.kind, move=name, moves=", ".join(machine.by_name))
    situation = replace(situation, kind=machine.kind)
    _check_person(move, situation)
    if situation.state not in move.sources:
        raise WrongState(
            id=situation.row.get("id", ""), state=situation.state, move=name,
            sources=", ".join(source or "∅" for source in move.sources),
        )  # fmt: skip
    reason = situation.reason.strip()
    if (move.needs_reason and not reason) or len(reason) > REASON_CHARACTERS_MAX:
        raise ReasonMissing(move=name, limit=REASON_CHARACTERS_MAX)
    for guard in move.guards:
        guard.check(situation)
    return _step(machine, move, situation)


def offers(machine: Machine, situation: Situation) -> list[Offer]:
    """Every move from the present state; that no reason is given yet is no obstacle."""
    return [
        Offer(move, _refusal(machine, move, situation))
        for move in machine.from_state(situation.state)
    ]


def roles_for(machine: Machine, state: str) -> frozenset[Role]:
    """Whose move it is when an object is in this state."""
    return frozenset(role for move in machine.from_state(state) for role in move.roles)


def could_make(move: Move, caller: Caller) -> bool:
    """Whether somebody like the caller makes such moves, of objects that are theirs to move."""
    return caller.holds(*move.roles) or bool(move.person and caller.signed_in)


def _check_person(move: Move, situation: Situation) -> None:
    caller = situation.caller
    named = situation.row.get(move.person) if move.person else None
    if named and named != caller.subject:
        raise NotInPerson(move=move.name, party=move.person, id=situation.row.get("id", ""))
    if not named and not caller.holds(*move.roles):
        raise RoleMissing(move=move.name, roles=", ".join(sorted(move.roles)))
    own = caller.participant and situation.row.get(move.party) == caller.participant
    if move.party and not own:
        raise NotYours(move=move.name, party=move.party, id=situation.row.get("id", ""))


def _step(machine: Machine, move: Move, situation: Situation) -> Step:
    noted = {
        Mark.ACTOR: situation.caller.subject,
        Mark.HANDLER: situation.caller.handler or None,
        Mark.NOW: written(situation.now),
        Mark.REASON: situation.reason.strip(),
        Mark.NOTHING: None,
    }
    values = {
        name: noted[mark] if mark in noted else _joined(name, mark, situation)
        for name, mark in move.marks.items()
    }
    return Step(
        move,
        {**values, "state": move.to},
        f"{machine.kind}.{move.name}",
        Where("state", "eq", situation.state),
    )


def _joined(name: str, mark: Mark, situation: Situation) -> list[str]:
    """Those that stand in the field, and the caller's own."""
    caller = situation.caller
    own: Mapping[Mark, list[str]] = {
        Mark.ALSO_ACTOR: [caller.subject],
        Mark.ALSO_HANDLER: [caller.handler] if caller.handler else [],
        Mark.ALSO_ROLES: [str(role) for role in sorted(caller.roles)],
    }
    return list(dict.fromkeys([*(situation.row.get(name) or ()), *own[mark]]))


def _refusal(machine: Machine, move: Move, situation: Situation) -> DataSpaceError | None:
    given = situation.reason if situation.reason.strip() or not move.needs_reason else "?"
    asked = replace(situation, reason=given)
    try:
        decide(machine, move.name, asked)
    except DataSpaceError as refusal:
        return refusal
    return None
