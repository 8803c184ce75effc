"""The health of a product on its card: who reads the product reads it, and no more than that."""

from typing import Any

import pytest

from hub.node import Node
from tests.build import a_change_set, a_participant, a_product, a_resource, a_row
from tests.clock import FrozenClock
from tests.unit.api.asking import Asking
from tests.unit.api.conftest import ask, node
from tests.unit.operations.city import DEVELOPER
from tests.unit.test_round_trips import statements

__all__ = ["ask", "node"]

CARD = """query ($filter: ProductFilter) { products(filter: $filter, orderBy: NAME_ASC) {
    nodes { id health { verdict ground successPercent latencyP95Ms sourceFreshness lastFailure
        lateSources { totalCount nodes { name supplyStatus lateHours } } } } } }"""
SORTED = """{ productHealths(orderBy: SUCCESS_PERCENT_ASC) {
    facets(fields: [VERDICT]) { values { value count } }
    nodes { successPercent products { nodes { name } } } } }"""


@pytest.fixture(autouse=True)
async def measured(node: Node, clock: FrozenClock) -> None:
    """Three products: one fails, one is well, and a draft of which nobody but its owner knows."""
    late = {"update_cycle": "DAILY", "state": "REGISTERED", "supply_status": "LATE",
            "data_changed_at": "2026-05-30T00:00:00.000Z"}  # fmt: skip
    well = {"verdict": "HEALTHY", "ground": "WELL", "success_percent": 100, "latency_p95_ms": 5}
    fails = {"verdict": "FAILING", "ground": "CALLS_FAIL", "success_percent": 40,
             "last_failure": "MISSING", "source_freshness": "LATE",
             "late_sources": ["res_late", "res_hidden"]}  # fmt: skip
    await node.catalogue.apply(a_change_set(
        a_participant("par_owner"),
        a_resource("res_late", name="迟到 Late", **late),
        a_resource("res_hidden", name="内部 Hidden", audience="MEMBERS", **late),
        a_row("product_health", "hlt_a", fails), a_row("product_health", "hlt_b", well),
        a_row("product_health", "hlt_c", {**well, "success_percent": 10}),
        a_product("prd_a", name="A", owner="par_owner", health="hlt_a", resources=["res_late"]),
        a_product("prd_b", name="B", owner="par_owner", health="hlt_b"),
        a_product("prd_c", name="C", owner="par_owner", state="DRAFT", health="hlt_c"),
    ))  # fmt: skip


async def test_a_card_is_read_with_its_product_in_one_statement(ask: Asking, node: Node) -> None:
    statements(node)
    found = (await ask.data(CARD))["products"]["nodes"]
    assert statements(node) == 1
    health = {each["id"]: each["health"] for each in found}
    assert set(health) == {"prd_a", "prd_b"}, "a draft is its owner's alone"
    assert health["prd_a"]["verdict"] == "FAILING"
    assert health["prd_a"]["lastFailure"] == "MISSING"
    late = health["prd_a"]["lateSources"]
    assert [each["name"] for each in late["nodes"]] == ["迟到 Late"], "what anybody may see"
    assert late["totalCount"] == 1
    [source] = late["nodes"]
    assert source["supplyStatus"] == "LATE"
    assert source["lateHours"] == 30, "60 hours old, a day and six hours of grace"
    assert health["prd_b"]["lateSources"]["nodes"] == []


async def test_products_are_found_by_their_verdict_and_cards_sorted(ask: Asking) -> None:
    wanted: Any = {"filter": {"health": {"verdict": {"in": ["FAILING", "DEGRADED"]}}}}
    assert [each["id"] for each in (await ask.data(CARD, wanted))["products"]["nodes"]] == ["prd_a"]
    none: Any = {"filter": {"hasHealth": False}}
    assert (await ask.data(CARD, none))["products"]["nodes"] == []
    cards = (await ask.data(SORTED))["productHealths"]
    assert [each["successPercent"] for each in cards["nodes"]] == [40, 100]
    counted = {each["value"]: each["count"] for each in cards["facets"][0]["values"]}
    assert counted == {"FAILING": 1, "HEALTHY": 1}


async def test_nobody_writes_a_card_by_hand_and_faults_are_for_whom_they_concern(
    ask: Asking, node: Node
) -> None:
    fault = {"title": "F", "state": "OPEN", "ground": "CALLS_FAIL", "product": "prd_a",
             "owner": "par_owner"}  # fmt: skip
    await node.catalogue.apply(a_change_set(a_row("product_fault", "pft_a", fault)))
    asked = "{ productFaults { nodes { id } } product(id: \"prd_a\") { faults { totalCount } } }"
    seen = await ask.data(asked)
    assert seen["productFaults"]["nodes"] == []
    assert seen["product"]["faults"]["totalCount"] == 0
    given = {"id": "prd_c", "values": {"health": "hlt_b"}}
    body = await ask.body(
        """mutation ($id: ID!, $values: ProductValues!) {
            productAmend(input: {id: $id, values: $values}) { object { id } } }""",
        given, caller=DEVELOPER,
    )  # fmt: skip
    assert "health" in str(body["errors"][0]["message"])
