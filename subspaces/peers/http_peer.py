"""Another node over HTTPS: every request with this node's token and signed by its key.

Connections are pooled, each answer has a deadline and a bound. What another node refuses is told
with its own words, such as how far the two clocks are apart.
"""

import asyncio
import json
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import httpx

from dataspace.federation import cards
from dataspace.federation.batches import BATCH_BYTES_MAX, Batch, Listing
from dataspace.federation.cards import CARD_BYTES_MAX, NodeCard
from dataspace.federation.heartbeats import Heartbeat
from dataspace.federation.live.answers import ANSWER_BYTES_MAX as LIVE_BYTES_MAX
from dataspace.federation.live.answers import LiveAnswer
from dataspace.federation.membership import Membership
from dataspace.federation.mutual_tls.certificates import CertificateUnreadable
from dataspace.federation.peer import Peer
from dataspace.federation.queue.answers import HubAnswer, HubAsked
from dataspace.federation.refusals import PeerMalformed, PeerRefuses, PeerUnavailable
from dataspace.federation.signing import Signatory, SignedRequest, target_of
from dataspace.federation.standings import LIST_BYTES_MAX
from dataspace.federation.watched.onward import Outgoing, alone
from dataspace.quantity import Clock
from subspaces.keys import NodeKeys
from subspaces.peer_certificates import OwnCertificate

SECONDS_MAX: Final = 10.0
CONNECT_SECONDS_MAX: Final = 3.0
# Without a byte for so long whoever is followed is away: so a line that is back is found within
# ten seconds, although the question that was asked before it was back is answered never.
SILENT_SECONDS_MAX: Final = 5.0
# One that takes longer is of no use: the next is due.
BEAT_SECONDS_MAX: Final = 4.0
QUICK_SECONDS_MAX: Final = 2.0
# So many that a hundred nodes which hang when they are asked live hold up no feed and no heartbeat.
CONNECTIONS_MAX: Final = 250
RETRY_AFTER_SECONDS: Final = 5
ANSWER_BYTES_MAX: Final = 65_536
DETAIL_CHARACTERS_MAX: Final = 400
# A token is not used in its last half minute: it might end on the way.
TOKEN_REST: Final = timedelta(seconds=30)
TOKEN_PLACE: Final = "/protocol/openid-connect/token"  # noqa: S105 - where tokens are got
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# Where no connection came about, nothing has left this node.
NOT_SENT: Final = (
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.InvalidURL,
    httpx.UnsupportedProtocol,
)  # fmt: skip
USER_AGENT: Final = "cityspace-node"
PLAIN: Final = "identity"
Transport = httpx.AsyncBaseTransport


def open_client(
    transport: Transport | None = None, shown: OwnCertificate | None = None
) -> httpx.AsyncClient:
    """No proxy of the environment, and no redirect: what is signed is for one address. Trusted are
    the authorities of this machine, or of SSL_CERT_FILE; `shown` is shown to whoever asks."""
    return httpx.AsyncClient(
        transport=transport or _Showing(shown), trust_env=False, follow_redirects=False,
        timeout=httpx.Timeout(SECONDS_MAX, connect=CONNECT_SECONDS_MAX),
        # What was compressed cannot be bounded before it is unpacked.
        headers={"user-agent": USER_AGENT, "accept-encoding": PLAIN},
    )  # fmt: skip


