"""A hub or a node that was restored from a backup is brought to what the other knows."""

from copy import deepcopy
from typing import Any

from dataspace.change import Amend, Remove, TakenOver
from dataspace.ports import Catalogue
from hub.operations.evidence import verify
from hub.operations.federation.flow import feeds, healing
from tests.build import a_product, an_act
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.federation.two_nodes import BANK, Books, TwoNodes, amend, apply


def backup_of(catalogue: Catalogue) -> Catalogue:
    assert isinstance(catalogue, DictionaryCatalogue)
    return deepcopy(catalogue)


async def lived() -> TwoNodes:
    nodes = await TwoNodes().ready()
    made = (a_product(id_, owner=BANK) for id_ in ("prd_a", "prd_b"))
    await apply(nodes.node.catalogue, *made)
    await nodes.pull()
    return nodes


async def holds(catalogue: Any) -> bool:
    return (await verify(catalogue, lambda _: None)).holds


async def test_a_hub_restored_from_an_hour_ago_loses_nothing_that_its_node_said_since() -> None:
    nodes = await lived()
    hour_old = backup_of(nodes.hub.catalogue)
    await amend(nodes.node.catalogue, "product", "prd_a", name="Newer")
    await amend(nodes.node.catalogue, "product", "prd_b", state="DELISTED")
    await apply(nodes.node.catalogue, a_product("prd_c", owner=BANK))
    await nodes.pull()
    nodes.hub.catalogue = hour_old
    pulled = await nodes.pull()
    assert pulled.error is None
    shown = await nodes.shown()
    assert {id_: row["name"] for id_, row in shown.items()}.keys() == {"prd_a", "prd_c"}
    assert shown["prd_a"]["name"] == "Newer"
    feed = await nodes.feed()
    assert (feed["entries"], feed["bytes"]) == (2, await healing.weighed(nodes.following()))
    assert await holds(nodes.hub.catalogue)
    assert await holds(nodes.node.catalogue)


async def test_a_node_restored_from_a_backup_is_noticed_and_compared_in_full() -> None:
    nodes = await lived()
    hour_old = backup_of(nodes.node.catalogue)
    await amend(nodes.node.catalogue, "product", "prd_a", name="Lost again")
    await apply(nodes.node.catalogue, a_product("prd_c", owner=BANK))
    await nodes.pull()
    nodes.node.catalogue = hour_old
    pulled = await nodes.pull()
    assert pulled.error is None
    assert set(await nodes.shown()) == {"prd_a", "prd_b"}
    assert (await nodes.shown())["prd_a"]["name"] != "Lost again"
    feed = await nodes.feed()
    assert (feed["suspect"], feed["healed"]) == (None, 2)
    assert feed["healed_detail"].startswith("feed.went_back; ")
    assert await holds(nodes.hub.catalogue)


async def test_a_restored_node_that_has_overtaken_its_revision_is_noticed_too() -> None:
    """By the leaf: the revision alone would say that it goes on as before."""
    nodes = await lived()
    hour_old = backup_of(nodes.node.catalogue)
    await amend(nodes.node.catalogue, "product", "prd_a", name="Lost again")
    await nodes.pull()
    nodes.node.catalogue = hour_old
    for at in range(5):
        await amend(nodes.node.catalogue, "product", "prd_b", name=f"Other {at}")
    await nodes.pull()
    shown = await nodes.shown()
    assert shown["prd_a"]["name"] != "Lost again"
    assert shown["prd_b"]["name"] == "Other 4"
    assert (await nodes.feed())["healed_detail"].startswith("feed.went_back; ")


async def test_a_comparison_says_what_it_healed() -> None:
    nodes = await lived()
    before = backup_of(nodes.hub.catalogue)
    nodes.hub = Books(before, nodes.hub.clock)
    following = nodes.following()
    drift = (
        Amend("product", "prd_a", {"name": "Drifted"}, an_act()),
        Remove("product", "prd_b", an_act()),
    )
    await before.apply(TakenOver("chs_drift", drift))
    feed = await healing.verify(following, await feeds.opened(following))
    assert feed.row["healed_detail"] == "Amend 1, Create 1"
    assert set(await nodes.shown()) == {"prd_a", "prd_b"}
    assert feed.bytes == (await nodes.feed())["bytes"] == await healing.weighed(following)
    assert (await healing.verify(following, feed)).row["healed"] == 0
