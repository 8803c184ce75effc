"""Signing out: a browser is sent here (OpenID Connect RP-Initiated Logout), or a program asks."""

from dataspace.text import Text
from identity.endpoints.clients import authenticated
from identity.endpoints.pages import message_page, sign_out_page
from identity.endpoints.protocol import Answer, Asked, Cookie, ProtocolRefused, with_parameters
from identity.endpoints.sign_in import (
    FORM_SECONDS_MAX,
    form_cookie,
    form_ticket,
    may_return_to,
    session_cookie,
    ticket_holds,
)
from identity.issuer.issuer import Issuer
from identity.issuer.minting import ID
from identity.refusals import TokenKeyUnknown, TokenMalformed
from identity.signatures import Claims, read_signed

SIGNED_OUT = Text("You are signed out", "您已退出登录")
PURPOSE = "sign out"


def sign_out(issuer: Issuer, asked: Asked) -> Answer:
    """Ends the session that the ID token names, or after a question the browser's own.

    Raises:  ProtocolRefused, NotSignedIn for an ID token that is not ours.
    """
    if asked.posted and "refresh_token" in asked.form:
        return _by_program(issuer, asked)
    given = {**asked.query, **asked.form}
    hint = _hint(issuer, given.get("id_token_hint", ""))
    client_id = str(hint.get("aud") or given.get("client_id", ""))
    target = _return_address(issuer, client_id, given)
    if not hint and not (asked.posted and ticket_holds(issuer, asked, purpose=PURPOSE)):
        return _question(issuer, asked, given)
    for session in {_browser_session(issuer, asked), str(hint.get("sid", ""))}:
        issuer.ledger.drop("session", session)
    gone = (Cookie(session_cookie(issuer), ""),)
    if target:
        return Answer(303, location=target, cookies=gone)
    return Answer(page=message_page(asked.language, title=SIGNED_OUT), cookies=gone)


def _by_program(issuer: Issuer, asked: Asked) -> Answer:
    """Keycloak's own: a client hands in a refresh token, and its session ends."""
    client = authenticated(issuer, asked)
    held = issuer.ledger.get("refresh", asked.form["refresh_token"])
    if held is None or held["client_id"] != client.client_id:
        raise ProtocolRefused("invalid_grant", "Invalid refresh token")
    issuer.ledger.drop("session", held["sid"])
    return Answer(204)


def _hint(issuer: Issuer, token: str) -> Claims:
    """Who signs out; an ID token serves for this after it has expired too.

    When even its key is gone by now, the person is asked instead.
    """
    if not token:
        return {}
    try:
        claims = read_signed(token, issuer.keys.ring().keys)
    except TokenKeyUnknown:
        return {}
    if claims.get("iss") != issuer.url or claims.get("typ") != ID:
        raise TokenMalformed(why="id_token_hint is not an ID token of this issuer")
    return claims


def _return_address(issuer: Issuer, client_id: str, given: dict[str, str]) -> str:
    if given.get("client_id", client_id) != client_id:
        raise ProtocolRefused("invalid_request", "id_token_hint is of another client")
    address = given.get("post_logout_redirect_uri", "")
    if not address:
        return ""
    client = issuer.directory.client(client_id)
    if client is None or not may_return_to(client, address):
        raise ProtocolRefused("invalid_request", "Invalid post_logout_redirect_uri")
    return with_parameters(address, {"state": given.get("state", "")})


def _browser_session(issuer: Issuer, asked: Asked) -> str:
    cookie = asked.cookies.get(session_cookie(issuer), "")
    return str((issuer.ledger.get("browser", cookie) or {}).get("sid", ""))


def _question(issuer: Issuer, asked: Asked, given: dict[str, str]) -> Answer:
    """Without an ID token anybody may have sent the browser here, so it asks first."""
    browser = asked.cookies.get(form_cookie(issuer), "")
    if not browser:
        raise ProtocolRefused("invalid_request", "nobody signed in from this browser")
    page = sign_out_page(
        asked, kept=given, ticket=form_ticket(issuer, browser=browser, purpose=PURPOSE)
    )
    cookie = Cookie(form_cookie(issuer), browser, FORM_SECONDS_MAX)
    target = given.get("post_logout_redirect_uri", "")
    return Answer(page=page, returns_to=target, cookies=(cookie,))
