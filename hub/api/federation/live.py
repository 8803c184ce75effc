"""/federation/live: what a node tells its hub at once; behind the door, and for its hub alone."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dataspace.federation.live.answers import OBJECTS_MAX, TEXT_CHARACTERS_MAX, kind_of
from hub.api.federation.changes import AskedWrongly, HubOnly
from hub.api.federation.signed import Door, Sender
from hub.api.health import states_of
from hub.api.wire import json_bytes
from hub.node import Node
from hub.operations.federation.flow.neighbours import Neighbours
from hub.operations.federation.live import telling
from hub.parts import readiness

LIVE: Final = "/federation/live"
# A part that takes longer is told as not ready, so that the answer itself is not late for it.
PART_SECONDS_MAX: Final = 0.3


def live_routes(node: Node, door: Door, version: str) -> list[BaseRoute]:
    async def live(request: Request, sender: Sender) -> Response:
        """`objects` are ids of products and resources, with commas between them."""
        if (belonging := node.belonging) is None or not sender.is_hub:
            raise HubOnly()
        ids = _ids(request.query_params.get("objects", ""))
        release = await Neighbours(node).publisher(belonging.hub).ruled()
        states = await states_of(node, seconds_max=PART_SECONDS_MAX)
        said = await telling.tell(
            node.catalogue, release, ids, version=version,
            readiness=readiness([each.part for each in states if each.error]),
        )  # fmt: skip
        return Response(
            json_bytes(said.told()), media_type="application/json",
            headers={"cache-control": "no-store"},
        )  # fmt: skip

    return [Route(LIVE, door.behind(live, bytes_max=0), methods=["GET"])]


def _ids(given: str) -> list[str]:
    """Raises:  AskedWrongly."""
    ids = given.split(",", OBJECTS_MAX) if given else []
    if len(ids) > OBJECTS_MAX or any(
        len(each) > TEXT_CHARACTERS_MAX or kind_of(each) is None for each in ids
    ):
        raise AskedWrongly(name="objects", needed=f"<= {OBJECTS_MAX} id")
    return ids
