"""Uses of an authorisation out of its scope (越权): counted on it, until it is suspended (L3-d).

Whoever guards its use notes each of them. When they are as many as the rules tolerate no more,
J-L3-3 suspends it within the minute, which opens the case; the count begins anew when the
authorisation comes back.
"""

from typing import Final

from dataspace.caller import Caller, Role
from dataspace.change import Amend
from dataspace.errors import MovedOn
from dataspace.guards.limits import OUT_OF_SCOPE_CALLS
from dataspace.lifecycles.hands import roles_of
from dataspace.machine import REASON_CHARACTERS_MAX, Situation
from dataspace.quantity import written
from dataspace.refusals import ReasonMissing, WrongState
from dataspace.selection import Row
from hub.node import Node
from hub.operations.links.reach import REACH, spaces_of
from hub.operations.mechanism.done import Done, Request, carry_out, check_caller, once
from hub.operations.mechanism.reading import flat, seen
from hub.operations.notices.telling import notices_for
from hub.operations.rulebooks.ruling import rules_everywhere

KIND: Final = "authorisation"
VERB: Final = "note_out_of_scope"
RULE: Final = "authorisation.out_of_scope_calls"
GUARDS_OF_USE: Final = roles_of(
    Role.SUPERVISOR, Role.SUB_APPROVER, Role.AGENCY_REVIEWER1, Role.AGENCY_REVIEWER2, Role.SCHEDULER
)
# Two that are noted at once meet: the later one counts anew.
TRIES_MAX: Final = 8


async def note(
    node: Node, caller: Caller, id_: str, *, reason: str = "", request_id: str = ""
) -> Done:
    """Counts one use out of its scope; `reason` says which.

    Raises:  NotSignedIn, RoleMissing, ReasonMissing, NotFound, WrongState, MovedOn.
    """
    request = Request(node, caller, KIND, VERB, id_, reason, request_id)
    return await once(request, lambda: _note(request))


async def _note(request: Request) -> Done:
    check_caller(request.caller, VERB, GUARDS_OF_USE)
    if not 0 < len(request.reason.strip()) <= REASON_CHARACTERS_MAX:
        raise ReasonMissing(move=VERB, limit=REASON_CHARACTERS_MAX)
    for left in reversed(range(TRIES_MAX)):
        try:
            return await _counted(request, await _row(request))
        except MovedOn:
            if not left:
                raise
    raise AssertionError


async def _row(request: Request) -> Row:
    """As it was selected, with the spaces that it reaches into."""
    row = await seen(request.node, request.caller, KIND, id=request.id, related=REACH)
    if row["state"] != "EFFECTIVE":
        raise WrongState(id=request.id, state=row["state"], move=VERB, sources="EFFECTIVE")
    return row


async def _counted(request: Request, found: Row) -> Done:
    row, spaces = flat(found), spaces_of(found)
    now, calls = written(request.now), (row.get("out_of_scope_calls") or 0) + 1
    ruling = await rules_everywhere(request.node.catalogue, at=request.now)
    tolerated = ruling.rule(RULE, spaces)
    values = {"out_of_scope_calls": calls, "changed_at": now}
    if calls >= (OUT_OF_SCOPE_CALLS if tolerated is None else tolerated):
        values["over_limit_at"] = row.get("over_limit_at") or now
    situation = Situation(request.caller, request.now, row=row, reason=request.reason)
    change = Amend(KIND, request.id, values, request.act, version=row["version"])
    changes = (*notices_for(request, situation, values), change)
    return await carry_out(request, request.id, changes=changes, values={**row, **values})
