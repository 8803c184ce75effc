"""J-L5-2: listed prices over the ceilings of the rules, or of the agreements that they rest on."""

from datetime import datetime
from typing import Final

from dataspace.federation.flow.publishing import OWN
from dataspace.guards import PRICE_CAPPED
from dataspace.guards.refusals import PriceTooHigh
from dataspace.jobs.tally import Tally
from dataspace.machine import Situation
from dataspace.selection import Every, Row, Selection, Where
from hub.node import Node
from hub.operations.jobs.remarks import remark
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.reading import ends, flat, rows_of
from hub.operations.rulebooks.ruling import rules_everywhere
from hub.scheduling.context import Context
from hub.scheduling.works.watching.reading import every

LISTED: Final = Every((OWN, Where("state", "eq", "LISTED")))
PRODUCTS: Final = Selection(
    "product", ("id", "name", "identifier", "code", "price_fen", "price_unit"), LISTED,
    children=(
        ends("owner", "participant"), ends("space", "space"),
        ends("authorisations", "authorisation", "price_cap_fen"),
    ),
)  # fmt: skip


async def look(node: Node, context: Context) -> Tally:
    """A price is told of once for each ceiling that it is over; what is not listed yet is stopped
    by the guard of its listing. The ceiling is that of the product's space."""
    ruling = await rules_everywhere(node.catalogue, at=context.at)

    async def act(row: Row) -> bool:
        related = {"authorisations": rows_of(row["authorisations"])}
        rules = ruling.of(flat(row)["space"]).rules
        situation = Situation(context.caller, context.at, row=row, related=related, rules=rules)
        try:
            PRICE_CAPPED.check(situation)
        except PriceTooHigh as found:
            return await _note(node, context, row, found)
        return False

    return await context.each(every(node, PRODUCTS, limit=context.job.limit), act)


async def count(node: Node, at: datetime) -> int:
    found = await node.catalogue.select(Selection("product", where=LISTED, rows=False, total=True))
    return found.total or 0


async def _note(node: Node, context: Context, row: Row, found: PriceTooHigh) -> bool:
    price, limit = found.facts["price_fen"], found.facts["limit_fen"]
    key = f"{context.job.code}/{row['id']}/{price}/{limit}"
    reason = f"{price} fen, at most {limit} 现价 {price} 分，上限 {limit} 分"
    request = Request(node, context.caller, "product", "price_over_ceiling", row["id"], reason, key)
    return await remark(request, holds=LISTED, row=flat(row))
