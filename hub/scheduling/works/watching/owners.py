"""J-L3-4: authorisations whose data have changed hands (权属变动), to be checked again."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Final

from dataspace.jobs.tally import Tally
from dataspace.quantity import written
from dataspace.selection import Every, Linked, Order, Page, Row, Selection, Where
from hub.node import Node
from hub.operations.jobs.remarks import remark
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.reading import ends, flat
from hub.scheduling.context import Context
from hub.scheduling.works.watching.reading import every

SPAN: Final = timedelta(days=1)
GRANTS_MAX: Final = 1_000_000
# Who answers for the data, and where they come from.
OWNERSHIP: Final = frozenset({"provider", "source_department", "source_system"})
CHANGED: Final = "Ownership or source of its data changed 数据权属或来源变动："
IN_USE: Final = Where("state", "in", ("EFFECTIVE", "SUSPENDED"))


async def recheck(node: Node, context: Context) -> Tally:
    """Of each run's day, every grant over a resource that came to another provider or source."""

    async def act(row: Row) -> bool:
        if OWNERSHIP.isdisjoint(row["changed"] or ()) or row["version"] == 1:
            return False
        noted = [await _note(node, context, row, grant) async for grant in _grants(node, row)]
        return any(noted)

    return await context.each(every(node, _records(context.at), limit=context.job.limit), act)


async def count(node: Node, at: datetime) -> int:
    found = await node.catalogue.select(
        Selection("evidence", where=_records(at).where, rows=False, total=True)
    )
    return found.total or 0


def _records(at: datetime) -> Selection:
    """What became of resources in the day before."""
    day = (
        Where("subject_kind", "eq", "RESOURCE"),
        Where("at", "gt", written(at - SPAN)), Where("at", "lte", written(at)),
    )  # fmt: skip
    return Selection(
        "evidence", ("id", "subject", "changed", "version"), Every(day), order=Order("at")
    )


async def _grants(node: Node, record: Row) -> AsyncIterator[Row]:
    """However many rest on it; none when it is gone."""
    resource = Where("id", "eq", record["subject"])
    named = await node.catalogue.select(Selection("resource", ("name",), resource, page=Page(1)))
    resting = Selection(
        "authorisation", ("id", "code", "title", "valid_until"),
        Every((IN_USE, Linked("resources", resource))),
        children=(ends("grantor", "participant"), ends("grantee", "participant")),
    )  # fmt: skip
    for each in named.rows:
        async for grant in every(node, resting, limit=GRANTS_MAX):
            yield {**flat(grant), "resource_name": each["name"]}


async def _note(node: Node, context: Context, record: Row, grant: Row) -> bool:
    key = f"{context.job.code}/{grant['id']}/{record['id']}"
    reason = f"{CHANGED}{grant['resource_name']} ({record['subject']})"
    request = Request(
        node, context.caller, "authorisation", "ownership_changed", grant["id"], reason, key
    )
    return await remark(request, holds=IN_USE, row=grant)
