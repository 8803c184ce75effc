"""What stands before every route, as plain ASGI: ids, access log, limits, headers, the way out."""

import re
import secrets
import time
from collections.abc import Awaitable, Callable, Collection, MutableMapping, Sequence
from typing import Any

from dataspace.errors import DataSpaceError
from dataspace.text import Text
from hub.api.limits import BodyTooLarge
from hub.logs import log, request_id, within_request
from hub.watching.onward import TRACE_HEADERS, arrive
from hub.watching.watch import Watch

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY = Text("The request body in bytes", "请求体字节数")
PORT = re.compile(r":\d+$")
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
# A page that needs more, such as the console, sends its own policy.
POLICY_DEFAULT = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
HSTS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


class HostUnknown(DataSpaceError):
    """The request's Host header names a place that this node is not."""

    status = 421
    code = "request.host_unknown"
    title = Text("This node does not answer to {host}", "本节点不以 {host} 的名义提供服务")
    advice = Text(
        "Use its own address, or name the host in CITYSPACE_TRUSTED_HOSTS.",
        "请使用节点自身地址，或将该主机名加入 CITYSPACE_TRUSTED_HOSTS。",
    )


class Watched:
    """Gives every request an id, answers with it, and writes one line about it when it is over.

    The path is logged without its query, which may carry a code or a token. What comes many times a
    second is named in `quiet`; while it goes well its line is for debugging alone.
    """

    def __init__(self, app: Application, *, watch: Watch, quiet: Collection[str] = ()) -> None:
        self.app, self.watch, self.quiet = app, watch, frozenset(quiet)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        own = asked_id(scope) or secrets.token_hex(8)
        within_request(own)
        told = {name: header(scope, name.encode()) for name in TRACE_HEADERS}
        arrive(told)
        began, seen = time.perf_counter(), {"status": 500, "bytes": 0}

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", own.encode())]
            seen["bytes"] += len(message.get("body", b""))
            await send(message)

        try:
            with self.watch.request(told) as act:
                try:
                    await self.app(scope, receive, sent)
                finally:
                    act.labels = method_of(scope), route_of(scope)
                act.outcome = str(seen["status"])
        finally:
            took = round((time.perf_counter() - began) * 1000, 1)
            is_quiet = scope["path"] in self.quiet and seen["status"] < 400
            (log().debug if is_quiet else log().info)(
                "request", method=scope["method"], path=scope["path"], milliseconds=took, **seen
            )


class Bounded:
    """Refuses a body over the limit while it arrives, before it fills memory.

    A route that takes files carries its own limit and is named in `except_under`.
    """

    def __init__(
        self, app: Application, *, bytes_max: int, except_under: tuple[str, ...] = ()
    ) -> None:
        self.app, self.bytes_max, self.except_under = app, bytes_max, except_under

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(self.except_under or ("\0",)):
            return await self.app(scope, receive, send)
        arrived = 0

        async def received() -> Message:
            nonlocal arrived
            if _length(scope) > self.bytes_max:
                raise BodyTooLarge(what=BODY, limit=self.bytes_max, asked=_length(scope))
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > self.bytes_max:
                raise BodyTooLarge(what=BODY, limit=self.bytes_max, asked=arrived)
            return message

        return await self.app(scope, received, send)


class Guarded:
    """Adds the security headers that the route did not set itself."""

    def __init__(self, app: Application, *, secure: bool) -> None:
        self.app = app
        self.headers = (*SECURITY_HEADERS, HSTS) if secure else SECURITY_HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                names = {name.lower() for name, _ in given}
                policy = (b"content-security-policy", POLICY_DEFAULT)
                added = [each for each in (*self.headers, policy) if each[0] not in names]
                message["headers"] = [*given, *added]
            await send(message)

        await self.app(scope, receive, sent if scope["type"] == "http" else send)


class Addressed:
    """Refuses a request that was meant for another host, so that no foreign name leads here.

    What asks for a secret of its own may be addressed anyhow, and is named in `except_for`.
    """

    def __init__(
        self, app: Application, *, hosts: Sequence[str], except_for: Sequence[str] = ()
    ) -> None:
        self.app, self.hosts = app, frozenset(host.lower() for host in hosts)
        self.any_host = "*" in self.hosts
        self.except_for = frozenset(except_for)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not (self.any_host or scope["path"] in self.except_for):
            host = PORT.sub("", header(scope, b"host").lower())
            if host not in self.hosts:
                raise HostUnknown(host=host)
        await self.app(scope, receive, send)


class Masked:
    """Answers what nothing below has answered; of the unforeseen, only the log says more."""

    def __init__(
        self, app: Application, *, answer: Callable[[Scope, DataSpaceError], Application]
    ) -> None:
        self.app, self.answer = app, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sent)
            return
        except DataSpaceError as error:
            answered = error
        except Exception:
            if scope["type"] != "http":
                raise
            log().exception("unforeseen", path=scope["path"])
            answered = DataSpaceError(log_id=request_id())
        if begun:
            # Half an answer cannot be mended; breaking the connection tells the reader so.
            raise answered
        await self.answer(scope, answered)(scope, receive, send)


def asked_id(scope: Scope) -> str:
    """The id that a proxy gave the request, when it is one that a log may carry."""
    given = header(scope, b"x-request-id")
    return given if REQUEST_ID.fullmatch(given) else ""


def method_of(scope: Scope) -> str:
    """One that we know, so that nobody makes up names for what is counted."""
    method = str(scope["method"])
    return method if method in METHODS else "other"


def route_of(scope: Scope) -> str:
    """The pattern of the route that was found, never the path that was asked for."""
    return str(getattr(scope.get("route"), "path", "unmatched"))


def header(scope: Scope, name: bytes) -> str:
    given: bytes = next((value for each, value in scope["headers"] if each == name), b"")
    return given.decode("latin-1")


def _length(scope: Scope) -> int:
    given = header(scope, b"content-length")
    return int(given) if given.isdecimal() else 0
