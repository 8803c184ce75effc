"""The health of a node's products flows with its feed, and says nothing of what is not shown."""

from tests.build import a_product, a_resource, a_row
from tests.unit.federation.two_nodes import BANK, TwoNodes, amend, apply, rows

CARD = {"verdict": "HEALTHY", "ground": "WELL", "calls": 9, "success_percent": 100,
        "noted_at": "2026-06-01T12:00:00.000Z"}  # fmt: skip


async def test_the_hub_has_the_card_of_a_product_and_each_change_of_its_verdict() -> None:
    nodes = await TwoNodes().ready()
    hidden = {"audience": "SPACE", "resources": []}
    await apply(
        nodes.node.catalogue,
        a_resource("res_secret", provider=BANK, state="REGISTERED", audience="SPACE"),
        a_row("product_health", "hlt_shown", {**CARD, "late_sources": ["res_secret"]}),
        a_row("product_health", "hlt_hidden", CARD),
        a_product("prd_shown", owner=BANK, health="hlt_shown", resources=[]),
        a_product("prd_hidden", owner=BANK, health="hlt_hidden", **hidden),
    )
    await nodes.pull()
    assert set(await nodes.shown()) == {"prd_shown"}
    found = await nodes.shown("product_health")
    assert set(found) == {"hlt_shown"}, "the other product is for its space alone"
    assert (found["hlt_shown"]["verdict"], found["hlt_shown"]["calls"]) == ("HEALTHY", 9)
    assert await rows(nodes.hub.catalogue, "resource") == {}, "a source is not told by it"

    await amend(nodes.node.catalogue, "product_health", "hlt_shown",
                verdict="FAILING", ground="CALLS_FAIL", last_failure="MISSING")  # fmt: skip
    await nodes.pull()
    found = await nodes.shown("product_health")
    assert (found["hlt_shown"]["verdict"], found["hlt_shown"]["last_failure"]) == (
        "FAILING", "MISSING",
    )  # fmt: skip
    assert await nodes.refusals() == {}
