"""What a job notes on an object: its evidence and its notices; the object stays as it was."""

from dataspace.change import Amend
from dataspace.machine import Situation
from dataspace.selection import Condition, Row
from hub.operations.mechanism.done import Request
from hub.operations.notices.telling import notices_for


async def remark(request: Request, *, holds: Condition, row: Row) -> bool:
    """Records the request's act and reason once for its request id, and tells of it in the same
    change set whom the notices name; whether it was now.

    `row` has what the notices name of the object; `holds` must hold of it when it is recorded.
    Raises:  NotFound, MovedOn.
    """
    situation = Situation(request.caller, request.now, row=row, reason=request.reason)
    told = notices_for(request, situation, {})
    change = Amend(request.kind, request.id, {}, request.act, guard=holds)
    applied = await request.node.catalogue.apply(request.changing(*told, change))
    return not applied.repeated
