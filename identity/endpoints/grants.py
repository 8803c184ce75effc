"""The token endpoint: what a client hands in, and the tokens that it gets for it."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from identity.endpoints.clients import authenticated
from identity.endpoints.protocol import Answer, Asked, ProtocolRefused
from identity.issuer.directory import Account, Client, Person
from identity.issuer.issuer import Issuer
from identity.issuer.minting import ACCESS_SECONDS, Occasion
from identity.issuer.passwords import matches
from identity.signatures import Claims

SESSION_SECONDS_MAX = 36_000
REFRESH_IDLE_SECONDS_MAX = 1800
OWN_SCOPES = ("profile", "email", "organization")
SCOPES = frozenset(("openid", "roles", *OWN_SCOPES))
SCOPE_CHARACTERS_MAX = 400
USERNAME_CHARACTERS_MAX = 80


def token(issuer: Issuer, asked: Asked) -> Answer:
    """Raises:  ProtocolRefused, TooManyAttempts."""
    client = authenticated(issuer, asked)
    grant = GRANTS.get(asked.form.get("grant_type", ""))
    if grant is None:
        raise ProtocolRefused("unsupported_grant_type", "unknown grant_type")
    return Answer(json=grant(issuer, asked, client))


def checked_scope(asked: str) -> str:
    """What is granted: what was asked for, and what everybody gets.

    Raises:  ProtocolRefused `invalid_scope`.
    """
    names = asked[:SCOPE_CHARACTERS_MAX].split()
    unknown = [n for n in names if n not in SCOPES and not n.startswith("organization:")]
    if unknown:
        raise ProtocolRefused("invalid_scope", f"unknown scopes: {' '.join(unknown)!a}")
    return " ".join(dict.fromkeys((*names, *OWN_SCOPES)))


def checked_person(issuer: Issuer, *, username: str, password: str, address: str) -> Person | None:
    """The person, or None when name and password do not belong together.

    Raises:  TooManyAttempts.
    """
    username = username.strip()[:USERNAME_CHARACTERS_MAX]
    issuer.attempts.begin(f"person {username}", address)
    person = issuer.directory.person(username)
    if not matches(password, person.password if person else "") or person is None:
        return None
    issuer.attempts.succeeded(f"person {username}", address)
    if person.once and not issuer.directory.spend_password(username):
        return None
    return person


def begin_session(issuer: Issuer, username: str) -> Claims:
    """A new sign-in; its `sid` stands in every token that comes of it."""
    session: Claims = {
        "sid": token_urlsafe(16),
        "username": username,
        "signed_in_at": int(issuer.clock.now().timestamp()),
    }
    issuer.ledger.put("session", session["sid"], session, seconds=SESSION_SECONDS_MAX)
    return session


def _by_code(issuer: Issuer, asked: Asked, client: Client) -> Claims:
    """A code is good once; a second use ends what the first one gave (RFC 6749 4.1.2)."""
    note = issuer.ledger.spend("code", asked.form.get("code", ""))
    if note is None:
        raise ProtocolRefused("invalid_grant", "Code not valid")
    code = note.value
    if note.times > 1:
        issuer.ledger.drop("family", code["family"])
        raise ProtocolRefused("invalid_grant", "Code not valid")
    if code["client_id"] != client.client_id:
        raise ProtocolRefused("invalid_grant", "the code was given to another client")
    if code["redirect_uri"] != asked.form.get("redirect_uri"):
        raise ProtocolRefused("invalid_grant", "Incorrect redirect_uri")
    proof = challenge_of(asked.form.get("code_verifier", ""))
    if not hmac.compare_digest(proof, code["challenge"]):
        raise ProtocolRefused("invalid_grant", "PKCE verification failed")
    return _begin_family(issuer, code["family"], family=code)


def _by_refresh_token(issuer: Issuer, asked: Asked, client: Client) -> Claims:
    """Every refresh token is good once. One that comes back was stolen from somebody: whoever
    holds its successor is signed out of this client (RFC 9700 4.14.2)."""
    note = issuer.ledger.spend("refresh", asked.form.get("refresh_token", ""))
    if note is None or note.value["client_id"] != client.client_id:
        raise ProtocolRefused("invalid_grant", "Token is not active")
    if note.times > 1:
        issuer.ledger.drop("family", note.value["family"])
        raise ProtocolRefused("invalid_grant", "Maximum allowed refresh token reuse exceeded")
    family = issuer.ledger.get("family", note.value["family"])
    if family is None:
        raise ProtocolRefused("invalid_grant", "Token is not active")
    return _granted(issuer, note.value["family"], family=family)


def _by_client(issuer: Issuer, asked: Asked, client: Client) -> Claims:
    if client.public or client.account is None:
        raise ProtocolRefused("unauthorized_client", "no service account", status=401)
    scope = checked_scope(asked.form.get("scope", ""))
    access_token = issuer.mint.access_token(client.account, Occasion(client.client_id, scope))
    return _answer(access_token, scope=scope)


def _by_password(issuer: Issuer, asked: Asked, client: Client) -> Claims:
    """In a demonstration only: a program should never see a person's password."""
    if not (issuer.demo and client.password_grant):
        raise ProtocolRefused("unauthorized_client", "direct access grants are not allowed")
    scope = checked_scope(asked.form.get("scope", ""))
    person = checked_person(
        issuer,
        username=asked.form.get("username", ""),
        password=asked.form.get("password", ""),
        address=asked.address,
    )
    if person is None:
        raise ProtocolRefused("invalid_grant", "Invalid user credentials", status=401)
    session = begin_session(issuer, person.account.username)
    family = {**session, "client_id": client.client_id, "scope": scope, "nonce": ""}
    return _begin_family(issuer, token_urlsafe(16), family=family)


