"""What does a node cost the hub that publishes a million rows?

A hub on SQLite follows one node that never ends, and one whose every answer is a row of 10 MB,
beside a good node. Measured while they are taken over: by how much the process grows, for how long
at most nothing else runs in it, what a reader of the first page waits, and what one publication of
the good node takes to be seen. The flood stops where a node has told too much; to
measure on a small machine, `--largest` lowers that. Budget: 200 MB, 0.5 s by the clock, and 3 s for
the publication.
"""

import asyncio
import gc
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.figures import Figure
from benchmarks.following import ACT, NODE, OPERATOR, SPACE, _known, _opened, product, ruled
from dataspace.change import Amend, ChangeSet, Create
from dataspace.federation.batches import BATCH_BYTES_MAX, Batch, Entry, Listing, Mark
from dataspace.federation.flow import checking
from dataspace.federation.flow.publishing import upwards
from dataspace.federation.peer import Peer
from dataspace.federation.refusals import PeerMalformed
from dataspace.selection import Order, Page, Selection
from hub.node import Books
from hub.operations.federation.flow import pulling
from hub.operations.federation.flow.feeds import Following
from hub.operations.federation.flow.publishing import Publisher
from hub.scheduling.turns import InTurn, Lanes, Turn
from subspaces.peers.direct_peer import DirectPeer

GROWTH_MOST_BYTES = 200 * 1024 * 1024
STALL_MOST_SECONDS, SEEN_MOST_SECONDS = 0.5, 3.0
FLOOD, LARGE = "nod_flood", "nod_large"


def measure(data: Path, largest: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(dir=data) as folder:
        return asyncio.run(_measured(Path(folder), min(checking.ROWS_MAX, largest)))


@dataclass
class Flooding:
    """It makes each row when it is asked for it."""

    pages: int = 0

    async def whole(self, position: str, limit: int) -> Listing:
        self.pages += 1
        first = int(position or 0)
        entries = tuple(_row(number) for number in range(first, first + limit))
        # As it would come over the network: read from its written form.
        return Listing.read(Listing(Mark(1, "a"), entries, str(first + limit)).told())

    async def changes_since(self, revision: int, limit: int) -> Batch:
        raise NotImplementedError

    async def wake(self) -> None:
        return


class TooLarge(Flooding):
    async def whole(self, position: str, limit: int) -> Listing:
        self.pages += 1
        raise PeerMalformed(what=f"> {BATCH_BYTES_MAX} bytes")


@dataclass
class Watched:
    """How the process fares: its largest size, and the longest time for which nothing else ran, by
    the clock and by the processor's time of this thread. The second leaves out what other work of
    the machine takes, and also what this thread waits for a disk: neither stands for the other.
    """

    before: int = field(default_factory=lambda: psutil.Process().memory_info().rss)
    most: int = 0
    stalled: float = 0.0
    worked: float = 0.0

    async def watch(self) -> None:
        while True:
            began, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(0.01)
            self.stalled = max(self.stalled, time.perf_counter() - began - 0.01)
            self.worked = max(self.worked, time.thread_time() - worked)
            self.most = max(self.most, psutil.Process().memory_info().rss)

    @property
    def growth(self) -> int:
        return max(0, self.most - self.before)


@asynccontextmanager
async def _watched() -> AsyncIterator[Watched]:
    watched = Watched()
    watching = asyncio.create_task(watched.watch())
    try:
        yield watched
    finally:
        watching.cancel()


async def _measured(folder: Path, rows: int) -> list[Figure]:
    checking.ROWS_MAX = rows  # type: ignore[misc]
    lanes = Lanes()
    async with _opened(folder, "node") as node, _opened(folder, "hub") as hub:
        await _known(node, hub)
        await _hostile(hub)
        await node.catalogue.apply(ChangeSet("benchmark-good", (product("prd_good", 1),)))
        good = _following(hub, NODE, DirectPeer(Publisher(node.catalogue, ruled)), lanes)
        await pulling.pull(good)
        gc.freeze()  # as a hub that serves does at its start
        flooding = Flooding()
        flood, large = (_following(hub, name, peer, lanes)
                        for name, peer in ((FLOOD, flooding), (LARGE, TooLarge())))  # fmt: skip
        began = time.monotonic()
        async with _watched() as watched:
            pulled = asyncio.gather(pulling.pull(flood), pulling.pull(large))
            read, seen = await _meanwhile(pulled, hub, node, good)
            told = [each.error.code for each in await pulled if each.error]
        assert told == ["feed.too_long", "peer.malformed"], told
        of = f"{rows:,} rows of {_row(1).length:,} bytes"
        took = time.monotonic() - began
        return [
            Figure(of, "until it is stopped", took, "s"),
            Figure(of, "a page of 100 rows", took / flooding.pages * 1000, "ms"),
            Figure(of, "growth of the process", watched.growth / 2**20, "MB",
                   most=GROWTH_MOST_BYTES / 2**20),
            Figure(of, "nothing else runs, at most", watched.stalled, "s", most=STALL_MOST_SECONDS),
            Figure(of, "the same, time of the processor", watched.worked, "s"),
            Figure(of, "a reader's page meanwhile, p95", _p95(read), "ms"),
            Figure(of, "a publication of another node, p95", _p95(seen), "s",
                   most=SEEN_MOST_SECONDS),
        ]  # fmt: skip


async def _meanwhile(
    pulled: "asyncio.Future[list[pulling.Pulled]]", hub: Books, node: Books, good: Following
) -> tuple[list[float], list[float]]:
    read: list[float] = []
    seen: list[float] = []
    while not pulled.done():
        read.append(await _timed(lambda: _page(hub)) * 1000)
        seen.append(await _timed(lambda: _published(node, good, len(seen))))
    return read, seen


async def _page(hub: Books) -> None:
    asked = Selection("product", ("id", "name"), order=Order("id"), page=Page(50))
    await hub.catalogue.select(asked)


async def _published(node: Books, good: Following, number: int) -> None:
    change = Amend("product", "prd_good", {"name": f"Anew {number}"}, ACT)
    await node.catalogue.apply(ChangeSet(f"benchmark-good-{number}", (change,)))
    pulled = await pulling.pull(good)
    assert pulled.error is None


async def _timed(act: Callable[[], Awaitable[None]]) -> float:
    began = time.monotonic()
    await act()
    return time.monotonic() - began


def _following(hub: Books, node: str, peer: Peer, lanes: Lanes) -> Following:
    return Following(hub, InTurn(peer, Turn(lanes)), node, OPERATOR, upwards(3), SPACE)


async def _hostile(hub: Books) -> None:
    values = {"kind": "BUSINESS", "status": "ONLINE", "operator": OPERATOR, "space": SPACE}
    made = [Create("node", name, {**values, "name": name, "identifier": name}, ACT)
            for name in (FLOOD, LARGE)]  # fmt: skip
    await hub.catalogue.apply(ChangeSet("benchmark-hostile", tuple(made)))


def _row(number: int) -> Entry:
    made = product(f"prd_flood{number}", number, owner=OPERATOR)
    return Entry("product", made.id, 1, made.values)


def _p95(spent: list[float]) -> float:
    return sorted(spent)[int(0.95 * len(spent))] if spent else 0.0
