"""The embedded issuer's folder keeps the contract of the Accounts port."""

import json
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dataspace.accounts.port import Standing
from dataspace.caller import Caller
from dataspace.errors import AccountRefused
from identity.embedded_identity import EmbeddedIdentity
from identity.issuer.accounts import EmbeddedAccounts
from identity.issuer.demo import COMMAND_LINE
from subspaces.keys import NodeKeys
from tests.clock import FrozenClock
from tests.contract.accounts import (
    PASSWORD,
    AccountsContract,
    AccountsDesk,
    a_person,
    an_organisation,
)
from tests.live_realm import ASSERTION
from tests.sign_in import BASE, PROTOCOL, REALM, an_attempt, open_form

pytestmark = pytest.mark.anyio
ISSUER = BASE + REALM


class EmbeddedDesk(AccountsDesk):
    def __init__(self, folder: Path, identity: EmbeddedIdentity) -> None:
        self.accounts = EmbeddedAccounts(folder)
        self._identity = identity
        app = Starlette(routes=identity.routes)
        self._http = TestClient(app, base_url=BASE, client=("127.0.0.1", 50000))

    async def program(self, client_id: str, keys: NodeKeys) -> Caller | None:
        return await self._caller(
            grant_type="client_credentials", client_assertion_type=ASSERTION,
            client_assertion=keys.assertion(client_id, issuer=ISSUER),
        )  # fmt: skip

    async def person(self, username: str) -> Caller | None:
        return await self._caller(
            grant_type="password", client_id=COMMAND_LINE.client_id, username=username,
            password=PASSWORD,
        )  # fmt: skip

    async def returns(self, client: str, address: str) -> bool:
        attempt = an_attempt(client_id=client, redirect_uri=address)
        return open_form(self._http, attempt).status_code == 200

    async def let_choose(self, username: str) -> None:
        await self.accounts.set_password(username, PASSWORD)

    async def _caller(self, **form: str) -> Caller | None:
        answer = self._http.post(f"{PROTOCOL}/token", data=form)
        if answer.status_code != 200:
            return None
        return await self._identity.caller(answer.json()["access_token"])


@pytest.fixture(scope="module")
async def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "identity"
    await EmbeddedIdentity.open(folder, issuer=ISSUER, clock=FrozenClock(), demo=True)
    return folder


@pytest.fixture
async def desk(made: Path, clock: FrozenClock) -> EmbeddedDesk:
    """Names are made up anew in every test, so that one folder serves them all."""
    identity = await EmbeddedIdentity.open(made, issuer=ISSUER, clock=clock, demo=True)
    return EmbeddedDesk(made, identity)


@pytest.fixture
def keys(tmp_path: Path, clock: FrozenClock) -> NodeKeys:
    return NodeKeys.open(tmp_path, clock, secret="k" * 32)


@pytest.fixture
def other_keys(tmp_path: Path, clock: FrozenClock) -> NodeKeys:
    return NodeKeys.open(tmp_path, clock, secret="o" * 32)


class TestEmbeddedAccounts(AccountsContract):
    async def test_a_demonstrations_people_and_programs_are_nobodys_to_change(
        self, desk: EmbeddedDesk, made: Path
    ) -> None:
        before = [(made / name).read_text() for name in ("people.json", "clients.json")]
        bank = an_organisation()
        await desk.accounts.settle_organisation(bank)
        for standing in (Standing.LET_IN, Standing.FORGOTTEN):
            with pytest.raises(AccountRefused):
                await desk.accounts.settle_person(
                    a_person(bank.id, username="admin", standing=standing)
                )
        assert [(made / name).read_text() for name in ("people.json", "clients.json")] == before

    async def test_a_password_that_was_set_is_good_once(self, desk: EmbeddedDesk) -> None:
        bank = an_organisation()
        await desk.accounts.settle_organisation(bank)
        person = a_person(bank.id)
        await desk.accounts.settle_person(person)
        await desk.let_choose(person.username)
        assert await desk.person(person.username) is not None
        assert await desk.person(person.username) is None

    async def test_no_password_lies_in_the_folder(self, desk: EmbeddedDesk, made: Path) -> None:
        bank = an_organisation()
        await desk.accounts.settle_organisation(bank)
        person = a_person(bank.id)
        await desk.accounts.settle_person(person)
        await desk.let_choose(person.username)
        assert PASSWORD not in json.dumps((made / "people.json").read_text())
