"""A node that tells too much, too large, too long or too slowly: bounded here, refused with a code.

Its rows are made while they are told, so that a million of them costs the test nothing.
"""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.change import Amend
from dataspace.federation.batches import (
    BATCH_BYTES_MAX,
    ENTRIES_MAX,
    Batch,
    Entry,
    Listing,
    Mark,
)
from dataspace.federation.flow import checking, pacing
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.federation.flow.pacing import Allowance
from dataspace.federation.flow.refusals import FeedTooHeavy
from dataspace.federation.refusals import PeerMalformed
from dataspace.selection import Where
from hub.operations.federation.flow import feeds, healing, pulling, shelf
from hub.operations.federation.flow.feeds import Following
from hub.operations.federation.flow.neighbours import Neighbours
from hub.scheduling import turns
from hub.scheduling.turns import InTurn, Lanes, Turn
from hub.settings import Settings
from hub.wiring import open_node
from subspaces.peers.http_peer import HttpPeer, SignedClient, open_client
from tests.build import a_product, an_act
from tests.unit.federation.test_refusing import GOOD
from tests.unit.federation.test_turns import Following as Turning
from tests.unit.federation.test_turns import followed
from tests.unit.federation.two_nodes import BANK, FINANCE, TwoNodes, apply, rows
from tests.unit.operations.catalogues import Watched

ROWS = 200


def product(number: int, **values: Any) -> Entry:
    return Entry("product", f"prd_{number}", 1, {**GOOD, **values})


def participant(number: int) -> Entry:
    values = {"name": f"企业 {number}", "kind": "ENTERPRISE"}
    return Entry("participant", f"par_{number}", 1, values)


@dataclass
class Endless:
    """A node that publishes `count` rows, each made by `row` when it is told."""

    count: int = 1_000_000
    row: Callable[[int], Entry] = product
    asked: list[str] = field(default_factory=list)
    entries_max: int = ENTRIES_MAX

    async def whole(self, position: str, limit: int) -> Listing:
        self.asked.append(position)
        first = int(position or 0)
        last = min(first + limit, first + self.entries_max, self.count)
        entries = tuple(self.row(number) for number in range(first, last))
        return Listing(Mark(1, "a"), entries, str(last) if last < self.count else "")

    async def changes_since(self, revision: int, limit: int) -> Batch:
        self.asked.append(f"since {revision}")
        since, first = Mark(revision, "a"), (revision - 1) * limit
        if first >= self.count:
            return Batch(since, since, revision)
        told = tuple(self.row(number) for number in range(first, min(first + limit, self.count)))
        return Batch(since, Mark(revision + 1, "a"), revision + 2, told)

    async def wake(self) -> None:
        return


@pytest.fixture
async def nodes(monkeypatch: pytest.MonkeyPatch) -> TwoNodes:
    monkeypatch.setattr(checking, "ROWS_MAX", ROWS)
    return await TwoNodes().ready()


@pytest.mark.parametrize("row", [product, participant, lambda _: product(1)])
async def test_a_node_of_a_million_rows_is_stopped_at_the_limit(
    nodes: TwoNodes, row: Callable[[int], Entry]
) -> None:
    peer = Endless(row=row)
    pulled = await nodes.pull(peer)
    assert pulled.error is not None
    assert pulled.error.code == "feed.too_long"
    assert len(peer.asked) == ROWS // ENTRIES_MAX + 1
    assert await healing.held(nodes.following()) <= ROWS


async def test_both_are_told_why_and_it_is_followed_again_when_it_has_become_less(
    nodes: TwoNodes,
) -> None:
    peer = Endless()
    await nodes.pull(peer)
    feed = await nodes.feed()
    assert (feed["error"], feed["suspect"]) == ("feed.too_long", True)
    # What is refused of a node flows down to it.
    assert await nodes.refusals() == {FINANCE: "feed.too_long"}
    [refusal] = (await rows(nodes.hub.catalogue, "feed_refusal")).values()
    assert str(ROWS) in refusal["reason"]

    asked = len(peer.asked)
    again = await nodes.pull(peer)
    assert again.error is not None
    assert (again.error.code, len(peer.asked)) == ("feed.too_long", asked), "not asked once more"

    peer.count = 150
    following = nodes.following(peer)
    await healing.verify(following, await feeds.opened(following))
    assert len(await nodes.shown()) == 150
    feed = await nodes.feed()
    assert (feed["error"], feed["suspect"], feed["refused"]) == (None, None, 0)
    assert await nodes.refusals() == {}


