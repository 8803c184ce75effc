"""J-L1-4: invitations whose time is over."""

from typing import Final

from dataspace.jobs.tally import Tally
from dataspace.selection import Row
from hub.node import Node
from hub.operations.federation import inviting
from hub.scheduling.context import Context

OVER: Final = "Its time is over 有效期届满"


async def close(node: Node, context: Context) -> Tally:
    """What is refused from its last moment on is now also shown as expired."""

    async def act(row: Row) -> bool:
        await inviting.expire(
            node, context.caller, row["id"], reason=OVER, request_id=context.request(row["id"])
        )
        return True

    return await context.each(context.due(node), act)
