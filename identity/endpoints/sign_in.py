"""The authorisation endpoint: a browser comes with a client's request and leaves with a code.

OAuth 2.0 with the advice of RFC 9700: PKCE S256 always, redirect addresses compared as they
stand, the issuer named in the answer (RFC 9207), codes used once within a minute.
"""

import hmac
import re
from dataclasses import dataclass, replace
from hashlib import sha256
from secrets import token_urlsafe
from urllib.parse import urlsplit

from dataspace.errors import DataSpaceError
from dataspace.text import Text
from identity.endpoints.grants import (
    SESSION_SECONDS_MAX,
    begin_session,
    checked_person,
    checked_scope,
    session_account,
)
from identity.endpoints.pages import login_page
from identity.endpoints.protocol import Answer, Asked, Cookie, ProtocolRefused, with_parameters
from identity.issuer.attempts import TooManyAttempts
from identity.issuer.directory import Client, Person
from identity.issuer.issuer import Issuer

CODE_SECONDS_MAX = 60
FORM_SECONDS_MAX = 1800
TEXT_CHARACTERS_MAX = 1000
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
LOOPBACK_HOSTS = frozenset(("127.0.0.1", "localhost", "::1"))

WRONG = Text("User name or password is wrong.", "用户名或密码不正确。")
FORM_EXPIRED = Text(
    "This page was open for too long. Please try again.", "页面打开时间过长，请重试。"
)


class RedirectRefused(DataSpaceError):
    """Shown as a page: an answer must never go to an address that was not agreed on."""

    status = 400
    code = "identity.redirect_refused"
    title = Text(
        "The program {client} may not send its users to this address to sign in",
        "程序 {client} 不得使用该登录回调地址",
    )
    advice = Text(
        "Open the console again from its own address; if you develop the program, "
        "compare its client_id and redirect_uri with those that are registered.",
        "请从控制台自身地址重新打开；如您是开发者，请核对登记的 client_id 与 redirect_uri。",
    )


@dataclass(frozen=True, slots=True)
class AuthorisationRequest:
    client: Client
    redirect_uri: str
    state: str
    scope: str
    nonce: str
    challenge: str
    prompt: str


def authorise(issuer: Issuer, asked: Asked) -> Answer:
    """GET shows the page, or goes straight on for who is signed in; POST is the page's form.

    Raises:  RedirectRefused.
    """
    client, redirect_uri = _trusted_redirect(issuer, asked)
    state = asked.query.get("state", "")[:TEXT_CHARACTERS_MAX]
    try:
        request = _read(asked, client, redirect_uri)
        if asked.posted:
            return _submitted(issuer, asked, request)
        return _arrived(issuer, asked, request)
    except ProtocolRefused as refusal:
        said = {"error": refusal.error, "error_description": refusal.why, "state": state}
        return _redirect(with_parameters(redirect_uri, {**said, "iss": issuer.url}))


def may_return_to(client: Client, address: str) -> bool:
    """Whether the client's users may be sent there: as registered, or a registered path of
    the console on any port of this machine (RFC 8252 7.3)."""
    if address in client.redirect_uris:
        return True
    try:
        parts = urlsplit(address)
        local = parts.scheme in ("http", "https") and parts.hostname in LOOPBACK_HOSTS
        plain = parts.netloc.rpartition("@")[1] == "" and not (parts.query or parts.fragment)
        parts.port  # noqa: B018  (a port that is no number raises here)
    except ValueError:
        return False
    if not (local and plain) or re.search(r"[\\%\s\x00-\x1f]|/\.|//", parts.path):
        return False
    return any(_covers(pattern, parts.path) for pattern in client.redirect_paths)


def form_cookie(issuer: Issuer) -> str:
    return f"cityspace_form_{_port(issuer)}"


def session_cookie(issuer: Issuer) -> str:
    """Browsers share cookies among the ports of a host, so the port is part of the name."""
    return f"cityspace_session_{_port(issuer)}"


def form_ticket(issuer: Issuer, *, browser: str, purpose: str) -> str:
    """Proof that a form was given to this browser for this purpose (against CSRF)."""
    secret = issuer.ledger.secret("form")
    return hmac.new(secret, f"{browser}\n{purpose}".encode(), sha256).hexdigest()


def ticket_holds(issuer: Issuer, asked: Asked, *, purpose: str) -> bool:
    browser = asked.cookies.get(form_cookie(issuer), "")
    expected = form_ticket(issuer, browser=browser, purpose=purpose)
    given = asked.form.get("ticket", "").encode(errors="surrogatepass")
    return bool(browser) and hmac.compare_digest(expected.encode(), given)


def _trusted_redirect(issuer: Issuer, asked: Asked) -> tuple[Client, str]:
    client_id = asked.query.get("client_id", "")
    redirect_uri = asked.query.get("redirect_uri", "")
    client = issuer.directory.client(client_id)
    if client is None or not may_return_to(client, redirect_uri):
        raise RedirectRefused(client=client_id[:80])
    return client, redirect_uri


