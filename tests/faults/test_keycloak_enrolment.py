"""Keycloak is killed at each step of a node's enrolment: it is completed later, or undone.

What is killed is the server itself, before each word to it and after each write, whose answer is
then lost; a word that comes after finds nobody, as in a real outage.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio.to_thread
import pytest

from dataspace.accounts.port import console_of
from dataspace.evidence import Verifier
from hub.dev import keycloak_server
from hub.dev.process import Running
from hub.node import Node
from hub.operations import nodes
from hub.operations.accounts import errands
from hub.operations.accounts.outbox import FAILED, WAITING
from hub.operations.federation import applying
from identity.administration.accounts import PARTICIPANT, KeycloakAccounts
from identity.administration.service import Service
from identity.administration.wanted import HUB
from identity.keycloak_identity import KeycloakIdentity
from subspaces.keys import NodeKeys
from tests.clock import FrozenClock
from tests.e2e.test_live_accounts import WallClock
from tests.faults.test_keycloak_kills import turning, until_told
from tests.live_realm import ASSERTION, LiveRealm, make
from tests.unit.federation.joined import SECOND_ADMIN, Applicant, a_city, a_code
from tests.unit.operations.city import ADMIN, BANK

pytestmark = [pytest.mark.live, pytest.mark.slow, pytest.mark.anyio, pytest.mark.timeout(3000)]

WORDS, WRITES = ("get", "post", "put", "delete"), ("post", "put", "delete")
# It was killed at the last step at which there was something to kill.
NEVER = 1000


@dataclass
class Server:
    """A Keycloak that can be killed and started again in its folder."""

    folder: Path
    running: Running = field(init=False)

    def __post_init__(self) -> None:
        self.running = keycloak_server.start(self.folder)

    async def kill(self) -> None:
        await anyio.to_thread.run_sync(self.running.kill)

    async def start_again(self) -> None:
        self.running = await anyio.to_thread.run_sync(keycloak_server.start, self.folder)


@dataclass
class Doomed:
    """The administration of a Keycloak that is killed at a step; `steps` are those so far."""

    service: Service
    server: Server
    kill_at: int
    steps: int = 0
    writes: list[int] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        word = getattr(self.service, name)
        if name not in WORDS:
            return word

        async def said(*given: Any, **more: Any) -> Any:
            await self._step()
            answer = await word(*given, **more)
            if name in WRITES:
                self.writes.append(self.steps)
                if await self._step():
                    return await word(*given, **more)
            return answer

        return said

    async def _step(self) -> bool:
        """Whether it has just been killed."""
        killed = self.steps == self.kill_at
        self.steps += 1
        if killed:
            await self.server.kill()
        return killed


@dataclass(frozen=True)
class Enrolled:
    """What there is of a node in the end."""

    steps: int
    writes: tuple[int, ...]
    known: int
    consoles: int
    organisations: int
    members: int
    signs_in: bool

    @property
    def is_there(self) -> bool:
        """Once, and as a whole."""
        counts = (self.known, self.consoles, self.organisations, self.members)
        return self.signs_in and counts == (1, 1, 1, 1)


async def enrol(
    folder: Path, realm: LiveRealm, server: Server, *, kill_at: int, cut_off: bool = False
) -> Enrolled:
    """A node is admitted while Keycloak is killed; `cut_off` again before that is back."""
    folder.mkdir()
    clock = FrozenClock(datetime.now(UTC))
    async with _hub(realm, clock) as node:
        applies = Applicant.at(folder, clock).applies(await a_code(node))
        id_ = (await applying.apply(node, applies)).id
        await nodes.DESK.move(node, ADMIN, id_, "take_in")
        service = Service.as_client(realm.address, realm.name, client=HUB, secret=realm.secret)
        doomed = Doomed(service, server, kill_at)
        # Its process is told by nobody but this round.
        dying = replace(node, accounts=KeycloakAccounts(doomed))  # type: ignore[arg-type]
        await nodes.DESK.move(replace(dying, accounts=_Silent()), SECOND_ADMIN, id_, "activate")
        await errands.work_off(dying, states=(WAITING, FAILED))
        await service.close()
        if doomed.steps > kill_at:
            waiting = await errands.work_off(node)
            assert (waiting.waiting >= 1, waiting.unavailable is not None) == (True, True), kill_at
            if cut_off:
                await nodes.DESK.move(node, ADMIN, id_, "isolate", reason="Leak")
            await server.start_again()
        async with turning(node):
            await until_told(node)
        verifier = Verifier()
        assert all(verifier.check(e) is None for e in await node.catalogue.changes_since(0, 1000))
        found = await _found(realm, node, id_, NodeKeys.open(folder, WallClock()))
    return replace(found, steps=doomed.steps, writes=tuple(doomed.writes))


class _Silent:
    """Accounts that nobody answers for, so that what is to be told stays an errand."""

    def __getattr__(self, name: str) -> Any:
        async def silent(*given: Any) -> Any:
            await anyio.sleep_forever()

        return silent


@asynccontextmanager
async def _hub(realm: LiveRealm, clock: FrozenClock) -> AsyncIterator[Node]:
    identity = await KeycloakIdentity.open(realm.address, realm.name, WallClock())
    async with realm.accounts() as accounts:
        yield replace(await a_city(clock), identity=identity, accounts=accounts)


async def _found(realm: LiveRealm, node: Node, id_: str, keys: NodeKeys) -> Enrolled:
    """What Keycloak has of the node and of its operator, which is then taken away again."""
    async with realm.service() as service:
        known = await service.get("/clients", clientId=id_)
        consoles = await service.get("/clients", clientId=console_of(id_))
        organisations = await service.get("/organizations", q=f"{PARTICIPANT}:{BANK}")
        members = [
            each for organisation in organisations
            for each in await service.get(f"/organizations/{organisation['id']}/members")
        ]  # fmt: skip
        answer = await anyio.to_thread.run_sync(
            lambda: realm.tokens(
                grant_type="client_credentials", client_assertion_type=ASSERTION,
                client_assertion=keys.assertion(id_, issuer=realm.issuer),
            )
        )  # fmt: skip
        if answer.status_code == 200:
            caller = await node.identity.caller(answer.json()["access_token"])
            assert (caller.client, caller.participant) == (id_, BANK)
        for each in organisations:
            await service.delete(f"/organizations/{each['id']}")
        for each in (*known, *consoles):
            await service.delete(f"/clients/{each['id']}")
    signs_in = answer.status_code == 200
    counts = [len(each) for each in (known, consoles, organisations, members)]
    return Enrolled(0, (), *counts, signs_in)


async def test_an_enrolment_in_which_keycloak_is_killed_is_completed_or_undone(
    tmp_path: Path,
) -> None:
    (tmp_path / "server").mkdir()
    server = Server(tmp_path / "server")
    try:
        realm = LiveRealm(server.running, "city", secrets.token_urlsafe(24))
        await make(realm)
        whole = await enrol(tmp_path / "whole", realm, server, kill_at=NEVER)
        assert whole.is_there
        # An organisation, a client, the one a member of the other, and a client for its console.
        assert len(whole.writes) == 4
        for kill_at in range(whole.steps):
            found = await enrol(tmp_path / f"at-{kill_at}", realm, server, kill_at=kill_at)
            assert found.is_there, kill_at
        for kill_at in whole.writes:
            folder = tmp_path / f"undone-{kill_at}"
            undone = await enrol(folder, realm, server, kill_at=kill_at, cut_off=True)
            assert undone.known <= 1, kill_at
            assert (undone.consoles, undone.signs_in) == (0, False), kill_at
    finally:
        server.running.stop()
