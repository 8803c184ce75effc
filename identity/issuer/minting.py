"""The tokens that the issuer signs, with the claims that Keycloak puts in them."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe

from dataspace.quantity import Clock
from identity.issuer.directory import Account
from identity.issuer.keys import TOKEN_SECONDS_MAX
from identity.signatures import Claims, Key, sign
from identity.tokens import ACCESS, AUDIENCE

ACCESS_SECONDS = TOKEN_SECONDS_MAX
ID_SECONDS = TOKEN_SECONDS_MAX
ID = "ID"
# Keycloak's own account console is in every token's audience; whoever checks must expect it.
AUDIENCES = [AUDIENCE, "account"]


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a token is made for: which client, session and scope, and when the person signed in.

    `session` is empty for a client that acts in its own name. `signed_in_at` is in whole
    seconds since 1970.
    """

    client_id: str
    scope: str
    session: str = ""
    signed_in_at: int = 0
    nonce: str = ""


class Mint:
    def __init__(self, issuer: str, *, key: Callable[[], Key], clock: Clock) -> None:
        self._issuer = issuer
        self._key = key
        self._clock = clock

    def access_token(self, account: Account, occasion: Occasion) -> str:
        claims = {
            **self._basic(account, occasion, seconds=ACCESS_SECONDS),
            **profile(account),
            "aud": AUDIENCES,
            "typ": ACCESS,
            "realm_access": {"roles": sorted(role.value for role in account.roles)},
            "scope": occasion.scope,
            "spaces": list(account.spaces),
        }
        if account.handler:
            claims["handler"] = account.handler
        if not occasion.session:
            claims["client_id"] = occasion.client_id
        return sign(claims, self._key())

    def id_token(self, account: Account, occasion: Occasion, *, access_token: str) -> str:
        """OpenID Connect Core 2; `at_hash` ties it to the access token it came with."""
        half = sha256(access_token.encode()).digest()[:16]
        claims = {
            **self._basic(account, occasion, seconds=ID_SECONDS),
            **profile(account),
            "aud": occasion.client_id,
            "typ": ID,
            "at_hash": urlsafe_b64encode(half).rstrip(b"=").decode(),
        }
        if occasion.nonce:
            claims["nonce"] = occasion.nonce
        return sign(claims, self._key())

    def _basic(self, account: Account, occasion: Occasion, *, seconds: int) -> Claims:
        now = int(self._clock.now().timestamp())
        claims: Claims = {
            "iss": self._issuer,
            "sub": account.subject,
            "azp": occasion.client_id,
            "iat": now,
            "exp": now + seconds,
            "jti": token_urlsafe(16),
            "acr": "1",
        }
        if occasion.session:
            claims |= {"sid": occasion.session, "auth_time": occasion.signed_in_at}
        return claims


def profile(account: Account) -> Claims:
    """Who somebody is: in tokens and in `userinfo`. One name, readable in both languages."""
    organisation, name = account.organisation, account.name
    return {
        "name": name.zh if name.zh == name.en else f"{name.zh} {name.en}",
        "preferred_username": account.username,
        "organization": {
            organisation.alias: {
                "id": organisation.id,
                "participantId": [organisation.participant],
            }
        },
    }
