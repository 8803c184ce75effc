"""What nobody may rely on any more: what a node offers that is cut off or has left, and what a node
was once told of who is a member."""

from typing import Any

import pytest

from dataspace.federation.batches import Entry
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.federation.flow.publishing import DOWNWARDS, UPWARDS, Flow
from dataspace.federation.flow.refusals import FeedCutOff
from dataspace.federation.flow.taking_over import Here, change_of
from dataspace.federation.membership import Membership
from dataspace.ports import Catalogue
from dataspace.selection import Child, Page, Selection, Where
from hub.node import Node
from hub.operations.federation.flow import feeds as books_of_feeds
from hub.operations.federation.flow import healing, pulling, shelf
from hub.operations.federation.flow.neighbours import Neighbours
from hub.scheduling.feeds import Feeds
from subspaces.peers.direct_peer import DirectPeer
from tests.build import a_product, an_act
from tests.unit.federation.test_downwards import a_hub, joined
from tests.unit.federation.test_turns import Following as Turned
from tests.unit.federation.test_turns import followed
from tests.unit.federation.two_nodes import BANK, FINANCE, FIRM, SPACE, Books, amend, apply, rows
from tests.unit.operations.city import DictionaryAssets, NobodyKnown


async def turned(each: Turned) -> None:
    """The register is read anew, and whoever is followed is asked."""
    turning: Feeds = vars(each).setdefault("turning", each.feeds())
    turning.read_at = -9.0
    turning.wake(FINANCE)
    await each.turned(turning)
    assert each.troubles == []


async def notices(catalogue: Catalogue, code: str) -> list[str]:
    asked = Selection("notice", ("party", "subject"), Where("code", "eq", code), page=Page(50))
    return sorted(row["subject"] for row in (await catalogue.select(asked)).rows)


async def acts(catalogue: Catalogue, id_: str) -> list[str]:
    found = await catalogue.changes_since(0, 1000)
    return [each.evidence["action"] for each in found if each.id == id_]


OWNER = "product.{}.owner"


async def stood(each: Turned, state: str, status: str) -> None:
    await amend(each.hub.catalogue, "node", FINANCE, state=state, status=status)
    await turned(each)


async def test_what_a_node_offers_is_suspended_while_it_is_cut_off_and_its_owner_is_told() -> None:
    each = await followed()
    await turned(each)
    await stood(each, "ISOLATED", "ISOLATED")
    row = (await each.nodes.shown())["prd_a"]
    assert (row["state"], row["availability"]) == ("LISTED", "SUSPENDED")
    assert "隔离" in row["availability_reason"]
    assert (await acts(each.hub.catalogue, "prd_a"))[-1] == "product.suspend_availability"
    assert await notices(each.hub.catalogue, OWNER.format("suspend_availability")) == ["prd_a"]
    feed = await each.nodes.feed()
    assert (feed["error"], feed["suspect"], feed["entries"]) == (FeedCutOff.code, True, 1)
    before = len(await each.hub.catalogue.changes_since(0, 1000))
    await turned(each)
    assert len(await each.hub.catalogue.changes_since(0, 1000)) == before, "told once"


async def test_what_comes_back_is_what_the_node_itself_offers_then() -> None:
    each = await followed()
    node = each.nodes.node.catalogue
    await apply(
        node,
        *(a_product(f"prd_{name}", owner=BANK, resources=[]) for name in "bcd"),
    )
    await turned(each)
    assert set(await each.nodes.shown()) == {"prd_a", "prd_b", "prd_c", "prd_d"}
    await stood(each, "ISOLATED", "ISOLATED")
    await amend(node, "product", "prd_b", state="DELISTED")
    await amend(node, "product", "prd_c", availability="SUSPENDED")
    await amend(node, "product", "prd_d", name="Renamed")
    await stood(each, "ACTIVE", "ONLINE")
    shown = await each.nodes.shown()
    assert {id_: row["availability"] for id_, row in shown.items()} == {
        "prd_a": None, "prd_c": "SUSPENDED", "prd_d": None,
    }  # fmt: skip
    assert shown["prd_d"]["name"] == "Renamed"
    assert {row["availability_reason"] for row in shown.values()} == {None}
    told = await notices(each.hub.catalogue, OWNER.format("restore_availability"))
    assert told == ["prd_a", "prd_d"]
    feed = await each.nodes.feed()
    assert (feed["error"], feed["suspect"]) == (None, None)


