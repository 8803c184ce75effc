"""A demonstration has people to sign in as; anything else has not."""

import json
import logging
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dataspace.caller import Role, check_exclusive
from dataspace.errors import DataSpaceError
from dataspace.identifiers import derived_id
from identity.embedded_identity import EmbeddedIdentity
from identity.refusals import DemoOnly, EmbeddedNotLoopback, PersonUnknown
from tests.clock import FrozenClock
from tests.sign_in import BASE, PROTOCOL, an_attempt, open_form, sign_in, submit, ticket_in
from tests.unit.identity.conftest import ISSUER, opened

OPENING = """
import anyio, sys
from pathlib import Path
from identity.embedded_identity import EmbeddedIdentity
from tests.clock import FrozenClock
async def main():
    identity = await EmbeddedIdentity.open(
        Path(sys.argv[1]), issuer=sys.argv[2], clock=FrozenClock(), demo=True)
    print(identity.issue("auditor"))
anyio.run(main)
"""


async def test_a_demonstration_has_somebody_for_every_desk(identity: EmbeddedIdentity) -> None:
    logins = {login.username: login for login in identity.logins()}
    assert list(logins) == [
        "steward", "registrar", "approver", "reviewer1", "reviewer2",
        "developer", "grid", "operator", "supervisor", "admin", "admin2", "auditor",
    ]  # fmt: skip
    assert logins["operator"].roles == (Role.ORG_ADMIN, Role.SUB_APPROVER)
    assert logins["operator"].participant == derived_id("par", "demo", "big-data-centre")
    assert logins["steward"].organisation.zh == "市市场监管局"
    for login in logins.values():
        check_exclusive(login.username, frozenset(login.roles))


def test_every_data_directory_has_passwords_of_its_own(
    identity: EmbeddedIdentity, tmp_path: Path, clock: FrozenClock
) -> None:
    other = opened(tmp_path / "other", clock)
    mine = {login.password for login in identity.logins()}
    assert len(mine) == 12
    assert min(map(len, mine)) == 16
    assert mine.isdisjoint(login.password for login in other.logins())


def test_passwords_stay_the_same_and_are_for_the_owners_eyes(
    identity: EmbeddedIdentity, folder: Path, clock: FrozenClock
) -> None:
    assert opened(folder, clock).logins() == identity.logins()
    for file in folder.rglob("*.*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    stored = (folder / "people.json").read_text("utf-8")
    assert not any(login.password in stored for login in identity.logins())
    assert identity.logins()[0].password not in repr(identity.logins()[0])


def test_when_the_demonstration_is_over_its_people_are_gone(
    identity: EmbeddedIdentity, folder: Path, clock: FrozenClock, hub_secret: str
) -> None:
    password = identity.logins()[0].password
    later = opened(folder, clock, demo=False)
    assert later.logins() == []
    assert not (folder / "logins.json").exists()
    with TestClient(Starlette(routes=later.routes), base_url=BASE, client=("::1", 1)) as http:
        attempt = an_attempt()
        page = open_form(http, attempt).text
        assert 'name="person"' not in page
        ticket = ticket_in(page)
        assert submit(http, attempt, ticket=ticket, person="steward").status_code == 401
        fields = {"username": "steward", "password": password}
        assert submit(http, attempt, ticket=ticket, **fields).status_code == 401
        form = {"grant_type": "password", "client_id": "cityspace-cli", **fields}
        answer = http.post(f"{PROTOCOL}/token", data=form)
        assert answer.json()["error"] == "unauthorized_client"
        hub = {"client_id": "city-hub", "client_secret": hub_secret}
        own = {"grant_type": "client_credentials", **hub}
        assert http.post(f"{PROTOCOL}/token", data=own).json()["error"] == "invalid_client"


def test_when_a_demonstration_begins_again_its_passwords_are_new(
    identity: EmbeddedIdentity, folder: Path, clock: FrozenClock
) -> None:
    before = {login.password for login in identity.logins()}
    opened(folder, clock, demo=False)
    again = opened(folder, clock)
    assert before.isdisjoint(login.password for login in again.logins())
    with TestClient(Starlette(routes=again.routes), base_url=BASE, client=("::1", 1)) as http:
        login = again.logins()[3]
        assert "access_token" in sign_in(http, login.username, login.password)


async def test_a_token_is_issued_without_a_sign_in_during_a_demonstration(
    identity: EmbeddedIdentity,
) -> None:
    for login in identity.logins():
        caller = await identity.caller(identity.issue(login.username))
        assert (caller.roles, caller.client) == (set(login.roles), "cityspace-cli")


def test_a_token_for_nobody_is_refused_with_the_names_that_there_are(
    identity: EmbeddedIdentity,
) -> None:
    with pytest.raises(PersonUnknown) as refused:
        identity.issue("mayor")
    assert "auditor" in refused.value.facts["known"]


def test_outside_a_demonstration_no_token_is_issued_without_a_sign_in(
    folder: Path, clock: FrozenClock
) -> None:
    with pytest.raises(DemoOnly):
        opened(folder, clock, demo=False).issue("auditor")


async def test_it_does_not_open_under_an_address_of_another_machine(
    tmp_path: Path, clock: FrozenClock
) -> None:
    with pytest.raises(EmbeddedNotLoopback):
        await EmbeddedIdentity.open(
            tmp_path, issuer="http://city.example/realms/city", clock=clock, demo=True
        )


async def test_processes_that_open_a_fresh_folder_at_once_agree(tmp_path: Path) -> None:
    """Keys and passwords are made once, whoever is first; each takes the others' tokens."""
    folder = tmp_path / "fresh"
    processes = [
        subprocess.Popen([sys.executable, "-c", OPENING, str(folder), ISSUER],
                         stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]  # fmt: skip
    tokens = [process.communicate(timeout=60)[0].strip() for process in processes]
    assert len(list((folder / "keys").glob("*.json"))) == 1
    identity = await EmbeddedIdentity.open(folder, issuer=ISSUER, clock=FrozenClock(), demo=True)
    for token in tokens:
        assert (await identity.caller(token)).signed_in
    assert len(json.loads((folder / "people.json").read_text("utf-8"))) == 12


def test_the_folder_is_never_seen_half_written(folder: Path, clock: FrozenClock) -> None:
    """What a process left behind when it was killed while writing does no harm."""
    (folder / "keys" / ".half.json.1234").write_text("{")
    (folder / ".people.json.1234").write_text("[")
    assert len(opened(folder, clock).logins()) == 12


def test_no_secret_stands_in_a_log_line_or_an_error(
    http: TestClient, identity: EmbeddedIdentity, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="identity")
    login = identity.logins()[0]
    attempt = an_attempt()
    ticket = ticket_in(open_form(http, attempt).text)
    wrong = submit(http, attempt, ticket=ticket, username="admin", password="my-other-password")
    right = sign_in(http, login.username, login.password)
    said = wrong.text + caplog.text
    for secret in ("my-other-password", login.password, *map(str, right.values())):
        assert len(secret) < 12 or secret not in said


async def test_it_says_that_it_is_not_ready_when_its_folder_is_gone(
    identity: EmbeddedIdentity, folder: Path
) -> None:
    await identity.ready()
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(DataSpaceError) as refused:
        await identity.ready()
    assert refused.value.code == "identity.unavailable"
