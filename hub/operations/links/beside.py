"""What the guards of many links read beside an object, and what a draft may refer to."""

from dataspace.change import Act
from dataspace.quantity import written
from dataspace.relations import RELATIONS
from dataspace.selection import Child, Condition, Page, Row, Selection
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.lifecycle import Values
from hub.operations.mechanism.reading import EDGE_COUNT_MAX, check_seen


def acting(party: str) -> Child:
    """The participant at the edge, as the guard G-ADMITTED asks for it."""
    selection = Selection("participant", fields=("id", "state", "standing"), page=Page(1))
    return Child("acting", party, selection)


def those(way: str, kind: str, *fields: str, where: Condition) -> Child:
    """What stands at the end of a way and fulfils the condition."""
    selection = Selection(kind, fields=("id", *fields), where=where, page=Page(EDGE_COUNT_MAX))
    return Child(way, way, selection)


async def check_referred(request: Request, values: Values, row: Row) -> Values:
    """Nobody refers to what they may not see. Raises:  NotFound, SelectionTooLarge."""
    for edge in RELATIONS.by_name[request.kind].edges:
        named = values.get(edge.name) or ()
        ids = (named,) if isinstance(named, str) else named
        if ids:
            await check_seen(request.node, request.caller, edge.target, ids=ids)
    return {}


def act_of(request: Request, kind: str, verb: str) -> Act:
    """What follows from a request on another object is done by the same person for its reason."""
    reason = request.reason.strip()
    return Act(request.caller.subject, f"{kind}.{verb}", written(request.now), reason)
