"""Files of the issuer's folder: for its owner's eyes only, and never seen half written."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

OWNER_ONLY = 0o600
OWNER_ONLY_FOLDER = 0o700


def prepare(folder: Path) -> None:
    folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)


@contextmanager
def locked(folder: Path, name: str = "lock") -> Iterator[None]:
    """One process at a time; freed by the system when the process ends, however it ends.

    It does not nest: what is done within takes a lock of another name.
    """
    handle = os.open(folder / name, os.O_CREAT | os.O_RDWR, OWNER_ONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_json(path: Path, value: Any) -> None:
    """The file appears whole, readable by its owner only, or not at all."""
    beside = path.with_name(f".{path.name}.{token_hex(4)}")
    handle = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(value, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read_json(path: Path, default: Any) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return default
