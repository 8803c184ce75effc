"""Which signed requests were taken already: one small SQLite file that the processes of a node
share and that a restart does not lose."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from dataspace.federation.signing import NoncesFull, SignatureReplayed
from dataspace.quantity import Clock

FILE: Final = "nonces.sqlite"
NONCES_MAX: Final = 200_000
SWEEP_EVERY: Final = 1000
WAIT_SECONDS_MAX: Final = 2
RETRY_AFTER_SECONDS: Final = 5
TABLE: Final = """
CREATE TABLE IF NOT EXISTS nonce (
    key TEXT NOT NULL, nonce TEXT NOT NULL, until REAL NOT NULL, PRIMARY KEY (key, nonce)
) WITHOUT ROWID
"""


class SharedNonces:
    """The Nonces port. It belongs to one thread; taking one costs some 20 microseconds.

    It is not synced to the disk each time: a power cut may lose the last ones, a kill does not.
    """

    def __init__(self, folder: Path, clock: Clock, *, nonces_max: int = NONCES_MAX) -> None:
        self._clock, self._nonces_max, self._taken = clock, nonces_max, 0
        file = folder / FILE
        file.touch(mode=0o600)
        with _available():
            self._store = sqlite3.connect(file, timeout=WAIT_SECONDS_MAX, isolation_level=None)
            self._store.execute("PRAGMA journal_mode = WAL")
            self._store.execute("PRAGMA synchronous = OFF")
            self._store.execute(TABLE)
        self._sweep()

    def take(self, key: str, nonce: str, *, until: datetime) -> None:
        if self._taken >= SWEEP_EVERY:
            self._sweep()
        with _available():
            done = self._store.execute(
                "INSERT OR IGNORE INTO nonce VALUES (?, ?, ?)", (key, nonce, until.timestamp())
            )
        if not done.rowcount:
            raise SignatureReplayed()
        self._taken += 1

    def close(self) -> None:
        self._store.close()

    def _sweep(self) -> None:
        """Forgets those that could not be taken again anyway. Raises:  NoncesFull."""
        with _available():
            now = self._clock.now().timestamp()
            self._store.execute("DELETE FROM nonce WHERE until < ?", (now,))
            (kept,) = self._store.execute("SELECT count(*) FROM nonce").fetchone()
        if kept > self._nonces_max:
            raise _full(f"{kept} nonces")
        self._taken = 0


@contextmanager
def _available() -> Iterator[None]:
    """What cannot be remembered is not taken. Raises:  NoncesFull."""
    try:
        yield
    except sqlite3.Error as error:
        raise _full(str(error)) from error


def _full(detail: str) -> NoncesFull:
    return NoncesFull(service="nonces", detail=detail, retry_after_seconds=RETRY_AFTER_SECONDS)
