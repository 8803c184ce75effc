"""The issuer's signing keys: one JWK file each, the youngest signs, the others only verify.

When a key may go follows from the files alone: a key is dropped once the last token that it can
have signed has expired, counted from the birth of the key that took its place. So every process
comes to the same answer, and nothing else has to be remembered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
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


class KeyFolder:
    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

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
            for path in self._outlived(self._found()):
                path.unlink()
        return self.ring()

    def ring(self) -> KeyRing:
        found = self._found()
        outlived = self._outlived(found)
        keys = (read_key(jwk) for path, (_, jwk) in found.items() if path not in outlived)
        return KeyRing({str(key.kid): key for key in keys})

    def _add(self) -> None:
        jwk = generate_key()
        entry = {"created_at": written(self._clock.now()), "jwk": jwk}
        files.write_json(self._folder / f"{jwk['kid']}.json", entry)

    def _found(self) -> dict[Path, tuple[datetime, Mapping[str, str]]]:
        """Every key file, oldest first; a file that another process just removed is passed over."""
        entries = ((path, files.read_json(path, None)) for path in self._folder.glob("*.json"))
        dated = [
            (read_moment(entry["created_at"]), path.name, path, entry["jwk"])
            for path, entry in entries
            if entry is not None
        ]
        return {path: (moment, jwk) for moment, _, path, jwk in sorted(dated, key=lambda e: e[:2])}

    def _outlived(self, found: Mapping[Path, tuple[datetime, Mapping[str, str]]]) -> list[Path]:
        now, kept = self._clock.now(), timedelta(seconds=KEY_KEPT_SECONDS)
        paths = list(found)
        pairs = zip(paths, paths[1:], strict=False)
        return [old for old, successor in pairs if now >= found[successor][0] + kept]
