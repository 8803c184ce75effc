"""/federation/changes, /federation/whole and /federation/wake: the catalogue told to another node.

Who asks is for the door to say, which has checked the request's token and its signature.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dataspace.errors import Invalid, Refused
from dataspace.federation.batches import ENTRIES_MAX
from dataspace.text import Text
from dataspace.validation import NUMBER_MAX
from hub.api.federation.signed import Door, Sender
from hub.api.wire import json_bytes
from hub.node import Node
from hub.operations.federation.flow.neighbours import Neighbours
from hub.operations.federation.flow.publishing import Publisher

CHANGES: Final = "/federation/changes"
WHOLE: Final = "/federation/whole"
WAKE: Final = "/federation/wake"
POSITION_CHARACTERS_MAX: Final = 120


class HubOnly(Refused):
    """A node that has joined a hub tells the hub what it publishes, and nobody else."""

    code = "federation.hub_only"
    title = Text("This node tells its hub alone", "本节点仅向所属枢纽提供")
    advice = Text(
        "Ask the hub, which holds what it publishes.", "请向枢纽查询，其存有该节点的发布内容。"
    )


class AskedWrongly(Invalid):
    status = 400
    code = "federation.asked_wrongly"
    title = Text("{name} is not {needed}", "{name} 须为 {needed}")
    advice = Text("Correct the address.", "请改正请求地址。")


def nobody(node: str) -> None:
    """Of an application that follows nobody."""


@dataclass(frozen=True, slots=True)
class Stirring:
    """What whoever follows nodes hears of them, by the id of a node's row: that it has `news`, and
    that it is `there`, as its heartbeat shows."""

    news: Callable[[str], None] = nobody
    there: Callable[[str], None] = nobody


NOBODY: Final = Stirring()


def changes_routes(node: Node, door: Door, stirring: Stirring) -> list[BaseRoute]:
    desk = _Desk(node, stirring)
    return [
        Route(CHANGES, door.behind(desk.changes, bytes_max=0), methods=["GET"]),
        Route(WHOLE, door.behind(desk.whole, bytes_max=0), methods=["GET"]),
        Route(WAKE, door.behind(desk.wake, bytes_max=0), methods=["POST"]),
    ]


class _Desk:
    def __init__(self, node: Node, stirring: Stirring) -> None:
        self.node, self.stirring = node, stirring

    async def changes(self, request: Request, sender: Sender) -> Response:
        """`since` is a revision of this node, `limit` at most ENTRIES_MAX entries."""
        publisher = self._publisher(sender)
        since = _number(request, "since", default=0, most=NUMBER_MAX)
        batch = await publisher.changes_since(since, _limit(request))
        return _told(batch.told())

    async def whole(self, request: Request, sender: Sender) -> Response:
        """`position` is where an earlier page said that the next one begins."""
        publisher = self._publisher(sender)
        position = request.query_params.get("position", "")
        if len(position) > POSITION_CHARACTERS_MAX:
            raise AskedWrongly(name="position", needed=f"<= {POSITION_CHARACTERS_MAX}")
        listing = await publisher.whole(position, _limit(request))
        return _told(listing.told())

    async def wake(self, request: Request, sender: Sender) -> Response:
        """It only stirs: what is new is asked for, by the one who was woken."""
        self.stirring.news(self._row(sender))
        return Response(status_code=202)

    def _publisher(self, sender: Sender) -> Publisher:
        return Neighbours(self.node).publisher(self._row(sender))

    def _row(self, sender: Sender) -> str:
        """The row here of whoever asks: at a node of the hub alone. Raises:  HubOnly."""
        belonging = self.node.belonging
        if belonging is not None and sender.is_hub:
            return belonging.hub
        if belonging is not None or sender.entry is None:
            raise HubOnly()
        return sender.entry.node


def _limit(request: Request) -> int:
    return _number(request, "limit", default=ENTRIES_MAX, most=ENTRIES_MAX, least=1)


def _number(request: Request, name: str, *, default: int, most: int, least: int = 0) -> int:
    given = request.query_params.get(name, str(default))
    if not given.isascii() or not given.isdecimal() or not least <= int(given[:20]) <= most:
        raise AskedWrongly(name=name, needed=f"{least} … {most}")
    return int(given)


def _told(said: object) -> Response:
    return Response(json_bytes(said), media_type="application/json",
                    headers={"cache-control": "no-store"})  # fmt: skip
