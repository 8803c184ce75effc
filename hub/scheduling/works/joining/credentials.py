"""J-L1-3: keys of nodes at their end: warned of 30, 7 and 1 days before, then cut off."""

from datetime import datetime, timedelta
from typing import Final

from dataspace.jobs.tally import Tally
from dataspace.quantity import read_moment
from dataspace.selection import Row, Where
from hub.node import Node
from hub.operations import nodes
from hub.operations.jobs.remarks import remark
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.reading import ends, flat
from hub.scheduling.context import Context

WARNED_DAYS: Final = (1, 7, 30)
ENDED: Final = "Its keys have ended 密钥已到期"
ENDS: Final = "Its keys end at 密钥将于此时到期："


async def look(node: Node, context: Context) -> Tally:
    """A step that was missed is made up for by the next one; each is told once for each end."""

    async def act(row: Row) -> bool:
        until = read_moment(row["credential_until"])
        if until <= context.at:
            await nodes.DESK.move(
                node, context.caller, row["id"], "isolate", reason=ENDED,
                request_id=context.request(row["id"]),
            )  # fmt: skip
            return True
        return await _warned(node, context, row, _step(until, context.at))

    due = context.due(node, "name", "credential_until", beside=(ends("operator", "participant"),))
    return await context.each(due, act)


def _step(until: datetime, at: datetime) -> int:
    return next(days for days in WARNED_DAYS if until - at <= timedelta(days=days))


async def _warned(node: Node, context: Context, row: Row, days: int) -> bool:
    assert context.job.due is not None
    until = row["credential_until"]
    key = f"{context.job.code}/{until}/{days}"
    request = Request(
        node, context.caller, "node", "warn_credential", row["id"], f"{ENDS}{until}", key
    )
    holds = Where("state", "in", context.job.due.states)
    return await remark(request, holds=holds, row=flat(row))
