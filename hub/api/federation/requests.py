"""/federation/requests: what nodes ask of their hub, behind the door; each is done once."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dataspace.errors import Invalid
from dataspace.federation.queue.answers import HubAnswer, HubAsked
from hub.api.federation.routes import NotTheHub
from hub.api.federation.signed import Door, Sender
from hub.api.wire import from_json, json_bytes
from hub.node import Node
from hub.operations.federation.queue import doing

REQUESTS: Final = "/federation/requests"
BYTES_MAX: Final = 262_144


def request_routes(node: Node, door: Door) -> list[BaseRoute]:
    async def ask(request: Request, sender: Sender) -> Response:
        """A refusal of the act is an answer too; what is refused by the door is none."""
        if node.belonging is not None or sender.entry is None:
            hub = node.meeting.membership.hub if node.meeting and node.meeting.membership else "—"
            raise NotTheHub(hub=hub)
        try:
            asked = HubAsked.read(from_json(sender.body))
        except Invalid as error:
            return _told(HubAnswer.refused(error))
        return _told(await doing.do(node, sender.entry.node, asked))

    return [Route(REQUESTS, door.behind(ask, bytes_max=BYTES_MAX), methods=["POST"])]


def _told(answer: HubAnswer) -> Response:
    return Response(
        json_bytes(answer.told()), media_type="application/json",
        headers={"cache-control": "no-store"},
    )  # fmt: skip