@pytest.mark.parametrize("end", ["DEREGISTERED", "REVOKED"])
@pytest.mark.parametrize("cut_off_before", [True, False])
async def test_what_a_node_offered_that_has_left_is_delisted_and_kept(
    end: str, cut_off_before: bool
) -> None:
    each = await followed()
    await turned(each)
    if cut_off_before:
        await stood(each, "ISOLATED", "ISOLATED")
    await stood(each, end, "RETIRED")
    [row] = (await each.nodes.shown()).values()
    assert row["state"] == "DELISTED"
    assert "退出" in row["decision_reason"]
    assert "product.delist" in await acts(each.hub.catalogue, "prd_a")
    assert await notices(each.hub.catalogue, OWNER.format("delist")) == ["prd_a"]
    assert (await each.nodes.feed())["entries"] == 0
    await turned(each)
    assert (await acts(each.hub.catalogue, "prd_a")).count("product.delist") == 1


async def test_a_suspension_that_is_interrupted_goes_on_where_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    each = await followed()
    many = [a_product(f"prd_{n:03}", owner=BANK, resources=[]) for n in range(120)]
    await apply(each.nodes.node.catalogue, *many)
    for _ in range(3):
        await turned(each)
    assert len(await each.nodes.shown()) == 121
    monkeypatch.setattr(shelf, "PAGES_MAX", 1)
    await stood(each, "ISOLATED", "ISOLATED")
    suspended = [r for r in (await each.nodes.shown()).values() if r["availability"] == "SUSPENDED"]
    assert len(suspended) == shelf.AT_ONCE
    for _ in range(3):
        await turned(each)
    assert {r["availability"] for r in (await each.nodes.shown()).values()} == {"SUSPENDED"}
    told = await notices(each.hub.catalogue, OWNER.format("suspend_availability"))
    assert len(set(told)) == len(told) == 50, "the first page of them"


async def members_of(catalogue: Catalogue) -> dict[str, list[str]]:
    spaces = Child("spaces", "spaces", Selection("space", ("id",), page=Page(9)))
    asked = Selection("participant", ("id", "standing"), page=Page(50), children=(spaces,))
    found = (await catalogue.select(asked)).rows
    return {row["id"]: sorted(each["id"] for each in row["spaces"].rows) for row in found}


async def a_follower(hub: Node) -> tuple[Node, Any]:
    books = Books()
    peer = DirectPeer(Neighbours(hub).publisher(FINANCE))
    membership = Membership("https://hub.example", FINANCE, "https://issuer.example")
    node = Node(books.catalogue, NobodyKnown(), DictionaryAssets(), books.clock,
                meeting=joined(membership), reach=lambda row: peer)  # fmt: skip
    await Neighbours(node).know_hub()
    [following] = [each async for each in Neighbours(node).followed()]
    assert (await pulling.pull(following)).error is None
    return node, following


@pytest.mark.parametrize("fully", [False, True])
async def test_who_leaves_is_a_member_no_longer_at_the_node_either(fully: bool) -> None:
    hub = await a_hub()
    await amend(hub.catalogue, "participant", FIRM, standing="ADMITTED", state="ADMITTED")
    node, following = await a_follower(hub)
    assert (await members_of(node.catalogue))[FIRM] == [SPACE]
    await amend(hub.catalogue, "participant", FIRM, spaces=[])
    await amend(hub.catalogue, "scenario", "sce_space", state="CLOSED")
    if fully:
        await healing.verify(following, await books_of_feeds.opened(following))
    else:
        assert (await pulling.pull(following)).error is None
    assert (await members_of(node.catalogue))[FIRM] == []
    firm = (await rows(node.catalogue, "participant"))[FIRM]
    assert (firm["name"], firm["standing"], firm["state"]) == ("企业 Firm", None, None)
    await amend(hub.catalogue, "participant", FIRM, spaces=[SPACE])
    assert (await pulling.pull(following)).error is None
    assert (await members_of(node.catalogue))[FIRM] == [SPACE]
    assert (await rows(node.catalogue, "participant"))[FIRM]["standing"] == "ADMITTED"


async def test_who_leaves_and_is_named_is_still_told_of_and_is_no_member() -> None:
    hub = await a_hub()
    node, following = await a_follower(hub)
    await amend(hub.catalogue, "participant", FIRM, spaces=[], standing="SUSPENDED")
    assert (await pulling.pull(following)).error is None
    assert (await members_of(node.catalogue))[FIRM] == []
    assert (await rows(node.catalogue, "participant"))[FIRM]["standing"] == "SUSPENDED"


@pytest.mark.parametrize(("flow", "forgets"), [(UPWARDS, False), (DOWNWARDS, True)])
def test_only_the_hub_says_who_is_a_member_no_longer(flow: Flow, forgets: bool) -> None:
    """Upwards nobody is told of to be forgotten, whoever introduced them."""
    firm = {ORIGIN: FINANCE, "version": 1, "spaces": [SPACE], "standing": "ADMITTED"}
    here = Here(FINANCE, flow, {("participant", FIRM): firm})
    change = change_of(Entry("participant", FIRM, 0, None), here, an_act())
    assert (change is not None) is forgets
    assert change_of(Entry("topic", "top_a", 0, None), here, an_act()) is None
