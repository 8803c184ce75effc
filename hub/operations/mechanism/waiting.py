"""Which objects wait for a caller's decision."""

from collections.abc import Container, Iterator

from dataspace import guards
from dataspace.caller import Caller
from dataspace.machine import Move
from dataspace.relations import RELATIONS
from dataspace.selection import Condition, Either, Every, Not, Where
from hub.operations.mechanism.lifecycle import Lifecycle


def waiting_for(lifecycle: Lifecycle, caller: Caller) -> Condition:
    """Holds of what nobody can take further before somebody in the caller's place decides.

    Left out is what the caller acted on before, where another person has to decide.
    """
    machine, fields = lifecycle.machine, RELATIONS.by_name[lifecycle.kind].by_name
    return Either(tuple(
        Every((Where("state", "eq", state), *each))
        for state, name in lifecycle.awaited.items()
        for each in _choices(machine.by_name[name], caller, fields)
    ))  # fmt: skip


def _choices(
    move: Move, caller: Caller, fields: Container[str]
) -> Iterator[tuple[Condition, ...]]:
    """What is the caller's in person, and what is anybody's with their roles."""
    if move.person and caller.signed_in:
        yield (Where(move.person, "eq", caller.subject),)
    if _could(move, caller):
        nobodys = (Where(move.person, "is_null", True),) if move.person else ()
        yield (*nobodys, *_permitted(move, caller, fields))


def _could(move: Move, caller: Caller) -> bool:
    return caller.holds(*move.roles) and (not move.party or bool(caller.participant))


def _permitted(move: Move, caller: Caller, fields: Container[str]) -> tuple[Condition, ...]:
    party = (Where(move.party, "eq", caller.participant),) if move.party else ()
    if guards.FOUR_EYES not in move.guards:
        return party
    acted = [Where(field, "eq", caller.subject) for field in guards.ACTED if field in fields]
    if guards.COUNTERSIGNERS in fields:
        acted.append(Where(guards.COUNTERSIGNERS, "has", caller.subject))
    if caller.handler:
        acted += [Where(each, "eq", caller.handler) for each in guards.HANDLERS if each in fields]
    return (*party, Not(Either(tuple(acted))))
