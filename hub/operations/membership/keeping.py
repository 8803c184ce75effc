"""Whose a logical space is: the operator of a space keeps those within it (TC-040, TC-045)."""

from typing import Final

from dataspace.caller import Role
from dataspace.guards.access import SpaceClosed
from dataspace.machine import Situation
from dataspace.selection import Condition, Every, Linked, Not, Page, Row, Selection, Where
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.lifecycle import Values
from hub.operations.mechanism.reading import ends

OPERATORS: Final = frozenset({Role.ORG_ADMIN})
LOGICAL: Final = "LOGICAL"
TIER: Final = "SUBSPACE"
OPEN: Final = Where("closed_at", "is_null", True)


# What is read of the space beside what is published into it, for the guard G-SPACE-OPEN.
SPACE: Final = ends("space", "space", "name", "closed_at")


def in_an_open_space(situation: Situation) -> Condition:
    """What the guard G-SPACE-OPEN has found must go on holding."""
    return Not(Linked("space", Not(OPEN)))


async def is_operator(request: Request, values: Values, row: Row) -> bool:
    """Whether the space is a logical one that is the caller's to enter or amend.

    It stays logical, at its tier, within a space that the caller's participant operates, and it is
    operated by that participant: whoever creates a space is its operator.
    """
    ours = request.caller.participant
    after = {**row, **values}
    if not ours or {row.get("kind", LOGICAL), after.get("kind")} != {LOGICAL}:
        return False
    if after.get("tier") != TIER or after.get("operator") not in (None, ours, row.get("operator")):
        return False
    if row and row["operator"] == ours and after["part_of"] == row["part_of"]:
        return True
    return await _operates(request, after.get("part_of") or "")


async def _operates(request: Request, space: str) -> bool:
    """Whether the caller's participant operates the space, which is open."""
    own = Where("operator", "eq", request.caller.participant)
    asked = Selection("space", where=Every((Where("id", "eq", space), own, OPEN)), page=Page(1))
    return (await request.node.catalogue.select(asked)).first is not None


def check_open(row: Row) -> None:
    """Raises:  SpaceClosed."""
    if row.get("closed_at"):
        raise SpaceClosed(space=row["name"])
