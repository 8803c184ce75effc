"""J-L5-3: products are called each hour, cards say what came of it, and faults come and go."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dataspace.caller import Role
from dataspace.change import Amend, Create, TakenOver
from dataspace.errors import AssetsUnavailable, NotFound
from dataspace.health.calls import Call, hour_of
from dataspace.jobs.table import JOBS
from dataspace.quantity import written
from dataspace.refusals import ReasonMissing, RoleMissing
from dataspace.selection import Every, Page, Row, Selection, Where
from hub.node import Node
from hub.operations import authorisations, products
from hub.operations.health import probing
from hub.operations.health.calls import CALLS, CallBook, forget, kept, key_of
from hub.operations.links.desks import DESKS
from hub.operations.mechanism.reading import ends, rows_of
from hub.operations.samples import key
from hub.operations.tasks.listing import tasks_of
from hub.scheduling.asking import run_by_hand
from hub.scheduling.running import Bench
from tests.build import a_change_set, a_row, an_act, caller_for
from tests.clock import FrozenClock
from tests.unit.jobs.made_up import Heard, a_workshop
from tests.unit.jobs.test_rules_of_spaces import FINANCE, put_into, sub_spaces
from tests.unit.jobs.test_watching import Ran, notices, ran
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    BANK,
    CENTRE,
    DEVELOPER,
    LISTER,
    SUPERVISOR,
    DictionaryAssets,
    a_listed_product,
    an_authorisable_resource,
    an_authorisation,
    rule,
)
from tests.unit.operations.links.test_grants import the_row

__all__ = ["ran"]
pytestmark = pytest.mark.anyio

OUTPUT = b"credit_code,score\n91310000MA1FL0000N,87\n"
CARD = (
    "verdict", "ground", "calls", "failed", "success_percent", "latency_p95_ms", "last_failure",
    "source_freshness", "last_call_at", "since", "noted_at",
)  # fmt: skip


def files(node: Node) -> dict[str, bytes]:
    assert isinstance(node.assets, DictionaryAssets)
    return node.assets.files


async def a_product(node: Node, number: int = 0, **values: Any) -> tuple[str, str, str]:
    """Listed, with an output, on a source that is fresh for the day; with its grant and source."""
    resource = await an_authorisable_resource(
        node, name=f"R{number}", source_system=f"S{number}",
        data_changed_at=written(node.clock.now()), **values,
    )  # fmt: skip
    grant = await an_authorisation(node, resource)
    made = await a_listed_product(
        node, resources=[resource], authorisations=[grant], name=f"产品 P{number}"
    )
    await with_output(node, made.id)
    return made.id, grant, resource


async def with_output(node: Node, product: str, content: bytes = OUTPUT) -> str:
    asset = f"ast_{product[4:20]}"
    values = {"file_name": "out.csv", "media_type": "text/csv", "bytes": len(content),
              "sha256": hashlib.sha256(content).hexdigest(), "keeper": BANK}  # fmt: skip
    await node.catalogue.apply(a_change_set(
        a_row("asset", asset, values),
        Amend("product", product, {"sample": asset}, an_act("product.attach")),
    ))  # fmt: skip
    files(node)[key(asset)] = content
    return asset


async def card(node: Node, product: str) -> Row:
    asked = Selection("product_health", CARD, Where("id", "eq", await card_id(node, product)))
    row = (await node.catalogue.select(asked)).first
    assert row is not None
    return row


async def card_id(node: Node, product: str) -> str:
    asked = Selection("product", (), Where("id", "eq", product), page=Page(1),
                      children=(ends("health", "product_health"),))  # fmt: skip
    row = (await node.catalogue.select(asked)).first
    assert row is not None
    [found] = rows_of(row["health"])
    return str(found["id"])


async def records(node: Node, *actions: str) -> int:
    asked = Selection("evidence", where=Where("action", "in", actions), rows=False, total=True)
    return (await node.catalogue.select(asked)).total or 0


async def faults(node: Node, *fields: str) -> list[Row]:
    return (await node.catalogue.select(
        Selection("product_fault", ("id", "state", *fields), page=Page(100))
    )).rows  # fmt: skip


async def hourly(ran: Ran, clock: FrozenClock, hours: int) -> None:
    for _ in range(hours):
        clock.advance(hours=1)
        await ran("J-L5-3")


async def test_a_card_says_what_a_week_of_calls_came_to_in_few_records(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    product, _, _ = await a_product(node, update_cycle="IRREGULAR")
    await hourly(ran, clock, 49)
    found = await card(node, product)
    assert (found["verdict"], found["ground"]) == ("HEALTHY", "WELL")
    assert (found["calls"], found["failed"], found["success_percent"]) == (49, 0, 100)
    assert found["source_freshness"] == "FRESH"
    assert found["latency_p95_ms"] <= 100
    assert await records(node, "product_health.note") == 3, "at first, and once a day"
    assert await records(node, "product.show_health") == 1


async def test_calls_older_than_the_window_count_no_more_and_their_files_go(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    product, _, _ = await a_product(node, update_cycle="IRREGULAR")
    book = CallBook("gateway-1")
    now = clock.now()
    for hours in (200, 169, 167, 2):
        book.enter(Call(product, now - timedelta(hours=hours), 30))
    await book.keep(node.assets)
    assert list(book.hours) == [hour_of(now - timedelta(hours=2))], "the latest may still grow"
    await ran("J-L5-3")
    assert (await card(node, product))["calls"] == 3, "two that were kept, and the probe"
    left = sorted(each for each in files(node) if each.startswith(CALLS))
    assert len(left) == 3, "the oldest two are gone"


async def test_calls_of_others_enter_the_same_cells_and_a_second_run_of_an_hour_counts_once(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    product, _, _ = await a_product(node, update_cycle="IRREGULAR")
    book = CallBook("gateway-1")
    for number in range(20):
        book.enter(Call(product, clock.now(), 30 + number, "" if number % 4 else "TOO_SLOW"))
        await book.keep(node.assets)
    await ran("J-L5-3")
    found = await card(node, product)
    assert (found["calls"], found["failed"], found["success_percent"]) == (21, 5, 76)
    assert (found["verdict"], found["ground"]) == ("DEGRADED", "SUCCESS_LOW")
    clock.advance(minutes=1)
    await ran("J-L5-3")
    assert (await kept(node.assets, clock.now())).of(product).window.calls == 21


async def test_a_product_that_fails_has_one_fault_at_its_owner_until_it_recovers(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    product, _, _ = await a_product(node, update_cycle="IRREGULAR")
    other, _, _ = await a_product(node, 1, update_cycle="IRREGULAR")
    await hourly(ran, clock, 3)
    gone = files(node).pop(key(f"ast_{product[4:20]}"))
    await hourly(ran, clock, 1)
    assert (await card(node, product))["verdict"] == "DEGRADED"
    assert await faults(node) == []
    await hourly(ran, clock, 3)
    found = await card(node, product)
    assert (found["verdict"], found["ground"], found["last_failure"]) == (
        "FAILING", "CALLS_FAIL", "MISSING",
    )  # fmt: skip
    [fault] = await faults(node, "title", "detail", "ground")
    assert fault["state"] == "OPEN"
    assert "产出文件缺失" in fault["detail"] and "2/5" in fault["detail"]
    assert await notices(node, fault["id"], "open") == {
        ("product_fault.open.owner", BANK), ("product_fault.open.sub_approver", ""),
    }  # fmt: skip
    assert await awaiting(node) == [fault["id"]]
    assert (await card(node, other))["verdict"] == "HEALTHY"

    files(node)[key(f"ast_{product[4:20]}")] = gone
    await hourly(ran, clock, 2)
    assert (await card(node, product))["verdict"] == "DEGRADED", "but not failing any more"
    [fault] = await faults(node, "closed_at", "open_key")
    assert (fault["state"], fault["open_key"]) == ("CLOSED", None)
    assert await awaiting(node) == []
    assert await notices(node, fault["id"], "close") == {("product_fault.close.owner", BANK)}


async def awaiting(node: Node) -> list[str]:
    """The faults in the work-list of the owner's people."""
    where = Every((tasks_of(DEVELOPER), Where("kind", "eq", "PRODUCT_FAULT")))
    found = await node.catalogue.select(Selection("task", ("subject",), where))
    return [row["subject"] for row in found.rows]


