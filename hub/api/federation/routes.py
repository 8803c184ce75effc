"""What a node serves to other nodes: its card, heartbeats and standings at the hub, its receipt."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dataspace.errors import Invalid, NotFound
from dataspace.federation import cards
from dataspace.federation.cards import NodeCard
from dataspace.federation.heartbeats import Heartbeat
from dataspace.federation.meeting import Meeting
from dataspace.federation.standings import Entry
from dataspace.text import Text
from hub.api.federation.card import MEMBER
from hub.api.federation.signed import Door, Sender
from hub.api.wire import from_json
from hub.node import Node
from hub.operations.federation import presence
from hub.operations.federation.register import Register

HEARTBEATS: Final = "/federation/heartbeats"
STANDINGS: Final = "/federation/standings"
RECEIPT: Final = "/federation/receipt"
HEARTBEAT_BYTES_MAX: Final = 4096
JOSE: Final = "application/jose"
FRESH: Final = {"cache-control": "no-store"}


class NotTheHub(NotFound):
    """Heartbeats and standings are the hub's; this node belongs to one itself."""

    code = "node.not_the_hub"
    title = Text("This node is not the hub; its hub is {hub}", "本节点不是枢纽；其枢纽为 {hub}")
    advice = Text("Ask the hub.", "请向枢纽请求。")


class NotJson(Invalid):
    code = "heartbeat.not_json"
    title = Text("The body is not JSON", "请求体不是 JSON")
    advice = Text("Send one JSON object.", "请发送一个 JSON 对象。")


def meeting_routes(
    node: Node, card: NodeCard, *, there: Callable[[str], None]
) -> tuple[Door, Sequence[BaseRoute]]:
    """The door is for every other place at which nodes meet; `there` hears whose heartbeat was
    taken."""
    assert node.meeting is not None, "a node that meets nobody serves nobody"
    register = Register(node)
    door = Door(node, node.meeting, register)
    places = _Places(node, node.meeting, register, card, there)
    beats = door.behind(
        places.beat, bytes_max=HEARTBEAT_BYTES_MAX, limited=False, counter=node.meeting.counts.heard
    )
    standings = door.behind(places.standings, bytes_max=0, limited=False)
    return door, [
        Route(cards.PLACE, places.card, methods=["GET"]),
        Route(RECEIPT, places.receipt, methods=["GET"]),
        Route(HEARTBEATS, beats, methods=["POST"]),
        Route(STANDINGS, standings, methods=["GET"]),
    ]


class _Places:
    def __init__(
        self,
        node: Node,
        meeting: Meeting,
        register: Register,
        card: NodeCard,
        there: Callable[[str], None],
    ) -> None:
        self.node, self.meeting, self.register = node, meeting, register
        self._card, self._there = card, there

    async def card(self, request: Request) -> Response:
        """To everybody: it says nothing that its node does not want known."""
        signatory = self.meeting.signatory
        now = cards.issued(self._as_admitted(), signatory.keys, self.node.clock.now())
        return _sealed(cards.sealed(now, signatory))

    def _as_admitted(self) -> NodeCard:
        """What the hub's list says of this node itself."""
        membership, known = self.meeting.membership, self.meeting.known
        if membership is None:
            return self._card
        card = replace(self._card, node=membership.node, kind=MEMBER)
        own = known.entries.get(membership.node) if known else None
        return replace(card, identifier=own.identifier, admission=own.status) if own else card

    async def receipt(self, request: Request) -> Response:
        """The hub's last stamp for this node, empty before the first; the hub alone can make one,
        and it says nothing that matters to others."""
        return _sealed(self.meeting.stamp)

    async def beat(self, request: Request, sender: Sender) -> Response:
        entry = self._at_the_hub(sender)
        try:
            said = from_json(sender.body)
        except Invalid as error:
            raise NotJson() from error
        await presence.heard(self.node, self.meeting, entry, Heartbeat.of(said))
        self._there(entry.node)
        standings = await self.register.standings()
        now = self.node.clock.now()
        return _sealed(standings.stamp(self.meeting.signatory, node=entry.node, at=now))

    async def standings(self, request: Request, sender: Sender) -> Response:
        self._at_the_hub(sender)
        return _sealed((await self.register.standings()).sealed(self.meeting.signatory))

    def _at_the_hub(self, sender: Sender) -> Entry:
        """Raises:  NotTheHub."""
        if self.meeting.membership is not None or sender.entry is None:
            hub = self.meeting.membership.hub if self.meeting.membership else "—"
            raise NotTheHub(hub=hub)
        return sender.entry


def _sealed(text: str) -> Response:
    return Response(text, media_type=JOSE, headers=FRESH)
