"""What may be asked of the issuer: its addresses, its keys, and about a token."""

from dataspace.errors import NotSignedIn
from identity.endpoints.clients import authenticated, confidential
from identity.endpoints.grants import GRANTS, OWN_SCOPES, session_account
from identity.endpoints.protocol import Answer, Asked, ProtocolRefused
from identity.issuer.issuer import Issuer
from identity.issuer.minting import ACCESS_SECONDS, profile
from identity.signatures import ALGORITHMS, Claims, public_jwks
from identity.tokens import LEEWAY_SECONDS

PROTOCOL = "/protocol/openid-connect"


def discovery(issuer: Issuer, asked: Asked) -> Answer:
    """OpenID Connect Discovery 1.0; only what really works is named."""
    base = issuer.url + PROTOCOL
    ways = ["client_secret_basic", "client_secret_post", "private_key_jwt"]
    grants = [grant for grant in GRANTS if grant != "password" or issuer.demo]
    return Answer(
        json={
            "issuer": issuer.url,
            "authorization_endpoint": f"{base}/auth",
            "token_endpoint": f"{base}/token",
            "introspection_endpoint": f"{base}/token/introspect",
            "userinfo_endpoint": f"{base}/userinfo",
            "end_session_endpoint": f"{base}/logout",
            "revocation_endpoint": f"{base}/revoke",
            "jwks_uri": f"{base}/certs",
            "grant_types_supported": grants,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "subject_types_supported": ["public"],
            "scopes_supported": ["openid", *OWN_SCOPES],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none", *ways],
            "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
            "authorization_response_iss_parameter_supported": True,
            "ui_locales_supported": ["zh", "en"],
        }
    )


def certs(issuer: Issuer, asked: Asked) -> Answer:
    return Answer(json=public_jwks(list(issuer.keys.ring().keys.values())))


def userinfo(issuer: Issuer, asked: Asked) -> Answer:
    """Raises:  ProtocolRefused `invalid_token`."""
    scheme, _, token = asked.credentials.partition(" ")
    claims = _active(issuer, token) if scheme.lower() == "bearer" else {}
    account = session_account(issuer, str(claims.get("sid", "")))
    if account is None:
        raise ProtocolRefused("invalid_token", "Token verification failed", status=401)
    return Answer(json={"sub": account.subject, **profile(account)})


def introspect(issuer: Issuer, asked: Asked) -> Answer:
    """RFC 7662: a client learns about tokens that are meant for it, and of others nothing."""
    client = confidential(issuer, asked)
    claims = _active(issuer, asked.form.get("token", ""))
    if client.client_id not in claims.get("aud", []):
        return Answer(json={"active": False})
    more = {"active": True, "client_id": claims["azp"], "token_type": claims["typ"]}
    return Answer(json={**claims, **more, "username": claims["preferred_username"]})


def revoke(issuer: Issuer, asked: Asked) -> Answer:
    """RFC 7009, for a client's own tokens; an unknown token is no error.

    An access token that is out still verifies offline until it expires, as with Keycloak:
    only who introspects learns of it at once.
    """
    client = authenticated(issuer, asked)
    token = asked.form.get("token", "")
    held = issuer.ledger.get("refresh", token)
    if held is not None and held["client_id"] == client.client_id:
        issuer.ledger.drop("family", held["family"])
        return Answer()
    claims = _active(issuer, token)
    if claims.get("azp") == client.client_id:
        seconds = ACCESS_SECONDS + LEEWAY_SECONDS
        issuer.ledger.put("revoked", claims["jti"], {}, seconds=seconds)
    return Answer()


def _active(issuer: Issuer, token: str) -> Claims:
    """The claims of an access token that is good and was not called back, or nothing."""
    try:
        claims = issuer.claims(token)
    except NotSignedIn:
        return {}
    ended = "sid" in claims and session_account(issuer, claims["sid"]) is None
    revoked = issuer.ledger.get("revoked", claims.get("jti", "")) is not None
    return {} if ended or revoked else claims
