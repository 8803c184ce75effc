"""A realm's public keys, as its discovery document leads to them (OpenID Connect Discovery 1.0)."""

import json
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError

from anyio.to_thread import run_sync

from identity.refusals import IdentityUnavailable, RealmDiffers, TokenMalformed, away
from identity.signatures import Key, read_keys

DISCOVERY = "/.well-known/openid-configuration"
ANSWER_SECONDS_MAX = 5
ANSWER_BYTES_MAX = 1_000_000
RETRY_AFTER_SECONDS = 5


async def fetch_keys(issuer: str) -> Mapping[str, Key]:
    """The realm's signing keys by `kid`, asked for now.

    Raises:  IdentityUnavailable when it does not answer, RealmDiffers when it calls itself by
    another address, so that no token of it would hold.
    """
    return await run_sync(_fetch, issuer)


def _fetch(issuer: str) -> Mapping[str, Key]:
    said = _read(issuer + DISCOVERY)
    if said.get("issuer") != issuer:
        raise RealmDiffers(issuer=str(said.get("issuer"))[:200], expected=issuer)
    address = str(said.get("jwks_uri"))
    published = _read(address).get("keys")
    if not isinstance(published, list) or not (keys := _readable(published)):
        raise _unavailable(f"{address} names no key that signs")
    return keys


def _readable(published: list[Any]) -> dict[str, Key]:
    """A realm may publish kinds of keys that we do not know; no token of ours is signed so."""
    keys: dict[str, Key] = {}
    for jwk in published:
        with suppress(TokenMalformed, AttributeError, TypeError):
            keys |= read_keys({"keys": [jwk]})
    return keys


def _read(address: str) -> dict[str, Any]:
    if not address.startswith(("http://", "https://")):
        raise _unavailable(f"{address[:80]} is no web address")
    try:
        with urllib.request.urlopen(address, timeout=ANSWER_SECONDS_MAX) as answer:  # noqa: S310
            said = json.loads(answer.read(ANSWER_BYTES_MAX))
    except HTTPError as error:
        error.close()
        raise _unavailable(f"{address}: {error.code}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise away(error, f"{address}: {error}", retry_after_seconds=RETRY_AFTER_SECONDS) from error
    if not isinstance(said, dict):
        raise _unavailable(f"{address} does not answer with an object")
    return said


def _unavailable(detail: str) -> IdentityUnavailable:
    return IdentityUnavailable(
        service="Keycloak", detail=detail, retry_after_seconds=RETRY_AFTER_SECONDS
    )
