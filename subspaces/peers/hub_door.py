"""The way of a node to the hub of its city: what it says is sealed by its own keys."""

import json
import urllib.request
from collections.abc import Mapping
from datetime import datetime
from http.client import HTTPException
from secrets import token_urlsafe
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit

from anyio.to_thread import run_sync

from dataspace.federation.joining.refusals import HubAway, HubRefuses
from dataspace.federation.joining.statements import APPLICATION, STATEMENT, made
from dataspace.quantity import Clock, written
from subspaces.keys import NodeKeys

APPLICATIONS: Final = "/federation/applications"
NODES: Final = "/federation/nodes"
HEADER: Final = "cityspace-statement"
ANSWER_SECONDS_MAX: Final = 30
ANSWER_BYTES_MAX: Final = 1_000_000
RETRY_AFTER_SECONDS: Final = 5
NONCE_BYTES: Final = 24

Told = dict[str, Any]


class HubDoor:
    """Every call raises HubAway when the hub does not answer, and HubRefuses, with the hub's own
    code and words, for what it refuses."""

    def __init__(self, hub: str, keys: NodeKeys, clock: Clock, *, language: str = "") -> None:
        self._hub = hub.rstrip("/")
        self._keys = keys
        self._clock = clock
        self._language = language or "en"

    async def apply(self, values: Mapping[str, Any]) -> Told:
        """Applies with both key sets, and proves that both private keys are here."""
        to = self._hub + APPLICATIONS
        sealed = self._sealed(
            {
                **values,
                "public_keys": self._keys.assertion_jwks,
                "signing_keys": self._keys.signing_jwks,
                "key_proof": self._keys.assertion(self._keys.signing_kid, issuer=to),
            },
            to, kind=APPLICATION,
        )  # fmt: skip
        return await self._post(to, sealed)

    async def standing(self, node: str) -> Told:
        """How the node stands at the hub."""
        to = f"{self._hub}{APPLICATIONS}/{node}"
        asked = urllib.request.Request(to, headers=self._headers())  # noqa: S310
        asked.add_header(HEADER, self._sealed({}, to))
        return await run_sync(self._call, asked)

    async def move(self, node: str, name: str, *, reason: str) -> Told:
        return await self._say(node, "moves", {"move": name, "reason": reason})

    async def announce_stop(self, node: str, at: datetime, *, reason: str) -> Told:
        return await self._say(node, "stop", {"stop_at": written(at), "reason": reason})

    async def rotate_keys(self, node: str) -> Told:
        """The next keys sign once the hub knows them; interrupted anywhere, it may be done again.

        Raises:  NodeKeysGiven, NodeKeysUnreadable.
        """
        self._keys.prepare()
        keys = {
            "public_keys": self._keys.assertion_jwks,
            "signing_keys": self._keys.signing_jwks,
        }
        told = await self._say(node, "keys", keys)
        self._keys.rotate()
        return told

    async def _say(self, node: str, what: str, values: Mapping[str, Any]) -> Told:
        to = f"{self._hub}{NODES}/{node}/{what}"
        return await self._post(to, self._sealed(values, to))

    async def _post(self, to: str, sealed: str) -> Told:
        body = json.dumps({"sealed": sealed}).encode()
        headers = {**self._headers(), "content-type": "application/json"}
        asked = urllib.request.Request(to, body, headers)  # noqa: S310
        return await run_sync(self._call, asked)

    def _sealed(self, values: Mapping[str, Any], to: str, *, kind: str = STATEMENT) -> str:
        nonce = token_urlsafe(NONCE_BYTES)
        return self._keys.seal(made(values, to=to, now=self._clock.now(), nonce=nonce), kind=kind)

    def _headers(self) -> dict[str, str]:
        return {"accept": "application/json", "accept-language": self._language}

    def _call(self, asked: urllib.request.Request) -> Told:
        try:
            with urllib.request.urlopen(asked, timeout=ANSWER_SECONDS_MAX) as answer:  # noqa: S310
                return self._read(answer.read(ANSWER_BYTES_MAX))
        except HTTPError as error:
            with error:
                raise self._refusal(error.code, error.read(ANSWER_BYTES_MAX)) from error
        except (OSError, HTTPException, ValueError) as error:
            raise self._away(str(error)) from error

    def _refusal(self, status: int, body: bytes) -> HubAway | HubRefuses:
        told = self._read(body)
        if status >= 500:
            return self._away(str(told.get("title") or status))
        return HubRefuses(
            code=str(told.get("code", HubRefuses.code)),
            message=str(told.get("title", status)),
            advice=str(told.get("detail", "")),
        )

    def _read(self, body: bytes) -> Told:
        try:
            told = json.loads(body)
        except ValueError as error:
            raise self._away("it does not answer as a hub does") from error
        if not isinstance(told, dict):
            raise self._away("it does not answer as a hub does")
        return told

    def _away(self, detail: str) -> HubAway:
        host = urlsplit(self._hub).netloc
        return HubAway(service=host, detail=detail, retry_after_seconds=RETRY_AFTER_SECONDS)