class _Showing(httpx.AsyncBaseTransport):
    """Connections at which this node shows its certificate, where it has one. With a renewed one
    they begin anew: at those that are open the former one would be shown for as long."""

    def __init__(self, own: OwnCertificate | None) -> None:
        self._own = own
        self._connections = self._opened()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        # While the next one is half written, the one before is shown.
        with suppress(CertificateUnreadable):
            if self._own is not None and self._own.renew():
                before, self._connections = self._connections, self._opened()
                await before.aclose()
        return await self._connections.handle_async_request(request)

    async def aclose(self) -> None:
        await self._connections.aclose()

    def _opened(self) -> httpx.AsyncHTTPTransport:
        context = self._own.context if self._own else ssl.create_default_context()
        limits = httpx.Limits(max_connections=CONNECTIONS_MAX)
        return httpx.AsyncHTTPTransport(verify=context, limits=limits, trust_env=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """`path` with its query; `bytes_max` bounds the answer, `silent_seconds_max` how long it may
    stand still."""

    method: str
    path: str
    content: bytes = b""
    bytes_max: int = ANSWER_BYTES_MAX
    seconds_max: float = SECONDS_MAX
    silent_seconds_max: float = SECONDS_MAX

    @property
    def place(self) -> str:
        return self.path.partition("?")[0]


@dataclass(slots=True)
class Tokens:
    """The node's own token, fetched by client assertion and kept until shortly before its end."""

    http: httpx.AsyncClient
    keys: NodeKeys
    membership: Membership
    clock: Clock
    _token: str = field(default="", repr=False)
    _until: datetime | None = None
    _fetching: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def token(self) -> str:
        """Raises:  PeerUnavailable, PeerRefuses and PeerMalformed of the issuer."""
        async with self._fetching:
            now = self.clock.now()
            if self._until is None or now >= self._until - TOKEN_REST:
                said = await self._fetched()
                self._token = str(said["access_token"])
                self._until = now + timedelta(seconds=int(said["expires_in"]))
            return self._token

    def forget(self) -> None:
        """The next request fetches another: this one was refused."""
        self._until = None

    async def _fetched(self) -> Mapping[str, Any]:
        issuer, client = self.membership.issuer, self.membership.node
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.keys.assertion(client, issuer=issuer),
        }
        content = urlencode(form).encode()
        asked = Asked("POST", TOKEN_PLACE, content, seconds_max=BEAT_SECONDS_MAX)
        headers = {"content-type": "application/x-www-form-urlencoded"}
        said = _object(await _sent(self.http, issuer, asked, headers))
        if not isinstance(said.get("access_token"), str) or "expires_in" not in said:
            raise PeerMalformed(what="access_token")
        return said


@dataclass(slots=True)
class SignedClient:
    """Asks other nodes in this node's name. The hub has no token: it is known by its key."""

    http: httpx.AsyncClient
    signatory: Signatory
    tokens: Tokens | None = None
    outgoing: Outgoing = alone

    async def ask(self, address: str, asked: Asked) -> bytes:
        """Raises:  PeerUnavailable, PeerRefuses, PeerMalformed."""
        headers = {"content-type": "application/json"} if asked.content else {}
        if self.tokens is not None:
            headers["authorization"] = f"Bearer {await self.tokens.token()}"
        request = SignedRequest(
            asked.method, target_of(address, asked.path), headers, asked.content
        )
        signed = {**headers, **self.signatory.sign(request)}
        try:
            with self.outgoing(asked.method, asked.place) as carried:
                return await _sent(self.http, address, asked, {**signed, **carried})
        except PeerRefuses as error:
            if self.tokens is not None and str(error.facts.get("answered")).startswith("identity."):
                self.tokens.forget()
            raise


@dataclass(frozen=True, slots=True)
class HttpPeer:
    """The Peer port."""

    client: SignedClient
    address: str

    async def changes_since(self, revision: int, limit: int) -> Batch:
        query = urlencode({"since": revision, "limit": limit})
        return Batch.read(await self._json(f"/federation/changes?{query}"))

    async def whole(self, position: str, limit: int) -> Listing:
        query = urlencode({"position": position, "limit": limit})
        return Listing.read(await self._json(f"/federation/whole?{query}"))

    async def wake(self) -> None:
        asked = Asked("POST", "/federation/wake", seconds_max=QUICK_SECONDS_MAX)
        await self.client.ask(self.address, asked)

    async def live(self, ids: Sequence[str]) -> LiveAnswer:
        query = urlencode({"objects": ",".join(ids)})
        path = f"/federation/live?{query}"
        return LiveAnswer.read(await self._json(path, bytes_max=LIVE_BYTES_MAX))

    async def _json(self, path: str, *, bytes_max: int = BATCH_BYTES_MAX) -> Any:
        asked = Asked(
            "GET", path, bytes_max=bytes_max, silent_seconds_max=SILENT_SECONDS_MAX
        )  # fmt: skip
        return _json(await self.client.ask(self.address, asked))


def peer_at(address: str, client: SignedClient) -> Peer:
    return HttpPeer(client, address)


