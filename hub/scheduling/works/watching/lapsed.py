"""J-L4-2, and of J-L3-2 the scenarios: what was lent or approved for a time that is over."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final

from dataspace.jobs.tally import Tally
from dataspace.quantity import written
from dataspace.selection import Every, Order, Row, Selection, Where
from hub.node import Node
from hub.operations.links.development import EXPLORATIONS, PLATFORM_REQUESTS
from hub.operations.links.scenarios import SCENARIOS
from hub.operations.mechanism.desk import Desk
from hub.scheduling.context import Context
from hub.scheduling.works.watching.reading import every

Act = Callable[[Row], Awaitable[bool]]
OVER: Final = "Its time is over 期限届满"
LENT: Final = ((PLATFORM_REQUESTS, ("APPROVED",)), (EXPLORATIONS, ("APPROVED",)))
SCENARIO: Final = ((SCENARIOS, ("APPROVED", "ACTIVE")),)


async def release(node: Node, context: Context) -> Tally:
    """Platform resources and masked samples go back at the end of what they were lent for."""
    return await _close(node, context, LENT)


async def close_scenarios(node: Node, context: Context) -> Tally:
    """One that grants still rest on is refused, and closed after the last of them."""
    return await _close(node, context, SCENARIO)


async def count(node: Node, at: datetime) -> int:
    asked = [_over(desk, states, at) for desk, states in LENT]
    found = [await node.catalogue.select(_counted(each)) for each in asked]
    return sum(each.total or 0 for each in found)


async def _close(
    node: Node, context: Context, lent: Sequence[tuple[Desk, tuple[str, ...]]]
) -> Tally:
    for desk, states in lent:
        await context.each(
            every(node, _over(desk, states, context.at), limit=context.job.limit),
            _closing(node, context, desk),
        )
    return context.tally


def _closing(node: Node, context: Context, desk: Desk) -> Act:
    async def act(row: Row) -> bool:
        await desk.move(
            node, context.caller, row["id"], "expire", reason=OVER,
            request_id=context.request(row["id"]),
        )  # fmt: skip
        return True

    return act


def _over(desk: Desk, states: tuple[str, ...], at: datetime) -> Selection:
    over = (Where("state", "in", states), Where("valid_until", "lte", written(at)))
    return Selection(desk.lifecycle.kind, ("id",), Every(over), order=Order("valid_until"))


def _counted(selection: Selection) -> Selection:
    return Selection(selection.kind, where=selection.where, rows=False, total=True)
