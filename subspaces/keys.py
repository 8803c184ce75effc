"""A node's own two key pairs, which never leave it: one signs what it says to other nodes, one
signs it in at the city's identity service.

Each pair is rotated in two steps, so that nobody ever meets a signature by a key that they have
not heard of: `prepare` makes the next key, which is published and does not sign; once the hub
knows it, `rotate` lets it sign. The one before stays published until a time, and its private
half is destroyed at once. Both steps may be done again after an interruption.
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry

from dataspace.errors import Conflict
from dataspace.quantity import Clock, read_moment, written
from dataspace.text import Text
from subspaces import key_file as files

FILE: Final = "node-keys.json"
SIGNING, ASSERTION = "signing", "assertion"
PAIRS: Final = (SIGNING, ASSERTION)
ALGORITHM: Final = "EdDSA"
ASSERTION_SECONDS: Final = 30
STATEMENT_BYTES_MAX: Final = 4_194_304
# How long keys that are gone stay published, unless somebody says otherwise.
OVERLAP: Final = timedelta(hours=24)

Jwk = Mapping[str, Any]
Jwks = dict[str, list[dict[str, Any]]]


class NodeKeysGiven(Conflict):
    """The keys come from a secret that replicas share; they change with it."""

    code = "node_keys.given"
    title = Text("The keys of this node come from a setting", "本节点的密钥由设置项派生")
    advice = Text("Give CITYSPACE_NODE_KEY another secret.", "请更换 CITYSPACE_NODE_KEY。")


class _Registry(JWSRegistry):
    """EdDSA by the name that Keycloak takes: it refuses the one of RFC 9864, which the library
    would rather have and warns of each time."""

    max_payload_length = STATEMENT_BYTES_MAX

    def get_alg(self, name: str) -> Any:
        if name != ALGORITHM:
            raise ValueError(name)
        return self.algorithms[name]


_REGISTRY: Final = _Registry()


@dataclass(frozen=True, slots=True)
class _Pair:
    """`former` are public keys that are still published, with the moment until which."""

    signs: OKPKey
    following: OKPKey | None = None
    former: tuple[tuple[Jwk, datetime], ...] = ()

    def published(self, now: datetime) -> Jwks:
        own = [_public(key) for key in (self.signs, self.following) if key is not None]
        return {"keys": own + [dict(jwk) for jwk, until in self.former if now < until]}

    def prepared(self) -> "_Pair":
        return self if self.following else replace(self, following=_made())

    def rotated(self, until: datetime, now: datetime) -> "_Pair":
        kept = tuple(each for each in self.former if now < each[1])
        return _Pair(self.following or _made(), None, (*kept, (_public(self.signs), until)))


_Pairs = Mapping[str, _Pair]


class NodeKeys:
    """What another process writes to the file holds here from the next use on."""

    def __init__(self, file: Path, clock: Clock, *, given: _Pairs | None = None) -> None:
        self._file, self._clock, self._given = file, clock, given
        self._read: tuple[tuple[int, int], _Pairs] = ((0, 0), {})

    @classmethod
    def open(cls, folder: Path, clock: Clock, *, secret: str = "") -> Self:
        """Those of the folder, made the first time, or those that replicas have by one secret.

        Raises:  NodeKeysUnreadable.
        """
        if secret:
            return cls(folder / FILE, clock, given={each: _derived(each, secret) for each in PAIRS})
        keys = cls(folder / FILE, clock)
        with files.locked(keys._file):
            if not keys._file.exists():
                keys._write({each: _Pair(_made()) for each in PAIRS})
        keys._pairs()
        return keys

    @property
    def signing_jwks(self) -> Jwks:
        """The public keys that requests, cards and lists of this node are signed by."""
        return self._pairs()[SIGNING].published(self._clock.now())

    @property
    def assertion_jwks(self) -> Jwks:
        """The public keys that the identity service knows the node by (`private_key_jwt`)."""
        return self._pairs()[ASSERTION].published(self._clock.now())

    @property
    def signing_kid(self) -> str:
        """The RFC 7638 thumbprint of the key that signs now."""
        return str(self._pairs()[SIGNING].signs.kid)

    @property
    def signing_key(self) -> Any:
        """The private key itself, for the library that signs requests."""
        return self._pairs()[SIGNING].signs.private_key

    def seal(self, payload: bytes, *, kind: str) -> str:
        """A compact JWS (RFC 7515) of the payload by the signing key; `kind` is its `typ`."""
        return _signed(payload, self._pairs()[SIGNING].signs, kind=kind)

    def assertion(self, client_id: str, *, issuer: str) -> str:
        """A fresh client assertion (RFC 7523, 3), good once and for half a minute.

        Its audience is the issuer alone, as one string, which is what Keycloak demands.
        """
        now = int(self._clock.now().timestamp())
        claims = {
            "iss": client_id, "sub": client_id, "aud": issuer, "jti": secrets.token_urlsafe(16),
            "iat": now, "exp": now + ASSERTION_SECONDS,
        }  # fmt: skip
        payload = json.dumps(claims, separators=(",", ":")).encode()
        return _signed(payload, self._pairs()[ASSERTION].signs, kind="JWT")

    def prepare(self) -> None:
        """From now on the next keys are published too; those that wait already stay.

        Raises:  NodeKeysGiven, NodeKeysUnreadable.
        """
        with self._changing() as pairs:
            self._write({name: pair.prepared() for name, pair in pairs.items()})

    def rotate(self, *, until: datetime | None = None) -> None:
        """The next keys sign from now on; those before stay published until a moment.

        Raises:  NodeKeysGiven, NodeKeysUnreadable.
        """
        with self._changing() as pairs:
            now = self._clock.now()
            last = until or now + OVERLAP
            self._write({name: pair.rotated(last, now) for name, pair in pairs.items()})

    @contextmanager
    def _changing(self) -> Iterator[_Pairs]:
        if self._given is not None:
            raise NodeKeysGiven()
        with files.locked(self._file):
            yield self._pairs()

    def _pairs(self) -> _Pairs:
        if self._given is not None:
            return self._given
        with files.usable(self._file):
            version = files.version(self._file)
            if version != self._read[0]:
                said = json.loads(self._file.read_text("utf-8"))
                self._read = (version, {each: _told(said[each]) for each in PAIRS})
        return self._read[1]

    def _write(self, pairs: _Pairs) -> None:
        files.write(self._file, {name: _said(pair) for name, pair in pairs.items()})


def unsealed(sealed: str, jwks: Jwk, *, kind: str) -> bytes | None:
    """The payload of a compact JWS that one of the keys has signed as this kind, else None."""
    try:
        header = jws.extract_compact(sealed.encode("ascii")).headers()
        key = _named(jwks, str(header.get("kid")))
        if key is None or header.get("typ") != kind:
            return None
        return jws.deserialize_compact(sealed, key, registry=_REGISTRY).payload
    except (JoseError, ValueError, TypeError):
        return None


def public_key(jwks: Jwk, *, kid: str) -> Any:
    """The Ed25519 key of that name, for the library that checks requests; None when the set has
    none that can be read."""
    try:
        key = _named(jwks, kid)
    except (JoseError, ValueError, TypeError):
        return None
    return key and key.public_key


def _named(jwks: Jwk, kid: str) -> OKPKey | None:
    """Raises:  JoseError, ValueError, TypeError."""
    for jwk in jwks.get("keys", ()):
        if jwk.get("kid") == kid and jwk.get("crv") == "Ed25519":
            return OKPKey.import_key(dict(jwk))
    return None


def _made() -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"use": "sig"}, auto_kid=True)


def _derived(name: str, secret: str) -> _Pair:
    options = {"info": name.encode()}
    return _Pair(
        OKPKey.derive_key(
            secret, "Ed25519", {"use": "sig"}, auto_kid=True, kdf_name="HKDF", kdf_options=options
        )
    )


def _signed(payload: bytes, key: OKPKey, *, kind: str) -> str:
    header = {"alg": ALGORITHM, "typ": kind, "kid": str(key.kid)}
    return jws.serialize_compact(header, payload, key, registry=_REGISTRY)


def _public(key: OKPKey) -> dict[str, Any]:
    """`alg` is left out: its name differs between RFC 8037 and RFC 9864."""
    return dict(key.as_dict(private=False))


def _said(pair: _Pair) -> dict[str, Any]:
    following = pair.following
    return {
        "signs": pair.signs.as_dict(private=True),
        "following": following.as_dict(private=True) if following else None,
        "former": [{"jwk": dict(jwk), "until": written(until)} for jwk, until in pair.former],
    }


def _told(said: Mapping[str, Any]) -> _Pair:
    following = said["following"]
    return _Pair(
        OKPKey.import_key(said["signs"]),
        OKPKey.import_key(following) if following else None,
        tuple((each["jwk"], read_moment(each["until"])) for each in said["former"]),
    )
