"""A checkpoint as text, in the form that logs and witnesses share.

Sources: C2SP tlog-checkpoint (origin, size and root, one a line) and C2SP signed-note (an empty
line, then `— name base64` where the bytes are four of the key's hash and the signature). Ed25519
keys have the type byte 1.
"""

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from typing import Protocol

from dataspace.errors import Broken
from dataspace.text import Text

ED25519 = b"\x01"
KEY_HASH_BYTES = 4


class CheckpointBroken(Broken):
    """A checkpoint's text is not one, or its signature does not hold."""

    code = "checkpoint.broken"
    title = Text("The checkpoint does not hold: {detail}", "检查点不成立：{detail}")


class Signer(Protocol):
    """Who signs a node's checkpoints; `name` has no spaces and no plus sign."""

    @property
    def name(self) -> str: ...
    @property
    def public_key(self) -> bytes: ...

    def sign(self, message: bytes) -> bytes: ...

    def holds(self, public_key: bytes, *, signature: bytes, message: bytes) -> bool: ...


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log named `origin` had this root when it had `size` records; `root` in hexadecimal."""

    origin: str
    size: int
    root: str

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(bytes.fromhex(self.root)).decode()}\n"


def signed(checkpoint: Checkpoint, signer: Signer) -> str:
    signature = signer.sign(checkpoint.text.encode())
    made = _key_hash(signer.name, signer.public_key) + signature
    return f"{checkpoint.text}\n— {signer.name} {b64encode(made).decode()}\n"


def verifier_key(signer: Signer) -> str:
    """What others verify its notes with: name, hash of the key, and the key."""
    hash_ = _key_hash(signer.name, signer.public_key).hex()
    return f"{signer.name}+{hash_}+{b64encode(ED25519 + signer.public_key).decode()}"


def read(note: str, key: str, signer: Signer) -> Checkpoint:
    """The checkpoint, when the key's signature of it holds. Raises:  CheckpointBroken."""
    try:
        text, _, signatures = note.rpartition("\n\n")
        origin, size, root = text.split("\n")
        name, _, public = key.split("+", 2)
        checkpoint = Checkpoint(origin, int(size), b64decode(root, validate=True).hex())
        public_key = b64decode(public, validate=True)[1:]
        start = f"— {name} "
        line = next(each for each in signatures.split("\n") if each.startswith(start))
        made = b64decode(line.removeprefix(start), validate=True)
    except (ValueError, NotBase64, StopIteration) as error:
        raise CheckpointBroken(detail=str(error)) from error
    hash_, signature = made[:KEY_HASH_BYTES], made[KEY_HASH_BYTES:]
    message = checkpoint.text.encode()
    if hash_ != _key_hash(name, public_key) or not signer.holds(
        public_key, signature=signature, message=message
    ):
        raise CheckpointBroken(detail=name)
    return checkpoint


def _key_hash(name: str, public_key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:KEY_HASH_BYTES]
