"""What a folder of files does with the disk: write aside and publish, open, clear up."""

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG
from threading import Lock
from typing import Final, TypeVar

from anyio.to_thread import run_sync

from dataspace.errors import AssetAlreadyThere, AssetNotFound, AssetsFull, AssetsUnavailable

PIECE_BYTES: Final = 256 * 1024
SECRET_BYTES: Final = 32
RETRY_AFTER_SECONDS: Final = 30
# EFBIG: the operator limits the size of files; to the one who writes it is the same.
FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
Result = TypeVar("Result")


class Incoming:
    """A file that is being written, beside all others until it is published.

    Every method is called in a thread of its own; the lock keeps `close` waiting for the write
    that was going on when its caller was cancelled.
    """

    def __init__(self, folder: Path) -> None:
        self.bytes = 0
        self.digest = hashlib.sha256()
        self._path = folder / secrets.token_hex(16)
        self._lock = Lock()
        self._descriptor = -1
        self._closed = False

    def write(self, chunk: bytes) -> None:
        with self._lock:
            self._open()
            rest = memoryview(chunk)
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
            self.digest.update(chunk)
            self.bytes += len(chunk)

    def publish(self, path: Path, key: str, *, once: bool = False) -> None:
        """On disk first, then in its place, then its place on disk.

        Raises:  AssetAlreadyThere, when it was to be published `once`.
        """
        with self._lock:
            self._open()
            os.fsync(self._descriptor)
            _make_folder(path.parent)
            if once:
                self._link(path, key)
            else:
                self._path.replace(path)
            flush_folder(path.parent)

    def publish_once(self, path: Path, key: str) -> None:
        """Only where there is nothing. Raises:  AssetAlreadyThere."""
        self.publish(path, key, once=True)

    def close(self) -> None:
        """Whatever was not published is gone."""
        with self._lock:
            self._closed = True
            if self._descriptor >= 0:
                self._path.unlink(missing_ok=True)
                os.close(self._descriptor)
                self._descriptor = -1

    def _link(self, path: Path, key: str) -> None:
        try:
            path.hardlink_to(self._path)
        except FileExistsError as error:
            raise AssetAlreadyThere(kind="asset", id=key, key=key) from error

    def _open(self) -> None:
        """Locked, so that another process that opens the folder sees that its writer lives.

        That process may have been quicker than the lock; then the file is made once more.
        """
        if self._closed:
            raise AssetsUnavailable(service="assets", detail="given up", retry_after_seconds=0)
        while self._descriptor < 0:
            descriptor = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:
                self._descriptor = descriptor
            else:
                os.close(descriptor)


class Stored:
    """A file that was opened: it stays what it was, also when it is replaced or removed."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        found = os.fstat(self._file.fileno())
        self.bytes = found.st_size
        self.version = f'"{found.st_ino:x}-{found.st_mtime_ns:x}"'

    async def pieces(self, start_byte: int, end_byte: int) -> AsyncIterator[bytes]:
        try:
            at = start_byte
            while at < end_byte:
                wanted = min(PIECE_BYTES, end_byte - at)
                piece = await threaded(os.pread, self._file.fileno(), wanted, at)
                if not piece:
                    raise AssetsUnavailable(
                        service="assets",
                        detail="a file was cut short",
                        retry_after_seconds=RETRY_AFTER_SECONDS,
                    )
                at += len(piece)
                yield piece
        finally:
            self.close()

    def close(self) -> None:
        self._file.close()


async def threaded(
    function: Callable[..., Result], *arguments: object, key: str | None = None
) -> Result:
    """Runs what waits for the disk; with a `key`, nothing there means that the asset is not."""
    with translated(key):
        return await run_sync(function, *arguments)


@contextlib.contextmanager
def translated(key: str | None = None) -> Iterator[None]:
    """Raises:  AssetNotFound, AssetsFull, AssetsUnavailable."""
    try:
        yield
    except FileNotFoundError as error:
        if key is not None:
            raise AssetNotFound(kind="asset", id=key, key=key) from error
        raise _unavailable(error) from error
    except OSError as error:
        if error.errno in FULL:
            raise AssetsFull(
                service="assets",
                detail=error.strerror,
                retry_after_seconds=RETRY_AFTER_SECONDS,
            ) from error
        raise _unavailable(error) from error


def flush_folder(folder: Path) -> None:
    """After this a name that was made, replaced or removed in the folder stays so."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def files_below(folder: Path) -> list[tuple[Path, tuple[int, datetime]]]:
    """Each file with its size and when it was written; one that goes meanwhile is left out."""
    found = []
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            stat = path.stat()
            if S_ISREG(stat.st_mode):
                written_at = datetime.fromtimestamp(stat.st_mtime, UTC)
                found.append((path, (stat.st_size, written_at)))
    return found


def remove_orphans(incoming: Path) -> None:
    """A file whose lock nobody holds was left by a writer that died."""
    for path in incoming.iterdir():
        with contextlib.suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)


def _make_folder(folder: Path) -> None:
    """With all that is above it, each on disk before the next."""
    if not folder.exists():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        flush_folder(folder.parent)


def kept_secret(path: Path) -> bytes:
    """The secret in the file, made when there is none; of two makers one wins."""
    if not path.exists():
        making = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(making, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            os.write(descriptor, secrets.token_bytes(SECRET_BYTES))
            os.fsync(descriptor)
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(making)
        finally:
            os.close(descriptor)
            making.unlink()
        flush_folder(path.parent)
    return path.read_bytes()


def _unavailable(error: OSError) -> AssetsUnavailable:
    return AssetsUnavailable(
        service="assets", detail=error.strerror, retry_after_seconds=RETRY_AFTER_SECONDS
    )
