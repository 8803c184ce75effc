"""What may be asked about a token, and who gets to know."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from identity.embedded_identity import EmbeddedIdentity
from identity.issuer.demo import BANK
from identity.issuer.directory import Account, Client, Directory, Text
from tests.clock import FrozenClock
from tests.sign_in import CONSOLE, PROTOCOL, REALM, sign_in


def about(http: TestClient, token: str, **client: str) -> Any:
    return http.post(f"{PROTOCOL}/token/introspect", data={"token": token, **client})


@pytest.fixture
def hub(hub_secret: str) -> dict[str, str]:
    return {"client_id": "city-hub", "client_secret": hub_secret}


def revoke(http: TestClient, token: str, client_id: str = CONSOLE) -> int:
    form = {"token": token, "client_id": client_id}
    return int(http.post(f"{PROTOCOL}/revoke", data=form).status_code)


def test_every_address_of_the_discovery_document_answers(http: TestClient) -> None:
    said = http.get(f"{REALM}/.well-known/openid-configuration").json()
    addresses = [value for name, value in said.items() if name.endswith(("endpoint", "_uri"))]
    assert len(addresses) == 7
    for address in addresses:
        assert http.get(address).status_code in (200, 400, 401, 405)


def test_only_public_keys_are_shown(http: TestClient) -> None:
    (key,) = http.get(f"{PROTOCOL}/certs").json()["keys"]
    assert set(key) == {"kty", "kid", "use", "alg", "n", "e"}


def test_userinfo_says_who_is_signed_in(http: TestClient) -> None:
    token = sign_in(http, "developer")["access_token"]
    answer = http.get(f"{PROTOCOL}/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["preferred_username"] == "developer"
    assert answer.json()["name"] == "赵磊 Zhao Lei"
    assert list(answer.json()["organization"]) == ["city-bank"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eDp5"])
def test_userinfo_without_a_good_token_says_nothing(http: TestClient, header: str) -> None:
    answer = http.get(f"{PROTOCOL}/userinfo", headers={"Authorization": header})
    assert answer.status_code == 401
    assert "invalid_token" in answer.headers["www-authenticate"]


def test_the_hub_may_ask_about_a_token_that_is_meant_for_it(
    http: TestClient, hub: dict[str, str]
) -> None:
    said = about(http, sign_in(http, "developer")["access_token"], **hub).json()
    assert (said["active"], said["username"], said["client_id"]) == (True, "developer", CONSOLE)


@pytest.mark.parametrize("seconds", [0, 331])
def test_a_token_that_does_not_hold_is_not_active(
    http: TestClient, hub: dict[str, str], clock: FrozenClock, seconds: int
) -> None:
    given = sign_in(http, "developer")
    clock.advance(seconds=seconds)
    token = given["access_token"] if seconds else given["id_token"]
    assert about(http, token, **hub).json() == {"active": False}


def test_a_client_that_a_token_is_not_meant_for_learns_nothing(
    http: TestClient, folder: Any
) -> None:
    account = Account("svc", "service-account-other", Text("Other", "其他"), (), BANK)
    Directory(folder, demo=True).add_client(Client("other", account=account), "secret")
    answer = about(
        http, sign_in(http, "developer")["access_token"], client_id="other", client_secret="secret"
    )
    assert answer.json() == {"active": False}


def test_a_public_client_may_not_ask(http: TestClient) -> None:
    answer = about(http, sign_in(http, "developer")["access_token"], client_id=CONSOLE)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_after_signing_out_a_token_is_no_longer_active(
    http: TestClient, hub: dict[str, str]
) -> None:
    given = sign_in(http, "developer")
    http.get(f"{PROTOCOL}/logout", params={"id_token_hint": given["id_token"]})
    assert about(http, given["access_token"], **hub).json() == {"active": False}


async def test_a_revoked_access_token_is_inactive_but_verifies_until_it_expires(
    http: TestClient, hub: dict[str, str], identity: EmbeddedIdentity
) -> None:
    token = sign_in(http, "developer")["access_token"]
    assert revoke(http, token) == 200
    assert about(http, token, **hub).json() == {"active": False}
    assert (await identity.caller(token)).signed_in


def test_only_its_own_client_revokes_a_token(http: TestClient, hub: dict[str, str]) -> None:
    given = sign_in(http, "developer")
    for token in (given["access_token"], given["refresh_token"]):
        assert revoke(http, token, "cityspace-cli") == 200
    assert about(http, given["access_token"], **hub).json()["active"]
    form = {"grant_type": "refresh_token", "client_id": CONSOLE}
    refresh = {**form, "refresh_token": given["refresh_token"]}
    assert http.post(f"{PROTOCOL}/token", data=refresh).status_code == 200


def test_a_revoked_refresh_token_is_void(http: TestClient) -> None:
    given = sign_in(http, "developer")
    revoke(http, given["refresh_token"])
    form = {"grant_type": "refresh_token", "client_id": CONSOLE}
    refresh = {**form, "refresh_token": given["refresh_token"]}
    assert http.post(f"{PROTOCOL}/token", data=refresh).status_code == 400


def test_revoking_what_is_unknown_is_no_error(http: TestClient) -> None:
    assert revoke(http, "unknown") == 200
