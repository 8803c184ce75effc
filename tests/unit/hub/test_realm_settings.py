"""Which realms a node may be set to."""

import pytest

from hub.explained import explain
from hub.setting_rules import ProductionRefuses, SettingInvalid
from hub.settings import Settings

BASE = {
    "CITYSPACE_BASE_URL": "https://hub.city.example",
    "CITYSPACE_IDENTITY_SECRET": "0123456789abcdefghijklmn",
}
PRODUCTION = {**BASE, "CITYSPACE_ENVIRONMENT": "production"}


def test_a_realm_is_the_issuer() -> None:
    realm = {"CITYSPACE_IDENTITY": "keycloak+https://id.city.example/realms/city/"}
    assert Settings.read({**PRODUCTION, **realm}).issuer == "https://id.city.example/realms/city"


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "[::1]:8080"])
def test_without_https_a_realm_is_on_this_machine(host: str) -> None:
    realm = {"CITYSPACE_IDENTITY": f"keycloak+http://{host}/auth/realms/city"}
    assert Settings.read({**BASE, **realm}).issuer == f"http://{host}/auth/realms/city"
    with pytest.raises(ProductionRefuses):
        Settings.read({**PRODUCTION, **realm})


@pytest.mark.parametrize(
    "address",
    [
        "keycloak+http://id.city.example/realms/city",
        "keycloak+https://id.city.example/",
        "keycloak+https://id.city.example/realms/",
        "keycloak+https:///realms/city",
        "keycloak+ftp://127.0.0.1/realms/city",
        "keycloak+",
    ],
)
def test_another_address_is_refused(address: str) -> None:
    with pytest.raises(SettingInvalid):
        Settings.read({**BASE, "CITYSPACE_IDENTITY": address})


def test_a_realm_asks_for_a_secret_that_cannot_be_guessed() -> None:
    realm = {"CITYSPACE_IDENTITY": "keycloak+https://id.city.example/realms/city"}
    for secret in ("", "x" * 23):
        with pytest.raises(SettingInvalid) as caught:
            Settings.read({**BASE, **realm, "CITYSPACE_IDENTITY_SECRET": secret})
        assert "xxx" not in str(caught.value)


def test_the_secrets_are_never_shown() -> None:
    secrets = {
        "CITYSPACE_IDENTITY_SECRET": "s3cret-of-the-hub",
        "CITYSPACE_IDENTITY_ADMIN_PASSWORD": "s3cret-of-the-administrator",
    }
    settings = Settings.read(secrets)
    assert "s3cret" not in f"{explain(settings)} {settings!r}"
