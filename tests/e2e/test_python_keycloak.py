"""Keycloak's own Python client works against the embedded issuer, unchanged, over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from keycloak import KeycloakOpenID
from keycloak.exceptions import KeycloakAuthenticationError

from tests.served_issuer import served


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("issuer")


@pytest.fixture(scope="module")
def base(folder: Path) -> Iterator[str]:
    with served(folder / "identity", folder / "server.log") as address:
        yield address


@pytest.fixture(scope="module")
def shown(base: str, folder: Path) -> dict[str, dict[str, str]]:
    """The passwords and secrets of the demonstration."""
    return dict(json.loads((folder / "identity" / "logins.json").read_text("utf-8")))


@pytest.fixture
def keycloak(base: str, shown: dict[str, dict[str, str]]) -> Iterator[KeycloakOpenID]:
    client = KeycloakOpenID(
        server_url=base, realm_name="city", client_id="city-hub",
        client_secret_key=shown["clients"]["city-hub"],
    )  # fmt: skip
    yield client
    client.connection._s.close()


def test_it_finds_the_addresses(keycloak: KeycloakOpenID, base: str) -> None:
    assert keycloak.well_known()["issuer"] == f"{base}/realms/city"
    assert len(keycloak.certs()["keys"]) == 1


def test_it_signs_a_person_in_asks_about_the_token_and_signs_out(
    keycloak: KeycloakOpenID, shown: dict[str, dict[str, str]]
) -> None:
    token = keycloak.token("reviewer1", shown["people"]["reviewer1"], scope="openid")
    assert keycloak.userinfo(token["access_token"])["preferred_username"] == "reviewer1"
    about = keycloak.introspect(token["access_token"])
    assert about["active"]
    assert about["realm_access"] == {"roles": ["agency_reviewer1"]}
    renewed = keycloak.refresh_token(token["refresh_token"])
    keycloak.logout(renewed["refresh_token"])
    assert keycloak.introspect(renewed["access_token"]) == {"active": False}


def test_it_checks_the_signature_itself(
    keycloak: KeycloakOpenID, shown: dict[str, dict[str, str]]
) -> None:
    token = keycloak.token("auditor", shown["people"]["auditor"])
    claims = keycloak.decode_token(token["access_token"], validate=True)
    assert claims["preferred_username"] == "auditor"


def test_it_acts_in_its_own_name(keycloak: KeycloakOpenID) -> None:
    token = keycloak.token(grant_type="client_credentials")
    assert keycloak.introspect(token["access_token"])["client_id"] == "city-hub"


def test_a_wrong_password_is_an_authentication_error(keycloak: KeycloakOpenID) -> None:
    with pytest.raises(KeycloakAuthenticationError):
        keycloak.token("auditor", "guess")
