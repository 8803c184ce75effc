"""What the issuer must not forget: codes, sessions, refresh tokens, used assertions, failures.

One small SQLite file that several processes share and that a restart does not lose
(`docs/decisions/0006-issuer-state.md`). Every entry is a note of some kind under a key, and
holds until a moment. Keys that are secrets in themselves are kept as SHA-256 only. Each call
opens the file anew: it is asked a few times per sign-in, never per request of the catalogue.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from dataspace.quantity import Clock
from identity.issuer.folder import OWNER_ONLY, available, unavailable

WAIT_SECONDS_MAX = 5
SECRET_BYTES = 32
FOREVER_SECONDS = 100 * 365 * 86400
TABLE = """
CREATE TABLE IF NOT EXISTS note (
    kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
    times INTEGER NOT NULL, until REAL NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Note:
    """`times` says how often it was spent, this time included."""

    value: dict[str, Any]
    times: int


class Ledger:
    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    def open(self) -> None:
        """Raises:  IdentityUnavailable."""
        with available(self._path):
            self._path.touch(mode=OWNER_ONLY)
        with self._writing() as store:
            store.execute(TABLE)

    def put(self, kind: str, key: str, value: dict[str, Any], *, seconds: int) -> None:
        with self._writing() as store:
            self._insert(store, kind, key, value=value, seconds=seconds)

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        """The note as long as it holds."""
        with self._writing() as store:
            note = self._held(store, kind, key)
        return note.value if note else None

    def spend(self, kind: str, key: str) -> Note | None:
        """The note, with one more time counted; a first spending says `times == 1`."""
        with self._writing() as store:
            note = self._held(store, kind, key)
            return note and self._once_more(store, kind, key, note=note)

    def claim(self, kind: str, key: str, *, seconds: int) -> bool:
        """True for the first who claims the key within the time, false for all others."""
        return self.count(kind, key, seconds=seconds) == 1

    def count(self, kind: str, key: str, *, seconds: int) -> int:
        """One more; the count starts anew `seconds` after its first."""
        with self._writing() as store:
            note = self._held(store, kind, key)
            if note is None:
                self._insert(store, kind, key, value={}, seconds=seconds, times=1)
                return 1
            return self._once_more(store, kind, key, note=note).times

    def uncount(self, kind: str, key: str) -> None:
        with self._writing() as store:
            store.execute(
                "UPDATE note SET times = max(times - 1, 0) WHERE kind = ? AND key = ?",
                (kind, _safe(key)),
            )

    def drop(self, kind: str, key: str) -> None:
        with self._writing() as store:
            store.execute("DELETE FROM note WHERE kind = ? AND key = ?", (kind, _safe(key)))

    def secret(self, name: str) -> bytes:
        """A random secret that all processes share, made when it is first asked for."""
        with self._writing() as store:
            note = self._held(store, "secret", name)
            if note is None:
                note = Note({"secret": token_urlsafe(SECRET_BYTES)}, 0)
                self._insert(store, "secret", name, value=note.value, seconds=FOREVER_SECONDS)
        return str(note.value["secret"]).encode()

    def _held(self, store: sqlite3.Connection, kind: str, key: str) -> Note | None:
        row = store.execute(
            "SELECT value, times FROM note WHERE kind = ? AND key = ? AND until > ?",
            (kind, _safe(key), self._now()),
        ).fetchone()
        return row and Note(json.loads(row[0]), row[1])

    def _once_more(self, store: sqlite3.Connection, kind: str, key: str, *, note: Note) -> Note:
        store.execute(
            "UPDATE note SET times = times + 1 WHERE kind = ? AND key = ?", (kind, _safe(key))
        )
        return Note(note.value, note.times + 1)

    def _insert(
        self,
        store: sqlite3.Connection,
        kind: str,
        key: str,
        *,
        value: dict[str, Any],
        seconds: int,
        times: int = 0,
    ) -> None:
        """Whatever has had its time goes at the same moment, so that the file stays small."""
        now = self._now()
        store.execute("DELETE FROM note WHERE until <= ?", (now,))
        store.execute(
            "INSERT OR REPLACE INTO note VALUES (?, ?, ?, ?, ?)",
            (kind, _safe(key), json.dumps(value), times, now + seconds),
        )

    def _now(self) -> float:
        return self._clock.now().timestamp()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that nobody else comes between. Raises:  IdentityUnavailable."""
        try:
            with closing(sqlite3.connect(self._path, timeout=WAIT_SECONDS_MAX)) as store:
                store.isolation_level = None
                store.execute("BEGIN IMMEDIATE")
                yield store
                store.execute("COMMIT")
        except sqlite3.Error as error:
            raise unavailable(f"{self._path}: {error}") from error


def _safe(key: str) -> str:
    return sha256(key.encode(errors="surrogatepass")).hexdigest()
