"""What a client hands in at the token endpoint, and the tokens that it gets for it."""

from base64 import b64encode
from typing import Any

import pytest
from starlette.testclient import TestClient

from identity.embedded_identity import EmbeddedIdentity
from identity.signatures import unverified_claims
from tests.clock import FrozenClock
from tests.sign_in import (
    CONSOLE,
    PROTOCOL,
    Attempt,
    an_attempt,
    code_in,
    open_form,
    redeem,
    sign_in,
    submit,
    ticket_in,
)
from tests.unit.identity.conftest import opened


def a_code(http: TestClient, **parameters: str) -> tuple[Attempt, str]:
    attempt = an_attempt(**parameters)
    ticket = ticket_in(open_form(http, attempt).text)
    return attempt, code_in(submit(http, attempt, ticket=ticket, person="developer"))


def ask(http: TestClient, **form: str) -> Any:
    return http.post(f"{PROTOCOL}/token", data=form)


def refresh(http: TestClient, token: str, client_id: str = CONSOLE) -> Any:
    return ask(http, grant_type="refresh_token", client_id=client_id, refresh_token=token)


def password_grant(http: TestClient, username: str, password: str) -> Any:
    who = {"username": username, "password": password}
    return ask(http, grant_type="password", client_id="cityspace-cli", scope="openid", **who)


def error(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def test_the_tokens_say_what_keycloaks_say(http: TestClient) -> None:
    attempt, code = a_code(http)
    answer = redeem(http, attempt, code)
    given = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert (given["token_type"], given["expires_in"]) == ("Bearer", 300)
    assert given["scope"] == "openid profile organization email"
    access, identity = (unverified_claims(given[name]) for name in ("access_token", "id_token"))
    assert access["aud"] == ["city-hub", "account"]
    assert access["realm_access"] == {"roles": ["developer", "product_publisher"]}
    assert list(access["organization"]) == ["city-bank"]
    assert (access["typ"], identity["typ"]) == ("Bearer", "ID")
    assert identity["aud"] == CONSOLE
    assert identity["nonce"] == attempt.parameters["nonce"]
    assert access["sid"] == identity["sid"] == given["session_state"]


def test_without_the_scope_openid_there_is_no_id_token(http: TestClient) -> None:
    attempt, code = a_code(http, scope="profile")
    assert "id_token" not in redeem(http, attempt, code).json()


def test_a_code_is_good_once_and_its_second_use_ends_what_it_gave(http: TestClient) -> None:
    attempt, code = a_code(http)
    given = redeem(http, attempt, code).json()
    assert error(redeem(http, attempt, code)) == (400, "invalid_grant")
    assert error(refresh(http, given["refresh_token"])) == (400, "invalid_grant")


def test_a_code_lasts_a_minute(http: TestClient, clock: FrozenClock) -> None:
    attempt, code = a_code(http)
    clock.advance(seconds=60)
    assert error(redeem(http, attempt, code)) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "x" * 43},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:8000/console/"},
        {"client_id": "cityspace-cli"},
    ],
)
def test_a_code_is_good_only_for_whoever_asked_for_it(
    http: TestClient, changed: dict[str, str]
) -> None:
    attempt, code = a_code(http)
    assert error(redeem(http, attempt, code, **changed)) == (400, "invalid_grant")


def test_every_refresh_token_is_replaced_by_another(http: TestClient, clock: FrozenClock) -> None:
    given = sign_in(http, "developer")
    clock.advance(seconds=1700)
    renewed = refresh(http, given["refresh_token"]).json()
    assert renewed["refresh_token"] != given["refresh_token"]
    clock.advance(seconds=1700)
    assert refresh(http, renewed["refresh_token"]).status_code == 200


def test_a_refresh_token_that_comes_back_ends_its_successors_too(http: TestClient) -> None:
    stolen = sign_in(http, "developer")["refresh_token"]
    successor = refresh(http, stolen).json()["refresh_token"]
    assert error(refresh(http, stolen)) == (400, "invalid_grant")
    assert error(refresh(http, successor)) == (400, "invalid_grant")


def test_a_refresh_token_that_nobody_used_for_half_an_hour_is_void(
    http: TestClient, clock: FrozenClock
) -> None:
    given = sign_in(http, "developer")
    clock.advance(seconds=1800)
    assert error(refresh(http, given["refresh_token"])) == (400, "invalid_grant")


