"""What a node says of itself, sealed by its signing key: to whom, when, and once.

A statement is a JSON object in a compact JWS (RFC 7515). It names the address that it was made
for, its moment and a nonce, so that it can neither be sent elsewhere nor kept for later; the
operation that it asks for is done once for its nonce. Pure.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from dataspace.federation.joining.refusals import (
    AddressedElsewhere,
    ApplicationUnreadable,
    ClockDiffers,
)
from dataspace.quantity import MomentInvalid, read_moment, written

APPLICATION: Final = "cityspace-application"
STATEMENT: Final = "cityspace-statement"
KEY_PROOF: Final = "JWT"
SKEW_SECONDS_MAX: Final = 60
NONCE_CHARACTERS: Final = (16, 64)
SEALED_CHARACTERS_MAX: Final = 200_000

Said = Mapping[str, Any]
Jwks = Mapping[str, Any]


class Unsealing(Protocol):
    """The payload of a compact JWS that one of the keys has signed as this kind, else None."""

    def __call__(self, sealed: str, jwks: Jwks, *, kind: str) -> bytes | None: ...


def nobody_unseals(sealed: str, jwks: Jwks, *, kind: str) -> bytes | None:
    """Of a node that was given no way to check a seal: nothing holds."""
    return None


class PublishedKeys(Protocol):
    """The public keys that a node signs what it says by."""

    @property
    def signing_jwks(self) -> Jwks: ...


def made(values: Said, *, to: str, now: datetime, nonce: str) -> bytes:
    """The payload that is sealed."""
    said = {**values, "to": to, "at": written(now), "nonce": nonce}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def read(payload: bytes) -> Said:
    """Raises:  ApplicationUnreadable."""
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise ApplicationUnreadable(detail="JSON") from error
    if not isinstance(said, dict):
        raise ApplicationUnreadable(detail="JSON")
    for name in ("to", "at", "nonce"):
        if not isinstance(said.get(name), str):
            raise ApplicationUnreadable(detail=name)
    least, most = NONCE_CHARACTERS
    if not least <= len(said["nonce"]) <= most:
        raise ApplicationUnreadable(detail="nonce")
    return said


def check(said: Said, *, here: str, now: datetime) -> None:
    """That it was made for this address, just now.

    Schemes are not compared: before a hub there may stand what ends TLS.

    Raises:  AddressedElsewhere, ClockDiffers, ApplicationUnreadable.
    """
    if _place(said["to"]) != _place(here):
        raise AddressedElsewhere(to=said["to"][:200], here=here[:200])
    try:
        at = read_moment(said["at"])
    except MomentInvalid as error:
        raise ApplicationUnreadable(detail="at") from error
    if abs(now - at) > timedelta(seconds=SKEW_SECONDS_MAX):
        seconds = round((at - now).total_seconds())
        raise ClockDiffers(seconds=seconds, hub_time=written(now), limit=SKEW_SECONDS_MAX)


def proves_key(payload: bytes | None, *, kid: str, to: str) -> bool:
    """Whether a proof by the other key pair (a client assertion, RFC 7523) names this signing key
    and this address, so that neither pair can be claimed without the other."""
    try:
        claims = json.loads(payload or b"{}")
    except (ValueError, RecursionError):
        return False
    return isinstance(claims, dict) and (claims.get("sub"), claims.get("aud")) == (kid, to)


def _place(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
        return parts.netloc.lower(), parts.path.rstrip("/")
    except ValueError:
        return "", ""
