"""A noun that moves by a machine, as data for the operations that all such nouns share."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dataspace.caller import Role
from dataspace.change import Change
from dataspace.machine import Machine, Situation
from dataspace.relations import RELATIONS
from dataspace.selection import Child, Condition, Either, Linked, Not, Page, Row, Selection, Where
from hub.node import Node
from hub.operations.mechanism.done import Request

Values = Mapping[str, Any]
Consequence = Callable[[Request, Situation], tuple[Change, ...]]
LookUp = Callable[[Situation], Selection | None]
USER = "user_"  # begins the key of what may rest on an object
USERS_SHOWN = 5


async def nothing_prepared(request: Request, values: Values, row: Row) -> Values:
    return {}


@dataclass(frozen=True)
class Lifecycle:
    """What the operations must know of a noun beside its machine.

    `fields`      what its party may set, at the draft and as long as it is open to change
    `prepare`     checks what is set against other rows, and gives what follows from it
    `related`     what is read beside it for the guards, under the names that they document
    `users`       ways to what may rest on it, with the states in which that is in force
    `belongings`  edges to what has to be taken off before the object is removed
    `holds`       by guard: what must still be so when a move is applied, under its lock;
                  that nothing in force rests on the object is always asked so
    `allotted`    by move: values that the hub allots with it, made anew when one is taken
    `looked_up`   by move: selections of what else its guards rest on, under names of `related`
    `consequences`  by move: changes of other objects in the same change set, before its own
    `concerned`   by move: what its consequences write to, read for their notices and to-dos only
    `touches`     the lifecycles of what its consequences move to another state
    `foreseen`    by move: what its consequences rest on, which must hold under the lock too
    `reads_steps` whether its guards need what was done with it so far, of its to-do
    `reads_parts` whether its moves need all values of its parts, and not the first only
    `weighs_parts` whether its guards do too, so that what may be done cannot be told without
    `asks_more`   moves that need more than a reason, and are operations of their own
    `awaited`     by state: the move that others wait for, when they wait for one
    """

    machine: Machine
    fields: tuple[str, ...]
    prepare: Callable[[Request, Values, Row], Awaitable[Values]] = nothing_prepared
    related: tuple[Child, ...] = ()
    users: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    belongings: tuple[str, ...] = ()
    holds: Mapping[str, Callable[[Situation], Condition]] = field(default_factory=dict)
    allotted: Mapping[str, Callable[[Situation, Node], Values]] = field(default_factory=dict)
    looked_up: Mapping[str, Mapping[str, LookUp]] = field(default_factory=dict)
    consequences: Mapping[str, Consequence] = field(default_factory=dict)
    foreseen: Mapping[str, Callable[[Situation], Condition]] = field(default_factory=dict)
    concerned: Mapping[str, tuple[Child, ...]] = field(default_factory=dict)
    touches: tuple["Lifecycle", ...] = ()
    reads_parts: bool = False
    reads_steps: bool = False
    weighs_parts: bool = False
    asks_more: frozenset[str] = frozenset()
    awaited: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.machine.kind

    @property
    def drafted(self) -> bool:
        """Whether somebody drafts it; what is not drafted comes about as a consequence."""
        return "draft" in self.machine.by_name

    @property
    def party(self) -> str:
        """The edge to the participant that drafts and amends."""
        return self.machine.by_name["draft"].party

    @property
    def drafters(self) -> frozenset[Role]:
        return self.machine.by_name["draft"].roles

    @property
    def open_states(self) -> tuple[str, ...]:
        return tuple(state.code for state in self.machine.states if state.open_to_change)

    @property
    def beside(self) -> tuple[Child, ...]:
        """All that is read beside an object, its users among it."""
        return (*self.related, *(self._user(way, states) for way, states in self.users.items()))

    def unused(self, situation: Situation) -> Condition:
        """Nothing in force rests on it: what the guard G-DUE has found must go on holding."""
        return Not(Either(tuple(
            Linked(way, Where("state", "in", states)) for way, states in self.users.items()
        )))  # fmt: skip

    def _user(self, way: str, states: tuple[str, ...]) -> Child:
        kind = RELATIONS.ways[self.kind][way].end
        selection = Selection(kind, where=Where("state", "in", states), page=Page(USERS_SHOWN))
        return Child(f"{USER}{way}", way, selection)


def all_ends(way: str, condition: Condition) -> Condition:
    """Holds when everything at the end of a way fulfils the condition."""
    return Not(Linked(way, Not(condition)))
