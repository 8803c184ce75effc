"""The file that a node's keys lie in: for its owner's eyes only, and never seen half written."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from dataspace.errors import Unavailable
from dataspace.text import Text

OWNER_ONLY: Final = 0o600


class NodeKeysUnreadable(Unavailable):
    """The file of the keys cannot be read, written or understood; the node cannot sign."""

    code = "node_keys.unreadable"
    title = Text(
        "The node's keys in {file} cannot be used: {detail}",
        "无法使用 {file} 中的节点密钥：{detail}",
    )
    advice = Text(
        "Give this user the right to read and write it, or restore it from a copy.",
        "请授予当前用户读写权限，或用备份恢复该文件。",
    )


@contextmanager
def usable(file: Path) -> Iterator[None]:
    """Raises:  NodeKeysUnreadable, which says nothing of what the file holds."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError) as error:
        detail = error.strerror if isinstance(error, OSError) else type(error).__name__
        raise NodeKeysUnreadable(file=str(file), detail=detail or "") from error


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """One process at a time; freed by the system when the process ends, however it ends."""
    with usable(file):
        handle = os.open(file.with_name(f".{file.name}.lock"), os.O_CREAT | os.O_RDWR, OWNER_ONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write(file: Path, value: Any) -> None:
    """A JSON value. Raises:  NodeKeysUnreadable."""
    write_text(file, json.dumps(value, indent=1))


def write_text(file: Path, content: str) -> None:
    """The file appears whole, or stays as it was. Raises:  NodeKeysUnreadable."""
    beside = file.with_name(f".{file.name}.{token_hex(4)}")
    with usable(file):
        try:
            handle = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY)
            with os.fdopen(handle, "w", encoding="utf-8") as text:
                text.write(content)
                text.flush()
                os.fsync(text.fileno())
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)


def version(file: Path) -> tuple[int, int]:
    """What differs whenever the file was written anew; zeros when there is none."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_ino, found.st_mtime_ns)
