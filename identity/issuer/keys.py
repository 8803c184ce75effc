"""The issuer's signing keys: one JWK file each, the youngest signs, the others only verify.

When a key may go follows from the files alone: a key is dropped once the last token that it can
have signed has expired, counted from the birth of the key that took its place. So every process
comes to the same answer, and nothing else has to be remembered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from dataspace.quantity import Clock, read_moment, written
from identity.issuer import folder as files
from identity.signatures import Key, generate_key, read_key

TOKEN_SECONDS_MAX = 300
# Another process may sign with the old key until it looks at the folder again.
KEYS_LOOK_SECONDS = 5
KEY_KEPT_SECONDS = TOKEN_SECONDS_MAX + KEYS_LOOK_SECONDS + 60


@dataclass(frozen=True, slots=True)
class KeyRing:
    """`keys` by kid, the signing one last."""

    keys: Mapping[str, Key]

    @property
    def signing(self) -> Key:
        return list(self.keys.values())[-1]


@dataclass(frozen=True, slots=True)
class _Born:
    at: datetime
    key: Key


class KeyFolder:
    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._read: dict[str, _Born] = {}

    def open(self) -> KeyRing:
        """The ring, with its first key made when there is none."""
        files.prepare(self._folder)
        with files.locked(self._folder):
            if not self._found():
                self._add()
        return self.ring()

    def rotate(self) -> KeyRing:
        """A fresh key signs from now on; what has had its time is removed."""
        with files.locked(self._folder):
            self._add()
            for name in self._outlived(self._found()):
                (self._folder / name).unlink()
        return self.ring()

    def ring(self) -> KeyRing:
        """The keys as the folder has them now; a file is read once.

        Raises:  IdentityUnavailable when there is none.
        """
        found = self._found()
        if not found:
            raise files.unavailable(f"{self._folder} holds no key")
        outlived = self._outlived(found)
        kept = [born.key for name, born in found.items() if name not in outlived]
        return KeyRing({str(key.kid): key for key in kept})

    def _add(self) -> None:
        """Always younger than every other key, also when the clock stands still or went back."""
        born = [other.at + timedelta(milliseconds=1) for other in self._found().values()]
        jwk = generate_key()
        entry = {"created_at": written(max([self._clock.now(), *born])), "jwk": jwk}
        files.write_json(self._folder / f"{jwk['kid']}.json", entry)

    def _found(self) -> dict[str, _Born]:
        """Every key by file name, oldest first."""
        names = {path.name for path in self._folder.glob("[!.]*.json")}
        read = {name: born for name, born in self._read.items() if name in names}
        for name in names - read.keys():
            entry = files.read_json(self._folder / name, None)
            if entry is None:  # another process has just removed it
                continue
            with files.available(self._folder / name):
                read[name] = _Born(read_moment(entry["created_at"]), read_key(entry["jwk"]))
        self._read = read
        return dict(sorted(read.items(), key=lambda item: item[1].at))

    def _outlived(self, found: Mapping[str, _Born]) -> set[str]:
        now, kept = self._clock.now(), timedelta(seconds=KEY_KEPT_SECONDS)
        return {old for old, successor in pairwise(found) if now >= found[successor].at + kept}