def _read(asked: Asked, client: Client, redirect_uri: str) -> AuthorisationRequest:
    query = asked.query
    if query.get("response_type") != "code":
        raise ProtocolRefused("unsupported_response_type", "response_type must be code")
    if query.get("response_mode", "query") != "query":
        raise ProtocolRefused("invalid_request", "response_mode must be query")
    if query.get("code_challenge_method") != "S256":
        raise ProtocolRefused("invalid_request", "code_challenge_method must be S256")
    if not CHALLENGE.fullmatch(query.get("code_challenge", "")):
        raise ProtocolRefused("invalid_request", "code_challenge must be 43 base64url characters")
    if any(len(query.get(name, "")) > TEXT_CHARACTERS_MAX for name in ("state", "nonce")):
        raise ProtocolRefused("invalid_request", f"over {TEXT_CHARACTERS_MAX} characters")
    return AuthorisationRequest(
        client,
        redirect_uri,
        query.get("state", ""),
        checked_scope(query.get("scope", "")),
        query.get("nonce", ""),
        query["code_challenge"],
        query.get("prompt", ""),
    )


def _arrived(issuer: Issuer, asked: Asked, request: AuthorisationRequest) -> Answer:
    session = _present_session(issuer, asked)
    if session and request.prompt != "login":
        return _with_code(issuer, request, session=session)
    if request.prompt == "none":
        raise ProtocolRefused("login_required", "nobody is signed in")
    return _page(issuer, asked, request)


def _submitted(issuer: Issuer, asked: Asked, request: AuthorisationRequest) -> Answer:
    if not ticket_holds(issuer, asked, purpose=asked.query_text):
        return _page(issuer, asked, request, status=400, problem=FORM_EXPIRED)
    try:
        person = _identified(issuer, asked)
    except TooManyAttempts as refusal:
        problem = Text(refusal.message("en"), refusal.message("zh"))
        page = _page(issuer, asked, request, status=refusal.status, problem=problem)
        wait = {"Retry-After": str(refusal.facts["retry_after_seconds"])}
        return replace(page, headers={**page.headers, **wait})
    if person is None:
        return _page(issuer, asked, request, status=401, problem=WRONG)
    session = begin_session(issuer, person.account.username)
    cookie = Cookie(session_cookie(issuer), token_urlsafe(32), SESSION_SECONDS_MAX)
    issuer.ledger.put("browser", cookie.value, session, seconds=SESSION_SECONDS_MAX)
    return _with_code(issuer, request, session=session, cookies=(cookie,))


def _identified(issuer: Issuer, asked: Asked) -> Person | None:
    """Who signs in: by a click on one of the demo's people, or by password."""
    chosen = asked.form.get("person", "")
    if issuer.demo and chosen:
        person = issuer.directory.person(chosen)
        return person if person and person.demo else None
    return checked_person(
        issuer,
        username=asked.form.get("username", ""),
        password=asked.form.get("password", ""),
        address=asked.address,
    )


def _present_session(issuer: Issuer, asked: Asked) -> dict[str, str] | None:
    cookie = asked.cookies.get(session_cookie(issuer), "")
    session = issuer.ledger.get("browser", cookie) if cookie else None
    return session if session and session_account(issuer, session["sid"]) else None


def _with_code(
    issuer: Issuer,
    request: AuthorisationRequest,
    *,
    session: dict[str, str],
    cookies: tuple[Cookie, ...] = (),
) -> Answer:
    code = token_urlsafe(32)
    note = {
        **session,
        "client_id": request.client.client_id,
        "redirect_uri": request.redirect_uri,
        "scope": request.scope,
        "nonce": request.nonce,
        "challenge": request.challenge,
        "family": token_urlsafe(16),
    }
    issuer.ledger.put("code", code, note, seconds=CODE_SECONDS_MAX)
    answer = {"state": request.state, "session_state": session["sid"], "iss": issuer.url}
    location = with_parameters(request.redirect_uri, {**answer, "code": code})
    return _redirect(location, cookies=cookies)


def _page(
    issuer: Issuer,
    asked: Asked,
    request: AuthorisationRequest,
    *,
    status: int = 200,
    problem: Text | None = None,
) -> Answer:
    browser = asked.cookies.get(form_cookie(issuer), "") or token_urlsafe(32)
    page = login_page(
        issuer,
        asked,
        ticket=form_ticket(issuer, browser=browser, purpose=asked.query_text),
        problem=problem,
    )
    cookie = Cookie(form_cookie(issuer), browser, FORM_SECONDS_MAX)
    return Answer(status, page=page, returns_to=request.redirect_uri, cookies=(cookie,))


def _redirect(location: str, *, cookies: tuple[Cookie, ...] = ()) -> Answer:
    return Answer(303, location=location, cookies=cookies)


def _covers(pattern: str, path: str) -> bool:
    below = pattern.removesuffix("*")
    return path.startswith(below) if below != pattern else path == pattern


def _port(issuer: Issuer) -> int:
    return urlsplit(issuer.url).port or 80
