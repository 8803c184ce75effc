"""Keycloak and an S3 store behind certificates that do not hold: told apart, mended, gone on."""

import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import anyio.to_thread
import pytest

from dataspace.errors import AssetNotFound, DataSpaceError, advice_for
from dataspace.text import LANGUAGES
from hub.dev import seaweedfs_server
from hub.dev.process import Running
from hub.operations import evidence, participants
from hub.operations.accounts import errands
from identity.keycloak_identity import KeycloakIdentity
from identity.refusals import IdentityCertificateRefused
from storage.s3.client import Keys
from storage.s3.place import Place
from storage.s3.refusals import AssetsCertificateRefused, AssetsRefused
from storage.s3_assets import S3Assets
from tests.contract.assets import content, put
from tests.contract.opened_s3 import RealClock, opened, set_up
from tests.e2e.test_live_accounts import PASSWORD, WallClock, a_member
from tests.faults.test_keycloak_kills import a_hub
from tests.live_realm import LiveRealm, drop, make
from tests.tls import Authority, TlsProxy, self_signed, trusting
from tests.unit.operations.city import BANK, REGISTRAR

pytestmark = [pytest.mark.live, pytest.mark.anyio, pytest.mark.timeout(300)]

REFUSED_SECONDS_MAX = 10.0
FAULTS = {
    "expired": ("expired", "过期"),
    "unknown": ("no authority that is trusted", "不受信任"),
    "own": ("signed it itself", "自签名"),
    "elsewhere": ("another address", "不适用"),
}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """Folders by name; the authority of the good one is trusted while the tests run."""
    folder = tmp_path_factory.mktemp("certificates")
    authority = Authority.make(folder, "city")
    stranger = Authority.make(folder, "stranger")
    with trusting(authority):
        yield {
            "good": authority.certify(folder / "good"),
            "expired": authority.certify(folder / "expired", first_day=-30, last_day=-1),
            "unknown": stranger.certify(folder / "unknown"),
            "own": self_signed(folder / "own"),
            "elsewhere": authority.certify(folder / "elsewhere", host="192.0.2.1"),
        }


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = seaweedfs_server.start(tmp_path_factory.mktemp("store"))
    yield running
    running.stop()


@pytest.fixture
def store_proxy(store: Running, certificates: dict[str, Path]) -> Iterator[TlsProxy]:
    proxy = TlsProxy(store.facts["address"].partition("://")[2], certificates["good"])
    with proxy.listening():
        yield proxy


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_store_whose_certificate_does_not_hold_is_refused_and_mended_used_again(
    store: Running, store_proxy: TlsProxy, certificates: dict[str, Path], fault: str
) -> None:
    direct = await anyio.to_thread.run_sync(set_up, opened(store.facts, "tls"))
    assets = opened(store.facts, "tls", store_proxy.address)
    key = f"k_{fault}"
    await put(assets, key, b"before")
    store_proxy.show(certificates[fault])
    for ask in (
        lambda: put(assets, key, b"after"), lambda: put(assets, f"new_{fault}", b"new"),
        lambda: assets.read(key), lambda: assets.size(key), lambda: assets.remove(key),
        lambda: anext(assets.listing("")), assets.ready,
    ):  # fmt: skip
        await _refused(ask, AssetsCertificateRefused, "assets.certificate_refused", fault=fault)
    assert await content(direct, key) == b"before"
    with pytest.raises(AssetNotFound):
        await direct.size(f"new_{fault}")
    store_proxy.show(certificates["good"])
    await put(assets, key, b"after")
    assert await content(assets, key) == b"after"


async def test_a_wrong_secret_is_told_apart_from_a_wrong_certificate(
    store: Running, store_proxy: TlsProxy
) -> None:
    place = Place.of(f"s3+{store_proxy.address}/tls")
    wrong = S3Assets(place, Keys(store.facts["user"], "not-the-secret"), clock=RealClock())
    with pytest.raises(AssetsRefused) as refused:
        await put(wrong, "k", b"x")
    assert refused.value.code == "assets.credentials_refused"
    _check_texts(refused.value)


