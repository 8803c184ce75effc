"""J-X-6: complaints whose answer nobody disputed in time are closed; late ones are chased."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from dataspace.complaints.guards import TERM, is_undisputed
from dataspace.jobs.tally import Tally
from dataspace.quantity import written
from dataspace.selection import PAGE_MAX, POSITION, Every, Order, Page, Row, Selection, Where
from hub.node import Node
from hub.operations.complaints.desk import COMPLAINTS
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.moving import situation_of
from hub.operations.rulebooks.ruling import in_force
from hub.scheduling.context import LIMIT_REACHED, Context
from hub.scheduling.works import tasks

VERB: Final = "lapse"
UNDISPUTED: Final = "It was answered, and nobody disputed that in time 已答复，期满无异议"


async def close(node: Node, context: Context) -> Tally:
    """Each by the rules of its own space, which leave no less time to dispute than the city's."""

    async def act(row: Row) -> bool:
        request = Request(node, context.caller, COMPLAINTS.lifecycle.kind, VERB, row["id"])
        situation = await situation_of(COMPLAINTS.lifecycle, request)
        if not is_undisputed(replace(situation, now=context.at)):
            return False
        await COMPLAINTS.move(
            node, context.caller, row["id"], VERB, reason=UNDISPUTED,
            request_id=context.request(row["id"]),
        )  # fmt: skip
        return True

    return await context.each(_answered(node, context), act)


async def count(node: Node, at: datetime) -> int:
    """How many are looked at: answered ones whose time may be over, and those that are late."""
    asked = Selection(COMPLAINTS.lifecycle.kind, (), await _due(node, at), rows=False, total=True)
    answered = (await node.catalogue.select(asked)).total or 0
    return answered + await tasks.counting("X2")(node, at)


async def _answered(node: Node, context: Context) -> AsyncIterator[Row]:
    """The oldest answers first, up to the limit of a run, also while they are closed."""
    where, left, position = await _due(node, context.at), context.job.limit, None
    while left:
        page = Page(min(left, PAGE_MAX), position)
        found = await node.catalogue.select(
            Selection(
                COMPLAINTS.lifecycle.kind, ("id",), where, order=Order("answered_at"), page=page
            )
        )
        for row in found.rows:
            yield row
        left -= len(found.rows)
        if not found.more_after:
            return
        position = found.rows[-1][POSITION]
    context.tally.remark = LIMIT_REACHED


async def _due(node: Node, at: datetime) -> Every:
    city = await in_force(node.catalogue, None, at=at)
    days = int(city.rules.get(TERM.rule, TERM.length.count))
    until = Where("answered_at", "lte", written(at - timedelta(days=days)))
    return Every((Where("state", "eq", "ANSWERED"), until))
