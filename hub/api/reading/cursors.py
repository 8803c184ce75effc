"""Cursors: the place of a row, bound to what was asked, and signed so that none can be made up.

A cursor holds the value that its row is ordered by and the row's identifier, both of which its
reader was shown. Form: base64url of version byte, 16 bytes of HMAC-SHA-256, JSON.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from typing import Any

from dataspace.errors import Invalid
from dataspace.text import Text

VERSION = b"\x01"
SIGNATURE_BYTES = 16
CURSOR_CHARACTERS_MAX = 4096

Position = tuple[Any, str]


class CursorUnreadable(Invalid):
    code = "cursor.unreadable"
    title = Text("This is not a cursor", "这不是有效的游标")
    advice = Text(
        "Take cursors from pageInfo or edges, unchanged.", "请原样使用 pageInfo 或 edges 中的游标。"
    )


class CursorForged(Invalid):
    code = "cursor.forged"
    title = Text("This cursor was not made here", "此游标不是由本平台签发")
    advice = Text("Start again from the first page.", "请从第一页重新开始。")


class CursorOfAnotherQuestion(Invalid):
    code = "cursor.of_another_question"
    title = Text(
        "This cursor belongs to another field, order, search or filter",
        "此游标属于另一字段、排序、检索或筛选",
    )
    advice = Text(
        "Repeat the question that gave it, or start from the first page.",
        "请使用产生该游标的原查询，或从第一页开始。",
    )


@dataclass(frozen=True, slots=True)
class Cursors:
    """`key` is a secret of the node; all its processes have the same."""

    key: bytes

    def write(self, position: Position, question: str) -> str:
        body = json.dumps([question, *position], separators=(",", ":")).encode()
        return urlsafe_b64encode(VERSION + self._signature(body) + body).decode().rstrip("=")

    def read(self, cursor: str, question: str) -> Position:
        """Raises:  CursorUnreadable, CursorForged, CursorOfAnotherQuestion."""
        raw = _decoded(cursor)
        signature, body = raw[1 : 1 + SIGNATURE_BYTES], raw[1 + SIGNATURE_BYTES :]
        if raw[:1] != VERSION or len(signature) < SIGNATURE_BYTES:
            raise CursorUnreadable()
        if not hmac.compare_digest(signature, self._signature(body)):
            raise CursorForged()
        asked, value, id_ = json.loads(body)
        if asked != question:
            raise CursorOfAnotherQuestion()
        return value, id_

    def _signature(self, body: bytes) -> bytes:
        return hmac.digest(self.key, VERSION + body, "sha256")[:SIGNATURE_BYTES]


def question(*facts: Any) -> str:
    """A short fingerprint of field, order, search and filter."""
    written = json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _decoded(cursor: str) -> bytes:
    if len(cursor) > CURSOR_CHARACTERS_MAX:
        raise CursorUnreadable()
    try:
        return urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except (Error, ValueError) as error:
        raise CursorUnreadable() from error
