"""Links that give a file of the folder to whoever holds them, until they expire.

A link names its key, its end and a file name, signed together with a key of the folder's own. A
served file is never shown as a page of this origin: it is an attachment, its type is one of a
short list, and a browser is told to sniff nothing and to run nothing.
"""

import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from dataspace.errors import Refused
from dataspace.quantity import Clock
from dataspace.text import Text
from storage.folder_files import Stored
from storage.names import disposition, media_type_of, safe_name

PATH: Final = "/assets/"
SAFE: Final = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "private, no-store",
    "accept-ranges": "bytes",
}
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class LinkInvalid(Refused):
    """The link was not made here, or it was changed."""

    code = "asset.link_invalid"
    title = Text("This link to a file does not hold", "此文件链接无效")
    advice = Text("Ask for the file again and use the new link.", "请重新获取文件，并使用新链接。")


class LinkExpired(Refused):
    """The seconds of the link are over."""

    code = "asset.link_expired"
    title = Text("This link to a file has expired", "此文件链接已过期")
    advice = LinkInvalid.advice


class Seal:
    """Signs facts until a moment, for one purpose, with a key of the folder's own."""

    def __init__(self, secret: bytes, purpose: str, *, clock: Clock) -> None:
        self._key = hmac.digest(secret, purpose.encode(), "sha256")
        self._clock = clock

    def of(self, *facts: str, seconds: int) -> dict[str, str]:
        """What an address needs beside the facts."""
        ends_at = self._clock.now() + timedelta(seconds=seconds)
        until = str(int(ends_at.timestamp() * 1000))
        return {"until": until, "signature": self._sign(until, facts)}

    def check(self, query: Mapping[str, str], *facts: str) -> None:
        """Raises:  LinkInvalid, LinkExpired."""
        until = query.get("until", "")
        given, made = query.get("signature", ""), self._sign(until, facts)
        if not hmac.compare_digest(made.encode(), given.encode("utf-8", "surrogatepass")):
            raise LinkInvalid()
        if self._clock.now().timestamp() * 1000 >= int(until):
            raise LinkExpired()

    def _sign(self, until: str, facts: tuple[str, ...]) -> str:
        return hmac.digest(self._key, json.dumps([until, *facts]).encode(), "sha256").hex()


class Links:
    """Makes links and says what a link that came back holds."""

    def __init__(self, secret: bytes, *, clock: Clock, base_url: str) -> None:
        self._seal = Seal(secret, "read", clock=clock)
        self._address = base_url.rstrip("/") + PATH

    def make(self, key: str, *, seconds: int, file_name: str) -> str:
        name = safe_name(file_name)
        query = {"name": name, **self._seal.of(key, name, seconds=seconds)}
        return f"{self._address}{key}?{urlencode(query, quote_via=quote)}"

    def check(self, key: str, query: Mapping[str, str]) -> str:
        """The file name that the link was made with.

        Raises:  LinkInvalid, LinkExpired.
        """
        name = query.get("name", "")
        self._seal.check(query, key, name)
        return name


def link_route(links: Links, open_file: Callable[[str], Awaitable[Stored]]) -> BaseRoute:
    """GET and HEAD of `/assets/KEY`; refusals are raised, for the application to render."""

    async def give(request: Request) -> Response:
        key = request.path_params["key"]
        name = links.check(key, request.query_params)
        return _response(request, await open_file(key), name)

    return Route(f"{PATH}{{key:path}}", give, methods=["GET"])


def _response(request: Request, file: Stored, name: str) -> Response:
    headers = SAFE | {
        "etag": file.version,
        "content-type": media_type_of(name),
        "content-disposition": disposition(name),
    }
    start, end, status = _asked_for(request.headers, file)
    if status == 416:
        file.close()
        return Response(None, 416, SAFE | {"content-range": f"bytes */{file.bytes}"})
    headers["content-length"] = str(end - start)
    if status == 206:
        headers["content-range"] = f"bytes {start}-{end - 1}/{file.bytes}"
    if request.method == "HEAD":
        file.close()
        return Response(None, status, headers)
    return StreamingResponse(file.pieces(start, end), status, headers)


def _asked_for(headers: Mapping[str, str], file: Stored) -> tuple[int, int, int]:
    """Start, exclusive end and status. Source: RFC 9110, 14.2.

    What is no single range of bytes, or one of another version of the file, is passed over.
    """
    asked = _RANGE.fullmatch(headers.get("range", "").strip())
    unchanged = headers.get("if-range", file.version) == file.version
    if asked is None or not unchanged or asked[1] == asked[2] == "":
        return 0, file.bytes, 200
    if asked[1]:
        start, end = int(asked[1]), int(asked[2]) + 1 if asked[2] else file.bytes
        if end <= start and asked[2]:
            return 0, file.bytes, 200
    else:
        start, end = max(0, file.bytes - int(asked[2])), file.bytes
    if start >= file.bytes:
        return 0, 0, 416
    return start, min(end, file.bytes), 206
