"""Keys and signatures: the only file that knows the JOSE library.

Keys travel as JWK (RFC 7517) mappings, so that they can stand in a file or come from a realm.
"""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import ECKey, OKPKey, RSAKey, thumbprint
from joserfc.jws import JWSRegistry

from identity.refusals import TokenAlgorithm, TokenKeyUnknown, TokenMalformed, TokenSignature

Key = RSAKey | ECKey | OKPKey
Claims = dict[str, Any]
ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
TOKEN_CHARACTERS_MAX = 8192
RSA_BITS = 2048
HEADERS_REMEMBERED_MAX = 64


class _Registry(JWSRegistry):
    """Ours are the algorithms that Keycloak offers, by the names that it uses.

    RFC 9864 renames EdDSA, of which the library warns each time; Keycloak refuses the new name.
    """

    def get_alg(self, name: str) -> Any:
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[name]


_REGISTRY = _Registry()


def generate_key() -> Claims:
    """A private RSA key as JWK; its `kid` is the RFC 7638 thumbprint.

    RSA because it is checked in a third of the time of any elliptic curve.
    """
    key = RSAKey.generate_key(RSA_BITS, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    return dict(key.as_dict(private=True))


def read_key(jwk: Mapping[str, Any]) -> Key:
    """Raises:  TokenMalformed when it is not an asymmetric key."""
    kinds: dict[Any, type[Key]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
    kind = kinds.get(jwk.get("kty"))
    if kind is None:
        raise TokenMalformed(why="unknown kind of key")
    try:
        return kind.import_key({**jwk, "kid": jwk.get("kid") or thumbprint(dict(jwk))})
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise TokenMalformed(why="the key cannot be read") from error


def read_keys(jwks: Mapping[str, Any]) -> dict[str, Key]:
    """The signing keys of a key set by `kid`; keys for encryption are left out."""
    found = (read_key(jwk) for jwk in jwks.get("keys", ()) if jwk.get("use", "sig") == "sig")
    return {str(key.kid): key for key in found}


def public_jwks(keys: Collection[Key]) -> Claims:
    """The key set that may be shown to everyone."""
    return {"keys": [key.as_dict(private=False) for key in keys]}


def sign(claims: Mapping[str, Any], key: Key) -> str:
    header = {"alg": str(key.get("alg", "RS256")), "typ": "JWT", "kid": str(key.kid)}
    payload = json.dumps(claims, separators=(",", ":")).encode()
    return jws.serialize_compact(header, payload, key, registry=_REGISTRY)


def read_signed(
    token: str, keys: Mapping[str, Key], *, algorithms: Collection[str] = ALGORITHMS
) -> Claims:
    """The claims of a token whose signature holds; nothing else of it is judged.

    A token need not name its key when there is only one.

    Raises:  TokenMalformed, TokenAlgorithm, TokenKeyUnknown, TokenSignature.
    """
    header, payload, signature = _parts(token)
    algorithm, kid = _algorithm_and_key(header)
    if algorithm not in algorithms:
        raise TokenAlgorithm(algorithm=algorithm[:20])
    key = keys.get(kid) if kid or len(keys) != 1 else next(iter(keys.values()))
    if key is None:
        raise TokenKeyUnknown(key=kid[:64])
    _check_signature(f"{header}.{payload}".encode(), _decoded(signature), key, algorithm=algorithm)
    return _object(_decoded(payload))


def unverified_claims(token: str) -> Claims:
    """What a token says before anybody has checked it: good for finding whose keys to try only.

    Raises:  TokenMalformed.
    """
    return _object(_decoded(_parts(token)[1]))


def _check_signature(signed: bytes, signature: bytes, key: Key, *, algorithm: str) -> None:
    """By the library's algorithm itself: its way from a whole token would read the header, which
    is the same for all tokens of a key, and the payload once more for each."""
    try:
        model = _REGISTRY.get_alg(algorithm)
        model.check_key(key)
        if not model.verify(signed, signature, key):
            raise TokenSignature()
    except (JoseError, ValueError) as error:
        name = getattr(error, "error", "unusable")
        raise TokenAlgorithm(algorithm=f"{algorithm} ({name})") from error


def _parts(token: str) -> list[str]:
    if len(token) > TOKEN_CHARACTERS_MAX:
        raise TokenMalformed(why=f"longer than {TOKEN_CHARACTERS_MAX} characters")
    parts = token.split(".")
    if len(parts) != 3 or not token.isascii():
        raise TokenMalformed(why="not three parts of base64url")
    return parts


@lru_cache(maxsize=HEADERS_REMEMBERED_MAX)
def _algorithm_and_key(header: str) -> tuple[str, str]:
    """All tokens of one key begin with the same header, so it is read once.

    Extensions are not understood, so what needs one is refused (RFC 7515, 4.1.11).
    """
    said = _object(_decoded(header))
    if "crit" in said or "b64" in said:
        raise TokenMalformed(why="its header asks for extensions")
    return str(said.get("alg")), str(said.get("kid", ""))


def _decoded(part: str) -> bytes:
    try:
        return b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (NotBase64, ValueError) as error:
        raise TokenMalformed(why="not base64url") from error


def _object(raw: bytes) -> Claims:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise TokenMalformed(why="not JSON") from error
    if not isinstance(value, dict):
        raise TokenMalformed(why="not a JSON object")
    return value
