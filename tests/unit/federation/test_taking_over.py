"""What a node publishes is at the hub, in order, once, and says where it came from."""

from tests.build import a_product, a_resource
from tests.unit.federation.two_nodes import BANK, FIRM, STRANGER, TwoNodes, amend, apply


async def test_what_a_node_lists_is_shown_with_its_origin() -> None:
    nodes = await TwoNodes().ready()
    await apply(
        nodes.node.catalogue,
        a_resource("res_a", provider=BANK, state="REGISTERED", grade=2),
        a_product("prd_a", owner=BANK, resources=["res_a"]),
    )
    pulled = await nodes.pull()
    assert pulled.error is None
    assert await nodes.refusals() == {}
    assert set(await nodes.shown()) == {"prd_a"}
    assert set(await nodes.shown("resource")) == {"res_a"}
    feed = await nodes.feed()
    assert (feed["entries"], feed["lag"], feed["error"]) == (2, 0, None)
    shown = (await nodes.shown())["prd_a"]
    assert shown["as_of"] == "2026-06-01T12:00:00.000Z"
    await amend(nodes.node.catalogue, "product", "prd_a", name="B")
    await nodes.pull()
    assert (await nodes.shown())["prd_a"]["name"] == "B"
    await amend(nodes.node.catalogue, "product", "prd_a", state="DELISTED")
    await nodes.pull()
    assert set(await nodes.shown()) == set()
    await amend(nodes.node.catalogue, "product", "prd_a", state="LISTED", owner=STRANGER)
    await nodes.pull()
    assert await nodes.refusals() == {"prd_a": "feed.participant_not_served"}
    await amend(nodes.node.catalogue, "product", "prd_a", state="LISTED", owner=FIRM)
    await nodes.pull()
    assert await nodes.refusals() == {}
    assert set(await nodes.shown()) == {"prd_a"}
