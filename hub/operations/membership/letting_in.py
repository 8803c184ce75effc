"""Who is let into a space, in which role, and who is taken out of it (TC-016, TC-042).

The edge `spaces`, which visibility and tokens go by, and the memberships beside it are written at
once. Leaving one space touches no other, and not the participant's identity (TC-011).
"""

from dataclasses import dataclass
from typing import Final

from dataspace.caller import Role
from dataspace.change import Change
from dataspace.errors import ReferenceMissing
from dataspace.guards.access import TooManyMemberships, check_able
from dataspace.guards.people import check_admitted
from dataspace.notices.notice import Trigger
from dataspace.nouns.memberships import MEMBERSHIPS_MAX
from dataspace.quantity import written
from dataspace.refusals import ReasonMissing
from dataspace.selection import PAGE_MAX, Either, Every, Linked, Page, Row, Selection, Where
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.input import accepted
from hub.operations.mechanism.lifecycle import Values
from hub.operations.membership.keeping import LOGICAL, check_open
from hub.operations.notices.telling import Event, notices_of

JOIN: Final = "join"
LEAVE: Final = "leave"
ROLE: Final = "CONSUMER"  # of who is let in without another being named
READ: Final = ("id", "name", "closed_at", "required_capabilities")
KEEPERS: Final = frozenset({Role.PLATFORM_ADMIN, Role.REGISTRAR})
# Of nodes that are still there; who is cut off or has left can do nothing for a space.
STANDING: Final = ("ONLINE", "OFFLINE", "MAINTENANCE", "OUTAGE")


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change of membership writes, and what is told of it."""

    values: Values
    told: tuple[Change, ...]


async def is_party(request: Request, values: Values, row: Row) -> bool:
    """Whether it is about a logical space that the caller operates, or their own leaving."""
    ours, space = request.caller.participant, values.get("space")
    if request.verb not in (JOIN, LEAVE) or not ours or not space:
        return False
    if request.verb == LEAVE and row["id"] == ours:
        return True
    own = Where("operator", "eq", ours)
    theirs = Either((own, Linked("part_of", own)))
    where = Every((Where("id", "eq", space), Where("kind", "eq", LOGICAL), theirs))
    found = await request.node.catalogue.select(Selection("space", where=where, page=Page(1)))
    return found.first is not None


async def let_in(request: Request, row: Row) -> Changed:
    """Raises:  ReferenceMissing, PartyNotAdmitted, SpaceClosed, CapabilityMissing,
    TooManyMemberships, ReasonMissing, FieldsInvalid."""
    id_ = request.given["space"]
    [space] = await may_join(request, row, {id_})
    values = membership_of(
        row, id_, role=request.given.get("role") or "", since=written(request.now)
    )
    if len(values["memberships"]) > MEMBERSHIPS_MAX:
        raise TooManyMemberships(name=row["name"], limit=MEMBERSHIPS_MAX)
    return _changed(request, row, space, accepted("participant", values, fields=tuple(values)))


async def take_out(request: Request, row: Row) -> Changed:
    """It may have ended already. Raises:  ReasonMissing."""
    id_ = request.given["space"]
    spaces = await _spaces(request, {id_})
    values = without(row, set(row["spaces"]) - {id_})
    return _changed(request, row, spaces[0] if spaces else {"id": id_, "name": id_}, values)


def without(row: Row, spaces: set[str]) -> Values:
    """Its spaces as they are to be, without the memberships of those that it is in no more."""
    kept = [each for each in row.get("memberships") or () if each["space"] in spaces]
    return {"spaces": sorted(spaces), "memberships": kept}


async def may_join(request: Request, row: Row, spaces: set[str]) -> list[Row]:
    """The spaces, when the participant may be in them, by the guard of who applies for one.

    Raises:  ReferenceMissing, PartyNotAdmitted, SpaceClosed, CapabilityMissing.
    """
    found = await _spaces(request, spaces)
    if missing := sorted(spaces - {each["id"] for each in found}):
        raise ReferenceMissing(kind="space", id=missing[0])
    required = set[str]()
    for space in found:
        check_admitted(row, id=space["name"])
        check_open(space)
        required |= set(space["required_capabilities"] or ())
    if required:
        await _check_able(request, row, found)
    return found


async def _check_able(request: Request, row: Row, spaces: list[Row]) -> None:
    nodes = (await request.node.catalogue.select(machinery_of(row.get("id", "")))).rows
    check_able(row, spaces, nodes)


def machinery_of(participant: str) -> Selection:
    """Its nodes and connectors that are still there, with what they can do."""
    where = Every((Where("operator", "eq", participant), Where("status", "in", STANDING)))
    return Selection("node", ("capabilities",), where, page=Page(PAGE_MAX))


def membership_of(row: Row, space: str, *, role: str, since: str) -> Values:
    """The participant's spaces and memberships with this one among them; one that is there keeps
    its beginning, and its role unless another is given."""
    before: Row = next((each for each in row["memberships"] or () if each["space"] == space), {})
    others = [each for each in row["memberships"] or () if each["space"] != space]
    membership = {
        "space": space, "role": role or before.get("role") or ROLE,
        "since": before.get("since") or since,
    }  # fmt: skip
    return {"spaces": sorted({*row["spaces"], space}), "memberships": [*others, membership]}


async def _spaces(request: Request, ids: set[str]) -> list[Row]:
    where = Where("id", "in", tuple(sorted(ids)))
    asked = Selection("space", READ, where, page=Page(PAGE_MAX))
    return (await request.node.catalogue.select(asked)).rows


def _changed(request: Request, row: Row, space: Row, values: Values) -> Changed:
    """Raises:  ReasonMissing for who is no keeper of all participants."""
    reason = request.reason.strip()
    if not reason and not request.caller.holds(*KEEPERS):
        raise ReasonMissing(move=request.verb)
    said = f"{space['name']}: {reason}" if reason else space["name"]
    event = Event(Trigger("participant", request.verb), {**row, **values}, said)
    return Changed(values, notices_of(event, request.deed, {}))
