"""A realm on the real Keycloak, set up by our own command's code, for the live suites."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from joserfc.jwk import OKPKey

from hub.dev.process import Running
from identity.administration.accounts import KeycloakAccounts
from identity.administration.opening import Administration, accounts_of, administration_of
from identity.administration.service import Service
from identity.signatures import sign

BASE = "http://127.0.0.1:18123"
TEST_CLIENT = "tests"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class LiveRealm:
    server: Running
    name: str
    secret: str
    base: str = BASE

    @property
    def address(self) -> str:
        return self.server.facts["address"]

    @property
    def issuer(self) -> str:
        return f"{self.address}/realms/{self.name}"

    @property
    def administrator(self) -> tuple[str, str]:
        return self.server.facts["user"], self.server.facts["password"]

    @asynccontextmanager
    async def service(self) -> AsyncIterator[Service]:
        """As an administrator of the whole Keycloak."""
        username, password = self.administrator
        service = Service.as_administrator(
            self.address, self.name, username=username, password=password
        )
        try:
            yield service
        finally:
            await service.close()

    @asynccontextmanager
    async def administration(self, *, as_hub: bool = False) -> AsyncIterator[Administration]:
        who = None if as_hub else self.administrator
        opened = administration_of(
            self.issuer, base=self.base, secret=self.secret, administrator=who
        )
        try:
            yield opened
        finally:
            await opened.close()

    @asynccontextmanager
    async def accounts(self) -> AsyncIterator[KeycloakAccounts]:
        accounts = accounts_of(self.issuer, self.secret)
        try:
            yield accounts
        finally:
            await accounts.close()

    async def let_in(self, username: str, password: str) -> None:
        """As if the person had signed in once and chosen this password."""
        async with self.service() as service:
            (user,) = await service.get("/users", username=username, exact="true")
            await service.put(f"/users/{user['id']}", {**user, "requiredActions": []})
            await service.put(
                f"/users/{user['id']}/reset-password",
                {"type": "password", "value": password, "temporary": False},
            )

    def tokens(self, **form: str) -> httpx2.Response:
        """What the token endpoint answers."""
        address = f"{self.issuer}/protocol/openid-connect/token"
        return httpx2.post(address, data=form, timeout=10)

    def sign_in(self, username: str, password: str) -> httpx2.Response:
        return self.tokens(
            grant_type="password", client_id=TEST_CLIENT, username=username, password=password
        )

    def sign_in_node(self, node: str, key: OKPKey) -> httpx2.Response:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": node, "sub": node, "aud": self.issuer, "jti": str(uuid4()), "iat": now,
            "exp": now + 60,
        }  # fmt: skip
        assertion = sign(claims, key)
        return self.tokens(
            grant_type="client_credentials", client_assertion_type=ASSERTION,
            client_assertion=assertion,
        )  # fmt: skip


async def make(realm: LiveRealm) -> int:
    """Sets it up, and makes a client by which tests sign people in without a browser."""
    async with realm.administration() as administration:
        count = await administration.set_up(lambda _: None)
    async with realm.service() as service:
        if not await service.get("/clients", clientId=TEST_CLIENT):
            await service.post(
                "/clients",
                {"clientId": TEST_CLIENT, "publicClient": True, "directAccessGrantsEnabled": True},
            )
    return count


async def drop(realm: LiveRealm) -> None:
    async with realm.service() as service:
        await service.delete("")


@pytest.fixture(scope="session")
def live_realm(keycloak_server: Running) -> Iterator[LiveRealm]:
    """A realm of this run's own, so that a server that is kept serves many runs."""
    name = f"city-{secrets.token_hex(3)}"
    realm = LiveRealm(keycloak_server, name, secrets.token_urlsafe(24))
    asyncio.run(make(realm))
    yield realm
    asyncio.run(drop(realm))
