"""J-L3-2: authorisations at their end, and the scenarios that they served."""

from datetime import datetime, timedelta
from typing import Final

from dataspace.jobs.table import WARNED_DAYS
from dataspace.jobs.tally import Tally
from dataspace.quantity import read_moment
from dataspace.selection import Row, Where
from hub.node import Node
from hub.operations import authorisations
from hub.operations.jobs.remarks import remark
from hub.operations.links.reach import REACH, spaces_of
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.reading import ends, flat
from hub.operations.rulebooks.ruling import rules_everywhere
from hub.scheduling.context import Context
from hub.scheduling.works.watching import lapsed

ENDED: Final = "Its term is over 授权期限届满"
NOTICE: Final = "authorisation.expiry_notice_days_min"
NAMED: Final = ("code", "title", "valid_until")
ENDS: Final = "It ends at 将于此时到期："


async def end(node: Node, context: Context) -> Tally:
    """What is over is closed; what is about to end is warned of, once for each end, and as early as
    the spaces ask that it reaches into."""
    ruling = await rules_everywhere(node.catalogue, at=context.at)

    async def act(row: Row) -> bool:
        until = row["valid_until"]
        if _is_over(until, context.at):
            await authorisations.expire(
                node, context.caller, row["id"], reason=ENDED, request_id=context.request(row["id"])
            )
            return True
        own = ruling.rule(NOTICE, spaces_of(row))
        if not _is_over(until, context.at + timedelta(days=WARNED_DAYS if own is None else own)):
            return False
        key, reason = f"{context.job.code}/{until}", f"{ENDS} {until}"
        return await _remark(node, context, row, verb="warn_expiry", reason=reason, key=key)

    beside = (ends("grantee", "participant"), *REACH)
    ahead = context.within(max(ruling.all_of(NOTICE, WARNED_DAYS)))
    await context.each(ahead.due(node, *NAMED, beside=beside), act)
    return await lapsed.close_scenarios(node, context)


def _is_over(ends: str, at: datetime) -> bool:
    return read_moment(ends) <= at


async def _remark(
    node: Node, context: Context, row: Row, *, verb: str, reason: str, key: str
) -> bool:
    assert context.job.due is not None
    request = Request(node, context.caller, "authorisation", verb, row["id"], reason, key)
    return await remark(request, holds=Where("state", "in", context.job.due.states), row=flat(row))
