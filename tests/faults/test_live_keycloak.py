"""Keycloak is slow, hangs, cuts, refuses, or knows another secret: told in time, nothing lost."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import anyio.to_thread
import pytest

from dataspace.caller import Caller
from dataspace.errors import DataSpaceError, advice_for
from dataspace.selection import Selection, Where
from dataspace.text import LANGUAGES
from hub.dev import go_binaries
from hub.dev.go_binaries import Proxy
from hub.dev.process import Running
from hub.node import Node
from hub.operations import evidence, members, participants
from hub.operations.accounts import errands
from hub.operations.accounts.keeping import keep
from identity.keycloak_identity import KeycloakIdentity
from identity.refusals import IdentityUnavailable, SecretRefused
from tests.contract.forging import another_key, signed
from tests.e2e.test_live_accounts import PASSWORD, SECADMIN, WallClock, a_member, take_out
from tests.faults.test_keycloak_kills import a_hub
from tests.live_realm import LiveRealm, drop, make
from tests.unit.operations.city import BANK, REGISTRAR

pytestmark = [pytest.mark.live, pytest.mark.slow, pytest.mark.anyio, pytest.mark.timeout(300)]

RECOVERY_SECONDS_MAX = 10.0
REFUSED_SECONDS_MAX = 12.0
# An act that must tell Keycloak waits for it this long at most, and goes on by itself later.
ACT_SECONDS_MAX = 6.0


@pytest.fixture(scope="module")
def proxy(keycloak_server: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    toxiproxy = go_binaries.start_toxiproxy(tmp_path_factory.mktemp("toxiproxy"))
    host = keycloak_server.facts["address"].partition("://")[2]
    yield Proxy.to(host, through=toxiproxy, name="keycloak")
    toxiproxy.stop()


@pytest.fixture(scope="module")
def realm(keycloak_server: Running, proxy: Proxy) -> Iterator[LiveRealm]:
    """Set up without the proxy; tokens name the address that is asked for them."""
    name, secret = f"city-{secrets.token_hex(3)}", secrets.token_urlsafe(24)
    plain = LiveRealm(keycloak_server, name, secret)
    asyncio.run(make(plain))
    facts = {**keycloak_server.facts, "address": f"http://127.0.0.1:{proxy.port}"}
    yield LiveRealm(Running("keycloak", 0, Path(), facts), name, secret)
    asyncio.run(drop(plain))


@pytest.fixture
async def hub(realm: LiveRealm, proxy: Proxy, tmp_path: Path) -> AsyncIterator[Node]:
    """With a bank that is let in; it is forgotten afterwards."""
    async with a_hub(realm, tmp_path) as hub:
        await participants.admit(hub, REGISTRAR, BANK)
        yield hub
        proxy.heal()
        await take_out(hub)
        assert (await errands.work_off(hub, states=("WAITING", "FAILED"))).waiting == 0


@pytest.fixture
async def token(hub: Node, realm: LiveRealm) -> str:
    """Of one of the bank's people, and known to hold."""
    _, username = await a_member(hub, realm)
    answer = await anyio.to_thread.run_sync(realm.sign_in, username, PASSWORD)
    token = str(answer.json()["access_token"])
    assert (await hub.identity.caller(token)).participant == BANK
    return token


async def test_a_slow_keycloak_is_waited_for_and_acts_are_not_held_up(
    hub: Node, token: str, proxy: Proxy, realm: LiveRealm
) -> None:
    proxy.slow(2000)
    assert await _seconds(hub.identity.caller(token)) < 1
    assert 2 <= await _seconds(hub.identity.refresh()) < REFUSED_SECONDS_MAX
    fresh = await KeycloakIdentity.open(realm.address, realm.name, WallClock())
    assert (await fresh.caller(token)).participant == BANK
    username, took = await _enter(hub)
    assert took < ACT_SECONDS_MAX
    worked = await errands.work_off(hub)
    assert worked.failed == 0
    assert worked.unavailable is None or worked.unavailable.code == "identity.unavailable"
    proxy.heal()
    await _told(hub)
    assert await _is_known(realm, username)
    assert (await evidence.verify(hub.catalogue)).holds


