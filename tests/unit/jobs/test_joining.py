"""J-L1-3 to J-L1-5: invitations that are over, keys that end, stops that nobody announced."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dataspace.caller import Role
from dataspace.change import Amend
from dataspace.jobs.table import JOBS
from dataspace.quantity import written
from dataspace.selection import Order, Page, Row, Selection, Where
from hub.node import Node
from hub.operations import nodes
from hub.operations.federation import inviting
from hub.scheduling.asking import run_by_hand
from hub.scheduling.running import Bench
from tests.build import a_change_set, a_row, an_act, caller_for
from tests.clock import FrozenClock
from tests.unit.jobs.made_up import Heard, a_workshop
from tests.unit.operations.city import ADMIN, BANK

pytestmark = pytest.mark.anyio
OPERATOR = caller_for(Role.ORG_ADMIN, participant=BANK)
Ran = Callable[[str], Awaitable[Row]]


@pytest.fixture
def ran(node: Node, tmp_path: Path) -> Ran:
    heard = Heard()

    async def run(code: str) -> Row:
        bench = Bench(node, a_workshop(tmp_path), heard.report)
        row = await run_by_hand(bench, JOBS[code], node.clock.now())
        assert heard.errors == []
        return row

    return run


async def a_running_node(node: Node, **values: Any) -> str:
    given = {
        "name": "N", "kind": "INDUSTRY", "status": "ONLINE", "state": "ACTIVE", "operator": BANK,
        **values,
    }  # fmt: skip
    await node.catalogue.apply(a_change_set(a_row("node", "nod_1", given)))
    return "nod_1"


async def told(node: Node, what: str) -> int:
    where = Where("code", "in", [f"node.{what}.operator", f"node.{what}.platform_admin",
                                 f"node.{what}.supervisor"])  # fmt: skip
    found = await node.catalogue.select(Selection("notice", ("id",), where, page=Page(50)))
    return len(found.rows)


async def state_of(node: Node, kind: str, id_: str) -> str:
    selection = Selection(kind, ("state",), Where("id", "eq", id_), order=Order("id"), page=Page(1))
    return str((await node.catalogue.select(selection)).rows[0]["state"])


async def test_an_invitation_that_nobody_used_is_closed(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    issued = await inviting.issue(node, ADMIN, {"participant": BANK, "profile": "finance"})
    assert (await ran("J-L1-4"))["done"] in (0, None)
    clock.advance(hours=24)
    assert (await ran("J-L1-4"))["done"] == 1
    assert await state_of(node, "invitation", issued.done.id) == "EXPIRED"
    clock.advance(hours=1)
    assert (await ran("J-L1-4"))["done"] in (0, None)


async def test_keys_that_end_are_warned_of_three_times_and_then_cut_off(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    until = clock.now() + timedelta(days=40)
    id_ = await a_running_node(node, credential_until=written(until))
    found = []
    for _ in range(45):
        await ran("J-L1-3")
        found.append((await told(node, "warn_credential"), await state_of(node, "node", id_)))
        clock.advance(days=1)
    assert [found.index((count, "ACTIVE")) for count in (0, 1, 2, 3)] == [0, 10, 33, 39]
    assert found[-1] == (3, "ISOLATED")
    assert found.index((3, "ISOLATED")) == 40


async def test_keys_that_were_rotated_begin_anew(node: Node, clock: FrozenClock, ran: Ran) -> None:
    id_ = await a_running_node(node, credential_until=written(clock.now() + timedelta(days=5)))
    await ran("J-L1-3")
    later = written(clock.now() + timedelta(days=365))
    renewed = Amend("node", id_, {"credential_until": later}, an_act("node.renew_keys"))
    await node.catalogue.apply(a_change_set(renewed))
    clock.advance(days=10)
    await ran("J-L1-3")
    assert (await told(node, "warn_credential"), await state_of(node, "node", id_)) == (1, "ACTIVE")


async def test_a_stop_without_its_notice_is_told_of_once(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    id_ = await a_running_node(node)
    await nodes.DESK.move(node, OPERATOR, id_, "stop", reason="Works")
    for _ in range(3):
        await ran("J-L1-5")
        clock.advance(hours=1)
    assert await told(node, "stop_unannounced") == 2, "its operator, and whoever runs the platform"


async def test_a_stop_that_was_announced_in_time_is_in_order(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    announced, planned = clock.now(), clock.now() + timedelta(days=14)
    id_ = await a_running_node(
        node, stop_announced_at=written(announced), stop_planned_at=written(planned)
    )
    await ran("J-L1-5")
    clock.advance(days=14)
    await nodes.DESK.move(node, OPERATOR, id_, "stop", reason="Works")
    await ran("J-L1-5")
    assert await told(node, "stop_unannounced") == 0
    await nodes.DESK.move(node, OPERATOR, id_, "recover", reason="Done")
    clock.advance(days=1)
    await nodes.DESK.move(node, OPERATOR, id_, "stop", reason="Again")
    await ran("J-L1-5")
    assert await told(node, "stop_unannounced") == 2, "an announcement is for one stop"


async def test_an_outage_of_more_than_a_day_is_told_of(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    id_ = await a_running_node(node)
    await nodes.DESK.move(node, OPERATOR, id_, "report_outage", reason="Disk")
    clock.advance(hours=24)
    await ran("J-L1-5")
    assert await told(node, "outage_unreported") == 0
    clock.advance(hours=1)
    await ran("J-L1-5")
    clock.advance(hours=1)
    await ran("J-L1-5")
    assert await told(node, "outage_unreported") == 2
