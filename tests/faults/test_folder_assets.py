"""Files in a folder when the process, the disk or a file fails."""

import asyncio
import errno
import os
import resource
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from dataspace.errors import AssetNotFound, AssetsFull, AssetsUnavailable
from storage import folder_files
from storage.folder_assets import FolderAssets
from tests.clock import FrozenClock
from tests.contract.assets import content, put

WRITER = """
import asyncio, sys
from pathlib import Path
from storage.folder_assets import FolderAssets
from tests.clock import FrozenClock

async def endless():
    while True:
        yield b"y" * 100_000
        print("writing", flush=True)

assets = FolderAssets(Path(sys.argv[1]), clock=FrozenClock(), base_url="")
asyncio.run(assets.put("k", endless(), bytes_max=10**9))
"""


@pytest.fixture
def assets(tmp_path: Path, clock: FrozenClock) -> FolderAssets:
    return opened(tmp_path, clock)


def opened(folder: Path, clock: FrozenClock) -> FolderAssets:
    return FolderAssets(folder, clock=clock, base_url="http://127.0.0.1:8000")


def incoming(folder: Path) -> list[Path]:
    return list((folder / "incoming").iterdir())


async def test_a_writer_that_is_killed_leaves_what_was_there(
    assets: FolderAssets, tmp_path: Path, clock: FrozenClock
) -> None:
    await put(assets, "k", b"before")
    for lines in (1, 5, 30):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, tmp_path], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            for _ in range(lines):
                writer.stdout.readline()
            writer.send_signal(signal.SIGKILL)
        assert await content(assets, "k") == b"before"
    assert incoming(tmp_path)
    again = opened(tmp_path, clock)
    assert incoming(tmp_path) == []
    assert await content(again, "k") == b"before"


async def test_opening_the_folder_does_not_disturb_a_writer_that_lives(
    assets: FolderAssets, tmp_path: Path, clock: FrozenClock
) -> None:
    async def source() -> AsyncIterator[bytes]:
        yield b"a" * folder_files.PIECE_BYTES
        assert len(incoming(tmp_path)) == 1
        opened(tmp_path, clock)
        assert len(incoming(tmp_path)) == 1
        yield b"b"

    stored = await assets.put("k", source(), bytes_max=10**6)
    assert await assets.size("k") == stored.bytes == folder_files.PIECE_BYTES + 1


async def test_a_full_disk_is_told_and_leaves_nothing(small_disk: Path, clock: FrozenClock) -> None:
    assets = opened(small_disk, clock)
    await put(assets, "k", b"before")
    with pytest.raises(AssetsFull):
        await put(assets, "k", *[b"x" * 100_000] * 20, bytes_max=10**7)
    with pytest.raises(AssetsFull):
        await put(assets, "other", *[b"x" * 100_000] * 20, bytes_max=10**7)
    assert incoming(small_disk) == []
    assert await content(assets, "k") == b"before"
    with pytest.raises(AssetNotFound):
        await assets.size("other")
    assert (await put(assets, "other", b"x" * 100_000)).bytes == 100_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one mebibyte; it takes the right to mount one."""
    mounting = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", tmp_path]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


async def test_a_file_over_the_limit_of_the_process_is_told_as_a_full_disk(
    assets: FolderAssets, tmp_path: Path
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, hard))
    try:
        with pytest.raises(AssetsFull) as caught:
            await put(assets, "k", *[b"x" * 300_000] * 4, bytes_max=10**7)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.facts["detail"] == os.strerror(errno.EFBIG)
    assert incoming(tmp_path) == []


@pytest.mark.parametrize("call", ["write", "fsync"])
@pytest.mark.parametrize(
    ("number", "error"),
    [(errno.ENOSPC, AssetsFull), (errno.EDQUOT, AssetsFull), (errno.EIO, AssetsUnavailable)],
)
async def test_a_disk_that_fails_is_told_and_leaves_what_was_there(
    assets: FolderAssets,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    number: int,
    error: type[AssetsFull | AssetsUnavailable],
) -> None:
    await put(assets, "k", b"before")

    def fail(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as failing:
        failing.setattr(folder_files.os, call, fail)
        with pytest.raises(error):
            await put(assets, "k", b"after")
    assert incoming(tmp_path) == []
    assert await content(assets, "k") == b"before"


async def test_a_file_that_cannot_be_read_is_told(
    assets: FolderAssets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(assets, "k", b"x" * 1000)
    (file,) = (path for path in (tmp_path / "files").rglob("*") if path.is_file())

    def fail(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as failing:
        failing.setattr(folder_files.os, "pread", fail)
        with pytest.raises(AssetsUnavailable):
            await content(assets, "k")
    read = await assets.read("k")
    os.truncate(file, 10)
    with pytest.raises(AssetsUnavailable):
        b"".join([piece async for piece in read])
    file.unlink()
    file.mkdir()
    with pytest.raises(AssetsUnavailable):
        await assets.read("k")


async def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path, clock: FrozenClock) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(AssetsUnavailable):
        opened(tmp_path / "taken", clock)
    assets = opened(tmp_path / "vanishing", clock)
    for name in ("incoming", "files"):
        (tmp_path / "vanishing" / name).rmdir()
    with pytest.raises(AssetsUnavailable):
        await assets.ready()
    with pytest.raises(AssetsUnavailable):
        await put(assets, "k", b"x")


async def test_a_writer_that_is_cancelled_while_it_writes_leaves_nothing(
    assets: FolderAssets, tmp_path: Path
) -> None:
    async def source() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * folder_files.PIECE_BYTES

    for wait_seconds in (0.0, 0.001, 0.003, 0.01):
        writing = asyncio.create_task(assets.put("k", source(), bytes_max=10**9))
        await asyncio.sleep(wait_seconds)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        assert incoming(tmp_path) == []
    with pytest.raises(AssetNotFound):
        await assets.size("k")