@pytest.mark.parametrize("how", ["hang", "reset", "refuse"])
async def test_a_keycloak_that_does_not_answer_is_said_so_in_time_and_told_when_it_does(
    hub: Node, token: str, proxy: Proxy, realm: LiveRealm, how: str
) -> None:
    getattr(proxy, how)()
    caller: Caller = await hub.identity.caller(token)
    assert caller.participant == BANK
    fresh = await KeycloakIdentity.open(realm.address, realm.name, WallClock())
    forged = signed({}, another_key(), kid="k")
    async with realm.administration(as_hub=True) as administration:
        for ask in (
            fresh.ready, lambda: fresh.caller(token), hub.identity.refresh,
            lambda: hub.identity.caller(forged), administration.ready,
        ):  # fmt: skip
            await _unavailable(ask)
    username, took = await _enter(hub)
    assert took < ACT_SECONDS_MAX
    worked = await errands.work_off(hub)
    assert (worked.waiting, worked.failed) == (1, 0)
    assert worked.unavailable is not None
    _check_texts(worked.unavailable)
    assert await _last_errors(hub) == {"identity.unavailable"}
    assert (await hub.identity.caller(token)).participant == BANK
    proxy.heal()
    healed = time.monotonic()
    assert await _told(hub) <= RECOVERY_SECONDS_MAX
    assert await _is_known(realm, username)
    while not await _holds(fresh, token):
        await asyncio.sleep(0.2)
    assert time.monotonic() - healed <= RECOVERY_SECONDS_MAX
    assert (await evidence.verify(hub.catalogue)).holds


async def test_a_wrong_secret_of_the_hub_is_said_to_be_one_and_the_right_one_tells_all(
    hub: Node, realm: LiveRealm
) -> None:
    wrong = replace(realm, secret="another-secret-than-the-realm-has")
    async with wrong.administration(as_hub=True) as administration, wrong.accounts() as accounts:
        with pytest.raises(SecretRefused) as refused:
            await administration.ready()
        assert (refused.value.code, refused.value.status) == ("identity.secret_refused", 403)
        _check_texts(refused.value)
        assert wrong.secret not in str(refused.value)
        username, _ = await _enter(replace(hub, accounts=accounts))
    assert await _last_errors(hub) == {"identity.secret_refused"}
    assert not await _is_known(realm, username)
    assert await _told(hub) <= RECOVERY_SECONDS_MAX
    assert await _is_known(realm, username)
    assert (await evidence.verify(hub.catalogue)).holds


async def _seconds(waiting: Awaitable[object]) -> float:
    begun = time.monotonic()
    await waiting
    return time.monotonic() - begun


async def _enter(hub: Node) -> tuple[str, float]:
    """A new person of the bank's, and how many seconds it took."""
    username = f"wang.{secrets.token_hex(3)}"
    values = {"username": username, "name": "王", "roles": ["developer"], "participant": BANK}
    return username, await _seconds(members.enter(hub, SECADMIN, values))


async def _unavailable(ask: Callable[[], Awaitable[object]]) -> None:
    begun = time.monotonic()
    with pytest.raises(IdentityUnavailable) as refused:
        await ask()
    assert time.monotonic() - begun < REFUSED_SECONDS_MAX
    assert refused.value.code == "identity.unavailable"
    _check_texts(refused.value)


async def _holds(identity: KeycloakIdentity, token: str) -> bool:
    try:
        return (await identity.caller(token)).participant == BANK
    except IdentityUnavailable:
        return False


async def _last_errors(hub: Node) -> set[str]:
    left = Selection("errand", ("last_error",), where=Where("state", "ne", "DONE"))
    return {str(each["last_error"]) for each in (await hub.catalogue.select(left)).rows}


async def _told(hub: Node) -> float:
    """Seconds until a hub that turns has told Keycloak everything."""

    async def refresh() -> None:
        await hub.identity.ready()

    begun = time.monotonic()
    turning = asyncio.create_task(keep(hub, lambda what, error: None, refresh=refresh))
    while await _last_errors(hub):
        assert time.monotonic() - begun < 4 * RECOVERY_SECONDS_MAX
        await asyncio.sleep(0.2)
    turning.cancel()
    await asyncio.wait({turning})
    return time.monotonic() - begun


async def _is_known(realm: LiveRealm, username: str) -> bool:
    async with realm.service() as service:
        return bool(await service.get("/users", username=username, exact="true"))


def _check_texts(error: DataSpaceError) -> None:
    for language in LANGUAGES:
        for text in (error.message(language), advice_for(error, language)):
            assert text
            assert "{" not in text
            assert "‹" not in text
