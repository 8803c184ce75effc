"""Keycloak is killed in the middle of sign-ins and admin acts, and comes back."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import anyio.to_thread
import httpx2
import pytest

from dataspace.accounts.port import Denials
from dataspace.selection import Page, Selection, Where
from graph.sqlite_catalogue import SqliteCatalogue
from hub.dev import keycloak_server
from hub.dev.process import Running
from hub.node import Node
from hub.operations import evidence, members, participants
from hub.operations.accounts import errands
from hub.operations.accounts.keeping import keep
from identity.keycloak_identity import KeycloakIdentity
from identity.refusals import IdentityUnavailable
from tests.clock import FrozenClock
from tests.contract.forging import another_key, signed
from tests.e2e.test_live_accounts import PASSWORD, SECADMIN, WallClock, a_member
from tests.live_realm import LiveRealm, make
from tests.unit.operations.city import BANK, REGISTRAR, a_node

pytestmark = [
    pytest.mark.live,
    pytest.mark.slow,
    pytest.mark.anyio,
    pytest.mark.timeout(600),
]
RECOVERY_SECONDS_MAX = 10
GIVEN_UP_SECONDS = 60


@pytest.fixture
def server(tmp_path: Path) -> Iterator[list[Running]]:
    """A Keycloak of its own; the last in the list is the one that runs."""
    running = [keycloak_server.start(tmp_path)]
    yield running
    running[-1].stop()


@asynccontextmanager
async def a_hub(realm: LiveRealm, folder: Path) -> AsyncIterator[Node]:
    catalogue = await SqliteCatalogue.open(folder / "catalogue.sqlite")
    denied, clock = Denials(), WallClock()
    identity = await KeycloakIdentity.open(realm.address, realm.name, clock, denials=denied)
    async with realm.accounts() as accounts:
        city = await a_node(catalogue, FrozenClock(clock.now()), admitted=False)
        yield replace(city, identity=identity, accounts=accounts, denials=denied, clock=clock)
    await catalogue.close()


async def test_a_kill_loses_no_act_and_no_token_and_all_is_told_within_ten_seconds(
    server: list[Running], tmp_path: Path
) -> None:
    realm = LiveRealm(server[0], "city", secrets.token_urlsafe(24))
    await make(realm)
    async with a_hub(realm, tmp_path) as hub:
        await participants.admit(hub, REGISTRAR, BANK)
        _, username = await a_member(hub, realm)
        token = realm.sign_in(username, PASSWORD).json()["access_token"]
        await hub.identity.caller(token)
        signing_in = asyncio.create_task(_sign_in_until_refused(realm, username))
        entered = await _enter_people(hub, range(6), kill_at=2, server=server[0])
        assert await signing_in > 0, "somebody signed in before the kill"
        await _check_down(hub, realm, token)
        port = int(realm.address.rpartition(":")[2])
        server.append(await anyio.to_thread.run_sync(_start_again, tmp_path, port))
        async with turning(hub):
            took = await until_told(hub)
        assert took <= RECOVERY_SECONDS_MAX
        assert await _known(realm) >= {username, *entered}
        assert (await hub.identity.caller(token)).participant == BANK
        assert realm.sign_in(username, PASSWORD).status_code == 200
        assert (await evidence.verify(hub.catalogue)).holds


def _start_again(folder: Path, port: int) -> Running:
    return keycloak_server.start(folder, port=port)


async def _enter_people(hub: Node, numbers: range, *, kill_at: int, server: Running) -> list[str]:
    """Each act answers, also those after the kill."""
    names = [f"person.{number}" for number in numbers]
    for number, username in zip(numbers, names, strict=True):
        if number == kill_at:
            killing = asyncio.create_task(anyio.to_thread.run_sync(server.kill))
        values = {"username": username, "name": "人", "roles": ["developer"], "participant": BANK}
        await members.enter(hub, SECADMIN, values)
    await killing
    return names


async def _sign_in_until_refused(realm: LiveRealm, username: str) -> int:
    count = 0
    while True:
        try:
            answer = await anyio.to_thread.run_sync(realm.sign_in, username, PASSWORD)
        except httpx2.HTTPError:
            return count
        count += answer.status_code == 200


async def _check_down(hub: Node, realm: LiveRealm, token: str) -> None:
    """What was issued holds, what is waiting says so, and what cannot be known is not guessed."""
    assert (await hub.identity.caller(token)).participant == BANK
    await hub.identity.ready()
    worked = await errands.work_off(hub)
    assert worked.waiting >= 1
    assert worked.unavailable is not None
    assert worked.unavailable.code == "identity.unavailable"
    waiting = Selection("errand", ("last_error",), where=Where("state", "eq", "WAITING"))
    codes = {each["last_error"] for each in (await hub.catalogue.select(waiting)).rows}
    assert "identity.unavailable" in codes
    fresh = await KeycloakIdentity.open(realm.address, realm.name, WallClock())
    for ask in (fresh.ready(), fresh.caller(signed({}, another_key(), kid="k"))):
        with pytest.raises(IdentityUnavailable) as caught:
            await ask
        assert "Keycloak" in caught.value.message("zh")


@asynccontextmanager
async def turning(hub: Node) -> AsyncIterator[None]:
    async def refresh() -> None:
        await hub.identity.ready()

    turning = asyncio.create_task(keep(hub, lambda what, error: None, refresh=refresh))
    yield
    turning.cancel()
    await asyncio.wait({turning})


async def until_told(hub: Node) -> float:
    began = time.monotonic()
    fields = ("state", "attempts", "last_error", "last_error_detail")
    waiting = Selection("errand", fields, where=Where("state", "ne", "DONE"), page=Page(50))
    while rows := (await hub.catalogue.select(waiting)).rows:
        assert time.monotonic() < began + GIVEN_UP_SECONDS, rows
        await asyncio.sleep(0.2)
    return time.monotonic() - began


async def _known(realm: LiveRealm) -> set[str]:
    async with realm.service() as service:
        return {each["username"] for each in await service.get("/users", max=100)}
