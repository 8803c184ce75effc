"""What a node tells and may not is refused with its reason, kept, and shown; the rest is taken."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from dataspace.change import Amend
from dataspace.errors import KeptElsewhere
from dataspace.federation.batches import ENTRY_BYTES_MAX, Batch, Entry, Listing, Mark
from dataspace.federation.flow import checking
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.federation.refusals import PeerUnavailable
from subspaces.peers.direct_peer import DirectPeer
from tests.build import BUREAU, a_product, a_resource, an_act, the_bureau
from tests.unit.federation.two_nodes import (
    BANK,
    ENERGY,
    FINANCE,
    STRANGER,
    TwoNodes,
    amend,
    apply,
    rows,
)

GOOD = {
    "name": "好 Good", "summary": "s", "state": "LISTED", "audience": "PUBLIC", "form": "API",
    "use_kind": "INDUSTRY", "grade": 2, "price_fen": 1, "price_unit": "CALL", "usage_policy": "p",
    "owner": BANK,
}  # fmt: skip


@dataclass
class Forging:
    """A node that says what it is made to say."""

    inner: DirectPeer
    batch: Callable[[Batch], Batch] = lambda batch: batch
    listing: Callable[[Listing], Listing] = lambda listing: listing
    away: bool = False

    async def changes_since(self, revision: int, limit: int) -> Batch:
        if self.away:
            raise PeerUnavailable(node=FINANCE, detail="-", retry_after_seconds=2)
        return self.batch(Batch.read((await self.inner.changes_since(revision, limit)).told()))

    async def whole(self, position: str, limit: int) -> Listing:
        return self.listing(await self.inner.whole(position, limit))

    async def wake(self) -> None:
        return


async def followed() -> tuple[TwoNodes, Forging]:
    """A node with one good product that the hub has."""
    nodes = await TwoNodes().ready()
    await apply(nodes.node.catalogue, a_product("prd_good", owner=BANK))
    peer = Forging(DirectPeer(nodes.publisher))
    await nodes.pull(peer)
    assert set(await nodes.shown()) == {"prd_good"}
    await amend(nodes.node.catalogue, "product", "prd_good", name="Later")
    return nodes, peer


def telling(*entries: Any) -> Callable[[Batch], Batch]:
    """Adds entries to a batch, in their written form."""

    def told(batch: Batch) -> Batch:
        if batch.since == batch.reached:
            return batch
        said = batch.told()
        said["entries"] += [
            each if not isinstance(each, Entry) else each.told() for each in entries
        ]
        return Batch.read(said)

    return told


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (Entry("authorisation", "aut_1", 9, {}), "feed.kind_not_followed"),
        (Entry("product", "res_wrong", 9, GOOD), "feed.id_malformed"),
        (Entry("product", "prd_" + "x" * 40, 9, GOOD), "feed.id_malformed"),
        (Entry("product", "prd_bad", 9, {}), "feed.entry_too_large"),
        (
            Entry("product", "prd_bad", 9, {**GOOD, "name": "x" * ENTRY_BYTES_MAX}),
            "feed.entry_too_large",
        ),
        (Entry("product", "prd_bad", 9, {**GOOD, "decision_reason": "-"}), "feed.fields_private"),
        (Entry("product", "prd_bad", 9, {**GOOD, ORIGIN: ENERGY}), "feed.fields_private"),
        (Entry("product", "prd_bad", 9, {**GOOD, "price_fen": "1"}), "feed.entry_invalid"),
        (Entry("product", "prd_bad", 9, {**GOOD, "owner": None}), "feed.entry_invalid"),
        (Entry("product", "prd_bad", 9, {**GOOD, "grade": 4}), "feed.grade_above"),
        (Entry("product", "prd_bad", 9, {**GOOD, "state": "DRAFT"}), "feed.not_published"),
        (Entry("product", "prd_bad", 9, {**GOOD, "audience": "SPACE"}), "feed.not_published"),
        (Entry("product", "prd_bad", 9, {**GOOD, "owner": STRANGER}),
         "feed.participant_not_served"),
        (Entry("product", "prd_bad", 9, {**GOOD, "resources": ["res_none"]}),
         "feed.names_unknown"),
        (Entry("product", "prd_taken", 9, GOOD), "feed.identifier_taken"),
        (Entry("product", "prd_energy", 9, GOOD), "feed.identifier_taken"),
        (Entry("product", "prd_bad", 9, {**GOOD, "code": "C-1"}), "catalogue.not_unique"),
        ({"kind": "product", "id": "prd_bad", "values": "no row"}, "feed.entry_too_large"),
        ({"kind": 7, "id": None}, "feed.kind_not_followed"),
        ("no entry at all", "feed.kind_not_followed"),
    ],
)  # fmt: skip
async def test_a_bad_row_is_refused_and_the_good_one_beside_it_taken(
    entry: Any, code: str
) -> None:
    nodes, peer = await followed()
    await apply(
        nodes.hub.catalogue, the_bureau(), a_product("prd_taken", owner=BUREAU, code="C-1"),
        a_product("prd_energy", owner=STRANGER, **{ORIGIN: ENERGY}),
    )  # fmt: skip
    peer.batch = telling(entry)
    pulled = await nodes.pull(peer)
    assert pulled.error is None
    assert (await nodes.shown())["prd_good"]["name"] == "Later"
    assert list((await nodes.refusals()).values()) == [code]
    feed = await nodes.feed()
    assert (feed["refused"], feed["entries"]) == (1, 1)


async def test_a_refusal_says_since_when_and_ends_when_the_row_is_mended() -> None:
    nodes, peer = await followed()
    peer.batch = telling(Entry("product", "prd_new", 9, {**GOOD, "grade": 5}))
    await nodes.pull(peer)
    [first] = (await rows(nodes.hub.catalogue, "feed_refusal")).values()
    assert (first["code"], first["refused_at"]) == ("feed.grade_above", nodes.hub_moment)
    nodes.hub.clock.advance(hours=1)
    await amend(nodes.node.catalogue, "product", "prd_good", name="Again")
    await nodes.pull(peer)
    assert [first] == [*(await rows(nodes.hub.catalogue, "feed_refusal")).values()]
    peer.batch = telling(Entry("product", "prd_new", 9, GOOD))
    await amend(nodes.node.catalogue, "product", "prd_good", name="At last")
    await nodes.pull(peer)
    [ended] = (await rows(nodes.hub.catalogue, "feed_refusal")).values()
    assert ended["ended_at"] == nodes.hub_moment
    assert (await nodes.feed())["refused"] == 0
    assert set(await nodes.shown()) == {"prd_good", "prd_new"}


async def test_a_batch_that_is_no_answer_changes_nothing_and_is_told() -> None:
    nodes, peer = await followed()
    before = await nodes.feed()
    for forge in (
        lambda batch: replace(batch, since=Mark(batch.since.revision + 1, batch.since.leaf)),
        lambda batch: replace(batch, reached=Mark(1, "-")),
        lambda batch: replace(batch, reached=batch.since, entries=()),
    ):
        peer.batch = forge
        pulled = await nodes.pull(peer)
        assert pulled.error is not None
        assert pulled.error.code == "feed.gap"
    feed = await nodes.feed()
    assert (feed["node_revision"], feed["error"]) == (before["node_revision"], "feed.gap")
    assert (await nodes.shown())["prd_good"]["name"] != "Later"
    peer.batch = lambda batch: batch
    await nodes.pull(peer)
    assert (await nodes.feed())["error"] is None
    assert (await nodes.shown())["prd_good"]["name"] == "Later"


async def test_a_node_that_is_away_is_one_line_on_its_feed_and_its_rows_stay() -> None:
    nodes, peer = await followed()
    await nodes.pull(peer)
    peer.away = True
    for _ in range(3):
        nodes.hub.clock.advance(minutes=20)
        assert (await nodes.pull(peer)).error is not None
    feed = await nodes.feed()
    assert feed["error"] == "peer.unavailable"
    assert feed["error_since"] < nodes.hub_moment
    assert set(await nodes.shown()) == {"prd_good"}
    changes = await nodes.hub.catalogue.changes_since(0, 200)
    assert [each.evidence["action"] for each in changes].count("feed.go_wrong") == 1


async def test_a_node_of_a_million_rows_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "ROWS_MAX", 3)
    nodes = await TwoNodes().ready()
    made = (a_product(f"prd_{at}", owner=BANK) for at in range(9))
    await apply(nodes.node.catalogue, *made)
    pulled = await nodes.pull()
    assert pulled.error is not None
    assert pulled.error.code == (await nodes.feed())["error"] == "feed.too_long"


async def test_only_its_feed_changes_what_a_node_published() -> None:
    nodes, _ = await followed()
    for values in ({"name": "mine"}, {"state": "DELISTED"}, {ORIGIN: None}):
        change = Amend("product", "prd_good", values, an_act())
        with pytest.raises(KeptElsewhere):
            await apply(nodes.hub.catalogue, change)


async def test_an_unchanged_node_leaves_no_evidence() -> None:
    nodes, peer = await followed()
    await nodes.pull(peer)
    before = await nodes.hub.catalogue.changes_since(0, 500)
    for _ in range(5):
        assert (await nodes.pull(peer)).changed == 0
    assert await nodes.hub.catalogue.changes_since(0, 500) == before


async def test_a_node_that_writes_of_other_things_leaves_little_evidence() -> None:
    nodes, peer = await followed()
    await nodes.pull(peer)
    before = len(await nodes.hub.catalogue.changes_since(0, 900))
    for at in range(250):
        draft = a_product(f"prd_draft{at}", owner=BANK, state="DRAFT")
        await apply(nodes.node.catalogue, draft)
        if at % 10 == 0:
            await nodes.pull(peer)
    assert len(await nodes.hub.catalogue.changes_since(0, 900)) - before <= 2
    await amend(nodes.node.catalogue, "product", "prd_good", name="At last")
    await nodes.pull(peer)
    assert (await nodes.shown())["prd_good"]["name"] == "At last"


async def test_what_something_here_rests_on_is_hidden_and_not_lost() -> None:
    nodes, peer = await followed()
    await apply(nodes.hub.catalogue, the_bureau(),
                a_product("prd_own", owner=BUREAU, source_products=["prd_good"]))  # fmt: skip
    await amend(nodes.node.catalogue, "product", "prd_good", state="DELISTED")
    await nodes.pull(peer)
    assert (await nodes.shown())["prd_good"]["state"] == "DELISTED"
    assert (await nodes.feed())["entries"] == 0
    await amend(nodes.node.catalogue, "product", "prd_good", state="LISTED")
    await nodes.pull(peer)
    assert (await nodes.shown())["prd_good"]["state"] == "LISTED"
    assert (await nodes.feed())["entries"] == 1


async def test_resources_and_products_keep_their_order_whatever_their_size() -> None:
    nodes = await TwoNodes().ready()
    resources = [a_resource(f"res_{at:03}", provider=BANK, state="REGISTERED", grade=1,
                            derived_from=[f"res_{at + 1:03}"] if at < 149 else [])
                 for at in range(150)]  # fmt: skip
    await apply(nodes.node.catalogue, *resources)
    await nodes.pull()
    assert await nodes.refusals() == {}
    assert len(await nodes.shown("resource")) == 150
