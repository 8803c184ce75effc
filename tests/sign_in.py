"""Signs a person in as a browser would, without a browser: authorisation code with PKCE."""

import re
from dataclasses import dataclass
from html import unescape
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlsplit

from identity.endpoints.grants import challenge_of

REALM = "/realms/city"
PROTOCOL = f"{REALM}/protocol/openid-connect"
BASE = "http://127.0.0.1:8000"
CONSOLE = "cityspace-console"


@dataclass(frozen=True)
class Attempt:
    """One try of a client to have somebody signed in; `parameters` go to the authorisation."""

    verifier: str
    parameters: dict[str, str]

    @property
    def redirect_uri(self) -> str:
        return self.parameters["redirect_uri"]


def an_attempt(base: str = BASE, **parameters: str) -> Attempt:
    verifier = token_urlsafe(48)
    usual = {
        "response_type": "code",
        "client_id": CONSOLE,
        "redirect_uri": f"{base}/graphql",
        "scope": "openid profile organization",
        "state": token_urlsafe(8),
        "nonce": token_urlsafe(8),
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    given = {name: value for name, value in {**usual, **parameters}.items() if value}
    return Attempt(verifier, given)


def sign_in(http: Any, username: str, password: str = "", *, base: str = "") -> dict[str, Any]:
    """The token answer for the person; `http` is a client of httpx2's kind with a base address.

    Without a password the person's button of the demonstration is pressed.
    """
    attempt = an_attempt(base or str(http.base_url).rstrip("/"))
    shown = open_form(http, attempt)
    submitted = submit(http, attempt, ticket=ticket_in(shown.text), **_who(username, password))
    returned = parse_qs(urlsplit(submitted.headers["location"]).query)
    assert returned["state"] == [attempt.parameters["state"]]
    return redeem(http, attempt, returned["code"][0]).json()


def open_form(http: Any, attempt: Attempt, **headers: str) -> Any:
    return http.get(
        f"{PROTOCOL}/auth", params=attempt.parameters, headers=headers, follow_redirects=False
    )


def submit(http: Any, attempt: Attempt, **fields: str) -> Any:
    return http.post(
        f"{PROTOCOL}/auth", params=attempt.parameters, data=fields, follow_redirects=False
    )


def redeem(http: Any, attempt: Attempt, code: str, **more: str) -> Any:
    return http.post(
        f"{PROTOCOL}/token",
        data={
            "grant_type": "authorization_code",
            "code": code,
            "client_id": attempt.parameters["client_id"],
            "redirect_uri": attempt.redirect_uri,
            "code_verifier": attempt.verifier,
            **more,
        },
    )


def ticket_in(page: str) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found, "the page has no form"
    return unescape(found[1])


def code_in(answer: Any) -> str:
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


def _who(username: str, password: str) -> dict[str, str]:
    return {"username": username, "password": password} if password else {"person": username}
