"""Tokens made by hand, with the JOSE library of nobody: what a forger could send."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

SigningKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Authority:
    """An issuer whose signing key a test holds.

    `replace_key` puts another key in its place, so that this one is trusted no longer.
    """

    issuer: str
    audience: str
    kid: str
    key: SigningKey
    replace_key: Callable[[], Awaitable[None]]

    def token(self, claims: Mapping[str, Any], **header: Any) -> str:
        return signed(claims, self.key, kid=self.kid, **header)


def signed(claims: Mapping[str, Any], key: SigningKey, **header: Any) -> str:
    """RS256 or ES256, as the key is; a header value that is None is left out."""
    algorithm = "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"
    said = {"typ": "JWT", "alg": algorithm, **header}
    body = unsigned({name: value for name, value in said.items() if value is not None}, claims)
    return f"{body}.{encoded(_signature(body.encode(), key))}"


def signed_with_secret(claims: Mapping[str, Any], secret: bytes, **header: Any) -> str:
    body = unsigned({"typ": "JWT", "alg": "HS256", **header}, claims)
    return f"{body}.{encoded(hmac.digest(secret, body.encode(), hashlib.sha256))}"


def unsigned(header: Mapping[str, Any], claims: Any) -> str:
    return ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def public_pem(key: SigningKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def another_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def rsa_key(jwk: Mapping[str, str]) -> rsa.RSAPrivateKey:
    """The private key that a JWK (RFC 7518, 6.3) holds; it was made here, and is not examined."""
    p, q, d, dp, dq, qi, e, n = (
        int.from_bytes(urlsafe_b64decode(jwk[name] + "=="))
        for name in ("p", "q", "d", "dp", "dq", "qi", "e", "n")
    )
    public = rsa.RSAPublicNumbers(e, n)
    numbers = rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, public)
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)


def _signature(body: bytes, key: SigningKey) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(body, padding.PKCS1v15(), hashes.SHA256())
    r, s = decode_dss_signature(key.sign(body, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)
