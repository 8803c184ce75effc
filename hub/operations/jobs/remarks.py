"""What a job notes on an object: a record of evidence, and nothing of the object changes."""

from dataspace.change import Amend
from dataspace.selection import Condition
from hub.operations.mechanism.done import Request


async def remark(request: Request, *, holds: Condition) -> bool:
    """Records the request's act and reason once for its request id; whether it was now.

    `holds` must hold of the object when it is recorded. Raises:  NotFound, MovedOn.
    """
    change = Amend(request.kind, request.id, {}, request.act, guard=holds)
    applied = await request.node.catalogue.apply(request.changing(change))
    return not applied.repeated
