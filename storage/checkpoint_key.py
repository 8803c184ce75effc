"""The Ed25519 key that signs a node's checkpoints: from a secret, or made and kept in a file."""

import hashlib
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SEED_BYTES: Final = 32


class CheckpointKey:
    """`name` says in every note whose signature it is."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._name = name
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @classmethod
    def of(cls, name: str, *, secret: str, file: Path) -> Self:
        """From the secret that replicas share, or else from the file, which is made at need.

        Of two processes that make it at once, the first one's stays.
        """
        if secret:
            return cls(name, hashlib.sha256(secret.encode()).digest())
        if not file.exists():
            made = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
            made.touch(mode=0o600)
            made.write_bytes(secrets.token_bytes(SEED_BYTES))
            with suppress(FileExistsError):
                file.hardlink_to(made)
            made.unlink()
        return cls(name, file.read_bytes())

    @property
    def name(self) -> str:
        return self._name

    @property
    def public_key(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)

    def holds(self, public_key: bytes, *, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True
