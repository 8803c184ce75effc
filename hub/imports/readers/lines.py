"""Reads a file by lines or by elements of one JSON array, each held to a limit of bytes.

Whatever the file holds, no more than the limit and one block is in memory at a time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

LINE_BYTES_MAX = 8 * 1024 * 1024
BLOCK_BYTES = 256 * 1024
KEPT_BYTES = 8000
KEY_BYTES_MAX = 200

_STRUCTURE = re.compile(rb'["{}\[\]]')
_IN_STRING = re.compile(rb'[\\"]')
_MEMBER = re.compile(rb"[^\s,]")
_IN_PLAIN_MEMBER = re.compile(rb'[",{}\[\]]')


class ArrayMissing(Exception):
    """The document has no array under that key."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A line or element; `raw` is only its beginning when it is `too_long`.

    `cut` says that the file ended before the piece did. `end_byte` is where it ended.
    """

    line: int
    raw: bytes
    end_byte: int
    too_long: bool = False
    cut: bool = False


def lines(path: Path, *, limit: int = LINE_BYTES_MAX) -> Iterator[Piece]:
    """Every line that is not blank, without its line ending."""
    with path.open("rb") as file:
        number = end_byte = 0
        while raw := file.readline(limit + 1):
            number += 1
            end_byte += len(raw)
            ended = raw.endswith(b"\n")
            if not ended and len(raw) > limit:
                end_byte += _skip_line(file)
                yield Piece(number, raw[:KEPT_BYTES], end_byte, too_long=True)
                continue
            if number == 1:
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            if raw.strip():
                yield Piece(number, raw.rstrip(b"\r\n"), end_byte, cut=not ended)


def _skip_line(file: BinaryIO) -> int:
    skipped = 0
    while part := file.readline(BLOCK_BYTES):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped


def elements(path: Path, key: str, *, limit: int = LINE_BYTES_MAX) -> Iterator[Piece]:
    """The members of the array that stands under `key` in the document, or is the document.

    When the document ends before the array does, the last piece is `cut`.

    Raises:  ArrayMissing.
    """
    with path.open("rb") as file:
        yield from _Elements(file, key, limit).pieces()


class _Elements:
    """Walks the brackets and strings of a JSON document, block by block, without building it."""

    def __init__(self, file: BinaryIO, key: str, limit: int) -> None:
        self.file, self.limit = file, limit
        self.before_array = re.compile(rb'"' + re.escape(key.encode()) + rb'"\s*:\s*\Z')
        self.block = self.tail = b""  # what is walked, and the end of the block before it
        self.passed = 0  # bytes before the block
        self.line = 1  # line at the beginning of the block
        self.depth = self.array_depth = 0  # `array_depth` is -1 after the array
        self.in_string = self.escaped = False
        self.start = -1  # in the block: where the element, or its next part, begins
        self.parts: list[bytes] = []
        self.kept = self.first_line = 0

    def pieces(self) -> Iterator[Piece]:
        while block := self.file.read(BLOCK_BYTES):
            self.block = block
            yield from self._walk()
            if self.start >= 0:
                self._keep(len(block))
                self.start = 0
            self.passed += len(block)
            self.line += block.count(b"\n")
            self.tail = (self.tail + block)[-KEY_BYTES_MAX:]
        if self.array_depth == 0:
            raise ArrayMissing
        if self.array_depth > 0:
            yield self._piece(0, cut=True)

    def _walk(self) -> Iterator[Piece]:
        at = 1 if self.escaped else 0
        self.escaped = False
        while found := self._sought().search(self.block, at):
            at = found.end()
            if found[0] == b"\\":
                self.escaped = at == len(self.block)
                at += 1
                continue
            if not self.in_string and (piece := self._plain_member(found)):
                yield piece
            if found[0] == b'"':
                self.in_string = not self.in_string
            elif found[0] in b"{[":
                self._open(found[0], found.start())
            elif found[0] in b"}]" and (piece := self._close(at)):
                yield piece

    def _sought(self) -> re.Pattern[bytes]:
        """What matters next: within a string, between members, within a plain one, elsewhere."""
        if self.in_string:
            return _IN_STRING
        if not self.depth == self.array_depth > 0:
            return _STRUCTURE
        return _MEMBER if self.start < 0 else _IN_PLAIN_MEMBER

    def _plain_member(self, found: re.Match[bytes]) -> Piece | None:
        """A member without brackets begins here, or ended before; it is no data set, but stands."""
        if not self.depth == self.array_depth > 0:
            return None
        if self.start < 0:
            if found[0] not in b"{}[]":
                self._begin(found.start())
            return None
        return None if found[0] == b'"' else self._piece(found.start())

    def _open(self, bracket: bytes, at: int) -> None:
        if not self.array_depth and bracket == b"[" and self._is_wanted(at):
            self.array_depth = self.depth + 1
        elif self.start < 0 and self.depth == self.array_depth > 0:
            self._begin(at)
        self.depth += 1

    def _begin(self, at: int) -> None:
        self.start, self.parts, self.kept = at, [], 0
        self.first_line = self.line + self.block.count(b"\n", 0, at)

    def _close(self, at: int) -> Piece | None:
        self.depth -= 1
        if self.start >= 0 and self.depth == self.array_depth:
            return self._piece(at)
        if self.depth < self.array_depth:
            self.array_depth = -1
        return None

    def _is_wanted(self, at: int) -> bool:
        if self.depth == 0:
            return True
        head = (
            (self.tail + self.block[:at])[-KEY_BYTES_MAX:]
            if at < KEY_BYTES_MAX
            else (self.block[at - KEY_BYTES_MAX : at])
        )
        return self.depth == 1 and bool(self.before_array.search(head))

    def _keep(self, end: int) -> None:
        """Takes the element's part of this block, or only counts it once it is too long."""
        part = self.block[self.start : end]
        if self.kept + len(part) > self.limit:
            self.parts = [b"".join(self.parts)[:KEPT_BYTES] or part[:KEPT_BYTES]]
            self.kept = self.limit + 1
        elif self.kept <= self.limit:
            self.parts.append(part)
            self.kept += len(part)

    def _piece(self, end: int, *, cut: bool = False) -> Piece:
        if not cut:
            self._keep(end)
        piece = Piece(
            self.first_line or self.line,
            b"".join(self.parts),
            self.passed + end,
            too_long=self.kept > self.limit,
            cut=cut,
        )
        self.start, self.parts = -1, []
        return piece