@pytest.fixture
def keycloak_proxy(keycloak_server: Running, certificates: dict[str, Path]) -> Iterator[TlsProxy]:
    host = keycloak_server.facts["address"].partition("://")[2]
    with TlsProxy(host, certificates["good"]).listening() as proxy:
        yield proxy


@pytest.fixture
async def realm(keycloak_server: Running, keycloak_proxy: TlsProxy) -> AsyncIterator[LiveRealm]:
    """A realm that calls itself by the proxy's address, as behind any ingress."""
    name, secret = f"city-{secrets.token_hex(3)}", secrets.token_urlsafe(24)
    plain = LiveRealm(keycloak_server, name, secret)
    await make(plain)
    async with plain.service() as service:
        found = await service.get("")
        frontend = {**found["attributes"], "frontendUrl": keycloak_proxy.address}
        await service.put("", {"attributes": frontend})
    facts = {**keycloak_server.facts, "address": keycloak_proxy.address}
    yield LiveRealm(Running("keycloak", 0, Path(), facts), name, secret)
    await drop(plain)


@pytest.mark.slow
async def test_a_keycloak_whose_certificate_does_not_hold_is_refused_and_mended_told_all(
    realm: LiveRealm, keycloak_proxy: TlsProxy, certificates: dict[str, Path], tmp_path: Path
) -> None:
    async with a_hub(realm, tmp_path) as hub:
        await participants.admit(hub, REGISTRAR, BANK)
        _, username = await a_member(hub, realm)
        signed_in = await anyio.to_thread.run_sync(realm.sign_in, username, PASSWORD)
        token = signed_in.json()["access_token"]
        assert (await hub.identity.caller(token)).participant == BANK
        for fault in FAULTS:
            keycloak_proxy.show(certificates[fault])
            await _check_refused(realm, token, fault=fault)
            assert (await hub.identity.caller(token)).participant == BANK
            await hub.identity.ready()
        await participants.suspend(hub, REGISTRAR, BANK, reason="违规")
        worked = await errands.work_off(hub)
        assert worked.waiting == 1
        assert worked.unavailable is not None
        assert worked.unavailable.code == "identity.certificate_refused"
        keycloak_proxy.show(certificates["good"])
        worked = await errands.work_off(hub)
        assert (worked.waiting, worked.failed) == (0, 0)
        await hub.identity.refresh()
        assert (await evidence.verify(hub.catalogue)).holds


async def _check_refused(realm: LiveRealm, token: str, *, fault: str) -> None:
    """By a hub that has no keys yet, and by who administers the realm."""
    fresh = await KeycloakIdentity.open(realm.address, realm.name, WallClock())
    async with realm.administration(as_hub=True) as seen, realm.administration() as whole:
        for ask in (fresh.ready, lambda: fresh.caller(token), seen.ready, whole.drift):
            await _refused(
                ask, IdentityCertificateRefused, "identity.certificate_refused", fault=fault
            )


async def _refused(
    ask: Callable[[], Awaitable[object]], kind: type[DataSpaceError], code: str, *, fault: str
) -> None:
    begun = time.monotonic()
    with pytest.raises(kind) as refused:
        await ask()
    assert time.monotonic() - begun < REFUSED_SECONDS_MAX
    assert (refused.value.code, refused.value.status) == (code, 503)
    en, zh = FAULTS[fault]
    assert en in refused.value.message("en")
    assert zh in refused.value.message("zh")
    _check_texts(refused.value)


def _check_texts(error: DataSpaceError) -> None:
    for language in LANGUAGES:
        for text in (error.message(language), advice_for(error, language)):
            assert text
            assert "{" not in text
            assert "‹" not in text
