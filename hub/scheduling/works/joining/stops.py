"""J-L1-5: planned stops that were not announced in time, and outages without a report."""

from datetime import datetime, timedelta
from typing import Any, Final

from dataspace.clocks.days import day_of
from dataspace.jobs.tally import Tally
from dataspace.quantity import read_moment
from dataspace.selection import Either, Every, Not, Order, Row, Selection, Where
from hub.node import Node
from hub.operations.jobs.remarks import remark
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.reading import ends, flat
from hub.operations.rulebooks.ruling import rules_everywhere
from hub.scheduling.context import Context
from hub.scheduling.works.watching.reading import every

NOTICE_RULE: Final = "node.stop_notice_days_min"
NOTICE_DAYS: Final = 5
OUTAGE_RULE: Final = "node.outage_notice_hours_max"
OUTAGE_HOURS: Final = 24
STOPS: Final = Either((
    Where("state", "in", ("MAINTENANCE", "OUTAGE")),
    Every((Where("state", "eq", "ACTIVE"), Not(Where("stop_planned_at", "is_null", True)))),
))  # fmt: skip
SHORT: Final = "A planned stop needs so many working days' notice 计划停服须提前公告的工作日数："
LONG: Final = "Out for more hours than its full report may take 故障已超过完整报告时限（小时）："


async def look(node: Node, context: Context) -> Tally:
    """Each stop is told of once, however often it is looked at, by the rules of the space that the
    node serves. Raises:  YearMissing."""
    ruling = await rules_everywhere(node.catalogue, at=context.at)

    async def act(row: Row) -> bool:
        rules = ruling.of(flat(row)["space"]).rules
        if row["state"] == "OUTAGE":
            hours = rules.get(OUTAGE_RULE, OUTAGE_HOURS)
            return _is_long(row, context.at, hours) and await _told(
                node, context, row, verb="outage_unreported", reason=f"{LONG}{hours}"
            )
        days = rules.get(NOTICE_RULE, NOTICE_DAYS)
        return _is_short(node, row, days) and await _told(
            node, context, row, verb="stop_unannounced", reason=f"{SHORT}{days}"
        )

    return await context.each(every(node, _stops(), limit=context.job.limit), act)


async def count(node: Node, at: datetime) -> int:
    found = await node.catalogue.select(Selection("node", where=STOPS, rows=False, total=True))
    return found.total or 0


def _stops() -> Selection:
    fields = ("id", "name", "state", "stop_planned_at", "stop_announced_at", "stopped_at")
    beside = (ends("operator", "participant"), ends("space", "space"))
    return Selection("node", fields, STOPS, order=Order("id"), children=beside)


def _is_long(row: Row, at: datetime, hours: int) -> bool:
    return bool(row["stopped_at"]) and at - read_moment(row["stopped_at"]) > timedelta(hours=hours)


def _is_short(node: Node, row: Row, days: int) -> bool:
    """Whether it was announced less than so many working days before, or not at all."""
    begins, announced = row["stopped_at"] or row["stop_planned_at"], row["stop_announced_at"]
    if not begins or not announced:
        return True
    zone = node.calendar.zone
    first, last = (day_of(read_moment(each), zone) for each in (announced, begins))
    return node.calendar.between(first, last) < days


async def _told(node: Node, context: Context, row: Row, *, verb: str, reason: str) -> bool:
    told: dict[str, Any] = flat(row)
    begins = row["stopped_at"] or row["stop_planned_at"] or ""
    key = f"{context.job.code}/{verb}/{begins}"
    request = Request(node, context.caller, "node", verb, row["id"], reason, key)
    return await remark(request, holds=Where("state", "eq", row["state"]), row=told)
