"""Addresses to which whoever holds them sends one file for the folder, until they expire.

An address names its key and all that the file is, signed together, so that it takes no other
file. What arrives is compared on its way, and published when all of it is the announced file.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dataspace.errors import UploadDiffers
from dataspace.ports import SIZE, AnnouncedFile, DirectUpload, compared
from dataspace.quantity import Clock
from dataspace.text import Text
from storage.folder_links import PATH, Seal

TYPE: Final = Text("its type", "类型")
Take = Callable[[str, AsyncIterator[bytes], AnnouncedFile], Awaitable[None]]


class Uploads:
    """Makes upload addresses and says which file one that came back was made for."""

    def __init__(self, secret: bytes, *, clock: Clock, base_url: str) -> None:
        self._seal = Seal(secret, "upload", clock=clock)
        self._address = base_url.rstrip("/") + PATH

    def make(self, key: str, announced: AnnouncedFile, *, seconds: int) -> DirectUpload:
        facts = str(announced.bytes), announced.sha256, announced.media_type
        sealed = self._seal.of(key, *facts, seconds=seconds)
        query = {**dict(zip(("bytes", "sha256", "type"), facts, strict=True)), **sealed}
        address = f"{self._address}{key}?{urlencode(query, quote_via=quote)}"
        return DirectUpload("PUT", address, headers={"Content-Type": announced.media_type})

    def check(self, key: str, query: Mapping[str, str]) -> AnnouncedFile:
        """Raises:  LinkInvalid, LinkExpired."""
        size, sha256, media_type = (query.get(name, "") for name in ("bytes", "sha256", "type"))
        self._seal.check(query, key, size, sha256, media_type)
        return AnnouncedFile(int(size), sha256, media_type)


def upload_route(uploads: Uploads, take: Take) -> BaseRoute:
    """PUT of `/assets/KEY`; refusals are raised, for the application to render."""

    async def receive(request: Request) -> Response:
        key = request.path_params["key"]
        announced = uploads.check(key, request.query_params)
        if request.headers.get("content-type") != announced.media_type:
            raise UploadDiffers(what=TYPE)
        if request.headers.get("content-length") != str(announced.bytes):
            raise UploadDiffers(what=SIZE)
        await take(key, compared(announced, request.stream()), announced)
        return Response(None, 200)

    return Route(f"{PATH}{{key:path}}", receive, methods=["PUT"])
