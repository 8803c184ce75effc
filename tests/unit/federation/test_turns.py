"""The turns in which nodes are followed: who is asked, when, by whom, and who no longer."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from dataspace.federation.batches import Batch, Listing
from dataspace.federation.flow import pacing
from dataspace.federation.flow.pacing import ASKED_EVERY_SECONDS
from dataspace.federation.membership import Membership
from dataspace.federation.peer import Peer
from dataspace.federation.refusals import PeerMalformed, PeerUnavailable
from dataspace.jobs.table import JOBS
from dataspace.jobs.tally import Tally
from dataspace.selection import Row
from hub.node import Node
from hub.operations.federation.flow import feeds
from hub.operations.federation.flow.neighbours import Neighbours
from hub.scheduling.context import Context
from hub.scheduling.feeds import Feeds
from hub.scheduling.works.federation import following as works
from subspaces.peers.direct_peer import DirectPeer
from tests.build import a_product
from tests.unit.federation.two_nodes import BANK, ENERGY, FINANCE, TwoNodes, amend, apply
from tests.unit.operations.city import DictionaryAssets, NobodyKnown

ADDRESS = "https://finance.example"


@dataclass
class Asked:
    """Counts how often it is asked, and is away when it is told to be."""

    inner: DirectPeer
    times: list[int] = field(default_factory=list)
    away: bool = False
    malformed: bool = False

    async def changes_since(self, revision: int, limit: int) -> Batch:
        self.times.append(revision)
        if self.malformed:
            raise PeerMalformed(what="JSON")
        if self.away:
            raise PeerUnavailable(node=FINANCE, detail="-", retry_after_seconds=2)
        return await self.inner.changes_since(revision, limit)

    async def whole(self, position: str, limit: int) -> Listing:
        return await self.inner.whole(position, limit)

    async def wake(self) -> None:
        await self.inner.wake()


@dataclass
class Following:
    nodes: TwoNodes
    peer: Asked
    hub: Node
    troubles: list[Any] = field(default_factory=list)

    def feeds(self) -> Feeds:
        return Feeds(self.hub, lambda what, error: self.troubles.append((what, error)))

    async def turned(self, turning: Feeds) -> None:
        """One turn to its end."""
        await turning.turn()
        for each in turning.paced.values():
            if each.pulling is not None:
                await each.pulling


async def followed() -> Following:
    nodes = await TwoNodes().ready()
    await amend(nodes.hub.catalogue, "node", FINANCE, address=ADDRESS)
    await apply(nodes.node.catalogue, a_product("prd_a", owner=BANK))
    peer = Asked(DirectPeer(nodes.publisher))

    def reach(row: Row) -> Peer | None:
        return peer if row["address"] == ADDRESS else None

    hub = Node(nodes.hub.catalogue, NobodyKnown(), DictionaryAssets(), nodes.hub.clock, reach=reach)
    return Following(nodes, peer, hub)


async def test_a_node_is_pulled_in_the_first_turn_and_then_when_its_time_has_come() -> None:
    each = await followed()
    turning = each.feeds()
    await each.turned(turning)
    assert set(await each.nodes.shown()) == {"prd_a"}
    asked = len(each.peer.times)
    await each.turned(turning)
    assert (len(each.peer.times), each.troubles) == (asked, [])


async def test_a_node_that_wakes_the_hub_is_pulled_at_once() -> None:
    each = await followed()
    turning = each.feeds()
    await each.turned(turning)
    await amend(each.nodes.node.catalogue, "product", "prd_a", name="News")
    turning.wake(FINANCE)
    await each.turned(turning)
    assert (await each.nodes.shown())["prd_a"]["name"] == "News"


async def test_of_two_processes_one_asks_and_both_may_be_woken() -> None:
    each = await followed()
    first, second = each.feeds(), each.feeds()
    await each.turned(first)
    await each.turned(second)
    asked = len(each.peer.times)
    second.paced[FINANCE].next_at = 0.0
    await each.turned(second)
    assert len(each.peer.times) == asked, "once, for the first may have been killed, and no more"
    await amend(each.nodes.node.catalogue, "product", "prd_a", name="News")
    first.wake(FINANCE)
    second.wake(FINANCE)
    await asyncio.gather(each.turned(first), each.turned(second))
    assert (await each.nodes.shown())["prd_a"]["name"] == "News"
    changes = await each.hub.catalogue.changes_since(0, 300)
    assert [c.evidence["action"] for c in changes if c.id == "prd_a"] == ["feed.take_over"] * 2
    assert each.troubles == []


async def test_an_isolated_node_is_not_asked_and_its_rows_stay() -> None:
    each = await followed()
    turning = each.feeds()
    await each.turned(turning)
    await amend(each.hub.catalogue, "node", FINANCE, state="ISOLATED", status="ISOLATED")
    asked, turning.read_at = len(each.peer.times), -9.0
    turning.wake(FINANCE)
    await each.turned(turning)
    assert len(each.peer.times) == asked
    assert set(await each.nodes.shown()) == {"prd_a"}


async def test_what_a_node_offered_that_left_for_good_is_delisted() -> None:
    each = await followed()
    turning = each.feeds()
    await each.turned(turning)
    await amend(each.hub.catalogue, "node", FINANCE, state="DEREGISTERED", status="RETIRED")
    turning.read_at = -9.0
    await each.turned(turning)
    assert {row["state"] for row in (await each.nodes.shown()).values()} == {"DELISTED"}
    assert (await each.nodes.feed())["entries"] == 0


async def test_a_node_that_is_away_is_asked_less_and_less_often() -> None:
    each = await followed()
    turning = each.feeds()
    await each.turned(turning)
    each.peer.away = True
    for _ in range(3):
        turning.wake(FINANCE)
        await each.turned(turning)
    assert turning.paced[FINANCE].failures == 3
    assert each.troubles == []


async def test_a_node_that_is_back_is_asked_with_its_next_beat_however_long_it_was_away() -> None:
    each = await followed()
    turning = each.feeds()
    await each.turned(turning)
    asked = len(each.peer.times)
    turning.heard(FINANCE)
    await each.turned(turning)
    assert len(each.peer.times) == asked, "whoever is not missed is asked when its time has come"
    each.peer.away = True
    turning.wake(FINANCE)
    await each.turned(turning)
    await amend(each.nodes.node.catalogue, "product", "prd_a", name="Meanwhile")
    each.peer.away = False
    asked = len(each.peer.times)
    turning.heard(FINANCE)
    await each.turned(turning)
    assert len(each.peer.times) == asked, "not with each of many beats"
    turning.paced[FINANCE].not_before -= ASKED_EVERY_SECONDS
    await each.turned(turning)
    assert (await each.nodes.shown())["prd_a"]["name"] == "Meanwhile"


async def test_what_a_node_does_wrong_is_not_asked_for_with_each_beat() -> None:
    each = await followed()
    turning = each.feeds()
    await each.turned(turning)
    each.peer.malformed = True
    turning.wake(FINANCE)
    await each.turned(turning)
    asked = len(each.peer.times)
    turning.paced[FINANCE].ended_at -= ASKED_EVERY_SECONDS
    turning.heard(FINANCE)
    await each.turned(turning)
    assert len(each.peer.times) == asked


async def test_a_node_that_beats_to_another_process_of_the_hub_is_asked_again_at_once() -> None:
    each = await followed()
    turning = each.feeds()
    await each.turned(turning)
    each.peer.away = True
    await amend(each.hub.catalogue, "node", FINANCE, status="OFFLINE")
    turning.read_at = -9.0
    for _ in range(9):
        turning.wake(FINANCE)
        await each.turned(turning)
    await amend(each.nodes.node.catalogue, "product", "prd_a", name="Meanwhile")
    each.peer.away, turning.read_at = False, -9.0
    await each.turned(turning)
    assert (await each.nodes.shown())["prd_a"]["name"] != "Meanwhile", "it waits for minutes"
    await amend(each.hub.catalogue, "node", FINANCE, status="ONLINE")
    turning.read_at, turning.paced[FINANCE].ended_at = -9.0, -ASKED_EVERY_SECONDS
    await each.turned(turning)
    assert (await each.nodes.shown())["prd_a"]["name"] == "Meanwhile"


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_the_wait_doubles_up_to_five_minutes(chance: float) -> None:
    waits = [pacing.wait_seconds(failures, chance) for failures in range(60)]
    assert waits == sorted(waits)
    assert waits[0] < 3
    assert max(waits) <= pacing.WAITED_SECONDS_MAX * (1 + pacing.JITTER)


async def test_a_node_says_when_it_has_news() -> None:
    each = await followed()
    woken = asyncio.Event()

    async def wake() -> None:
        woken.set()

    membership = Membership("https://hub.example", FINANCE, "https://issuer.example")
    meeting: Any = SimpleNamespace(membership=membership)
    hub_peer = DirectPeer(each.nodes.publisher, wake)
    node = Node(
        each.nodes.node.catalogue, NobodyKnown(), DictionaryAssets(), each.nodes.node.clock,
        meeting=meeting, reach=lambda row: hub_peer,
    )  # fmt: skip
    turning = Feeds(node, lambda what, error: each.troubles.append((what, error)))
    await turning.turn()
    assert not woken.is_set()
    await amend(each.nodes.node.catalogue, "product", "prd_a", name="News")
    await turning.turn()
    await asyncio.wait_for(woken.wait(), 1)
    woken.clear()
    await turning.turn()
    assert turning.waking is not None
    await turning.waking
    assert not woken.is_set()
    await turning._stop()


async def test_the_jobs_follow_and_compare_and_say_what_they_healed() -> None:
    each = await followed()
    assert await works.count(each.hub, each.hub.clock.now()) == 1
    context = a_context(each.hub, "J-X-7")
    assert (await works.compare(each.hub, context)).done == 1
    assert await works.count(each.hub, each.hub.clock.now()) == 0
    await amend(each.nodes.node.catalogue, "product", "prd_a", name="News")
    assert (await works.follow(each.hub, a_context(each.hub, "J-L2-4"))).done == 1
    assert (await each.nodes.shown())["prd_a"]["name"] == "News"
    each.nodes.hub.clock.advance(days=7)
    await amend(each.nodes.node.catalogue, "product", "prd_a", name="Later")
    again = await works.compare(each.hub, a_context(each.hub, "J-X-7"))
    assert (again.done, again.remark) == (1, f"{FINANCE}: Amend 1")
    each.peer.away = True
    told = await works.follow(each.hub, a_context(each.hub, "J-L2-4"))
    assert dict(told.reasons) == {"peer.unavailable": 1}


async def test_of_the_nodes_to_compare_those_with_which_it_went_wrong_are_last() -> None:
    """A node that takes all the time of a run keeps no other from being compared."""
    each = await followed()
    await each.turned(each.feeds())
    await amend(each.hub.catalogue, "node", ENERGY, address=ADDRESS)
    wrong = await Neighbours(each.hub).one(ENERGY)
    assert wrong is not None
    await feeds.went_wrong(wrong, await feeds.opened(wrong), PeerMalformed(what="JSON"))
    each.nodes.hub.clock.advance(days=7)
    told = await works.compare(each.hub, a_context(each.hub, "J-X-7"))
    compared = [part.partition(":")[0] for part in told.remark.split("; ")]
    assert [each for each in compared if each.startswith("nod_")] == [
        FINANCE, ENERGY,
    ]  # fmt: skip


def a_context(hub: Node, code: str) -> Context:
    workshop: Any = None
    return Context(JOBS[code], hub.clock.now(), Tally(), workshop, lambda: None)


async def test_two_processes_that_open_a_feed_at_once_make_one() -> None:
    nodes = await TwoNodes().ready()
    opened = await asyncio.gather(
        *(feeds.opened(nodes.following()) for _ in range(2)), return_exceptions=True
    )
    assert [each for each in opened if isinstance(each, feeds.Feed)]
    assert (await nodes.feed())["node_revision"] == 0
