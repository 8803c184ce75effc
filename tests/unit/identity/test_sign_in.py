"""A browser comes with a request and leaves with a code, or the page says why not."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from dataspace.caller import Role
from dataspace.identifiers import derived_id
from identity.embedded_identity import EmbeddedIdentity
from tests.clock import FrozenClock
from tests.sign_in import (
    CONSOLE,
    an_attempt,
    code_in,
    open_form,
    redeem,
    sign_in,
    submit,
    ticket_in,
)


async def test_a_person_signs_in_with_one_click(
    http: TestClient, identity: EmbeddedIdentity
) -> None:
    tokens = sign_in(http, "registrar")
    caller = await identity.caller(tokens["access_token"])
    assert caller.roles == {Role.REGISTRAR}
    assert caller.participant == derived_id("par", "demo", "data-bureau")
    assert caller.client == CONSOLE


async def test_every_person_signs_in_with_the_password_that_is_shown(
    http: TestClient, identity: EmbeddedIdentity
) -> None:
    for login in identity.logins()[:3]:
        http.cookies.clear()
        tokens = sign_in(http, login.username, login.password)
        caller = await identity.caller(tokens["access_token"])
        assert (caller.roles, caller.participant) == (set(login.roles), login.participant)


def test_a_wrong_password_is_told_and_no_session_begins(http: TestClient) -> None:
    attempt = an_attempt()
    ticket = ticket_in(open_form(http, attempt).text)
    answer = submit(http, attempt, ticket=ticket, username="registrar", password="guess")
    assert answer.status_code == 401
    assert "User name or password is wrong." in answer.text
    assert "cityspace_session_8000" not in http.cookies


def test_who_is_signed_in_is_not_asked_again(http: TestClient) -> None:
    sign_in(http, "auditor")
    attempt = an_attempt(prompt="none")
    answer = open_form(http, attempt)
    assert redeem(http, attempt, code_in(answer)).status_code == 200


def test_prompt_login_asks_again(http: TestClient) -> None:
    sign_in(http, "auditor")
    assert open_form(http, an_attempt(prompt="login")).status_code == 200


def test_prompt_none_says_that_nobody_is_signed_in(http: TestClient) -> None:
    attempt = an_attempt(prompt="none")
    returned = parse_qs(urlsplit(open_form(http, attempt).headers["location"]).query)
    assert returned["error"] == ["login_required"]
    assert returned["state"] == [attempt.parameters["state"]]


def test_the_answer_names_the_issuer(http: TestClient) -> None:
    attempt = an_attempt()
    shown = open_form(http, attempt)
    answer = submit(http, attempt, ticket=ticket_in(shown.text), person="auditor")
    returned = parse_qs(urlsplit(answer.headers["location"]).query)
    assert returned["iss"] == ["http://127.0.0.1:8000/realms/city"]
    assert answer.headers["location"].startswith(attempt.redirect_uri + "?")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8000/graphql",
        "http://127.0.0.1:5173/graphql",
        "http://localhost:8000/console/",
        "http://127.0.0.1:8000/console/callback",
        "http://[::1]:8000/console/a/b",
    ],
)
def test_the_consoles_own_addresses_may_be_returned_to(http: TestClient, address: str) -> None:
    assert open_form(http, an_attempt(redirect_uri=address)).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/graphql",
        "https://evil.example/graphql",
        "http://evil.example:8000/graphql",
        "http://127.0.0.1.evil.example/graphql",
        "http://127.0.0.1:8000@evil.example/graphql",
        "http://evil@127.0.0.1:8000/graphql",
        "http://127.0.0.1:8000/graphql/",
        "http://127.0.0.1:8000/graphql?next=x",
        "http://127.0.0.1:8000/graphql#x",
        "http://127.0.0.1:8000/console",
        "http://127.0.0.1:8000/console/../assets",
        "http://127.0.0.1:8000/console/%2e%2e/assets",
        "http://127.0.0.1:8000/console//evil.example",
        "http://127.0.0.1:8000\\@evil.example/graphql",
        "http://127.0.0.1:port/graphql",
        "javascript:alert(1)",
    ],
)
def test_no_other_address_is_ever_returned_to(http: TestClient, address: str) -> None:
    answer = open_form(http, an_attempt(redirect_uri=address))
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "may not send its users" in answer.text


def test_an_unknown_program_is_told_so_without_a_redirect(http: TestClient) -> None:
    answer = open_form(http, an_attempt(client_id="<script>"))
    assert answer.status_code == 400
    assert "&lt;script&gt;" in answer.text
    assert "<script" not in answer.text


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "openid everything"}, "invalid_scope"),
        ({"nonce": "n" * 1001}, "invalid_request"),
    ],
)
def test_a_request_that_is_not_sound_goes_back_with_its_reason(
    http: TestClient, parameters: dict[str, str], error: str
) -> None:
    location = open_form(http, an_attempt(**parameters)).headers["location"]
    assert parse_qs(urlsplit(location).query)["error"] == [error]


def test_a_form_without_its_ticket_signs_nobody_in(http: TestClient) -> None:
    attempt = an_attempt()
    open_form(http, attempt)
    answer = submit(http, attempt, person="admin")
    assert answer.status_code == 400
    assert "open for too long" in answer.text


def test_a_ticket_of_another_browser_signs_nobody_in(http: TestClient) -> None:
    attempt = an_attempt()
    ticket = ticket_in(open_form(http, attempt).text)
    http.cookies.clear()
    open_form(http, attempt)
    assert submit(http, attempt, ticket=ticket, person="admin").status_code == 400


def test_a_ticket_of_another_request_signs_nobody_in(http: TestClient) -> None:
    ticket = ticket_in(open_form(http, an_attempt()).text)
    assert submit(http, an_attempt(), ticket=ticket, person="admin").status_code == 400


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(http: TestClient) -> None:
    attempt = an_attempt()
    shown = open_form(http, attempt)
    answer = submit(http, attempt, ticket=ticket_in(shown.text), person="auditor")
    for response in (shown, answer):
        cookie = response.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/realms/city" in cookie


def test_the_page_runs_no_script_and_stands_in_no_frame(http: TestClient) -> None:
    shown = open_form(http, an_attempt())
    policy = shown.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:8000" in policy
    assert not re.search(r"<script|\sstyle=|\son\w+=|https?://", shown.text)


def test_every_field_has_a_label(http: TestClient) -> None:
    page = open_form(http, an_attempt()).text
    ids = re.findall(r'<input id="(\w+)"', page)
    assert ids == ["username", "password"]
    assert re.findall(r'<label for="(\w+)"', page) == ids


def test_the_page_speaks_the_readers_language_and_can_be_switched(http: TestClient) -> None:
    attempt = an_attempt()
    chinese = open_form(http, attempt, **{"Accept-Language": "zh-CN,en;q=0.5"}).text
    assert 'lang="zh-CN"' in chinese
    assert "登记员" in chinese
    switched = an_attempt(ui_locales="en")
    english = open_form(http, switched, **{"Accept-Language": "zh-CN"}).text
    assert "Registrar" in english
    assert "ui_locales=en" in chinese
    assert "ui_locales=zh" in english


def test_what_was_typed_comes_back_harmless(http: TestClient) -> None:
    attempt = an_attempt()
    ticket = ticket_in(open_form(http, attempt).text)
    answer = submit(http, attempt, ticket=ticket, username='"><script>', password="x")
    assert "&quot;&gt;&lt;script&gt;" in answer.text
    assert "<script" not in answer.text


def test_after_too_many_guesses_the_name_is_closed_for_a_while(
    http: TestClient, identity: EmbeddedIdentity, clock: FrozenClock
) -> None:
    attempt = an_attempt()
    ticket = ticket_in(open_form(http, attempt).text)
    login = next(each for each in identity.logins() if each.username == "admin")

    def guess(password: str, username: str = "admin") -> int:
        fields = {"ticket": ticket, "username": username, "password": password}
        return int(submit(http, attempt, **fields).status_code)

    assert [guess("wrong") for _ in range(6)] == [401] * 5 + [429]
    assert guess(login.password) == 429
    assert guess("wrong", "auditor") == 401
    clock.advance(seconds=301)
    assert guess(login.password) == 303


def test_a_name_that_nobody_has_is_closed_in_the_same_way(http: TestClient) -> None:
    attempt = an_attempt()
    ticket = ticket_in(open_form(http, attempt).text)
    answers = [
        submit(http, attempt, ticket=ticket, username="nobody", password="x") for _ in range(6)
    ]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
