"""Supply: what is late is noted and asked for, what is in time again is closed, nothing else is
written or even read."""

from datetime import timedelta
from typing import Any

import pytest

from dataspace.caller import Role
from dataspace.change import Amend
from dataspace.quantity import written
from dataspace.selection import Selection, Where
from hub.node import Node
from hub.operations.quality import supply
from tests.build import a_change_set, a_resource, an_act, caller_for
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import MARKET
from tests.unit.operations.test_quality import rows_of

pytestmark = pytest.mark.anyio

JOB = caller_for(Role.REGISTRAR, subject="job.supply")


async def a_supplied(node: Node, id_: str, **values: Any) -> None:
    given = {
        "provider": MARKET, "state": "REGISTERED", "update_cycle": "DAILY",
        "data_changed_at": written(node.clock.now()), **values,
    }  # fmt: skip
    await node.catalogue.apply(a_change_set(a_resource(id_, **given)))


async def statuses(node: Node) -> dict[str, str | None]:
    rows = await rows_of(node, "resource", "supply_status")
    return {row["id"]: row["supply_status"] for row in rows}


async def orders(node: Node) -> list[tuple[str, str]]:
    rows = await rows_of(node, "work_order", "cause", "state")
    return sorted((row["cause"], row["state"]) for row in rows)


async def test_supply_grows_late_and_stale_and_stops_with_one_work_order(node: Node) -> None:
    await a_supplied(node, "res_1")
    began = node.clock.now()
    for days, status, open_orders in ((0, "FRESH", 0), (2, "LATE", 1), (5, "STALE", 1),
                                      (40, "STOPPED", 1)):  # fmt: skip
        counts = await supply.sweep(node, JOB, began + timedelta(days=days))
        assert (counts.considered, counts.done, counts.failed) == (1, 1, 0)
        assert await statuses(node) == {"res_1": status}
        assert len(await orders(node)) == open_orders
    now = {"data_changed_at": written(began + timedelta(days=40))}
    await node.catalogue.apply(a_change_set(Amend("resource", "res_1", now, an_act())))
    counts = await supply.sweep(node, JOB, began + timedelta(days=40))
    assert (counts.done, counts.closed) == (1, 1)
    assert await statuses(node) == {"res_1": "FRESH"}
    assert await orders(node) == [("LATE_SUPPLY", "CLOSED")]


async def test_a_status_that_is_right_is_neither_read_nor_written_again(node: Node) -> None:
    for at in range(3):
        await a_supplied(node, f"res_{at}")
    at = node.clock.now()
    await supply.sweep(node, JOB, at)
    before = (await node.catalogue.changes_since(0, 100))[-1].revision
    again = await supply.sweep(node, JOB, at + timedelta(hours=1))
    assert (again.considered, again.done) == (0, 0)
    assert (await node.catalogue.changes_since(0, 100))[-1].revision == before


async def test_only_registered_resources_with_a_cycle_and_an_update_are_looked_at(
    node: Node,
) -> None:
    await a_supplied(node, "res_draft", state="DRAFT")
    await a_supplied(node, "res_no_cycle", update_cycle=None)
    await a_supplied(node, "res_no_update", data_changed_at=None)
    await a_supplied(node, "res_vanished", vanished_at=written(node.clock.now()))
    await a_supplied(node, "res_irregular", update_cycle="IRREGULAR")
    counts = await supply.sweep(node, JOB, node.clock.now() + timedelta(days=9999))
    assert counts.considered == 1
    assert {each for each in (await statuses(node)).values() if each} == {"FRESH"}


async def test_a_dry_run_counts_and_a_limit_leaves_the_rest_for_later(node: Node) -> None:
    for at in range(5):
        await a_supplied(node, f"res_{at}")
    at = node.clock.now() + timedelta(days=2)
    dry = await supply.sweep(node, JOB, at, dry_run=True)
    assert (dry.considered, dry.done) == (5, 0)
    first = await supply.sweep(node, JOB, at, limit=2)
    assert (first.done, first.more) == (2, True)
    rest = await supply.sweep(node, JOB, at, limit=3)
    assert (rest.done, rest.more) == (3, False)
    assert len(await orders(node)) == 5


async def test_real_time_may_be_looked_at_alone(node: Node) -> None:
    await a_supplied(node, "res_daily")
    await a_supplied(node, "res_real_time", update_cycle="REAL_TIME")
    at = node.clock.now() + timedelta(hours=1)
    counts = await supply.sweep(node, JOB, at, cycles=["REAL_TIME"])
    assert counts.considered == 1
    assert await statuses(node) == {"res_daily": None, "res_real_time": "LATE"}


async def test_what_was_updated_meanwhile_is_left_alone_and_the_others_are_noted(
    node: Node,
) -> None:
    for at in range(3):
        await a_supplied(node, f"res_{at}")
    at = node.clock.now() + timedelta(days=2)
    watching, watch = watched(node)

    async def once_it_is_read() -> None:
        if watch.selects < LATE_OF_DAILY:
            watch.after_select = once_it_is_read
            return
        fresh = {"data_changed_at": written(at)}
        await node.catalogue.apply(a_change_set(Amend("resource", "res_1", fresh, an_act())))

    watch.after_select = once_it_is_read
    counts = await supply.sweep(watching, JOB, at)
    assert (counts.done, counts.failed) == (2, 1)
    assert await statuses(node) == {"res_0": "LATE", "res_1": None, "res_2": "LATE"}
    assert (await supply.sweep(node, JOB, at)).done == 1
    assert (await statuses(node))["res_1"] == "FRESH"


# The sweep asks for four windows of REAL_TIME first, then for FRESH and LATE of DAILY.
LATE_OF_DAILY = 6


async def test_pages_are_walked_to_the_end(node: Node) -> None:
    rows = [
        a_resource(
            f"res_{at:03d}", provider=MARKET, state="REGISTERED", update_cycle="MONTHLY",
            data_changed_at=written(node.clock.now() - timedelta(days=100, minutes=at)),
        )
        for at in range(230)
    ]  # fmt: skip
    await node.catalogue.apply(a_change_set(*rows))
    counts = await supply.sweep(node, JOB, node.clock.now())
    assert (counts.considered, counts.done, counts.opened) == (230, 230, 230)
    found = Selection(
        "resource", where=Where("supply_status", "eq", "STALE"), rows=False, total=True
    )
    assert (await node.catalogue.select(found)).total == 230
