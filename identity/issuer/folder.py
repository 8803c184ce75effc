"""Files of the issuer's folder: for its owner's eyes only, and never seen half written."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

from identity.refusals import IdentityUnavailable

OWNER_ONLY = 0o600
OWNER_ONLY_FOLDER = 0o700
RETRY_AFTER_SECONDS = 5


def unavailable(detail: str) -> IdentityUnavailable:
    return IdentityUnavailable(
        service="identity", detail=detail, retry_after_seconds=RETRY_AFTER_SECONDS
    )


@contextmanager
def available(path: Path) -> Iterator[None]:
    """Raises:  IdentityUnavailable when the path cannot be read, written or understood."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise unavailable(f"{path}: {error}") from error


def prepare(folder: Path) -> None:
    """Raises:  IdentityUnavailable."""
    with available(folder):
        folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)


@contextmanager
def locked(folder: Path, name: str = "lock") -> Iterator[None]:
    """One process at a time; freed by the system when the process ends, however it ends.

    It does not nest: what is done within takes a lock of another name.
    """
    with available(folder):
        handle = os.open(folder / name, os.O_CREAT | os.O_RDWR, OWNER_ONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_json(path: Path, value: Any) -> None:
    """The file appears whole, readable by its owner only, or not at all.

    Raises:  IdentityUnavailable.
    """
    beside = path.with_name(f".{path.name}.{token_hex(4)}")
    text = json.dumps(value, ensure_ascii=False, indent=1)
    with available(path):
        try:
            _write(beside, text)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


def read_json(path: Path, default: Any) -> Any:
    """`default` when there is no such file. Raises:  IdentityUnavailable."""
    with available(path):
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return default


def _write(path: Path, text: str) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
