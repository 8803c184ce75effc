"""J-L3-2: authorisations at their end."""

from datetime import datetime
from typing import Final

from dataspace.jobs.tally import Tally
from dataspace.quantity import read_moment
from dataspace.selection import Row, Where
from hub.node import Node
from hub.operations import authorisations
from hub.operations.jobs.remarks import remark
from hub.operations.mechanism.done import Request
from hub.scheduling.context import Context

ENDED: Final = "Its term is over 授权期限届满"
ENDS: Final = "It ends at 将于此时到期："


async def end(node: Node, context: Context) -> Tally:
    """What is over is closed; what is about to end is warned of, once for each end."""

    async def act(row: Row) -> bool:
        ends = row["valid_until"]
        if _is_over(ends, context.at):
            await authorisations.expire(
                node, context.caller, row["id"], reason=ENDED, request_id=context.request(row["id"])
            )
            return True
        key, reason = f"{context.job.code}/{ends}", f"{ENDS} {ends}"
        return await _remark(node, context, row, verb="warn_expiry", reason=reason, key=key)

    return await context.each(context.due(node, "valid_until"), act)


def _is_over(ends: str, at: datetime) -> bool:
    return read_moment(ends) <= at


async def _remark(
    node: Node, context: Context, row: Row, *, verb: str, reason: str, key: str
) -> bool:
    assert context.job.due is not None
    request = Request(node, context.caller, "authorisation", verb, row["id"], reason, key)
    return await remark(request, holds=Where("state", "in", context.job.due.states))
