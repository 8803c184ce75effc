"""Addresses to which whoever holds them sends one file for the folder, until they expire.

An address, or the fields of a form, name the key and all that the file is, signed together, so that
no other file is taken. What arrives is compared on its way, and published when all of it is the
announced file.
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
from storage.folder_forms import read_form
from storage.folder_links import PATH, Seal

TYPE: Final = Text("its type", "类型")
# What is sealed, by the name under which it stands in an address or a form.
FACTS: Final = ("bytes", "sha256", "Content-Type")
Take = Callable[[str, AsyncIterator[bytes], AnnouncedFile], Awaitable[None]]


class Uploads:
    """Makes upload addresses and forms, and says which file one that came back was made for."""

    def __init__(self, secret: bytes, *, clock: Clock, base_url: str) -> None:
        self._seal = Seal(secret, "upload", clock=clock)
        self._address = base_url.rstrip("/") + PATH

    def link(self, key: str, announced: AnnouncedFile, *, seconds: int) -> DirectUpload:
        query = urlencode(self._sealed(key, announced, seconds), quote_via=quote)
        headers = {"Content-Type": announced.media_type}
        return DirectUpload("PUT", f"{self._address}{key}?{query}", headers=headers)

    def form(self, key: str, announced: AnnouncedFile, *, seconds: int) -> DirectUpload:
        fields = {"key": key, **self._sealed(key, announced, seconds)}
        return DirectUpload("POST", self._address, fields=fields)

    def check(self, key: str, given: Mapping[str, str]) -> AnnouncedFile:
        """Raises:  LinkInvalid, LinkExpired."""
        size, sha256, media_type = (given.get(name, "") for name in FACTS)
        self._seal.check(given, key, size, sha256, media_type)
        return AnnouncedFile(int(size), sha256, media_type)

    def _sealed(self, key: str, announced: AnnouncedFile, seconds: int) -> dict[str, str]:
        facts = str(announced.bytes), announced.sha256, announced.media_type
        sealed = self._seal.of(key, *facts, seconds=seconds)
        return {**dict(zip(FACTS, facts, strict=True)), **sealed}


def upload_routes(uploads: Uploads, take: Take) -> list[BaseRoute]:
    """PUT of `/assets/KEY`, and POST of a form to `/assets/`.

    Refusals are raised, for the application to render.
    """

    async def put(request: Request) -> Response:
        key = request.path_params["key"]
        announced = uploads.check(key, request.query_params)
        if request.headers.get("content-type") != announced.media_type:
            raise UploadDiffers(what=TYPE)
        if request.headers.get("content-length") != str(announced.bytes):
            raise UploadDiffers(what=SIZE)
        await take(key, compared(announced, request.stream()), announced)
        return Response(None, 200)

    async def post(request: Request) -> Response:
        form = await read_form(request.headers.get("content-type", ""), request.stream())
        key = form.fields.get("key", "")
        announced = uploads.check(key, form.fields)
        await take(key, compared(announced, form.file), announced)
        return Response(None, 204)

    return [
        Route(f"{PATH}{{key:path}}", put, methods=["PUT"]),
        Route(PATH, post, methods=["POST"]),
    ]
