"""J-X-6: complaints that are late are chased, and those that nobody disputes are closed."""

from datetime import timedelta

import pytest

from dataspace.jobs.table import JOBS
from dataspace.quantity import read_moment
from dataspace.refusals import WrongState
from dataspace.selection import Page, Selection, Where
from hub.node import Node
from hub.scheduling.context import SCHEDULER
from hub.scheduling.work import WORK
from tests.clock import FrozenClock
from tests.unit.jobs.test_works import counts
from tests.unit.operations.city import a_registered_resource, rule
from tests.unit.operations.test_complaints import CITIZEN, HANDLED, lodged, moved, the_row
from tests.unit.operations.test_rulebooks import a_space, decided

from .test_watching import Ran, ran  # noqa: F401

pytestmark = pytest.mark.anyio

CODE = "J-X-6"


async def clock_notices(node: Node, id_: str) -> list[str]:
    asked = Selection("notice", ("code",), Where("subject", "eq", id_), page=Page(100))
    rows = (await node.catalogue.select(asked)).rows
    return sorted(row["code"] for row in rows if row["code"].startswith("clock."))


async def considered(node: Node, clock: FrozenClock) -> int:
    """What a dry run says: looked at, and nothing done."""
    count = WORK[CODE].count
    assert count is not None
    return await count(node, clock.now())


def test_it_runs_daily() -> None:
    assert JOBS[CODE].cron == "10 9 * * *"


async def test_a_complaint_that_nobody_accepts_reaches_the_supervisor_once(
    node: Node, clock: FrozenClock, ran: Ran  # noqa: F811
) -> None:
    """Lodged on Monday 1 June 2026: five working days are over with Monday the 8th."""
    id_ = await lodged(node)
    clock.at = read_moment("2026-06-05T09:10:00+08:00")
    assert await considered(node, clock) == 1
    assert counts(await ran(CODE)) == (1, 1, 0, 0), "one day before the last"
    clock.at = read_moment("2026-06-09T09:10:00+08:00")
    assert counts(await ran(CODE)) == (1, 1, 0, 0)
    told = await clock_notices(node, id_)
    assert told.count("clock.escalation") == 1
    assert counts(await ran(CODE)) == (1, 1, 0, 0), "the same run, which is done once"
    clock.advance(minutes=1)
    assert counts(await ran(CODE)) == (0, 0, 0, 0)
    assert await clock_notices(node, id_) == told


async def test_what_nobody_disputed_is_closed_when_its_days_are_over(
    node: Node, clock: FrozenClock, ran: Ran  # noqa: F811
) -> None:
    closes, disputed = await lodged(node), await lodged(node)
    for each in (closes, disputed):
        await moved(node, each, *HANDLED)
    await moved(node, disputed, (CITIZEN, "reopen"))
    clock.at = read_moment("2026-06-16T09:10:00+08:00")
    await ran(CODE)
    assert (await the_row(node, closes))["state"] == "ANSWERED", "the fifteenth day is still theirs"
    clock.at = read_moment("2026-06-17T09:10:00+08:00")
    assert await considered(node, clock) >= 1
    await ran(CODE)
    row = await the_row(node, closes, "closed_by", "decision_reason")
    assert (row["state"], row["closed_by"]) == ("CLOSED", SCHEDULER.subject)
    assert "期满" in row["decision_reason"]
    assert (await the_row(node, disputed))["state"] == "ACCEPTED"
    [task] = (await node.catalogue.select(
        Selection("task", ("status",), Where("subject", "eq", closes), page=Page(1))
    )).rows  # fmt: skip
    assert task["status"] == "DONE"


async def test_a_sub_space_that_leaves_more_time_is_waited_for(
    node: Node, clock: FrozenClock, ran: Ran  # noqa: F811
) -> None:
    await rule(node, complaint__dispute_days_min="2")
    space = await a_space(node, "finance", part_of="spc_city")
    await decided(node, space, {"complaint.dispute_days_min": 20})
    clock.advance(minutes=1)
    inside = (await a_registered_resource(node, space=space)).id
    in_space, in_city = await lodged(node, resource=inside), await lodged(node)
    for each in (in_space, in_city):
        await moved(node, each, *HANDLED)
    clock.advance(days=4)
    assert await considered(node, clock) >= 2
    row = await ran(CODE)
    assert (row["refused"], row["failed"]) == (0, 0)
    states = [(await the_row(node, each))["state"] for each in (in_space, in_city)]
    assert states == ["ANSWERED", "CLOSED"]
    clock.advance(days=18)
    await ran(CODE)
    assert (await the_row(node, in_space))["state"] == "CLOSED"


async def test_a_late_run_and_one_for_a_day_long_past_close_nothing_too_early(
    node: Node, clock: FrozenClock, ran: Ran  # noqa: F811
) -> None:
    id_ = await lodged(node)
    await moved(node, id_, *HANDLED)
    clock.advance(days=40)
    await ran(CODE, clock.now() - timedelta(days=30))
    assert (await the_row(node, id_))["state"] == "ANSWERED", "on that day it was disputable"
    await ran(CODE)
    assert (await the_row(node, id_))["state"] == "CLOSED"
    with pytest.raises(WrongState):
        await moved(node, id_, (CITIZEN, "confirm"))