@dataclass(frozen=True, slots=True)
class HttpHub:
    """The Hub port."""

    client: SignedClient
    address: str

    async def beat(self, heartbeat: Heartbeat) -> str:
        content = json.dumps(heartbeat.told).encode()
        place = "/federation/heartbeats"
        asked = Asked("POST", place, content, seconds_max=BEAT_SECONDS_MAX)
        return _text(await self.client.ask(self.address, asked))

    async def standings(self) -> str:
        asked = Asked("GET", "/federation/standings", bytes_max=LIST_BYTES_MAX)
        return _text(await self.client.ask(self.address, asked))

    async def do(self, asked: HubAsked) -> HubAnswer:
        content = json.dumps(asked.told(), ensure_ascii=False).encode()
        request = Asked("POST", "/federation/requests", content)
        return HubAnswer.read(_json(await self.client.ask(self.address, request)))


@dataclass(frozen=True, slots=True)
class HttpAsking:
    """The Asking port: what anybody may ask, so nothing of it is signed."""

    http: httpx.AsyncClient
    signatory: Signatory
    clock: Clock
    outgoing: Outgoing = alone

    async def receipt(self, address: str) -> str:
        asked = Asked("GET", "/federation/receipt", seconds_max=QUICK_SECONDS_MAX)
        return _text(await self._asked(address, asked))

    async def card(self, address: str) -> NodeCard:
        """Raises:  CardInvalid, PeerUnavailable, PeerRefuses, PeerMalformed."""
        asked = Asked("GET", cards.PLACE, bytes_max=CARD_BYTES_MAX)
        seal = _text(await self._asked(address, asked))
        return cards.opened(seal, self.signatory, address=address, now=self.clock.now())

    async def _asked(self, address: str, asked: Asked) -> bytes:
        with self.outgoing(asked.method, asked.place) as carried:
            return await _sent(self.http, address, asked, carried)


async def _sent(
    http: httpx.AsyncClient, address: str, asked: Asked, headers: Mapping[str, str]
) -> bytes:
    """Raises:  PeerUnavailable, PeerRefuses, PeerMalformed."""
    url = target_of(address, asked.path)
    silent = httpx.Timeout(asked.silent_seconds_max, connect=CONNECT_SECONDS_MAX)
    sending = http.stream(
        asked.method, url, content=asked.content, headers=headers, timeout=silent
    )  # fmt: skip
    try:
        async with asyncio.timeout(asked.seconds_max), sending as answer:
            content = await _within(answer, asked.bytes_max)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
        sent = not isinstance(error, NOT_SENT)
        raise _away(address, type(error).__name__, sent=sent) from error
    if answer.is_success:
        return content
    if answer.status_code >= 500:
        raise _away(address, _told(answer.status_code, content)[1])
    code, detail = _told(answer.status_code, content)
    raise PeerRefuses(node=address, detail=detail, answered=code, action="federation")


async def _within(answer: httpx.Response, bytes_max: int) -> bytes:
    """Raises:  PeerMalformed as soon as the answer is longer, and for one that is compressed."""
    if (packed := answer.headers.get("content-encoding", PLAIN).lower()) != PLAIN:
        raise PeerMalformed(what=f"content-encoding {packed}"[:DETAIL_CHARACTERS_MAX])
    chunks, size = [], 0
    async for chunk in answer.aiter_raw():
        size += len(chunk)
        if size > bytes_max:
            raise PeerMalformed(what=f"> {bytes_max} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


def _told(status: int, content: bytes) -> tuple[str, str]:
    """The code and the words of a problem document (RFC 9457), or the status alone."""
    try:
        said = json.loads(content)
        code = str(said.get("code") or said.get("error") or status)
        words = said.get("title") or said.get("error_description") or ""
    except (ValueError, AttributeError, RecursionError):
        return str(status), str(status)
    return code, f"{code}: {words}"[:DETAIL_CHARACTERS_MAX]


def _away(address: str, detail: str, *, sent: bool = True) -> PeerUnavailable:
    """`sent` is False when nothing can have reached the other one."""
    return PeerUnavailable(
        node=address, service=address, detail=detail, sent=sent,
        retry_after_seconds=RETRY_AFTER_SECONDS,
    )  # fmt: skip


def _text(content: bytes) -> str:
    try:
        return content.decode("ascii")
    except UnicodeDecodeError as error:
        raise PeerMalformed(what="ascii") from error


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise PeerMalformed(what="JSON") from error


def _object(content: bytes) -> Mapping[str, Any]:
    said = _json(content)
    if not isinstance(said, dict):
        raise PeerMalformed(what="object")
    return said
