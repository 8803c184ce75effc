"""A real Keycloak keeps the contract of the Accounts port."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from dataspace.caller import Caller
from dataspace.errors import NotSignedIn
from identity.administration.accounts import KeycloakAccounts
from identity.keycloak_identity import KeycloakIdentity
from subspaces.keys import NodeKeys
from tests.contract.accounts import PASSWORD, AccountsContract, AccountsDesk
from tests.live_realm import ASSERTION, LiveRealm
from tests.sign_in import an_attempt

pytestmark = [pytest.mark.live, pytest.mark.anyio, pytest.mark.timeout(300)]


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class LiveDesk(AccountsDesk):
    def __init__(
        self, realm: LiveRealm, accounts: KeycloakAccounts, identity: KeycloakIdentity
    ) -> None:
        self._realm, self.accounts, self._identity = realm, accounts, identity
        self._chosen: dict[str, list[str]] = {}

    async def program(self, client_id: str, keys: NodeKeys) -> Caller | None:
        answer = self._realm.tokens(
            grant_type="client_credentials", client_assertion_type=ASSERTION,
            client_assertion=keys.assertion(client_id, issuer=self._realm.issuer),
        )  # fmt: skip
        return await self._caller(answer)

    async def person(self, username: str) -> Caller | None:
        password = self._chosen.get(username, [PASSWORD])[-1]
        return await self._caller(self._realm.sign_in(username, password))

    async def returns(self, client: str, address: str) -> bool:
        parameters = an_attempt(client_id=client, redirect_uri=address).parameters
        place = f"{self._realm.issuer}/protocol/openid-connect/auth"
        return httpx2.get(place, params=parameters, timeout=20).status_code == 200

    async def let_choose(self, username: str) -> None:
        """Another one each time: the realm takes none that the person had before."""
        chosen = self._chosen.setdefault(username, [])
        chosen.append(f"{PASSWORD}-{len(chosen)}")
        await self._realm.let_in(username, chosen[-1])

    async def _caller(self, answer: httpx2.Response) -> Caller | None:
        """A realm may give a token that speaks for no organisation: it opens nothing here."""
        if answer.status_code != 200:
            return None
        try:
            return await self._identity.caller(answer.json()["access_token"])
        except NotSignedIn:
            return None


@pytest.fixture
async def desk(live_realm: LiveRealm) -> AsyncIterator[LiveDesk]:
    identity = await KeycloakIdentity.open(live_realm.address, live_realm.name, WallClock())
    async with live_realm.accounts() as accounts:
        yield LiveDesk(live_realm, accounts, identity)


@pytest.fixture
def keys(tmp_path: Path) -> NodeKeys:
    return NodeKeys.open(tmp_path, WallClock(), secret="k" * 32)


@pytest.fixture
def other_keys(tmp_path: Path) -> NodeKeys:
    return NodeKeys.open(tmp_path, WallClock(), secret="o" * 32)


class TestLiveKeycloakAccounts(AccountsContract):
    """Nothing beside the contract."""
