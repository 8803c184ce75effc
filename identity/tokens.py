"""An access token becomes a Caller: checked here, without a call to whoever issued it.

Nothing here knows which issuer it is: the embedded one and Keycloak give the same claims
(`docs/explanation/roles.md`, RFC 7519, RFC 9068).
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from dataspace.caller import HELD_BY_PEOPLE, Caller, check_exclusive
from dataspace.quantity import written
from identity.refusals import (
    OrganisationAmbiguous,
    TokenAudience,
    TokenClaimMissing,
    TokenExpired,
    TokenIssuer,
    TokenMalformed,
    TokenNotYetValid,
    TokenType,
)
from identity.signatures import ALGORITHMS, Claims, Key, read_signed

AUDIENCE = "city-hub"
ACCESS = "Bearer"
LEEWAY_SECONDS = 30
CALLERS_REMEMBERED_MAX = 10_000
REQUIRED = ("iss", "aud", "exp", "iat", "sub", "typ")
ROLES = {role.value: role for role in HELD_BY_PEOPLE}


class TokenVerifier:
    """Checks the tokens of one issuer, and remembers those that hold until they expire.

    They are remembered by their SHA-256, so that no token lies in memory, and forgotten as soon
    as the keys change. `caller` belongs to one thread; `claims` may be called from any.
    """

    def __init__(
        self,
        issuer: str,
        *,
        audience: str = AUDIENCE,
        algorithms: Collection[str] = ALGORITHMS,
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._algorithms = frozenset(algorithms)
        self._keys: Mapping[str, Key] = {}
        self._remembered: OrderedDict[bytes, tuple[datetime, Caller]] = OrderedDict()

    def trust(self, keys: Mapping[str, Key]) -> None:
        """From now on exactly these keys count."""
        if keys.keys() != self._keys.keys():
            self._keys = keys
            self._remembered = OrderedDict()

    def caller(self, token: str, now: datetime) -> Caller:
        """Who holds the token; `now` comes from the Clock port.

        Raises:  the refusals of `claims`, OrganisationAmbiguous, RolesExclude.
        """
        remembered = self._remembered
        digest = sha256(token.encode(errors="surrogatepass")).digest()
        known = remembered.get(digest)
        if known is not None and now < known[0]:
            remembered.move_to_end(digest)
            return known[1]
        claims = self.claims(token, now)
        caller = caller_of(claims)
        remembered[digest] = (_moment(claims, "exp"), caller)
        if len(remembered) > CALLERS_REMEMBERED_MAX:
            remembered.popitem(last=False)
        return caller

    def claims(self, token: str, now: datetime) -> Claims:
        """The claims of an access token that holds now.

        Raises:  TokenMalformed, TokenAlgorithm, TokenKeyUnknown, TokenSignature, TokenIssuer,
                 TokenAudience, TokenType, TokenExpired, TokenNotYetValid, TokenClaimMissing.
        """
        claims = read_signed(token, self._keys, algorithms=self._algorithms)
        for claim in REQUIRED:
            if claims.get(claim) in (None, "", []):
                raise TokenClaimMissing(claim=claim)
        if claims["iss"] != self._issuer:
            raise TokenIssuer(issuer=str(claims["iss"])[:200], expected=self._issuer)
        audience = [claims["aud"]] if isinstance(claims["aud"], str) else claims["aud"]
        if self._audience not in _names(audience, "aud"):
            raise TokenAudience(expected=self._audience)
        if claims["typ"] != ACCESS:
            raise TokenType(type=str(claims["typ"])[:20])
        _check_times(claims, now)
        return claims


def caller_of(claims: Mapping[str, Any]) -> Caller:
    """Who the claims speak of. Realm roles that are none of ours are passed over.

    Raises:  OrganisationAmbiguous, RolesExclude, TokenClaimMissing, TokenMalformed.
    """
    named = _names(_part(claims, "realm_access").get("roles", []), "realm_access.roles")
    roles = frozenset(ROLES[name] for name in named if name in ROLES)
    username = str(claims.get("preferred_username", ""))
    check_exclusive(username or str(claims["sub"]), roles)
    participant = _participant(_part(claims, "organization"))
    return Caller(
        subject=str(claims["sub"]),
        name=str(claims.get("name") or username),
        roles=roles,
        participant=participant,
        spaces=_spaces(claims),
        client=str(claims.get("azp", "")),
        handler=str(claims.get("handler") or ""),
    )


def _spaces(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """The claim of that name, else what Keycloak keeps with the organisation."""
    if "spaces" in claims:
        return tuple(_names(claims["spaces"], "spaces"))
    (organisation,) = _part(claims, "organization").values()
    return tuple(_names(organisation.get("spaces", []), "organization.spaces"))


def _participant(organisations: Mapping[str, Any]) -> str:
    if len(organisations) != 1:
        raise OrganisationAmbiguous(count=len(organisations))
    ((alias, organisation),) = organisations.items()
    where = f"organization.{alias[:80]}.participantId"
    ids = organisation.get("participantId") if isinstance(organisation, dict) else None
    if not ids:
        raise TokenClaimMissing(claim=where)
    ids = _names(ids, where)
    if len(ids) != 1:
        raise OrganisationAmbiguous(count=len(ids))
    return ids[0]


def _check_times(claims: Claims, now: datetime) -> None:
    leeway = timedelta(seconds=LEEWAY_SECONDS)
    expires_at = _moment(claims, "exp")
    if now >= expires_at + leeway:
        raise TokenExpired(expired_at=written(expires_at))
    for claim in ("nbf", "iat"):
        if claim in claims and (starts_at := _moment(claims, claim)) > now + leeway:
            raise TokenNotYetValid(valid_from=written(starts_at))


def _moment(claims: Mapping[str, Any], claim: str) -> datetime:
    seconds = claims[claim]
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TokenMalformed(why=f"{claim} is not a number of seconds")
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise TokenMalformed(why=f"{claim} is out of range") from error


def _part(claims: Mapping[str, Any], claim: str) -> Mapping[str, Any]:
    part = claims.get(claim, {})
    if not isinstance(part, dict):
        raise TokenMalformed(why=f"{claim} is not an object")
    return part


def _names(value: Any, claim: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise TokenMalformed(why=f"{claim} is not a list of names")
    return value
