"""Passwords as scrypt hashes (RFC 7914), checked in a time that does not tell who exists."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from secrets import token_bytes, token_urlsafe
from threading import BoundedSemaphore

SCRYPT_COST = 2**14
SCRYPT_BLOCK = 8
SALT_BYTES = 16
PASSWORD_CHARACTERS_MAX = 200
RANDOM_BYTES = 12
# Each check takes 16 MiB; a flood of log-ins waits here instead of filling the memory.
CHECKS_AT_ONCE_MAX = 2
_checks = BoundedSemaphore(CHECKS_AT_ONCE_MAX)


def random_password() -> str:
    """16 characters, 96 random bits."""
    return token_urlsafe(RANDOM_BYTES)


def hashed(password: str) -> str:
    salt = token_bytes(SALT_BYTES)
    return f"scrypt${SCRYPT_COST}${_text(salt)}${_text(_derive(password, salt, SCRYPT_COST))}"


def matches(password: str, stored: str) -> bool:
    """`stored` may be empty for someone who does not exist: the same work is done, in vain."""
    _, cost, salt, expected = (stored or NOBODY).split("$")
    if len(password) > PASSWORD_CHARACTERS_MAX:
        return False
    derived = _derive(password, b64decode(salt), int(cost))
    return hmac.compare_digest(derived, b64decode(expected)) and bool(stored)


def _derive(password: str, salt: bytes, cost: int) -> bytes:
    secret = password.encode(errors="surrogatepass")
    with _checks:
        return hashlib.scrypt(secret, salt=salt, n=cost, r=SCRYPT_BLOCK, p=1, dklen=32)


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()


NOBODY = f"scrypt${SCRYPT_COST}${_text(bytes(SALT_BYTES))}${_text(bytes(32))}"
