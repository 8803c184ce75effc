"""Nodes that the hub asks live, each answering in its own way; they are all in one process."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from dataspace.change import Change, TakenOver
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.federation.live.answers import LiveAnswer, Present
from dataspace.federation.refusals import PeerRefuses, PeerUnavailable
from dataspace.selection import EVERYTHING, Row
from hub.node import Node
from hub.operations.federation.live.asking import Question
from subspaces.peers.direct_peer import DirectPeer
from tests.build import BUREAU, a_change_set, a_product, a_row, the_bureau
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.operations.city import DictionaryAssets, NobodyKnown

AT = "2026-06-01T11:00:00.000Z"
HEARD = "2026-06-01T11:59:00.000Z"
VISIBLE = dict.fromkeys(("node", "product", "resource"), EVERYTHING)


@dataclass
class Acting:
    """A node by how it behaves: `does` is awaited before it answers."""

    does: Callable[[], Any]
    objects: tuple[Present, ...] = ()
    asked: list[Sequence[str]] = field(default_factory=list)

    async def live(self, ids: Sequence[str]) -> LiveAnswer:
        self.asked.append(ids)
        await self.does()
        return LiveAnswer("ready", "2.0", 40, 3, 4, self.objects)


async def at_once() -> None:
    """Answers without delay."""


def after(seconds: float) -> Callable[[], Any]:
    return lambda: asyncio.sleep(seconds)


async def hangs() -> None:
    """Not even stopped by being told to stop, for a while."""
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        await asyncio.sleep(0.6)


async def refuses() -> None:
    raise PeerRefuses(node="x", detail="no", answered="federation.hub_only")


async def away() -> None:
    raise PeerUnavailable(node="x", service="x", detail="ConnectError", retry_after_seconds=5)


def a_live_node(id_: str, **more: Any) -> Change:
    values = {
        "identifier": id_.ljust(32, "0"), "name": f"节点 {id_}", "kind": "BUSINESS",
        "status": "ONLINE", "state": "ACTIVE", "address": f"https://{id_}.example",
        "software_version": "1.0", "reported_state": "ready", "last_heartbeat_at": HEARD, **more,
    }  # fmt: skip
    return a_row("node", id_, values)


def a_feed(of: str) -> Change:
    return a_row("feed", f"fed_{of}", {"node": of, "node_revision": 33, "as_of": AT})


@dataclass
class Spaces:
    """A hub with the nodes of `acting`, by id."""

    acting: dict[str, Acting]
    clock: FrozenClock = field(default_factory=FrozenClock)
    catalogue: DictionaryCatalogue = field(default_factory=DictionaryCatalogue)

    def __post_init__(self) -> None:
        self.node = Node(
            self.catalogue, NobodyKnown(), DictionaryAssets(), self.clock, reach=self.reach
        )

    def reach(self, row: Row) -> DirectPeer | None:
        acting = self.acting.get(row["id"])
        return DirectPeer(None, telling=acting.live) if acting else None  # type: ignore[arg-type]

    async def ready(self, *more: Change, **of: dict[str, Any]) -> "Spaces":
        """`more` beside the nodes; `of` says what is different of one."""
        nodes = [a_live_node(id_, **of.get(id_, {})) for id_ in self.acting]
        await self.catalogue.apply(a_change_set(the_bureau(), *nodes, *more))
        self.catalogue.selections = 0
        return self

    async def published(self, of: str, *ids: str, **values: Any) -> None:
        shown = {ORIGIN: of, "owner": BUREAU, "as_of": AT, "changed_at": AT, **values}
        made = tuple(a_product(id_, **shown) for id_ in ids)
        await self.catalogue.apply(TakenOver(f"chs_{of}_{ids}", made))
        self.catalogue.selections = 0


def asks(*nodes: str, objects: Sequence[str] = (), deadline: int = 300, **more: Any) -> Question:
    return Question(VISIBLE | more, nodes or None, objects, deadline)
