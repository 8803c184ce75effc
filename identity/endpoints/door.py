"""The way in: the only file of the issuer that knows the web framework.

Whatever comes from another machine, or by a name of another machine, is turned away first.
"""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from dataspace.errors import DataSpaceError
from dataspace.text import Language, preferred
from identity.endpoints import grants, inquiry, sign_in, sign_out
from identity.endpoints.pages import STYLE_HASH, refusal_page
from identity.endpoints.protocol import (
    NO_STORE,
    Answer,
    Asked,
    Cookie,
    ProtocolRefused,
    refusal_answer,
)
from identity.issuer.issuer import Issuer
from identity.refusals import EmbeddedNotLoopback

FORM_BYTES_MAX = 64 * 1024
FIELDS_MAX = 40
FORM = "application/x-www-form-urlencoded"
PAGE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}
PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-forwarded-host")
OAUTH_WORDS = {
    401: "invalid_token",
    403: "access_denied",
    429: "temporarily_unavailable",
    503: "temporarily_unavailable",
}
Serve = Callable[[Request], Awaitable[Response]]
Endpoint = Callable[[Issuer, Asked], Answer]
SHOWN: tuple[Endpoint, ...] = (sign_in.authorise, sign_out.sign_out)
# What the console of a sub-space's node asks, which is served from another port of this machine.
ASKED_BY_PAGES: tuple[Endpoint, ...] = (inquiry.discovery, grants.token)


def routes(issuer: Issuer) -> list[BaseRoute]:
    """Keycloak's addresses, below the path of the issuer's own address."""
    realm = urlsplit(issuer.url).path
    base = realm + inquiry.PROTOCOL
    get, post, both = ["GET"], ["POST"], ["GET", "POST"]
    served: list[tuple[str, Endpoint, list[str]]] = [
        (f"{realm}/.well-known/openid-configuration", inquiry.discovery, get),
        (f"{base}/certs", inquiry.certs, get),
        (f"{base}/auth", sign_in.authorise, both),
        (f"{base}/token", grants.token, post),
        (f"{base}/userinfo", inquiry.userinfo, both),
        (f"{base}/logout", sign_out.sign_out, both),
        (f"{base}/token/introspect", inquiry.introspect, post),
        (f"{base}/revoke", inquiry.revoke, post),
    ]
    return [
        Route(path, _serve(issuer, endpoint), methods=methods, include_in_schema=False)
        for path, endpoint, methods in served
    ]


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _serve(issuer: Issuer, endpoint: Endpoint) -> Serve:
    async def serve(request: Request) -> Response:
        language = _language(request)
        try:
            _check_local(request)
            asked = await _asked(request, language)
            answer = await run_sync(endpoint, issuer, asked)
        except DataSpaceError as error:
            answer = _refused(error, language, shown=endpoint in SHOWN)
        response = _response(issuer, answer)
        if endpoint in ASKED_BY_PAGES:
            _let_read(request, response)
        return response

    return serve


def _let_read(request: Request, response: Response) -> None:
    """A page of this machine may read the answer, as it may be returned to after a sign-in (RFC
    8252 7.3); the browser keeps it from every other page. Cookies stay out of it."""
    response.headers["Vary"] = "Origin"
    origin = request.headers.get("origin", "")
    if is_loopback(_host_of(origin)):
        response.headers["Access-Control-Allow-Origin"] = origin


def _host_of(origin: str) -> str:
    """Nothing for what is no origin of a page."""
    try:
        parts = urlsplit(origin)
        whole = origin == f"{parts.scheme}://{parts.netloc}" and "@" not in parts.netloc
    except ValueError:
        return ""
    return (parts.hostname or "") if whole and parts.scheme in ("http", "https") else ""


def _check_local(request: Request) -> None:
    """A proxy on this machine would let others in under a local address, so it is refused too.

    Raises:  EmbeddedNotLoopback.
    """
    peer = request.client.host if request.client else ""
    named = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    for address in (peer, named, *(request.headers.get(name) for name in PROXY_HEADERS)):
        if address is not None and not is_loopback(address):
            raise EmbeddedNotLoopback(address=address[:80] or "an unknown address")


async def _asked(request: Request, language: Language) -> Asked:
    return Asked(
        query=_once_each(request.url.query),
        query_text=request.url.query,
        form=await _form(request),
        posted=request.method == "POST",
        credentials=request.headers.get("authorization", ""),
        cookies=request.cookies,
        address=request.client.host if request.client else "",
        language=language,
    )


async def _form(request: Request) -> dict[str, str]:
    if request.method != "POST":
        return {}
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES_MAX:
            raise ProtocolRefused("invalid_request", f"over {FORM_BYTES_MAX} bytes", status=413)
    if body and request.headers.get("content-type", "").partition(";")[0].strip() != FORM:
        raise ProtocolRefused("invalid_request", f"the body must be {FORM}", status=415)
    return _once_each(body.decode("utf-8", errors="replace"))


def _once_each(text: str) -> dict[str, str]:
    """Parameters by name. One that stands twice has no one meaning (RFC 6749 3.1)."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS_MAX)
    except ValueError as error:
        raise ProtocolRefused("invalid_request", f"over {FIELDS_MAX} parameters") from error
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ProtocolRefused("invalid_request", "duplicated parameter")
    return found


def _language(request: Request) -> Language:
    """The page's own switch counts more than what the browser asks for."""
    chosen = request.query_params.get("ui_locales") or request.headers.get("accept-language", "")
    return preferred(chosen.replace(" ", ",")[:400])


def _refused(error: DataSpaceError, language: Language, *, shown: bool) -> Answer:
    if shown:
        return refusal_page(error, language)
    if isinstance(error, ProtocolRefused):
        return refusal_answer(error)
    said = {"error": OAUTH_WORDS.get(error.status, "invalid_request"), "code": error.code}
    retry = error.facts.get("retry_after_seconds")
    headers = {**NO_STORE, **({"Retry-After": str(retry)} if retry else {})}
    return Answer(
        error.status, json={**said, "error_description": error.message("en")}, headers=headers
    )


def _response(issuer: Issuer, answer: Answer) -> Response:
    response = _body(answer)
    response.headers.update(answer.headers)
    for cookie in answer.cookies:
        _set_cookie(issuer, response, cookie)
    return response


def _body(answer: Answer) -> Response:
    if answer.location:
        return RedirectResponse(answer.location, answer.status)
    if answer.page:
        headers = {**PAGE_HEADERS, "Content-Security-Policy": _policy(answer.returns_to)}
        return HTMLResponse(answer.page, answer.status, headers)
    if answer.json is not None:
        return JSONResponse(answer.json, answer.status)
    return Response(status_code=answer.status)


def _policy(returns_to: str) -> str:
    """No script, no picture, no frame; a form may lead here and, redirected, back to its client."""
    parts = urlsplit(returns_to)
    target = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return (
        f"default-src 'none'; style-src '{STYLE_HASH}'; form-action 'self'{target}; "
        "frame-ancestors 'none'; base-uri 'none'"
    )


def _set_cookie(issuer: Issuer, response: Response, cookie: Cookie) -> None:
    parts = urlsplit(issuer.url)
    response.set_cookie(
        cookie.name,
        cookie.value,
        max_age=cookie.seconds if cookie.value else 0,
        path=parts.path,
        httponly=True,
        samesite="lax",
        secure=parts.scheme == "https",
    )
