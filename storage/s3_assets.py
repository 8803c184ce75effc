"""Files in an S3 store: the Assets port for a city.

Keys under `evidence/` lie in a bucket that is versioned and locked, all others in the bucket of
files. A small file is one request; a large one is sent in parts as it comes in, so that no more
than a part is held, and the store makes it visible when all parts are there. The store compares
the SHA-256 of all that it takes; that of the whole is noted beside the object.
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Final, TypeVar

from anyio import CancelScope, CapacityLimiter, move_on_after
from anyio.to_thread import run_sync
from starlette.routing import BaseRoute

from dataspace.errors import (
    AssetAlreadyThere,
    AssetNotFound,
    AssetsUnavailable,
    AssetTooLarge,
    RangeInvalid,
)
from dataspace.ports import Ability, AnnouncedFile, DirectUpload, ListedAsset, StoredAsset
from dataspace.quantity import Clock
from storage.names import check_key
from storage.s3.abilities import tried
from storage.s3.client import CONNECTIONS_MAX, S3, Body, Keys, Looked
from storage.s3.place import At, Place
from storage.s3.refusals import AssetsNotSetUp, ConditionFailed

PART_BYTES: Final = 8 * 1024 * 1024
PAGE: Final = 1000
GIVE_UP_SECONDS: Final = 5.0
READ_TRIES: Final = 3
Result = TypeVar("Result")


class S3Assets:
    """`routes` is empty: links lead to the store itself."""

    def __init__(self, place: Place, keys: Keys, *, clock: Clock) -> None:
        self.routes: Sequence[BaseRoute] = ()
        self.place = place
        self.s3 = S3(place, keys)
        self._clock = clock
        self._limiter = CapacityLimiter(CONNECTIONS_MAX)

    async def put(
        self, key: str, chunks: AsyncIterator[bytes], *, bytes_max: int, replace: bool = True
    ) -> StoredAsset:
        """Raises:  AssetKeyInvalid, AssetTooLarge, AssetAlreadyThere, AssetsFull,
        AssetsUnavailable.
        """
        sending = _Sending(self, self._at(key), once=not replace)
        try:
            async for chunk in chunks:
                if sending.bytes + len(chunk) > bytes_max:
                    raise AssetTooLarge(limit=bytes_max)
                await sending.add(chunk)
            await sending.finish()
        except ConditionFailed as error:
            await sending.give_up()
            raise AssetAlreadyThere(kind="asset", id=key, key=key) from error
        except BaseException:
            await sending.give_up()
            raise
        return StoredAsset(key, sending.bytes, sending.digest.hexdigest())

    async def read(
        self, key: str, *, start_byte: int = 0, end_byte: int | None = None
    ) -> AsyncIterator[bytes]:
        """Raises:  AssetKeyInvalid, AssetNotFound, RangeInvalid, AssetsUnavailable."""
        at = self._at(key)
        for _ in range(READ_TRIES):
            found = await self._look(at)
            end = found.bytes if end_byte is None else min(end_byte, found.bytes)
            if not 0 <= start_byte <= end:
                raise RangeInvalid(
                    key=key, start_byte=start_byte, end_byte=end_byte, bytes=found.bytes
                )
            if start_byte == end:
                return self._pieces(None)
            try:
                open_part = partial(
                    self.s3.open, at, found.etag, start_byte=start_byte, end_byte=end
                )
                body = await self.waited(open_part)
            except ConditionFailed:
                continue
            return self._pieces(body)
        raise AssetsUnavailable(
            service="assets", detail="it is replaced all the time", retry_after_seconds=1
        )

    async def size(self, key: str) -> int:
        """Raises:  AssetKeyInvalid, AssetNotFound, AssetsUnavailable."""
        return (await self._look(self._at(key))).bytes

    async def remove(self, key: str) -> None:
        """Of evidence the versions stay. Raises:  AssetKeyInvalid, AssetNotFound,
        AssetsUnavailable.
        """
        at = self._at(key)
        await self._look(at)
        await self.threaded(self.s3.remove, at)

    async def link(self, key: str, *, seconds: int, file_name: str) -> str:
        """Asks only whether the file is there. Raises:  AssetKeyInvalid, AssetNotFound,
        AssetsUnavailable.
        """
        at = self._at(key)
        await self._look(at)
        return self.s3.link(at, seconds=seconds, file_name=file_name)

    async def upload(
        self, key: str, announced: AnnouncedFile, *, seconds: int, form: bool = False
    ) -> DirectUpload:
        """Asks nothing of the store. Raises:  AssetKeyInvalid."""
        sign = self.s3.upload_form if form else self.s3.upload_link
        return sign(self._at(key), announced, now=self._clock.now(), seconds=seconds)

    async def copy(self, key: str, to: str) -> None:
        """Made by the store. Raises:  AssetKeyInvalid, AssetNotFound, AssetsFull,
        AssetsUnavailable.
        """
        at, place = self._at(key), self._at(to)
        await self._look(at)
        await self.threaded(self.s3.copy, at, place)

    async def listing(self, under: str = "") -> AsyncIterator[ListedAsset]:
        """Raises:  AssetsUnavailable."""
        for bucket in (self.place.files, self.place.evidence):
            listing = self.s3.listing(bucket, under)
            while page := await self.waited(_page, listing):
                for each in page:
                    yield each

    async def abilities(self) -> list[Ability]:
        """Tries each with small objects of its own. Raises:  AssetsUnavailable."""
        return await self.threaded(tried, self.s3, self.place, self._clock)

    async def ready(self) -> None:
        """Raises:  AssetsNotSetUp, AssetsRefused, AssetsUnavailable."""
        for bucket in (self.place.files, self.place.evidence):
            if not await self.waited(self.s3.has, bucket):
                raise AssetsNotSetUp(
                    service="assets", detail="NoSuchBucket", bucket=bucket, retry_after_seconds=60
                )

    async def threaded(self, function: Callable[..., Result], *arguments: object) -> Result:
        """Runs what must not be left half done, even when its caller is cancelled."""
        return await run_sync(function, *arguments, limiter=self._limiter)

    async def waited(self, function: Callable[..., Result], *arguments: object) -> Result:
        """Runs what changes nothing: who is cancelled does not wait for a store that hangs."""
        return await run_sync(function, *arguments, limiter=self._limiter, abandon_on_cancel=True)

    async def _look(self, at: At) -> Looked:
        return await self.waited(self.s3.look, at)

    async def _pieces(self, body: Body | None) -> AsyncIterator[bytes]:
        if body is None:
            return
        try:
            while piece := await self.waited(body.piece):
                yield piece
        finally:
            body.close()

    def _at(self, key: str) -> At:
        check_key(key)
        return self.place.at(key)


class _Sending:
    """A file on its way: at most one part of it is held here."""

    def __init__(self, assets: S3Assets, at: At, *, once: bool) -> None:
        self.bytes = 0
        self.digest = hashlib.sha256()
        self._assets = assets
        self._at = at
        self._once = once
        self._waiting = bytearray()
        self._upload = ""
        self._etags: list[str] = []

    async def add(self, chunk: bytes) -> None:
        rest = memoryview(chunk)
        self.bytes += len(rest)
        while rest:
            room = PART_BYTES - len(self._waiting)
            self._waiting += rest[:room]
            rest = rest[room:]
            if len(self._waiting) == PART_BYTES:
                await self._send()

    async def finish(self) -> None:
        """Raises:  ConditionFailed."""
        if not self._upload:
            await self._assets.threaded(self._put)
            return
        if self._waiting:
            await self._send()
        await self._assets.threaded(self._put_together)

    async def give_up(self) -> None:
        """What the store still does not hear of, its lifecycle removes."""
        with CancelScope(shield=True), move_on_after(GIVE_UP_SECONDS):
            upload, self._upload = self._upload, ""
            if upload:
                await self._assets.waited(self._give_up, upload)

    async def _send(self) -> None:
        await self._assets.threaded(self._put_part)
        self._waiting.clear()

    def _put_part(self) -> None:
        s3, content = self._assets.s3, bytes(self._waiting)
        self._upload = self._upload or s3.begin(self._at)
        self.digest.update(content)
        number = len(self._etags) + 1
        self._etags.append(s3.put_part(self._at, self._upload, content, number=number))

    def _put(self) -> None:
        content = bytes(self._waiting)
        self.digest.update(content)
        self._assets.s3.put(self._at, content, once=self._once)

    def _put_together(self) -> None:
        s3 = self._assets.s3
        etag = s3.finish(self._at, self._upload, self._etags, once=self._once)
        self._upload = ""
        # Its hash was not known when it was begun. Where another writer was quicker, who notes
        # a hash of their own, ours has been replaced already.
        with suppress(ConditionFailed, AssetNotFound):
            s3.note(self._at, self.digest.hexdigest(), etag=etag)

    def _give_up(self, upload: str) -> None:
        with suppress(AssetsUnavailable, AssetNotFound):
            self._assets.s3.give_up(self._at, upload)


def _page(listing: Iterator[ListedAsset]) -> list[ListedAsset]:
    return list(islice(listing, PAGE))