Grant = Callable[[Issuer, Asked, Client], Claims]
GRANTS: dict[str, Grant] = {
    "authorization_code": _by_code,
    "refresh_token": _by_refresh_token,
    "client_credentials": _by_client,
    "password": _by_password,
}


def challenge_of(verifier: str) -> str:
    """RFC 7636, method S256."""
    digest = sha256(verifier.encode(errors="surrogatepass")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def session_account(issuer: Issuer, session: str) -> Account | None:
    """Whose session it is, while it lasts and the person is still known."""
    held = issuer.ledger.get("session", session)
    person = issuer.directory.person(held["username"]) if held else None
    return person.account if person else None


def _begin_family(issuer: Issuer, name: str, *, family: dict[str, Any]) -> Claims:
    """All tokens that come of one sign-in to one client fall together."""
    issuer.ledger.put("family", name, family, seconds=SESSION_SECONDS_MAX)
    return _granted(issuer, name, family=family)


def _granted(issuer: Issuer, name: str, *, family: dict[str, Any]) -> Claims:
    account = session_account(issuer, family["sid"])
    if account is None:
        raise ProtocolRefused("invalid_grant", "Session not active")
    occasion = Occasion(
        family["client_id"], family["scope"], family["sid"], family["signed_in_at"], family["nonce"]
    )
    answer = _answer(issuer.mint.access_token(account, occasion), scope=occasion.scope)
    answer |= {
        "refresh_token": token_urlsafe(32),
        "refresh_expires_in": REFRESH_IDLE_SECONDS_MAX,
        "session_state": occasion.session,
    }
    issuer.ledger.put(
        "refresh",
        answer["refresh_token"],
        {"family": name, "client_id": occasion.client_id, "sid": occasion.session},
        seconds=REFRESH_IDLE_SECONDS_MAX,
    )
    if "openid" in occasion.scope.split():
        answer["id_token"] = issuer.mint.id_token(
            account, occasion, access_token=answer["access_token"]
        )
    return answer


def _answer(access_token: str, *, scope: str) -> Claims:
    return {
        "access_token": access_token,
        "expires_in": ACCESS_SECONDS,
        "refresh_expires_in": 0,
        "token_type": "Bearer",
        "not-before-policy": 0,
        "scope": scope,
    }
