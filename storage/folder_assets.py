"""Files in a folder: the Assets port for one machine.

    FOLDER/files/3f/3fa1…   a file, under the SHA-256 of its key
    FOLDER/incoming/…       what is being written, locked by its writer
    FOLDER/link.key         what links are signed with

Names are hashes so that no key can lead out of the folder, be the beginning of another one's
path, or differ from another by case alone. Several processes may share the folder.
"""

import hashlib
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from dataspace.errors import AssetKeyInvalid, AssetTooLarge, RangeInvalid
from dataspace.ports import StoredAsset
from dataspace.quantity import Clock
from storage.folder_files import (
    PIECE_BYTES,
    Incoming,
    Stored,
    flush_folder,
    kept_secret,
    remove_orphans,
    threaded,
    translated,
)
from storage.folder_links import Links, link_route

KEY_CHARACTERS_MAX: Final = 200
_KEY = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*", re.ASCII)


class FolderAssets:
    """`routes` serves the links; the application renders what it raises."""

    def __init__(self, folder: Path, *, clock: Clock, base_url: str) -> None:
        """Makes what the folder lacks, and removes what a dead writer left.

        Raises:  AssetsFull, AssetsUnavailable.
        """
        self._files = folder / "files"
        self._incoming = folder / "incoming"
        with translated():
            for each in (self._files, self._incoming):
                each.mkdir(mode=0o700, parents=True, exist_ok=True)
            remove_orphans(self._incoming)
            secret = kept_secret(folder / "link.key")
        self._links = Links(secret, clock=clock, base_url=base_url)
        self.routes = [link_route(self._links, self._open)]

    async def put(self, key: str, chunks: AsyncIterator[bytes], *, bytes_max: int) -> StoredAsset:
        """Raises:  AssetKeyInvalid, AssetTooLarge, AssetsFull, AssetsUnavailable."""
        path = self._path(key)
        incoming = Incoming(self._incoming)
        try:
            waiting = bytearray()
            async for chunk in chunks:
                waiting += chunk
                if incoming.bytes + len(waiting) > bytes_max:
                    raise AssetTooLarge(limit=bytes_max)
                if len(waiting) >= PIECE_BYTES:
                    await threaded(incoming.write, bytes(waiting))
                    waiting.clear()
            await threaded(incoming.write, bytes(waiting))
            await threaded(incoming.publish, path)
        finally:
            await threaded(incoming.close)
        return StoredAsset(key, incoming.bytes, incoming.digest.hexdigest())

    async def read(
        self, key: str, *, start_byte: int = 0, end_byte: int | None = None
    ) -> AsyncIterator[bytes]:
        """Raises:  AssetKeyInvalid, AssetNotFound, RangeInvalid, AssetsUnavailable."""
        file = await self._open(key)
        end = file.bytes if end_byte is None else min(end_byte, file.bytes)
        if not 0 <= start_byte <= end:
            file.close()
            raise RangeInvalid(key=key, start_byte=start_byte, end_byte=end_byte, bytes=file.bytes)
        return file.pieces(start_byte, end)

    async def size(self, key: str) -> int:
        """Raises:  AssetKeyInvalid, AssetNotFound, AssetsUnavailable."""
        path = self._path(key)
        return (await threaded(path.stat, key=key)).st_size

    async def remove(self, key: str) -> None:
        """Raises:  AssetKeyInvalid, AssetNotFound, AssetsUnavailable."""
        path = self._path(key)
        await threaded(path.unlink, key=key)
        await threaded(flush_folder, path.parent)

    async def link(self, key: str, *, seconds: int, file_name: str) -> str:
        """Raises:  AssetKeyInvalid, AssetNotFound, AssetsUnavailable."""
        await self.size(key)
        return self._links.make(key, seconds=seconds, file_name=file_name)

    async def ready(self) -> None:
        """Raises:  AssetsUnavailable."""
        await threaded(os.listdir, self._incoming)

    async def _open(self, key: str) -> Stored:
        return await threaded(Stored, self._path(key), key=key)

    def _path(self, key: str) -> Path:
        if len(key) > KEY_CHARACTERS_MAX or not _KEY.fullmatch(key):
            raise AssetKeyInvalid(key=key[:KEY_CHARACTERS_MAX])
        name = hashlib.sha256(key.encode()).hexdigest()
        return self._files / name[:2] / name
