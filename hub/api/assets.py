"""Uploads: the file of a resource, product or paper, streamed to the assets as it arrives."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dataspace.caller import Caller
from dataspace.errors import Invalid
from dataspace.text import Text
from hub.api.caller import caller_of
from hub.api.wire import json_bytes
from hub.node import Node
from hub.operations import samples
from hub.operations.outputs.attaching import PRODUCTS
from hub.operations.papers import attaching as papers
from hub.operations.samples import RESOURCES, Holder


class FileNameMissing(Invalid):
    status = 400
    code = "request.file_name"
    title = Text("The upload does not say the file's name", "上传未注明文件名")
    advice = Text("Add ?fileName= to the address.", "请在地址后加 ?fileName=。")


def upload_routes(node: Node, told: Callable[[Any], Any]) -> list[BaseRoute]:
    """`POST /assets/samples/{resource}?fileName=` takes the bytes of the file as its body, and
    `POST /assets/outputs/{product}?fileName=` those of a product's output. The file of a paper goes
    to `POST /assets/papers/{object}?kind=`, and has no name.

    `requestId`, in the same place, makes a repeated upload the same upload.
    """

    def attaching(of: Holder) -> Callable[[Request], Awaitable[Response]]:
        async def attach(request: Request) -> Response:
            caller = await caller_of(request, node)
            given = request.query_params
            if not given.get("fileName"):
                raise FileNameMissing()
            done = await samples.attach(
                node, caller, request.path_params[of.kind],
                samples.Upload(given["fileName"], _chunks(request, node, caller)),
                request_id=given.get("requestId", ""), of=of,
            )  # fmt: skip
            body = {of.kind: done.id, "asset": done.values["sample"], "revision": done.revision}
            return Response(json_bytes(body), status_code=201, media_type="application/json")

        return attach

    async def attach_paper(request: Request) -> Response:
        caller = await caller_of(request, node)
        given = request.query_params
        done = await papers.attach(
            node, caller, request.path_params["object"],
            papers.Sent(given.get("kind", ""), _chunks(request, node, caller)),
            request_id=given.get("requestId", ""),
        )  # fmt: skip
        body = {done.kind: done.id, "revision": done.revision}
        return Response(json_bytes(body), status_code=201, media_type="application/json")

    return [
        Route("/assets/papers/{object}", told(attach_paper), methods=["POST"]),
        Route("/assets/samples/{resource}", told(attaching(RESOURCES)), methods=["POST"]),
        Route("/assets/outputs/{product}", told(attaching(PRODUCTS)), methods=["POST"]),
    ]


async def _chunks(request: Request, node: Node, caller: Caller) -> AsyncIterator[bytes]:
    """Whoever is cut off while they send is refused in the middle, and nothing of it is kept.

    Raises:  the refusal of the identity port.
    """
    async for chunk in request.stream():
        if node.denials.cover(caller):
            await caller_of(request, node)
        if chunk:
            yield chunk
