"""A hub and its nodes in one process: real keys, tokens, signatures and applications; only the
network between them is within the process, and the clock stands still until it is moved."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import Context
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dataspace.caller import Role
from dataspace.federation.meeting import Hub, Meeting
from dataspace.federation.membership import Membership
from dataspace.selection import Selection, Where
from dataspace.text import Text
from hub.api.federation.signed import Door, Sender
from hub.app import application, options_for
from hub.node import Node
from hub.operations import nodes
from hub.operations.federation import belonging
from hub.operations.federation.register import Register
from hub.settings import Settings
from hub.watching.onward import Onward
from hub.watching.watch import Tracer
from identity.embedded_identity import EmbeddedIdentity
from identity.issuer.directory import Account, Client, Directory, Organisation
from subspaces.keys import NodeKeys
from subspaces.peers import http_peer
from subspaces.peers.http_peer import Asked, SignedClient, Tokens
from subspaces.peers.opening import Lines, opened
from tests.build import caller_for
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.operations.city import ADMIN, BANK, a_node

HUB = "http://127.0.0.1:8000"
ISSUER = f"{HUB}/realms/city"
OPERATOR = caller_for(Role.ORG_ADMIN, participant=BANK)
SIGN = Role.ORG_ADMIN
BEHIND = "/federation/behind-the-door"


@dataclass
class Network(httpx.AsyncBaseTransport):
    """Leads a request to the application at its address; an address may be cut off the line."""

    applications: dict[str, httpx.ASGITransport] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    seen: list[httpx.Request] = field(default_factory=list)

    def serve(self, address: str, app: Starlette) -> None:
        self.applications[address] = httpx.ASGITransport(app, raise_app_exceptions=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        address = f"{request.url.scheme}://{request.url.netloc.decode()}"
        if address in self.cut or address not in self.applications:
            raise httpx.ConnectError("refused")
        self.seen.append(request)
        # A server knows nothing of what its client is about but what the request says.
        answering = self.applications[address].handle_async_request(request)
        return await asyncio.create_task(answering, context=Context())


@dataclass
class Place:
    """One node of the city, with all that it has."""

    node: Node
    keys: NodeKeys
    meeting: Meeting
    address: str
    id: str = ""
    client: SignedClient = None  # type: ignore[assignment]
    hub: Hub = None  # type: ignore[assignment]

    async def beat(self, version: str = "1.0") -> None:
        await belonging.beat(
            self.node, self.meeting, self.hub, version=version, own=belonging.Own()
        )

    async def ask(self, address: str, path: str = BEHIND) -> bytes:
        return await self.client.ask(address, Asked("GET", path, bytes_max=1 << 22))


@dataclass
class City:
    folder: Path
    clock: FrozenClock
    network: Network
    identity: EmbeddedIdentity
    stack: AsyncExitStack
    tracer: Tracer | None = None
    hub: Place = None  # type: ignore[assignment]
    joined: list[Place] = field(default_factory=list)

    async def join(self, *, kind: str = "BUSINESS", keys: NodeKeys | None = None) -> Place:
        """A node that was applied for, reviewed and admitted, and runs."""
        number = len(self.joined) + 1
        address = f"http://127.0.0.1:{8000 + number}"
        place = await self._opened(address, f"node{number}", keys=keys)
        place.id = await self._admitted(place, kind, f"N{number}")
        place.meeting.membership = self.membership(place.id)
        http = await self.stack.enter_async_context(http_peer.open_client(self.network))
        tokens = Tokens(http, place.keys, place.meeting.membership, self.clock)
        place.client = SignedClient(
            http, place.meeting.signatory, tokens, Onward(self.tracer)
        )
        place.hub = http_peer.HttpHub(place.client, HUB)
        self.joined.append(place)
        return place

    def membership(self, id_: str) -> Membership:
        return Membership(HUB, id_, ISSUER, self.hub.keys.signing_jwks)

    async def move(self, place: Place, name: str, *, reason: str = "As decided") -> None:
        await nodes.DESK.move(self.hub.node, ADMIN, place.id, name, reason=reason)

    async def row(self, place: Place) -> dict[str, Any]:
        fields = ("id", "status", "state", "last_heartbeat_at", "software_version", "version")
        asked = Selection("node", fields, Where("id", "eq", place.id))
        return (await self.hub.node.catalogue.select(asked)).rows[0]

    async def actions(self, place: Place) -> list[str]:
        """What the evidence has of the node, in order."""
        found = await self.hub.node.catalogue.changes_since(0, 10_000)
        return [each.evidence["action"] for each in found if each.id == place.id]

    async def _admitted(self, place: Place, kind: str, name: str) -> str:
        values = {
            "name": name, "kind": kind, "operator": BANK, "address": place.address,
            "public_keys": json.dumps(place.keys.assertion_jwks),
            "signing_keys": json.dumps(place.keys.signing_jwks),
        }  # fmt: skip
        node = self.hub.node
        id_ = (await nodes.enter(node, ADMIN, values)).id
        await nodes.DESK.move(node, OPERATOR, id_, "apply")
        admitted = ("register",) if kind == "CONNECTOR" else ("take_in", "activate")
        for number, move in enumerate(admitted):
            await nodes.DESK.move(node, replace(ADMIN, subject=f"officer{number}"), id_, move)
        organisation = Organisation("bank", "org_bank", BANK, Text("Bank", "银行"))
        account = Account(f"service-{id_}", id_, Text(name, "节点"), (SIGN,), organisation)
        directory = Directory(self.folder / "issuer", demo=False)
        directory.add_client(Client(id_, jwks=place.keys.assertion_jwks, account=account))
        return id_

    async def _opened(self, address: str, name: str, *, keys: NodeKeys | None = None) -> Place:
        data = self.folder / name
        data.mkdir()
        keys = keys or NodeKeys.open(data, self.clock)
        met = await self.stack.enter_async_context(
            opened(
                keys, data, self.clock, address=address,
                lines=Lines(Onward(self.tracer), self.network),
            )
        )
        bare = await a_node(DictionaryCatalogue(), self.clock)
        node = replace(bare, identity=self.identity, meeting=met.meeting)
        settings = Settings.read({}, port=int(address.rpartition(":")[2]), data=data)
        options = options_for(settings, cursor_key=b"k" * 32, tracer=self.tracer)
        door = Door(node, met.meeting, Register(node))
        routes: list[BaseRoute] = [Route(BEHIND, door.behind(_let_in))]
        routes += self.identity.routes if address == HUB else []
        self.network.serve(address, application(node, routes, settings, options=options))
        return Place(node, keys, met.meeting, address)


async def _let_in(_request: Request, sender: Sender) -> Response:
    return Response(sender.entry.node if sender.entry else "hub")


@asynccontextmanager
async def a_city(
    folder: Path, clock: FrozenClock, tracer: Tracer | None = None
) -> AsyncIterator[City]:
    async with AsyncExitStack() as stack:
        identity = await EmbeddedIdentity.open(
            folder / "issuer", issuer=ISSUER, clock=clock, demo=False
        )
        city = City(folder, clock, Network(), identity, stack, tracer)
        city.hub = await city._opened(HUB, "hub")
        identity._denials = city.hub.node.denials
        yield city
