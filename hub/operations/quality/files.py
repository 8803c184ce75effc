"""The data file of a resource, brought into a folder of its own for as long as it is measured."""

import asyncio
import errno
import hashlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final, TypeVar

from dataspace.errors import AssetNotFound
from dataspace.quality.refusals import DataFileRefused, DataFileTooLarge, NoRoomToMeasure
from dataspace.selection import Row
from hub.node import Node
from hub.operations.samples import key

DATA_BYTES_MAX: Final = 512 * 1024 * 1024
GONE: Final = "it is not in the store"
FULL: Final = (errno.ENOSPC, errno.EDQUOT)
ALTERED: Final = "it is not the file that was attached"
T = TypeVar("T")

# One measurement at a time, so that the engine's limit of memory is that of the whole process.
_MEASURING: Final = ThreadPoolExecutor(1, thread_name_prefix="measuring")


@dataclass(frozen=True, slots=True)
class DataFile:
    """`path` lies in `folder`, in which the measurement may work; `name` is the file's own."""

    path: Path
    name: str
    folder: Path


@asynccontextmanager
async def work_folder() -> AsyncIterator[Path]:
    folder = await asyncio.to_thread(tempfile.mkdtemp, prefix="cityspace-quality-")
    try:
        yield Path(folder)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def fetched(node: Node, sample: Row, folder: Path) -> DataFile:
    """The file of an asset, whole and as it was attached.

    Raises:  DataFileRefused when it is gone or altered, DataFileTooLarge, AssetsUnavailable.
    """
    suffix = PurePath(sample["file_name"]).suffix.lower()
    to = folder / f"{sample['id']}{suffix}"
    try:
        digest = await _written(await node.assets.read(key(sample["id"])), to)
    except AssetNotFound as error:
        raise DataFileRefused(file_name=sample["file_name"], why=GONE) from error
    if digest != sample["sha256"]:
        raise DataFileRefused(file_name=sample["file_name"], why=ALTERED)
    return DataFile(to, sample["file_name"], folder)


async def _written(chunks: AsyncIterator[bytes], to: Path) -> str:
    """The SHA-256 of what was written. Raises:  DataFileTooLarge, AssetNotFound."""
    digest, count = hashlib.sha256(), 0
    with room(), to.open("wb") as file:
        async for chunk in chunks:
            count += len(chunk)
            if count > DATA_BYTES_MAX:
                raise DataFileTooLarge(what="bytes", limit=DATA_BYTES_MAX, asked=count)
            digest.update(chunk)
            await asyncio.to_thread(file.write, chunk)
    return digest.hexdigest()


@contextmanager
def room() -> Iterator[None]:
    """Raises:  NoRoomToMeasure when the disk of the temporary files is full."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise NoRoomToMeasure(detail=error.strerror, retry_after_seconds=60) from error


async def in_turn(work: Callable[[], T]) -> T:
    """Runs what takes the engine, in a thread, one after another."""
    with room():
        return await asyncio.get_running_loop().run_in_executor(_MEASURING, work)
