"""How a store compares what it was sent, and what it notes beside an object."""

import base64
import hashlib
from typing import Any, Final

from dataspace.ports import AnnouncedFile
from dataspace.text import Text
from storage.s3.refusals import unavailable

SUM: Final = "x-amz-checksum-sha256"
NOTED: Final = "x-amz-meta-sha256"

_DIFFERS = Text("what it stored has another SHA-256", "其存储内容的 SHA-256 不符")


def checksum(digest: bytes) -> dict[str, str]:
    return {SUM: base64.b64encode(digest).decode()}


def sums(announced: AnnouncedFile) -> dict[str, str]:
    """For the store to compare, and to note beside the object."""
    return {**checksum(bytes.fromhex(announced.sha256)), NOTED: announced.sha256}


def md5(document: bytes) -> str:
    """As the protocol asks; it guards against nothing but accidents."""
    return base64.b64encode(hashlib.md5(document, usedforsecurity=False).digest()).decode()


def check_echo(headers: Any, digest: bytes) -> None:
    """A store that keeps checksums says which it kept. Raises:  AssetsUnavailable."""
    if headers.get(SUM, "") not in ("", checksum(digest)[SUM]):
        raise unavailable(_DIFFERS)
