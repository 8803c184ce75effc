"""A hub and a node that follow each other, as `cityspace serve` each, each on a SQLite of its own.

Each is reached through a fault proxy, where one is given, so that either line can be cut; and each
is started again at its old place after it was killed.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dataspace.federation.flow.feeds import ORIGIN
from dataspace.selection import Every, Row, Selection, Where
from hub.dev.go_binaries import Proxy
from hub.dev.process import Running
from hub.node import Node
from hub.settings import Settings
from hub.wiring import SystemClock, open_node
from subspaces.keys import NodeKeys
from subspaces.member_folder import MemberFolder
from tests.build import a_change_set, a_participant, a_product
from tests.e2e.admitting import FIRM, admitted, books, until
from tests.e2e.running_hub import RunningHub, cityspace, free_port, running_hub
from tests.unit.federation.two_nodes import amend, apply, rows

RECOVERY_SECONDS = 10.0
START_SECONDS_MAX = 60.0
SHOWN = ("name", "state", "audience", "grade", "price_fen")


@dataclass
class Place:
    """One of the two: its folder, where it listens, and the line to it."""

    folder: Path
    port: int
    line: Proxy | None
    environ: dict[str, str] = field(default_factory=dict)
    running: RunningHub | None = None
    _open: ExitStack = field(default_factory=ExitStack)

    @classmethod
    def at(cls, folder: Path, through: Running | None) -> "Place":
        port = free_port()
        way = f"{folder.parent.name}-{folder.name}"
        line = Proxy.to(f"127.0.0.1:{port}", through=through, name=way) if through else None
        place = cls(folder, port, line)
        place.environ["CITYSPACE_BASE_URL"] = place.address
        return place

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.line.port if self.line else self.port}"

    def start(self) -> RunningHub:
        begun = running_hub(self.folder, "--port", str(self.port), environ=self.environ)
        self.running = self._open.enter_context(begun)
        return self.running

    def kill(self) -> None:
        assert self.running is not None
        self.running.kill()
        self.stop()

    def stop(self) -> None:
        self._open.close()
        self._open = ExitStack()

    def verified(self) -> bool:
        """What `cityspace evidence verify` says of it, in a process of its own."""
        told = cityspace("evidence", "verify", "--data", str(self.folder), "--json")
        return told.returncode == 0 and bool(json.loads(told.stdout)["holds"])


@dataclass
class TwoProcesses:
    """`city` and `member` are their books, opened beside them as another process would."""

    hub: Place
    node: Place
    city: Node
    member: Node
    id: str = ""

    async def publish(self, ids: Sequence[str], **values: object) -> None:
        await apply(self.member.catalogue, *(a_product(id_, owner=FIRM, **values) for id_ in ids))

    async def rename(self, id_: str, name: str) -> None:
        await amend(self.member.catalogue, "product", id_, name=name)

    async def shown(self) -> dict[str, Row]:
        """What the hub shows of the node."""
        return await rows(self.city.catalogue, "product", Where(ORIGIN, "eq", self.id))

    async def published(self) -> dict[str, Row]:
        return await rows(self.member.catalogue, "product", Where(ORIGIN, "is_null", True))

    async def is_the_same(self) -> bool:
        here, there = await self.shown(), await self.published()
        return {id_: _seen(row) for id_, row in here.items()} == {
            id_: _seen(row) for id_, row in there.items() if row["state"] == "LISTED"
        }

    async def recovered(self, *, seconds: float = RECOVERY_SECONDS) -> float:
        """Seconds until the hub shows what the node publishes."""
        return await until(self.is_the_same, seconds=seconds)

    async def status(self) -> str:
        found = await rows(self.city.catalogue, "node", Where("id", "eq", self.id))
        return str(found[self.id]["status"])

    async def feed(self) -> Row:
        [row] = (await rows(self.city.catalogue, "feed", Where("node", "eq", self.id))).values()
        return row

    async def check(self) -> None:
        """Nothing was lost or doubled or refused, and all of it is evidence on both sides."""
        assert await self.is_the_same()
        at_hub, at_node = await _written(self.city), await _written(self.member)
        doubled = {id_: count for id_, count in at_hub.items() if count > at_node[id_]}
        assert doubled == {}, "each change of the node is at most one at the hub"
        feed = await self.feed()
        assert (feed["entries"], feed["refused"] or 0) == (len(await self.shown()), 0)
        assert self.hub.verified()
        assert self.node.verified()

    async def _follow(self) -> None:
        async def begun() -> bool:
            known = Selection("participant", ("id",), Every((Where("id", "eq", FIRM),)))
            return bool((await self.member.catalogue.select(known)).rows)

        await until(begun, seconds=START_SECONDS_MAX)


@asynccontextmanager
async def two_processes(
    folder: Path, through: Running | None = None
) -> AsyncIterator[TwoProcesses]:
    """Joined, both running, and the node knows for whom it may publish."""
    hub, node = (Place.at(folder / name, through) for name in ("hub", "node"))
    node.environ |= {
        "CITYSPACE_IDENTITY": f"keycloak+{hub.address}/realms/city",
        "CITYSPACE_IDENTITY_SECRET": "s" * 24,
    }
    node.folder.mkdir()
    firm = a_participant(FIRM, name="企业 Firm", standing="ADMITTED", state="ADMITTED")
    async with AsyncExitStack() as stack:
        for place in (hub, node):
            stack.callback(place.stop)
        running = hub.start()
        city = await stack.enter_async_context(books(running))
        await city.catalogue.apply(a_change_set(firm))
        keys = NodeKeys.open(node.folder, SystemClock())
        joined = await admitted(city, running, keys=keys, address=node.address)
        MemberFolder(node.folder).join(joined)
        node.start()
        settings = Settings.read({}, data=node.folder)
        opened = await stack.enter_async_context(open_node(settings))
        both = TwoProcesses(hub, node, city, opened.node, joined.node)
        await both._follow()
        yield both


def _seen(row: Row) -> tuple[object, ...]:
    return tuple(row[name] for name in SHOWN)


async def _written(node: Node) -> Counter[str]:
    """How often each product was written, by the log."""
    found: Counter[str] = Counter()
    revision = 0
    while records := await node.catalogue.changes_since(revision, 500):
        found.update(each.id for each in records if each.kind == "product")
        revision = records[-1].revision
    return found
