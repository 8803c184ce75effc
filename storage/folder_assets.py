"""Files in a folder: the Assets port for one machine.

    FOLDER/files/3f/c5n6…   a file, under its key in base 32; 3f comes of the key's SHA-256
    FOLDER/incoming/…       what is being written, locked by its writer
    FOLDER/link.key         what links and uploads are signed with

Names are in base 32 so that no key can lead out of the folder, be the beginning of another
one's path, or differ from another by case alone, and yet be read back from its file's name. A
long name goes on in folders whose own names end with `+`. Several processes may share the folder.
"""

import base64
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from dataspace.errors import AssetTooLarge, RangeInvalid
from dataspace.ports import Ability, AnnouncedFile, DirectUpload, ListedAsset, StoredAsset
from dataspace.quantity import Clock
from storage.abilities import abilities_of
from storage.folder_files import (
    PIECE_BYTES,
    Incoming,
    Stored,
    files_below,
    flush_folder,
    kept_secret,
    remove_orphans,
    threaded,
    translated,
)
from storage.folder_links import Links, link_route
from storage.folder_uploads import Uploads, upload_routes
from storage.names import check_key

NAME_CHARACTERS_MAX: Final = 200
GOES_ON: Final = "+"
ABLE: Final = frozenset({"conditional_put", "announced_upload", "nested_keys"})
LACKING: Final = frozenset(
    {
        "object_lock", "versioning", "server_side_encryption", "temporary_credentials",
        "direct_upload",
    }
)  # fmt: skip


class FolderAssets:
    """`routes` serves links and uploads; the application renders what it raises."""

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
        self._uploads = Uploads(secret, clock=clock, base_url=base_url)
        self.routes = [
            link_route(self._links, self._open), *upload_routes(self._uploads, self._take)
        ]  # fmt: skip

    async def put(
        self, key: str, chunks: AsyncIterator[bytes], *, bytes_max: int, replace: bool = True
    ) -> StoredAsset:
        """Raises:  AssetKeyInvalid, AssetTooLarge, AssetAlreadyThere, AssetsFull,
        AssetsUnavailable.
        """
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
            publish = incoming.publish if replace else incoming.publish_once
            await threaded(publish, path, key)
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

    async def upload(
        self, key: str, announced: AnnouncedFile, *, seconds: int, form: bool = False
    ) -> DirectUpload:
        """To `routes`. Raises:  AssetKeyInvalid."""
        check_key(key)
        make = self._uploads.form if form else self._uploads.link
        return make(key, announced, seconds=seconds)

    async def copy(self, key: str, to: str) -> None:
        """Raises:  AssetKeyInvalid, AssetNotFound, AssetsFull, AssetsUnavailable."""
        self._path(to)
        file = await self._open(key)
        await self.put(to, file.pieces(0, file.bytes), bytes_max=file.bytes)

    async def ready(self) -> None:
        """Raises:  AssetsUnavailable."""
        await threaded(os.listdir, self._incoming)

    async def listing(self, under: str = "") -> AsyncIterator[ListedAsset]:
        """Raises:  AssetsUnavailable."""
        for folder in await threaded(os.listdir, self._files):
            for path, found in await threaded(files_below, self._files / folder):
                key = _key_of(path.relative_to(self._files))
                if key.startswith(under):
                    yield ListedAsset(key, *found)

    async def abilities(self) -> list[Ability]:
        return abilities_of(ABLE, lacking=LACKING)

    async def _take(self, key: str, chunks: AsyncIterator[bytes], announced: AnnouncedFile) -> None:
        await self.put(key, chunks, bytes_max=announced.bytes)

    async def _open(self, key: str) -> Stored:
        return await threaded(Stored, self._path(key), key=key)

    def _path(self, key: str) -> Path:
        check_key(key)
        name = base64.b32hexencode(key.encode()).decode().rstrip("=").lower()
        starts = range(0, len(name), NAME_CHARACTERS_MAX)
        *above, last = (name[at : at + NAME_CHARACTERS_MAX] for at in starts)
        drawer = hashlib.sha256(key.encode()).hexdigest()[:2]
        return Path(self._files, drawer, *(each + GOES_ON for each in above), last)


def _key_of(path: Path) -> str:
    name = "".join(each.removesuffix(GOES_ON) for each in path.parts[1:])
    return base64.b32hexdecode(name.upper() + "=" * (-len(name) % 8)).decode()
