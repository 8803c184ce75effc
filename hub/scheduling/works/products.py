"""J-L5-1 and J-L5-4: products that have still to be listed, and outputs whose sources are newer."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from dataspace.clocks.case_clock import CaseClock
from dataspace.clocks.ruled import ruled
from dataspace.clocks.standing import deadline
from dataspace.clocks.terms import TERMS
from dataspace.jobs.tally import Tally
from dataspace.quantity import read_moment
from dataspace.selection import Row, Where
from hub.node import Node
from hub.operations.jobs.remarks import remark
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.reading import ends, flat
from hub.operations.outputs import renewing
from hub.operations.rulebooks.ruling import rules_everywhere
from hub.scheduling.context import Context
from hub.scheduling.works.watching.reading import every

LISTING: Final = next(term for term in TERMS if term.code == "product.to_list")
LOOKED_AT_MAX: Final = 200_000  # products with a recipe, as one run of J-L5-4 does
NOT_LISTED: Final = "Not listed yet; to be listed by 尚未上架，时限："


async def remind(node: Node, context: Context) -> Tally:
    """Each of them once a day, with the last day on which it is to be listed by the rules of its
    space. Raises:  YearMissing."""
    assert context.job.due is not None
    ruling = await rules_everywhere(node.catalogue, at=context.at)
    holds = Where("state", "in", context.job.due.states)

    async def act(found: Row) -> bool:
        row = flat(found)
        term = ruled(LISTING, ruling.of(row["space"]).rules, row=row)
        due = deadline(CaseClock(read_moment(row["registered_at"]), term.length), node.calendar)
        reason = f"{NOT_LISTED} {due.last_day if due else ''}"
        request = Request(
            node, context.caller, "product", "remind", row["id"], reason, context.request(row["id"])
        )
        return await remark(request, holds=holds, row=row)

    beside = (ends("space", "space"),)
    return await context.each(context.due(node, "registered_at", "form", beside=beside), act)


async def compute_anew(node: Node, context: Context) -> Tally:
    """Each by its own recipe and for its owner; one that cannot be computed keeps its output."""

    async def act(row: Row) -> bool:
        owner = replace(context.caller, participant=row["owner"]["id"])
        await renewing.renew(node, owner, row, request_id=context.request(row["id"]))
        return True

    return await context.each(_renewable(node, limit=context.job.limit), act)


async def count_renewable(node: Node, at: datetime) -> int:
    return len([row async for row in _renewable(node, limit=LOOKED_AT_MAX)])


async def _renewable(node: Node, *, limit: int) -> AsyncIterator[Row]:
    if not node.recipes:
        return
    async for row in every(node, renewing.with_recipe(node), limit=limit):
        if await renewing.is_due(node, row):
            yield row
