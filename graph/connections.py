"""Connections to a catalogue file, and SQLite's errors in the words of the port."""

import json
import queue
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from dataspace import search
from dataspace.errors import (
    CatalogueBroken,
    CatalogueFull,
    CatalogueUnavailable,
    DataSpaceError,
    Exhausted,
)
from dataspace.evidence import canonical
from dataspace.selection import Row
from dataspace.text import Text

Connection = sqlite3.Connection
SQLITE_VERSION = sqlite3.sqlite_version

BUSY_SECONDS = 30
RETRY_AFTER_SECONDS = 2
READERS_CACHE_KIB = 8_000
WRITER_CACHE_KIB = 32_000
# How many steps of SQLite's machine pass between two looks at the clock: about a millisecond.
STEPS_BETWEEN_LOOKS = 50_000
ZLIB_LEVEL = 6
SHORT = 60
# Between two texts of a column, so that no phrase reaches from one into the next: a character
# that SQLite's `ascii` tokenizer keeps and that `dataspace.search.tokens` never gives.
SEPARATOR = " ¦ "


class TookTooLong(Exhausted):
    """A selection was stopped because it took longer than one may."""

    code = "selection.took_too_long"
    title = Text(
        "The answer took longer than {limit} seconds and was stopped",
        "查询超过 {limit} 秒，已被中止",
    )
    advice = Text(
        "Ask for fewer levels, without totals and facets, or with a narrower filter.",
        "请减少层级、去掉总数与分面统计，或缩小筛选范围。",
    )


class Deadline:
    """When a running statement must stop; a reader that has gone away stops it at once."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._ends = time.monotonic() + seconds
        self._gone = threading.Event()

    def abandon(self) -> None:
        self._gone.set()

    def passed(self) -> bool:
        return self._gone.is_set() or time.monotonic() > self._ends


class Readers:
    """Connections that only read, opened when they are first needed, used again and again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: queue.LifoQueue[Connection] = queue.LifoQueue()

    def close(self) -> None:
        while not self._idle.empty():
            self._idle.get_nowait().close()

    @contextmanager
    def borrowed(self, deadline: Deadline) -> Iterator[Connection]:
        """A connection whose statements stop at the deadline."""
        try:
            connection = self._idle.get_nowait()
        except queue.Empty:
            connection = connected(self._path, cache_kib=READERS_CACHE_KIB)
            connection.execute("PRAGMA query_only = ON")
        connection.set_progress_handler(deadline.passed, STEPS_BETWEEN_LOOKS)
        try:
            yield connection
        finally:
            connection.set_progress_handler(None, 0)
            self._idle.put_nowait(connection)


@contextmanager
def looking(path: Path) -> Iterator[Connection]:
    """A connection for those who look for damage: it gives every byte, also of a broken text."""
    connection = connected(path, cache_kib=READERS_CACHE_KIB)
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        yield connection
    finally:
        connection.close()


# A statement that SQLite cannot make sense of (SQLITE_ERROR) is one of ours on a schema that is
# no longer ours.
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


def connected(path: Path, *, cache_kib: int) -> Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.execute(f"PRAGMA cache_size = -{cache_kib}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.create_function("searchable", 1, _searchable, deterministic=True)
    connection.create_function("opened", 1, opened, deterministic=True)
    connection.create_function("ranked", -1, _ranked, deterministic=True)
    return connection


@contextmanager
def translated(deadline: Deadline | None = None) -> Iterator[None]:
    """Raises what the port promises in place of what SQLite raises."""
    try:
        yield
    except sqlite3.Error as error:
        raise _in_our_words(error, deadline) from error
    except UnicodeError as error:  # a damaged schema or name, which is no text any more
        raise CatalogueBroken(detail=str(error)) from error


def joined(texts: list[str]) -> str:
    """Texts as one column of the full-text index: their tokens, divided by spaces."""
    return SEPARATOR.join(_tokens(text) if len(text) <= SHORT else _cut(text) for text in texts)


def _cut(text: str) -> str:
    return " ".join(search.tokens(text))


# The names of columns come again and again in a catalogue.
_tokens = lru_cache(maxsize=8192)(_cut)


def closed(values: Row) -> bytes:
    """A version as it is kept: compressed canonical JSON, about a quarter of its length."""
    return zlib.compress(canonical(values), ZLIB_LEVEL)


@lru_cache(maxsize=64)
def opened(body: bytes) -> str:
    """SQL: the JSON text of a kept version; one row asks for it once a column."""
    return zlib.decompress(body).decode()


def _in_our_words(error: sqlite3.Error, deadline: Deadline | None) -> DataSpaceError:
    code = getattr(error, "sqlite_errorcode", None)
    detail = str(error)
    if code is None:  # Python could not read what SQLite gave: a text that is not one
        return CatalogueBroken(detail=detail)
    code &= 0xFF
    if code == sqlite3.SQLITE_INTERRUPT:
        return TookTooLong(limit=deadline.seconds if deadline else 0)
    if code == sqlite3.SQLITE_FULL:
        return CatalogueFull(detail=detail, retry_after_seconds=RETRY_AFTER_SECONDS)
    if code in DAMAGED:
        return CatalogueBroken(detail=detail)
    return CatalogueUnavailable(
        service="catalogue", detail=detail, retry_after_seconds=RETRY_AFTER_SECONDS
    )


def _searchable(texts: str) -> str:
    """SQL: a JSON array of texts, of arrays of texts and of nulls, as one indexed column."""
    return joined(list(_flat(json.loads(texts))))


def _flat(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _flat(each)
    elif value:
        yield value


def _ranked(text: str, *weighted: Any) -> int | None:
    """SQL: the rank of a row under a search, NULL when it is not found.

    After the search come pairs of a weight and the JSON array of the texts with that weight.
    """
    query = search.parse(text)
    texts = {
        weight: list(_flat(json.loads(held)))
        for weight, held in zip(weighted[::2], weighted[1::2], strict=True)
    }
    every = [each for group in texts.values() for each in group]
    return search.rank(query, texts) if search.matches(query, every) else None
