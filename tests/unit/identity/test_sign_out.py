"""Signing out ends the session, and leads nowhere that was not agreed on."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from identity.embedded_identity import EmbeddedIdentity
from tests.clock import FrozenClock
from tests.sign_in import CONSOLE, PROTOCOL, an_attempt, open_form, sign_in, ticket_in

HOME = "http://127.0.0.1:8000/graphql"


def leave(http: TestClient, **query: str) -> Any:
    return http.get(f"{PROTOCOL}/logout", params=query, follow_redirects=False)


def refreshes(http: TestClient, given: dict[str, Any]) -> bool:
    form = {"grant_type": "refresh_token", "client_id": CONSOLE}
    answer = http.post(f"{PROTOCOL}/token", data={**form, "refresh_token": given["refresh_token"]})
    return bool(answer.status_code == 200)


def asked_again(http: TestClient) -> bool:
    return bool(open_form(http, an_attempt()).status_code == 200)


def test_an_id_token_signs_out_at_once_and_leads_home(http: TestClient) -> None:
    given = sign_in(http, "auditor")
    answer = leave(http, id_token_hint=given["id_token"], post_logout_redirect_uri=HOME, state="s")
    assert answer.headers["location"] == f"{HOME}?state=s"
    assert asked_again(http)
    assert not refreshes(http, given)


def test_an_id_token_serves_for_this_after_it_has_expired(
    http: TestClient, clock: FrozenClock
) -> None:
    given = sign_in(http, "auditor")
    clock.advance(seconds=1200)
    assert leave(http, id_token_hint=given["id_token"]).status_code == 200
    assert asked_again(http)


def test_without_an_id_token_the_person_is_asked_first(http: TestClient) -> None:
    given = sign_in(http, "auditor")
    question = leave(http, client_id=CONSOLE, post_logout_redirect_uri=HOME)
    assert not asked_again(http)
    form = {"client_id": CONSOLE, "post_logout_redirect_uri": HOME}
    bare = http.post(f"{PROTOCOL}/logout", data=form, follow_redirects=False)
    assert "Do you want to sign out?" in bare.text
    ticket = ticket_in(question.text)
    answer = http.post(
        f"{PROTOCOL}/logout", data={**form, "ticket": ticket}, follow_redirects=False
    )
    assert answer.headers["location"] == HOME
    assert asked_again(http)
    assert not refreshes(http, given)


async def test_when_its_key_is_gone_the_person_is_asked(
    http: TestClient, identity: EmbeddedIdentity, clock: FrozenClock
) -> None:
    given = sign_in(http, "auditor")
    await identity.rotate_keys()
    clock.advance(seconds=600)
    answer = leave(http, id_token_hint=given["id_token"], client_id=CONSOLE)
    assert "Do you want to sign out?" in answer.text
    assert not asked_again(http)


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "http://127.0.0.1:8000/elsewhere", "//evil.example"]
)
def test_no_other_address_is_led_to(http: TestClient, address: str) -> None:
    given = sign_in(http, "auditor")
    answer = leave(http, id_token_hint=given["id_token"], post_logout_redirect_uri=address)
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert not asked_again(http)


def test_an_access_token_is_no_id_token(http: TestClient) -> None:
    given = sign_in(http, "auditor")
    assert leave(http, id_token_hint=given["access_token"]).status_code == 401
    assert not asked_again(http)


def test_an_id_token_of_another_client_is_refused(http: TestClient) -> None:
    given = sign_in(http, "auditor")
    answer = leave(http, id_token_hint=given["id_token"], client_id="cityspace-cli")
    assert answer.status_code == 400


def test_a_browser_that_never_signed_in_is_told(http: TestClient) -> None:
    assert leave(http).status_code == 400


def test_a_program_signs_out_with_its_refresh_token(http: TestClient) -> None:
    given = sign_in(http, "auditor")
    form = {"client_id": CONSOLE, "refresh_token": given["refresh_token"]}
    assert http.post(f"{PROTOCOL}/logout", data=form).status_code == 204
    assert asked_again(http)
    assert not refreshes(http, given)


def test_a_program_cannot_sign_out_with_anothers(http: TestClient) -> None:
    given = sign_in(http, "auditor")
    form = {"client_id": "cityspace-cli", "refresh_token": given["refresh_token"]}
    answer = http.post(f"{PROTOCOL}/logout", data=form)
    assert answer.status_code == 400
    assert refreshes(http, given)