@pytest.mark.parametrize("row", [product, participant, lambda number: product(number, grade=5)])
async def test_a_node_that_brings_them_as_changes_is_stopped_as_well(
    nodes: TwoNodes, row: Callable[[int], Entry]
) -> None:
    """Rows, participants that only the node knows, and what is refused of it: all of them count."""
    peer = Endless(0, row)
    assert (await nodes.pull(peer)).error is None
    peer.count = 1_000_000
    pulled = await nodes.pull(peer)
    assert pulled.error is not None
    assert pulled.error.code == (await nodes.feed())["error"] == "feed.too_long"
    refusals = await rows(nodes.hub.catalogue, "feed_refusal", Where("node", "eq", FINANCE))
    assert await healing.held(nodes.following()) + len(refusals) <= ROWS + ENTRIES_MAX + 1


async def test_what_waits_for_others_is_kept_up_to_a_bound_and_taken_the_next_time(
    nodes: TwoNodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that name what comes later: of 40 of them about 20 wait at a time."""
    size_max = 20 * product(1).length
    monkeypatch.setattr(healing, "ASIDE_BYTES_MAX", size_max)

    def row(number: int) -> Entry:
        return product(number, source_products=[f"prd_{number + 30}"] if number < 40 else [])

    kept: list[int] = []
    real = healing.Aside.keep

    def watched(aside: healing.Aside, taking: Any) -> None:
        real(aside, taking)
        kept.append(sum(each.length for each in aside.entries.values()))

    monkeypatch.setattr(healing.Aside, "keep", watched)
    following = nodes.following(Endless(70, row, entries_max=20))
    feed = await feeds.opened(following)
    await healing.verify(following, feed)
    assert len(await nodes.shown()) < 70
    for _ in range(3):
        await healing.verify(following, feed)
    assert max(kept) <= size_max + 2 * product(1).length
    assert len(await nodes.shown()) == 70
    assert await nodes.refusals() == {}


async def test_a_comparison_ends_however_slowly_a_node_tells(
    nodes: TwoNodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(healing, "SECONDS_MAX", -1.0)
    pulled = await nodes.pull(Endless(150))
    assert pulled.error is not None
    assert pulled.error.code == (await nodes.feed())["error"] == "feed.too_slow"
    monkeypatch.undo()
    assert (await nodes.pull(Endless(150))).error is None


# How heavy it is.

HEAVY = 20_000  # bytes of a row; a batch has a hundred
ROOM = 10 * ENTRIES_MAX * HEAVY


def heavy(number: int) -> Entry:
    return product(number, summary="数" * (HEAVY // 3))


def narrow(nodes: TwoNodes, peer: Any, room: int = ROOM) -> Following:
    """The node has so much room at the hub."""
    return replace(nodes.following(peer), bytes_max=room)


async def kept(nodes: TwoNodes) -> int:
    """The bytes of its rows here, read one by one; the sum that the feed keeps says the same."""
    weighed = await healing.weighed(nodes.following())
    assert (await nodes.feed())["bytes"] == weighed
    return weighed


async def test_a_node_of_heavy_rows_is_stopped_and_both_are_told_why() -> None:
    nodes, peer = await TwoNodes().ready(), Endless(row=heavy)
    pulled = await pulling.pull(narrow(nodes, peer))
    assert pulled.error is not None
    assert pulled.error.code == "feed.too_heavy"
    assert ROOM < await kept(nodes) < ROOM + 2 * ENTRIES_MAX * HEAVY
    feed = await nodes.feed()
    assert (feed["error"], feed["suspect"]) == ("feed.too_heavy", True)
    assert await nodes.refusals() == {FINANCE: "feed.too_heavy"}
    [refusal] = (await rows(nodes.hub.catalogue, "feed_refusal")).values()
    assert str(ROOM) in refusal["reason"]

    asked = len(peer.asked)
    again = await pulling.pull(narrow(nodes, peer))
    assert again.error is not None
    assert (again.error.code, len(peer.asked)) == ("feed.too_heavy", asked), "not asked once more"

    peer.count = 150
    following = narrow(nodes, peer)
    await healing.verify(following, await feeds.opened(following))
    assert len(await nodes.shown()) == 150
    assert 150 * HEAVY * 0.9 < await kept(nodes) < 150 * HEAVY * 1.1
    feed = await nodes.feed()
    assert (feed["error"], feed["suspect"], feed["refused"]) == (None, None, 0)


@pytest.mark.parametrize("row", [heavy, lambda number: heavy(number % 450)])
async def test_what_is_changed_again_and_again_weighs_what_it_weighs_now(
    row: Callable[[int], Entry],
) -> None:
    """Told as changes: new rows fill the room, the same rows do not."""
    nodes, peer = await TwoNodes().ready(), Endless(0, row)
    await pulling.pull(narrow(nodes, peer))
    peer.count = 3000
    pulled = await pulling.pull(narrow(nodes, peer))
    if row is heavy:
        assert pulled.error is not None
        assert pulled.error.code == "feed.too_heavy"
        assert ROOM < await kept(nodes) < ROOM + 2 * ENTRIES_MAX * HEAVY
    else:
        assert pulled.error is None
        assert await kept(nodes) < 500 * HEAVY


async def test_a_node_may_tell_all_anew_and_not_other_rows_without_an_end() -> None:
    nodes = await TwoNodes().ready()
    first, others = Endless(900, heavy), Endless(900, lambda number: heavy(number + 1000))
    await pulling.pull(narrow(nodes, first))
    following = narrow(nodes, others)
    await healing.verify(following, await feeds.opened(following))
    assert len(await nodes.shown()) == 900, "the others in their place"
    for at in range(2, 6):
        peer = Endless(row=lambda number, at=at: heavy(number + 10_000 * at))  # type: ignore[misc]
        following = narrow(nodes, peer)
        with pytest.raises(FeedTooHeavy):
            await healing.verify(following, await feeds.opened(following))
    assert await kept(nodes) <= 2 * ROOM
    for peer, count in ((Endless(0), 0), (first, 900)):
        following = narrow(nodes, peer)
        await healing.verify(following, await feeds.opened(following))
        assert len(await nodes.shown()) == count, "once it has taken back what it told"


async def test_to_weigh_what_has_changed_no_other_row_is_read() -> None:
    asked = []
    for count in (1, 150):
        nodes = await TwoNodes().ready()
        own = [a_product(f"prd_{number}", owner=BANK) for number in range(count)]
        await apply(nodes.node.catalogue, *own)
        await nodes.pull()
        nodes.hub.catalogue = watch = Watched(nodes.hub.catalogue)
        await apply(nodes.node.catalogue, Amend("product", "prd_0", {"name": "N"}, an_act()))
        await nodes.pull()
        asked.append(watch.selects)
    assert asked[0] == asked[1]


async def test_what_is_left_here_as_its_name_or_suspended_weighs_on(nodes: TwoNodes) -> None:
    """What something here rests on is hidden and not removed when its node takes it back."""
    await apply(nodes.node.catalogue, a_product("prd_a", owner=BANK))
    await nodes.pull()
    before = await kept(nodes)
    await apply(nodes.hub.catalogue, a_product("prd_own", source_products=["prd_a"], owner=BANK))
    await shelf.suspend(nodes.following())
    assert await kept(nodes) == before
    await nodes.pull()
    await apply(nodes.node.catalogue, Amend("product", "prd_a", {"state": "DELISTED"}, an_act()))
    await nodes.pull()
    assert (await nodes.shown())["prd_a"]["state"] == "DELISTED"
    assert await kept(nodes) == before


async def test_the_room_of_a_node_is_a_setting(tmp_path: Path) -> None:
    settings = Settings.read({"CITYSPACE_NODE_BYTES_MAX": "7000"}, data=tmp_path)
    async with open_node(settings) as opened:
        assert opened.node.node_bytes_max == 7000
    each: Turning = await followed()
    node = replace(each.hub, node_bytes_max=7000)
    [following] = [one async for one in Neighbours(node).followed()]
    assert following.bytes_max == 7000


# What it changes without an end.


@given(st.lists(st.tuples(st.integers(0, 100_000), st.floats(0, 1e4)), max_size=40))
def test_no_node_changes_more_than_it_may(told: list[tuple[int, float]]) -> None:
    """However its changes and rests follow each other, when it keeps to the waits."""
    allowance, now, taken = Allowance(), 0.0, 0
    for changes, rest in told:
        now += allowance.take(changes, now) + rest
        taken += changes
        bound = pacing.CHANGES_MAX + now * pacing.CHANGES_A_SECOND
        assert taken <= bound + 1


async def test_whoever_changes_too_much_is_told_so_and_asked_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    each: Turning = await followed()
    turning = each.feeds()
    await each.turned(turning)
    turning.paced[FINANCE].allowance.left = -100.0
    turning.wake(FINANCE)
    await each.turned(turning)
    assert (await each.nodes.feed())["error"] == "feed.too_fast"
    asked = len(each.peer.times)
    turning.wake(FINANCE)
    await each.turned(turning)
    assert len(each.peer.times) == asked, "not even when it wakes the hub"
    turning.paced[FINANCE].not_before = 0.0
    turning.paced[FINANCE].allowance.left = 100.0
    turning.wake(FINANCE)
    await each.turned(turning)
    assert len(each.peer.times) > asked


# Whom it keeps waiting.


async def test_nodes_that_hang_keep_no_other_node_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "SLOW_SECONDS", 0.01)
    lanes, ever = Lanes(), asyncio.Event()

    async def hangs(revision: int, limit: int) -> Batch:
        await ever.wait()
        raise AssertionError

    async def answers(revision: int, limit: int) -> Batch:
        return Batch(Mark(), Mark(), 0)

    hanging: Any = SimpleNamespace(changes_since=hangs)
    quick: Any = SimpleNamespace(changes_since=answers)
    turned = [Turn(lanes, slow=True) for _ in range(3 * turns.AT_ONCE_MAX)]
    waiting = [asyncio.create_task(InTurn(hanging, turn).changes_since(0, 1)) for turn in turned]
    good = Turn(lanes)
    async with asyncio.timeout(1):
        for _ in range(50):
            await InTurn(quick, good).changes_since(0, 1)
    good.end()
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)
    for turn in turned:
        turn.end()
    assert (lanes.slow._value, lanes.quick._value) == (turns.SLOW_AT_ONCE_MAX, turns.AT_ONCE_MAX)


async def test_between_two_answers_of_one_node_the_others_have_theirs() -> None:
    lanes = Lanes(quick=asyncio.Semaphore(1))
    order: list[str] = []

    def peer(name: str) -> Any:
        async def answers(revision: int, limit: int) -> Batch:
            order.append(name)
            await asyncio.sleep(0)
            return Batch(Mark(), Mark(), 0)

        return SimpleNamespace(changes_since=answers)

    async def pulling(name: str, times: int) -> None:
        turn = Turn(lanes)
        for _ in range(times):
            await InTurn(peer(name), turn).changes_since(0, 1)
        turn.end()

    await asyncio.gather(pulling("endless", 50), pulling("a", 2), pulling("b", 2))
    assert {"a", "b"} <= set(order[:6])


# What arrives over the network.


@dataclass
class Answering:
    """The network, at whose other end every request gets this."""

    pieces: Callable[[], AsyncIterator[bytes]]
    headers: dict[str, str] = field(default_factory=dict)
    sent: int = 0
    accepted: str = ""

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.accepted = request.headers["accept-encoding"]
        return httpx.Response(200, headers=self.headers, content=self._counted())

    async def _counted(self) -> AsyncIterator[bytes]:
        async for piece in self.pieces():
            self.sent += len(piece)
            yield piece


async def asked(network: Answering) -> None:
    signatory: Any = SimpleNamespace(sign=lambda request: {})
    async with open_client(httpx.MockTransport(network)) as http:
        peer = HttpPeer(SignedClient(http, signatory), "http://node.example")
        await peer.changes_since(0, ENTRIES_MAX)


async def test_of_a_row_of_ten_megabytes_no_more_is_read_than_a_batch_may_have() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"entries": [{"kind": "product", "id": "prd_a", "values": {"name": "'
        for _ in range(10_000_000 // 65_536):
            yield b"x" * 65_536

    network = Answering(pieces)
    with pytest.raises(PeerMalformed) as refused:
        await asked(network)
    assert str(BATCH_BYTES_MAX) in refused.value.facts["what"]
    assert network.sent <= BATCH_BYTES_MAX + 65_536


@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip", "br"])
async def test_what_is_compressed_is_not_unpacked(encoding: str) -> None:
    """Twice compressed, a few kilobytes are a gigabyte."""

    async def pieces() -> AsyncIterator[bytes]:
        yield gzip.compress(gzip.compress(b"0" * 10_000_000))

    network = Answering(pieces, {"content-encoding": encoding})
    with pytest.raises(PeerMalformed) as refused:
        await asked(network)
    assert refused.value.facts["what"] == f"content-encoding {encoding}"
    assert (network.accepted, network.sent) == ("identity", 0)


async def test_more_entries_than_a_batch_holds_are_no_batch() -> None:
    entries = ",".join(["{}"] * (ENTRIES_MAX + 1))

    async def pieces() -> AsyncIterator[bytes]:
        mark = '{"revision": 1, "leaf": "a"}'
        yield f'{{"since": {mark}, "reached": {mark}, "head": 1, "entries": [{entries}]}}'.encode()

    with pytest.raises(PeerMalformed):
        await asked(Answering(pieces))


async def test_an_honest_node_with_a_row_that_is_too_long_is_followed_beside_it(
    nodes: TwoNodes,
) -> None:
    """It tells of it without its values, so that the hub can say that it is too long."""
    long = a_product("prd_long", owner=BANK)
    await apply(nodes.node.catalogue, a_product("prd_a", owner=BANK), long)
    publisher = nodes.publisher

    async def lengthened(position: str, limit: int) -> Listing:
        listing = await publisher.whole(position, limit)
        told = (replace(e, values={}) if e.id == "prd_long" else e for e in listing.entries)
        return replace(listing, entries=tuple(told))

    peer: Any = SimpleNamespace(
        whole=lengthened, changes_since=publisher.changes_since, wake=lambda: None
    )
    await nodes.pull(peer)
    assert set(await rows(nodes.hub.catalogue, "product", Where(ORIGIN, "eq", FINANCE))) == {
        "prd_a"
    }
    assert await nodes.refusals() == {"prd_long": "feed.entry_too_large"}