async def test_a_fault_is_answered_by_its_owner_and_asked_again_a_day_later(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    product, _, _ = await a_product(node, update_cycle="IRREGULAR")
    files(node).pop(key(f"ast_{product[4:20]}"))
    await hourly(ran, clock, 2)
    [fault] = await faults(node)
    desk = DESKS["product_fault"]
    stranger = caller_for(Role.DEVELOPER, participant=CENTRE)
    with pytest.raises(NotFound):
        await desk.move(node, stranger, fault["id"], "answer", reason="Mine")
    with pytest.raises(ReasonMissing):
        await desk.move(node, DEVELOPER, fault["id"], "answer")
    with pytest.raises(RoleMissing):
        await desk.move(node, DEVELOPER, fault["id"], "close", reason="I say so")
    await desk.move(node, DEVELOPER, fault["id"], "answer", reason="The disk is being replaced")
    assert await awaiting(node) == []
    await hourly(ran, clock, 23)
    assert (await faults(node))[0]["state"] == "ANSWERED"
    await hourly(ran, clock, 2)
    [fault] = await faults(node)
    assert fault["state"] == "OPEN"
    assert await awaiting(node) == [fault["id"]]
    assert await notices(node, fault["id"], "reopen") == {("product_fault.reopen.owner", BANK)}


async def test_a_late_source_is_named_and_makes_no_fault(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    product, _, resource = await a_product(node, update_cycle="DAILY")
    await hourly(ran, clock, 1)
    assert (await card(node, product))["source_freshness"] == "FRESH"
    clock.advance(days=2)
    await hourly(ran, clock, 1)
    found = await card(node, product)
    assert (found["verdict"], found["ground"], found["source_freshness"]) == (
        "DEGRADED", "SOURCE_LATE", "LATE",
    )  # fmt: skip
    late = Selection("product_health", where=Every((
        Where("id", "eq", await card_id(node, product)), Where("late_sources", "has", resource),
    )), rows=False, total=True)  # fmt: skip
    assert (await node.catalogue.select(late)).total == 1
    assert await faults(node) == []


async def test_a_grant_that_fell_makes_the_product_fail_at_once(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    product, grant, _ = await a_product(node, update_cycle="IRREGULAR")
    await hourly(ran, clock, 1)
    await authorisations.suspend(node, SUPERVISOR, grant, reason="Resold")
    await hourly(ran, clock, 1)
    assert (await card(node, product))["ground"] == "NOT_GRANTED"
    assert [each["state"] for each in await faults(node)] == ["OPEN"]


async def test_what_leaves_the_shelf_is_unknown_and_its_fault_is_over(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    product, _, _ = await a_product(node, update_cycle="IRREGULAR")
    files(node).pop(key(f"ast_{product[4:20]}"))
    await hourly(ran, clock, 2)
    await products.delist(node, LISTER, product, reason="It fails")
    await hourly(ran, clock, 1)
    found = await card(node, product)
    assert (found["verdict"], found["ground"]) == ("UNKNOWN", "NOT_LISTED")
    assert [each["state"] for each in await faults(node)] == ["CLOSED"]
    before = await records(node, "product_health.note")
    await hourly(ran, clock, 30)
    assert await records(node, "product_health.note") == before, "it is not looked at any more"


async def test_a_product_without_an_output_is_unknown_and_noted_once(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource)
    product = (await a_listed_product(node, resources=[resource], authorisations=[grant])).id
    await hourly(ran, clock, 30)
    found = await card(node, product)
    assert (found["verdict"], found["ground"], found["calls"]) == ("UNKNOWN", "NO_OUTPUT", 0)
    assert await records(node, "product_health.note") == 1


async def test_an_output_that_was_altered_or_cut_short_differs(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    product, _, _ = await a_product(node, update_cycle="IRREGULAR")
    where = key(f"ast_{product[4:20]}")
    for content in (OUTPUT[:-1] + b"8", OUTPUT[:-3], OUTPUT + b"x", b""):
        files(node)[where] = content
        await hourly(ran, clock, 1)
        assert (await card(node, product))["last_failure"] == "DIFFERS"
    assert (await kept(node.assets, clock.now())).of(product).window.failed == 4


class Broken(DictionaryAssets):
    """A store of which one file is never given, or that does not answer at all."""

    hanging: str = ""
    away: bool = False

    async def read(
        self, key: str, *, start_byte: int = 0, end_byte: int | None = None
    ) -> AsyncIterator[bytes]:
        if key == self.hanging:
            await asyncio.sleep(3600)
        if self.away and not key.startswith(CALLS):
            raise AssetsUnavailable(detail="no route", retry_after_seconds=5)
        return await super().read(key, start_byte=start_byte, end_byte=end_byte)

    async def ready(self) -> None:
        if self.away:
            raise AssetsUnavailable(detail="no route", retry_after_seconds=5)


async def test_a_file_that_never_comes_is_one_failed_call(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probing, "PROBE_SECONDS_MAX", 0.02)
    product, _, _ = await a_product(node, update_cycle="IRREGULAR")
    assets = Broken(files(node))
    assets.hanging = key(f"ast_{product[4:20]}")
    call = await probing.probe(replace(node, assets=assets), product, {
        "id": f"ast_{product[4:20]}", "bytes": 1, "sha256": "0"
    })  # fmt: skip
    assert call.failure == "TOO_SLOW"
    assert call.milliseconds >= 20


async def test_a_store_that_does_not_answer_is_no_fault_of_a_product(
    node: Node, clock: FrozenClock, tmp_path: Any
) -> None:
    await a_product(node, update_cycle="IRREGULAR")
    assets = Broken(files(node))
    assets.away = True
    heard = Heard()
    bench = Bench(replace(node, assets=assets), a_workshop(tmp_path), heard.report)
    row = await run_by_hand(bench, JOBS["J-L5-3"], clock.now())
    assert row["state"] == "FAILED"
    assert [type(error) for _, error in heard.errors] == [AssetsUnavailable]
    assert await records(node, "product_health.note") == 0
    assert [each for each in files(node) if each.startswith(CALLS)] == []


async def test_a_file_of_calls_that_is_none_is_passed_over_and_said(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    product, _, _ = await a_product(node, update_cycle="IRREGULAR")
    broken = key_of(clock.now() - timedelta(hours=1), "gateway-9")
    files(node)[broken] = b"{not json"
    files(node)[CALLS + "strange"] = b"{}"
    row = await ran("J-L5-3")
    assert f"calls.unreadable {broken}" in row["reason"]
    assert (await card(node, product))["calls"] == 1


async def test_tighter_rules_of_a_space_find_flaws_sooner(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    await rule(node, product__success_percent_min="90")
    await sub_spaces(node, product__success_percent_min="99")
    product, _, _ = await a_product(node, update_cycle="IRREGULAR")
    other, _, _ = await a_product(node, 1, update_cycle="IRREGULAR")
    await put_into(node, "product", **{product: FINANCE})
    book = CallBook("gateway-1")
    for each in (product, other):
        for number in range(40):
            moment = clock.now() - timedelta(hours=5)
            book.enter(Call(each, moment, 20, "TOO_SLOW" if number == 7 else ""))
    await book.keep(node.assets)
    await ran("J-L5-3")
    assert (await card(node, product))["ground"] == "SUCCESS_LOW"
    assert (await card(node, other))["ground"] == "WELL"


async def test_a_clock_that_was_put_back_counts_nothing_of_the_future_and_forgets_nothing(
    node: Node, clock: FrozenClock
) -> None:
    book, now = CallBook("gateway-1"), clock.now()
    for hours in (30, 0):
        book.enter(Call("prd_1", now - timedelta(hours=hours), 20))
    await book.keep(node.assets)
    back = now - timedelta(hours=24)
    assert (await kept(node.assets, back)).of("prd_1").window.calls == 1
    assert await forget(node.assets, back) == 0
    assert (await kept(node.assets, now)).of("prd_1").window.calls == 2


async def test_what_another_node_publishes_is_not_called_here(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    act = an_act("feed.take_over")
    away = {"name": "Away", "kind": "BUSINESS", "status": "ONLINE", "operator": BANK}
    theirs = {"verdict": "HEALTHY", "ground": "WELL", "origin_node": "nod_away"}
    made = {"name": "P", "summary": "s", "state": "LISTED", "audience": "PUBLIC", "form": "API",
            "use_kind": "INDUSTRY", "grade": 1, "price_fen": 0, "price_unit": "CALL",
            "usage_policy": "u", "owner": BANK, "health": "hlt_away",
            "origin_node": "nod_away"}  # fmt: skip
    await node.catalogue.apply(TakenOver("chs_away", (
        Create("node", "nod_away", away, act), Create("product_health", "hlt_away", theirs, act),
        Create("product", "prd_away", made, act),
    )))  # fmt: skip
    row = await ran("J-L5-3")
    assert row["considered"] == 0
    assert (await the_row(node, "product_health", "hlt_away", "verdict"))["verdict"] == "HEALTHY"


async def test_a_run_that_has_nothing_to_say_reads_by_the_page_and_writes_no_card(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    heard = Heard()
    counted = []
    for number in range(3):
        await a_product(node, number, update_cycle="IRREGULAR")
        for _ in range(2):
            clock.advance(hours=1)
            counting, watch = watched(node)
            bench = Bench(counting, a_workshop(tmp_path), heard.report)
            row = await run_by_hand(bench, JOBS["J-L5-3"], clock.now())
        counted.append((watch.selects, watch.applies, row["considered"], row["done"]))
    assert heard.errors == []
    assert [each[2:] for each in counted] == [(1, 0), (2, 0), (3, 0)]
    assert len({each[:2] for each in counted}) == 1, "as many statements for three as for one"
