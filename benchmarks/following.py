"""How long does a hub take to follow what its nodes publish?

A node with 12,000 products of 60 members on SQLite, and a hub on SQLite of its own in the same
process: the first pull of everything, by the processor's time of both; what one publication takes
from the node's change to the hub's row; the hub's own work for a poll of a node where nothing
changed; and a hub's page over the content of 21 nodes beside that over one. Budget: 30 s, 3 s,
1 ms, and a tenth more at most.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import Figure
from dataspace.change import Act, Amend, Change, ChangeSet, Create, TakenOver
from dataspace.federation.batches import Batch, Listing
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.federation.flow.publishing import Release, upwards
from dataspace.selection import Child, Order, Page, Selection
from hub.node import Books
from hub.operations.federation.flow import pulling
from hub.operations.federation.flow.feeds import Following
from hub.operations.federation.flow.publishing import Publisher
from hub.settings import Settings
from hub.wiring import open_books
from subspaces.peers.direct_peer import DirectPeer

PRODUCTS, MEMBERS, BATCH = 12_000, 60, 500
FIRST_SECONDS_MOST, POLL_MOST_MILLISECONDS, SEEN_SECONDS_MOST = 30, 1, 3
POLLS, PUBLICATIONS, NODES, OF_EACH = 200, 20, 20, 600
MOMENT = "2026-06-01T00:00:00.000Z"
ACT = Act("benchmark", "product.create", MOMENT)
NODE, SPACE, OPERATOR = "nod_finance", "spc_finance", "par_0"


def measure(data: Path, largest: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(dir=data) as folder:
        return asyncio.run(_measured(Path(folder), min(PRODUCTS, largest)))


async def ruled() -> Release:
    return upwards(3)


@dataclass
class Remembered:
    """The last answer of an unchanged node again: what is measured is the hub's part alone."""

    batch: Batch

    async def changes_since(self, revision: int, limit: int) -> Batch:
        return self.batch

    async def whole(self, position: str, limit: int) -> Listing:
        raise NotImplementedError

    async def wake(self) -> None:
        return


@asynccontextmanager
async def _opened(folder: Path, name: str) -> AsyncIterator[Books]:
    async with open_books(Settings.read({}, data=folder / name, port=8000)) as books:
        yield books


async def _measured(folder: Path, size: int) -> list[Figure]:
    async with _opened(folder, "node") as node, _opened(folder, "hub") as hub:
        await _known(node, hub)
        await _listed(node, size)
        publisher = Publisher(node.catalogue, ruled)
        following = Following(hub, DirectPeer(publisher), NODE, OPERATOR, upwards(3), SPACE)
        return [
            *await _first(following, size),
            *await _seen(following, node),
            *await _polled(following),
            *await _pages(hub),
        ]


async def _first(following: Following, size: int) -> list[Figure]:
    began, worked = time.monotonic(), time.process_time()
    pulled = await pulling.pull(following)
    assert pulled.error is None, pulled.error
    of = f"{size:,} products"
    return [
        Figure(of, "first pull", time.monotonic() - began, "s", most=FIRST_SECONDS_MOST),
        Figure(of, "the same, time of the processor", time.process_time() - worked, "s"),
        Figure(of, "written", pulled.changed),
    ]


async def _seen(following: Following, node: Books) -> list[Figure]:
    """From the node's change to the hub's row, with a pull that was woken."""
    spent = []
    for at in range(PUBLICATIONS):
        began = time.monotonic()
        change = Amend("product", f"prd_{at}", {"name": f"Anew {at}"}, ACT)
        await node.catalogue.apply(ChangeSet(f"benchmark-anew-{at}", (change,)))
        await pulling.pull(following)
        spent.append(time.monotonic() - began)
    most = sorted(spent)[int(0.95 * len(spent))]
    return [Figure("one publication", "change to hub, p95", most, "s", most=SEEN_SECONDS_MOST)]


async def _polled(following: Following) -> list[Figure]:
    """The feed is read and the answer checked; nothing is written."""
    row = await following.peer.changes_since(0, 1)
    end = await following.peer.changes_since(row.head, 1)
    quiet = replace(following, peer=Remembered(end))
    await pulling.pull(quiet)
    worked = time.process_time()
    for _ in range(POLLS):
        await pulling.pull(quiet)
    each = (time.process_time() - worked) / POLLS * 1000
    most = POLL_MOST_MILLISECONDS
    return [Figure("an unchanged node", "the hub's work for a poll", each, "ms", most=most)]


async def _pages(hub: Books) -> list[Figure]:
    """The first page by day of listing, with every row's node: of one node, and of more."""
    one = await _page(hub)
    for number in range(NODES):
        node = f"nod_{number}"
        made: list[Change] = [
            Create("node", node, {"name": node, "kind": "BUSINESS", "status": "ONLINE",
                                  "identifier": node}, ACT),
            *(product(f"prd_{number}_{at}", at, **{ORIGIN: node}) for at in range(OF_EACH)),
        ]  # fmt: skip
        await hub.catalogue.apply(TakenOver(f"benchmark-{node}", tuple(made)))
    every = await _page(hub)
    return [
        Figure("a page of 50", "over one node", one, "ms"),
        Figure("a page of 50", f"over {NODES + 1} nodes", every, "ms", most=1.1 * one),
    ]


async def _page(hub: Books) -> float:
    origin = Child(ORIGIN, ORIGIN, Selection("node", ("name", "status"), page=Page(1)))
    asked = Selection(
        "product", ("id", "name", "as_of"), order=Order("listed_at", descending=True),
        page=Page(50), children=(origin,),
    )  # fmt: skip
    spent = []
    for _ in range(30):
        began = time.perf_counter()
        await hub.catalogue.select(asked)
        spent.append((time.perf_counter() - began) * 1000)
    return median(spent)


async def _known(*both: Books) -> None:
    """The same space, members and node on both sides."""
    for books in both:
        space = {"code": SPACE, "name": "金融", "kind": "SUBSPACE", "tier": "SUBSPACE"}
        node = {"name": "金融节点", "kind": "BUSINESS", "status": "ONLINE", "identifier": NODE,
                "operator": OPERATOR, "space": SPACE}  # fmt: skip
        made = [
            Create("space", SPACE, space, ACT),
            *(Create("participant", f"par_{at}",
                     {"name": f"企业{at}", "kind": "ENTERPRISE", "spaces": [SPACE]}, ACT)
              for at in range(MEMBERS)),
            Create("node", NODE, node, ACT),
        ]  # fmt: skip
        await books.catalogue.apply(ChangeSet("benchmark-known", tuple(made)))


async def _listed(node: Books, size: int) -> None:
    for first in range(0, size, BATCH):
        rows = (product(f"prd_{at}", at) for at in range(first, min(first + BATCH, size)))
        await node.catalogue.apply(ChangeSet(f"benchmark-{first}", tuple(rows)))


def product(id_: str, at: int, **more: Any) -> Create:
    values = {
        "name": f"企业用电波动指数 {at}", "summary": "How a firm's use of power develops " * 8,
        "state": "LISTED", "audience": "PUBLIC", "form": "API", "use_kind": "INDUSTRY", "grade": 2,
        "price_fen": 50 + at, "price_unit": "CALL", "usage_policy": "For credit assessment only",
        "labels": ["电力", "信贷"], "owner": f"par_{at % MEMBERS}",
        "listed_at": f"2026-05-{1 + at % 28:02}T00:00:00.000Z", "created_at": MOMENT, **more,
    }  # fmt: skip
    return Create("product", id_, values, ACT)