def test_nobody_stays_signed_in_longer_than_ten_hours(http: TestClient, clock: FrozenClock) -> None:
    token = sign_in(http, "developer")["refresh_token"]
    for _ in range(23):
        clock.advance(seconds=1500)
        token = refresh(http, token).json()["refresh_token"]
    clock.advance(seconds=1500)
    assert error(refresh(http, token)) == (400, "invalid_grant")


def test_a_refresh_token_serves_its_own_client_only(http: TestClient) -> None:
    token = sign_in(http, "developer")["refresh_token"]
    assert error(refresh(http, token, "cityspace-cli")) == (400, "invalid_grant")


@pytest.mark.parametrize("way", ["header", "form"])
async def test_a_client_with_its_secret_acts_in_its_own_name(
    http: TestClient, identity: EmbeddedIdentity, hub_secret: str, way: str
) -> None:
    basic = b64encode(f"city-hub:{hub_secret}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}"} if way == "header" else {}
    form = {} if headers else {"client_id": "city-hub", "client_secret": hub_secret}
    answer = http.post(
        f"{PROTOCOL}/token", data={"grant_type": "client_credentials", **form}, headers=headers
    )
    given = answer.json()
    assert "refresh_token" not in given
    caller = await identity.caller(given["access_token"])
    assert (caller.client, caller.roles) == ("city-hub", frozenset())
    assert unverified_claims(given["access_token"])["client_id"] == "city-hub"


def test_a_client_with_a_wrong_secret_is_refused(http: TestClient) -> None:
    form = {"grant_type": "client_credentials", "client_id": "city-hub", "client_secret": "guess"}
    assert error(ask(http, **form)) == (401, "invalid_client")


def test_a_public_client_has_no_name_of_its_own_to_act_in(http: TestClient) -> None:
    form = {"grant_type": "client_credentials", "client_id": CONSOLE}
    assert error(ask(http, **form)) == (401, "unauthorized_client")


async def test_a_password_may_be_handed_in_during_a_demonstration(
    http: TestClient, identity: EmbeddedIdentity
) -> None:
    login = identity.logins()[0]
    given = password_grant(http, login.username, login.password).json()
    assert (await identity.caller(given["access_token"])).roles == set(login.roles)
    assert error(password_grant(http, login.username, "guess")) == (401, "invalid_grant")


def test_the_console_never_hands_in_a_password(
    http: TestClient, identity: EmbeddedIdentity
) -> None:
    login = identity.logins()[0]
    who = {"username": login.username, "password": login.password}
    answer = ask(http, grant_type="password", client_id=CONSOLE, **who)
    assert error(answer) == (400, "unauthorized_client")


def test_guessing_through_the_token_endpoint_is_limited_alike(
    http: TestClient, identity: EmbeddedIdentity
) -> None:
    login = identity.logins()[0]
    for _ in range(5):
        password_grant(http, login.username, "guess")
    answer = password_grant(http, login.username, login.password)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "300"
    assert answer.json()["code"] == "identity.too_many_attempts"


def test_an_unknown_grant_is_refused(http: TestClient) -> None:
    answer = ask(http, grant_type="urn:magic", client_id=CONSOLE)
    assert error(answer) == (400, "unsupported_grant_type")


def test_whoever_is_struck_off_gets_no_more_tokens(
    http: TestClient, identity: EmbeddedIdentity, folder: Any, clock: FrozenClock
) -> None:
    token = sign_in(http, "developer")["refresh_token"]
    (folder / "people.json").write_text("[]")
    assert error(refresh(http, token)) == (400, "invalid_grant")


def test_codes_and_tokens_outlive_the_process(
    http: TestClient, folder: Any, clock: FrozenClock
) -> None:
    """Two workers, or one before and after a restart: what one gave, the other takes."""
    from starlette.applications import Starlette

    attempt, code = a_code(http)
    other = Starlette(routes=opened(folder, clock).routes)
    with TestClient(other, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1)) as elsewhere:
        given = redeem(elsewhere, attempt, code).json()
        assert error(redeem(http, attempt, code)) == (400, "invalid_grant")
        assert error(refresh(elsewhere, given["refresh_token"])) == (400, "invalid_grant")
