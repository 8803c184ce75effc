"""A real Keycloak keeps the contract of the Identity port, with a signing key that we hold."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from identity.administration.service import Service
from identity.keycloak_identity import KeycloakIdentity
from identity.realm_keys import fetch_keys
from tests.clock import FrozenClock
from tests.contract.forging import Authority, another_key
from tests.contract.identity import IdentityContract
from tests.live_realm import LiveRealm

KEYS = "org.keycloak.keys.KeyProvider"

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]


async def sign_with(service: Service, key: rsa.RSAPrivateKey, name: str) -> str:
    """The realm signs with this key from now on; the id of its component."""
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    config = {
        "priority": ["500"], "enabled": ["true"], "active": ["true"], "algorithm": ["RS256"],
        "privateKey": [pem.decode()],
    }  # fmt: skip
    values = {"name": name, "providerId": "rsa", "providerType": KEYS, "config": config}
    return await service.post("/components", values)


class TestLiveKeycloak(IdentityContract):
    @pytest.fixture
    def clock(self) -> FrozenClock:
        return FrozenClock(datetime.now(UTC))

    @pytest.fixture
    async def service(self, live_realm: LiveRealm) -> AsyncIterator[Service]:
        async with live_realm.service() as service:
            yield service

    @pytest.fixture
    async def identity(
        self, live_realm: LiveRealm, authority: Authority, clock: FrozenClock
    ) -> KeycloakIdentity:
        return await KeycloakIdentity.open(live_realm.address, live_realm.name, clock)

    @pytest.fixture
    async def authority(
        self, live_realm: LiveRealm, service: Service, request: pytest.FixtureRequest
    ) -> AsyncIterator[Authority]:
        key, before = another_key(), await fetch_keys(live_realm.issuer)
        held = await sign_with(service, key, "held by the tests")
        (kid,) = (await fetch_keys(live_realm.issuer)).keys() - before.keys()

        async def replace_key() -> None:
            """Keycloak drops it; the node looks for changed keys with every turn of its loop."""
            await service.delete(f"/components/{held}")
            await request.getfixturevalue("identity").refresh()

        yield Authority(live_realm.issuer, "city-hub", kid, key, replace_key)
        await service.delete(f"/components/{held}")
