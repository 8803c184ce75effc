"""Which program is asking: a public one by name, a confidential one by secret or signed assertion.

The rules for assertions are those of Keycloak 26.7: RFC 7523 with the issuer as the only
audience, every assertion used once, short lives.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from urllib.parse import unquote_plus

from dataspace.errors import NotSignedIn
from identity.endpoints.protocol import Asked, ProtocolRefused
from identity.issuer.directory import Client
from identity.issuer.issuer import Issuer
from identity.issuer.passwords import matches
from identity.signatures import Claims, Key, read_keys, read_signed, unverified_claims

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_ALGORITHMS = ("EdDSA", "ES256", "ES384", "RS256", "PS256")
ASSERTION_SECONDS_MAX = 60
ASSERTION_AHEAD_SECONDS_MAX = 15
ASSERTION_ID_CHARACTERS_MAX = 200
# After this long no assertion that could be taken now still holds.
REPLAY_SECONDS = ASSERTION_SECONDS_MAX + ASSERTION_AHEAD_SECONDS_MAX + 1


def authenticated(issuer: Issuer, asked: Asked) -> Client:
    """The client that the request comes from.

    Raises:  ProtocolRefused `invalid_client`: 401 for an unknown client or a wrong secret,
             400 for an assertion that does not hold; TooManyAttempts.
    """
    if "client_assertion" in asked.form or "client_assertion_type" in asked.form:
        return _by_assertion(issuer, asked.form)
    client_id, secret = _named(asked)
    client = issuer.directory.client(client_id)
    if client is not None and client.public:
        return client
    issuer.attempts.begin(f"client {client_id}", asked.address)
    if not matches(secret, client.secret if client else "") or client is None:
        raise ProtocolRefused("invalid_client", "unknown client or wrong secret", status=401)
    issuer.attempts.succeeded(f"client {client_id}", asked.address)
    return client


def confidential(issuer: Issuer, asked: Asked) -> Client:
    """Raises:  as `authenticated`, and for a public client."""
    client = authenticated(issuer, asked)
    if client.public:
        raise ProtocolRefused("invalid_client", "a public client may not ask this", status=401)
    return client


def _named(asked: Asked) -> tuple[str, str]:
    """Client id and secret from the header or, failing that, from the form (RFC 6749 2.3.1)."""
    scheme, _, credentials = asked.credentials.partition(" ")
    if scheme.lower() != "basic":
        return asked.form.get("client_id", ""), asked.form.get("client_secret", "")
    try:
        client_id, _, secret = b64decode(credentials, validate=True).decode().partition(":")
    except (NotBase64, ValueError) as error:
        raise ProtocolRefused("invalid_client", "broken Basic header", status=401) from error
    return unquote_plus(client_id), unquote_plus(secret)


def _by_assertion(issuer: Issuer, form: Mapping[str, str]) -> Client:
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise ProtocolRefused("invalid_client", "unknown client_assertion_type")
    assertion = form.get("client_assertion", "")
    try:
        named = str(unverified_claims(assertion).get("sub", ""))
        client = issuer.directory.client(named)
        if client is None:
            raise ProtocolRefused("invalid_client", "unknown client", status=401)
        claims = read_signed(assertion, _signing_keys(client), algorithms=ASSERTION_ALGORITHMS)
    except NotSignedIn as error:
        raise ProtocolRefused("invalid_client", f"assertion refused: {error.code}") from error
    _check_assertion(issuer, claims, client)
    return client


def _signing_keys(client: Client) -> dict[str, Key]:
    """Only keys that say that they are for signing."""
    stated = [jwk for jwk in client.jwks.get("keys", ()) if jwk.get("use") == "sig"]
    return read_keys({"keys": stated})


def _check_assertion(issuer: Issuer, claims: Claims, client: Client) -> None:
    now = issuer.clock.now().timestamp()
    expires_at, made_at = claims.get("exp"), claims.get("iat", now)
    jti = claims.get("jti")
    if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
        raise ProtocolRefused("invalid_client", "iss and sub must both be the client")
    if claims.get("aud") != issuer.url:
        raise ProtocolRefused("invalid_client", "aud must be the issuer, as one string")
    if not isinstance(expires_at, int | float) or not isinstance(made_at, int | float):
        raise ProtocolRefused("invalid_client", "exp is required, and iat is a number")
    if now >= expires_at or ("iat" not in claims and expires_at > now + ASSERTION_SECONDS_MAX):
        raise ProtocolRefused("invalid_client", "expired, or valid for too long")
    if not now - ASSERTION_SECONDS_MAX <= made_at <= now + ASSERTION_AHEAD_SECONDS_MAX:
        raise ProtocolRefused("invalid_client", "iat is too old or in the future")
    if not isinstance(jti, str) or not 0 < len(jti) <= ASSERTION_ID_CHARACTERS_MAX:
        raise ProtocolRefused("invalid_client", "jti is required")
    if not issuer.ledger.claim("assertion", f"{client.client_id} {jti}", seconds=REPLAY_SECONDS):
        raise ProtocolRefused("invalid_client", "this assertion was used before")
