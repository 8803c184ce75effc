"""The one door for requests from node to node: who asks by the token, and by the signature that it
was they who asked exactly this, of this node, just now, and for the first time.

In this order: the token, the node that it is for, the signature by one of that node's keys, that
node's certificate where one is asked for, its standing, how often it may ask, and the nonce.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from dataspace.caller import ANYONE, Caller
from dataspace.errors import DataSpaceError, NotSignedIn
from dataspace.federation.meeting import Meeting
from dataspace.federation.mutual_tls.certificates import (
    CHAIN_HEADER,
    HEADER,
    Shown,
    hub_name,
    node_name,
)
from dataspace.federation.signing import (
    ADDRESSEE,
    NONCE_KEPT_SECONDS,
    Jwks,
    SignatureKeyUnknown,
    Signed,
    SignedRequest,
    check_addressee,
    target_of,
)
from dataspace.federation.standings import (
    Entry,
    NodeRateLimited,
    NodeUnknown,
    Standings,
    too_old,
)
from dataspace.federation.watched.counts import TAKEN
from hub.api.caller import caller_of
from hub.api.graphql import body_within, told
from hub.node import Node
from hub.operations.federation.register import Register

BODY_BYTES_MAX: Final = 1_048_576
# For whom no other limit was decided.
PER_MINUTE_MAX: Final = 6000
MINUTE: Final = timedelta(minutes=1)
CUT_OFF_CODE: Final = "identity.cut_off"

Endpoint = Callable[[Request, "Sender"], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who has signed a request: a node by its entry, or the hub itself, which has none."""

    entry: Entry | None
    caller: Caller
    body: bytes = field(repr=False)

    @property
    def is_hub(self) -> bool:
        return self.entry is None


@dataclass(slots=True)
class Door:
    """One for each application; every replica counts the requests of a node for itself."""

    node: Node
    meeting: Meeting
    register: Register
    counted: dict[tuple[str, bool], tuple[datetime, int]] = field(default_factory=dict)

    def behind(
        self,
        endpoint: Endpoint,
        *,
        bytes_max: int = BODY_BYTES_MAX,
        limited: bool = True,
        counter: Counter[str] | None = None,
    ) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint for those who come through; refusals become problem documents.

        What keeps a node informed is not `limited` by decision: it has to learn who is cut off.
        The `counter` counts what is taken, and what is refused by its code.
        """

        async def entered(request: Request) -> Response:
            try:
                sender = await self.admit(request, bytes_max=bytes_max, limited=limited)
            except DataSpaceError as error:
                self.meeting.counts.turned_away(error)
                raise
            return await endpoint(request, sender)

        return told(entered if counter is None else _counted(entered, counter))

    async def admit(
        self, request: Request, *, bytes_max: int = BODY_BYTES_MAX, limited: bool = True
    ) -> Sender:
        """Raises:  the refusals of the identity port, of `dataspace.federation.signing`, of
        `dataspace.federation.mutual_tls.certificates` and of `dataspace.federation.standings`,
        NodeRateLimited, BodyTooLarge.
        """
        body = await body_within(request, bytes_max)
        arrived = SignedRequest(
            request.method, target_of(self.meeting.address, _path(request)), _headers(request), body
        )
        check_addressee(arrived.headers.get(ADDRESSEE, ""), self.meeting.address)
        caller, entry = await self._who(request)
        signed = self._check_signature(arrived, entry)
        self._check_certificate(request, entry)
        if entry is not None:
            entry.check()
            self._count(entry, limited=limited)
        # Last, so that no node can fill what is remembered beyond what it may ask.
        until = self.node.clock.now() + timedelta(seconds=NONCE_KEPT_SECONDS)
        self.meeting.nonces.take(signed.key, signed.nonce, until=until)
        return Sender(entry, caller, body)

    async def _who(self, request: Request) -> tuple[Caller, Entry | None]:
        """A request without a token can only be the hub's, at a node that belongs to it."""
        if "authorization" not in request.headers and self.meeting.membership:
            return ANYONE, None
        try:
            caller = await caller_of(request, self.node)
        except DataSpaceError as error:
            if error.code == CUT_OFF_CODE:
                (await self._entry(str(error.facts.get("client", "")))).check()
            raise
        if not caller.signed_in:
            raise NotSignedIn()
        return caller, await self._entry(caller.client)

    async def _entry(self, id_: str) -> Entry:
        """By the register at the hub, and by the hub's list everywhere else.

        Raises:  NodeUnknown, StandingsTooOld, CatalogueUnavailable.
        """
        if self.meeting.membership is None:
            return await self.register.entry(id_)
        now, age_max = self.node.clock.now(), self.meeting.age_max
        return self._known().entry(id_, now=now, age_max=age_max)

    def _known(self) -> Standings:
        if self.meeting.known is None:
            raise too_old("—", self.meeting.age_max)
        return self.meeting.known

    def _check_signature(self, arrived: SignedRequest, entry: Entry | None) -> Signed:
        keys, name = self._keys(entry)
        if not keys.get("keys"):
            raise NodeUnknown(node=name)
        try:
            return self.meeting.signatory.check(arrived, keys, now=self.node.clock.now())
        except SignatureKeyUnknown as error:
            raise SignatureKeyUnknown(node=name, key=error.facts["key"]) from error

    def _check_certificate(self, request: Request, entry: Entry | None) -> None:
        """The same node's as the signature; the hub's names the address that it is known by."""
        demanded, membership = self.meeting.certificates, self.meeting.membership
        if demanded is None:
            return
        if entry is not None:
            name = node_name(entry.identifier)
        else:
            assert membership is not None
            name = hub_name(membership.hub)
        headers, client = request.headers, request.client
        shown = Shown(
            headers.get(HEADER, ""), headers.get(CHAIN_HEADER, ""), client.host if client else ""
        )
        demanded.check(shown, name, now=self.node.clock.now())

    def _keys(self, entry: Entry | None) -> tuple[Jwks, str]:
        if entry is not None:
            return entry.keys, entry.node
        assert self.meeting.membership is not None
        return self.meeting.membership.hub_keys, self.meeting.membership.hub

    def _count(self, entry: Entry, *, limited: bool) -> None:
        """Whole minutes, so that what is left needs no more memory than two numbers a node."""
        limit = (entry.per_minute if limited else 0) or PER_MINUTE_MAX
        counter = (entry.node, limited)
        now = self.node.clock.now()
        began, count = self.counted.get(counter, (now, 0))
        if now - began >= MINUTE:
            began, count = now, 0
        if count >= limit:
            left = MINUTE - (now - began)
            raise NodeRateLimited(
                node=entry.node, limit=limit,
                retry_after_seconds=max(1, round(left.total_seconds())),
            )  # fmt: skip
        self.counted[counter] = (began, count + 1)


def _counted(
    entered: Callable[[Request], Awaitable[Response]], counter: Counter[str]
) -> Callable[[Request], Awaitable[Response]]:
    async def counted(request: Request) -> Response:
        try:
            answer = await entered(request)
        except DataSpaceError as error:
            counter[error.code] += 1
            raise
        counter[TAKEN] += 1
        return answer

    return counted


def _path(request: Request) -> str:
    """The path and the query as they were sent."""
    raw: bytes = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    query: bytes = request.scope.get("query_string", b"")
    return raw.decode("latin-1") + (f"?{query.decode('latin-1')}" if query else "")


def _headers(request: Request) -> dict[str, str]:
    """Several lines of a header are one list (RFC 9110, 5.3)."""
    found: dict[str, str] = {}
    for name, value in request.headers.items():
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found
