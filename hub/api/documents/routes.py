"""/certificates: whether a document holds, for everybody and without signing in."""

import hashlib
import re
from typing import Any, Final
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from dataspace.documents.standing import SAYS, Standing
from dataspace.errors import Invalid
from dataspace.text import Language, Text
from hub.api.documents.page import POLICY, Shown, asking_page, verification_page
from hub.api.documents.prints import Prints
from hub.api.problems import language_of
from hub.api.wire import json_bytes
from hub.node import Node
from hub.operations.documents.looking_up import CertificateNotPublic, LookedUp, look_up

SHA256: Final = re.compile(r"[0-9a-fA-F]{64}")
NUMBER_CHARACTERS_MAX: Final = 40
LANGUAGES: Final[dict[str, Language]] = {"zh": "zh", "en": "en"}


class HashInvalid(Invalid):
    status = 400
    code = "certificate.hash_invalid"
    title = Text("{given} is no SHA-256", "{given} 不是 SHA-256")
    advice = Text("Give 64 hexadecimal digits.", "请填写 64 位十六进制数。")


class FileMissing(Invalid):
    status = 400
    code = "certificate.file_missing"
    title = Text("There is no file to compare", "未收到待比对的文件")
    advice = Text(
        "Send one file as the field `file` of a form, or as the body.",
        "请以表单字段 file 或请求体发送一个文件。",
    )


def certificate_routes(node: Node, told: Any, *, address: str) -> list[BaseRoute]:
    """`address` is the node's own, to which the code that is printed leads."""
    desk = _Desk(node, Prints(address))
    return [
        Route("/certificates", told(desk.ask), methods=["GET"]),
        Route("/certificates/{number}.json", told(desk.content), methods=["GET"]),
        Route("/certificates/{number}.pdf", told(desk.print), methods=["GET"]),
        Route("/certificates/{number}", told(desk.verify), methods=["GET"]),
        Route("/certificates/{number}", told(desk.compare), methods=["POST"]),
    ]


class _Desk:
    def __init__(self, node: Node, prints: Prints) -> None:
        self.node, self.prints = node, prints

    async def ask(self, request: Request) -> Response:
        if number := request.query_params.get("number", "").strip()[:NUMBER_CHARACTERS_MAX]:
            return RedirectResponse(f"/certificates/{quote(number, safe='')}", status_code=303)
        language = _language(request, request.query_params.get("language", ""))
        return _html(asking_page(language), language)

    async def verify(self, request: Request) -> Response:
        return await self._answer(request, _hash(request))

    async def compare(self, request: Request) -> Response:
        file, language = await _file(request)
        return await self._answer(request, hashlib.sha256(file).hexdigest(), language)

    async def content(self, request: Request) -> Response:
        found = await self._readable(request)
        assert found.row is not None
        return _download(found.row["content"].encode(), "application/json", f"{found.number}.json")

    async def print(self, request: Request) -> Response:
        found = await self._readable(request)
        made = await self.prints.of(found.content)
        return _download(made.pdf, "application/pdf", f"{found.number}.pdf")

    async def _readable(self, request: Request) -> LookedUp:
        """Raises:  CertificateNotPublic, also for a number that was never issued."""
        found = await look_up(self.node, _number(request))
        if not found.may_read(_hash(request)):
            raise CertificateNotPublic(number=found.number)
        return found

    async def _answer(self, request: Request, shown: str, language: str = "") -> Response:
        found = await look_up(self.node, _number(request))
        files = await self._files(found, shown)
        standing = found.shown(shown, files=files)
        readable = found.may_read(shown) or (bool(shown) and shown in files)
        spoken = _language(request, language or request.query_params.get("language", ""))
        told = Shown(spoken, found, standing, shown, readable, self.node.clock.now())
        if "application/json" in request.headers.get("accept", ""):
            return _json(told)
        return _html(verification_page(told), spoken, found=found.row is not None)

    async def _files(self, found: LookedUp, shown: str) -> frozenset[str]:
        """The print is only made when what is shown is not the content itself."""
        row = found.row
        if row is None or found.standing is Standing.ALTERED or shown in ("", row["sha256"]):
            return frozenset()
        return frozenset({(await self.prints.of(found.content)).sha256})


def _json(told: Shown) -> Response:
    row = told.found.row or {}
    body = {
        "number": told.found.number,
        "standing": told.standing.name,
        "meaning": SAYS[told.standing].to(told.language),
        "replacedBy": (told.found.next or {}).get("code"),
        "kind": row.get("kind"),
        "issuedAt": row.get("issued_at"),
        "validUntil": row.get("valid_until"),
        "content": told.found.content if told.readable else None,
        "sha256": row.get("sha256") if told.readable else None,
    }
    return Response(json_bytes(body), media_type="application/json", headers=_fresh(told.language))


def _html(page: str, language: Language, *, found: bool = True) -> Response:
    headers = {"content-security-policy": POLICY, **_fresh(language)}
    return Response(page, 200 if found else 404, headers=headers, media_type="text/html")


def _fresh(language: Language) -> dict[str, str]:
    return {
        "content-language": language,
        "vary": "accept, accept-language",
        "cache-control": "no-store",
        "x-robots-tag": "noindex",
    }


def _download(content: bytes, media_type: str, name: str) -> Response:
    headers = {
        "content-disposition": f'inline; filename="{name}"',
        "etag": f'"{hashlib.sha256(content).hexdigest()}"',
        "cache-control": "private, no-cache",
        "x-robots-tag": "noindex",
    }
    return Response(content, media_type=media_type, headers=headers)


def _number(request: Request) -> str:
    return str(request.path_params["number"])[:NUMBER_CHARACTERS_MAX]


def _hash(request: Request) -> str:
    """Raises:  HashInvalid."""
    given = request.query_params.get("sha256", "").strip()
    if given and not SHA256.fullmatch(given):
        raise HashInvalid(given=given[:80])
    return given.lower()


def _language(request: Request, asked: str) -> Language:
    return LANGUAGES.get(asked) or language_of(request)


async def _file(request: Request) -> tuple[bytes, str]:
    """The file, and the language of the page it was sent from. Raises:  FileMissing."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        if body := await request.body():
            return body, ""
        raise FileMissing()
    try:
        async with request.form(max_files=1, max_fields=4) as form:
            file, language = form.get("file"), form.get("language")
            content = await file.read() if isinstance(file, UploadFile) else b""
    except (HTTPException, MultiPartException, ValueError) as error:
        raise FileMissing() from error
    if not content:
        raise FileMissing()
    return content, str(language or "")
