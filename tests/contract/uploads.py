"""The contract of the Assets port for files that go straight to the store, and for copies.

A subclass gives the fixtures of `AssetsContract`.
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from dataspace.errors import AssetKeyInvalid, AssetNotFound
from dataspace.ports import AnnouncedFile, Assets, DirectUpload
from tests.contract.assets import KEYS_INVALID, Fetch, content, put

KEY = "uploads/one"
CSV = "名称,代码\n甲公司,1\n".encode()
ANNOUNCED = AnnouncedFile(len(CSV), hashlib.sha256(CSV).hexdigest(), "text/csv")
OTHER = CSV[::-1]


async def sent(
    fetch: Fetch, upload: DirectUpload, file: bytes = CSV, media_type: str = "text/csv"
) -> int:
    """The status with which the store answers to the file."""
    given: dict[str, Any] = {
        "content": file, "headers": {**upload.headers, "Content-Type": media_type},
    }  # fmt: skip
    if upload.fields:
        fields = {**upload.fields, "Content-Type": media_type}
        given = {"data": fields, "files": {"file": ("样例.csv", file, media_type)}}
    return (await fetch(upload.address, upload.method, **given)).status


class UploadsContract:
    @pytest.fixture(params=["PUT", "POST"])
    async def ways(self, request: pytest.FixtureRequest, assets: Assets) -> "Ways":
        return Ways(assets, form=request.param == "POST")

    async def test_the_announced_file_is_taken_and_may_be_sent_again(
        self, assets: Assets, fetch: Fetch, ways: "Ways"
    ) -> None:
        upload = await ways.upload()
        for _ in range(2):
            assert await sent(fetch, upload) in (200, 204)
            assert await content(assets, KEY) == CSV
        assert [each.key async for each in assets.listing()] == [KEY]
        link = await assets.link(KEY, seconds=60, file_name="a.csv")
        assert hashlib.sha256((await fetch(link)).body).hexdigest() == ANNOUNCED.sha256

    async def test_an_empty_file_may_be_announced(
        self, assets: Assets, fetch: Fetch, ways: "Ways"
    ) -> None:
        empty = AnnouncedFile(0, hashlib.sha256(b"").hexdigest(), "text/csv")
        assert await sent(fetch, await ways.upload(empty), b"") in (200, 204)
        assert await content(assets, KEY) == b""

    async def test_any_other_file_is_refused_and_nothing_of_it_kept(
        self, assets: Assets, fetch: Fetch, ways: "Ways"
    ) -> None:
        upload = await ways.upload()
        others = ((CSV + b"x", "text/csv"), (CSV[:-1], "text/csv"), (b"", "text/csv"),
                  (CSV, "text/html"), (OTHER, "text/csv"))  # fmt: skip
        for file, media_type in others:
            assert await sent(fetch, upload, file, media_type) >= 400, (file, media_type)
            assert [each async for each in assets.listing()] == []
        await put(assets, KEY, b"what was there")
        for file, media_type in others:
            assert await sent(fetch, upload, file, media_type) >= 400, (file, media_type)
            assert await content(assets, KEY) == b"what was there"

    async def test_an_upload_that_was_changed_takes_nothing(
        self, assets: Assets, fetch: Fetch, ways: "Ways"
    ) -> None:
        upload = await ways.upload()
        announced = AnnouncedFile(len(OTHER), hashlib.sha256(OTHER).hexdigest(), "text/csv")
        other = await ways.upload(announced)
        for each in changed(upload, other):
            assert await sent(fetch, each) >= 400, each
            assert await sent(fetch, each, OTHER) >= 400, each
        assert [each async for each in assets.listing()] == []

    async def test_an_upload_is_over_when_its_seconds_are(
        self,
        assets: Assets,
        fetch: Fetch,
        ways: "Ways",
        pass_time: Callable[[float], Awaitable[None]],
    ) -> None:
        upload = await ways.upload(seconds=2)
        await pass_time(3.1)
        assert await sent(fetch, upload) >= 400
        assert [each async for each in assets.listing()] == []

    async def test_who_may_send_may_not_read_nor_the_reverse(
        self, assets: Assets, fetch: Fetch
    ) -> None:
        await put(assets, KEY, CSV)
        upload = await assets.upload(KEY, ANNOUNCED, seconds=60)
        assert (await fetch(upload.address, headers=dict(upload.headers))).status >= 400
        link = await assets.link(KEY, seconds=60, file_name="a.csv")
        assert (await fetch(link, "PUT", content=CSV, headers=dict(upload.headers))).status >= 400
        assert (await fetch(upload.address, "DELETE")).status >= 400
        assert await content(assets, KEY) == CSV

    async def test_an_upload_under_another_key_is_refused(self, assets: Assets) -> None:
        for key in KEYS_INVALID:
            with pytest.raises(AssetKeyInvalid):
                await assets.upload(key, ANNOUNCED, seconds=60)

    async def test_a_copy_is_the_file_as_it_was(self, assets: Assets) -> None:
        large = bytes(range(256)) * 4096 * 9
        for at, whole in enumerate((b"", b"first", large)):
            await put(assets, "from", whole, bytes_max=len(large))
            await put(assets, f"to/{at}", b"there before")
            await assets.copy("from", f"to/{at}")
            await put(assets, "from", b"replaced")
            assert await content(assets, f"to/{at}") == whole
        await assets.remove("from")
        assert await content(assets, "to/1") == b"first"

    async def test_what_is_not_there_cannot_be_copied(self, assets: Assets) -> None:
        await put(assets, "a", b"x")
        with pytest.raises(AssetNotFound):
            await assets.copy("b", "a")
        assert await content(assets, "a") == b"x"
        for key in KEYS_INVALID:
            with pytest.raises(AssetKeyInvalid):
                await assets.copy(key, "c")
            with pytest.raises(AssetKeyInvalid):
                await assets.copy("a", key)


class Ways:
    """Uploads of one of the two ways."""

    def __init__(self, assets: Assets, *, form: bool) -> None:
        self._assets, self._form = assets, form

    async def upload(
        self, announced: AnnouncedFile = ANNOUNCED, *, seconds: int = 60
    ) -> DirectUpload:
        return await self._assets.upload(KEY, announced, seconds=seconds, form=self._form)


def changed(upload: DirectUpload, other: DirectUpload) -> list[DirectUpload]:
    """The upload to another key, and with each part of its own left out or taken from another."""
    method = upload.method
    if upload.fields:
        moved = {**upload.fields, "key": "uploads/two"}
        evidence = {**upload.fields, "key": "evidence/one"}
        less = [
            {name: value for name, value in upload.fields.items() if name != left}
            for left in upload.fields if left not in ("key", "Content-Type")
        ]  # fmt: skip
        mixed = [
            {**upload.fields, name: value} for name, value in other.fields.items()
            if upload.fields[name] != value
        ]  # fmt: skip
        return [
            DirectUpload(method, upload.address, fields=each)
            for each in (moved, evidence, *less, *mixed)
        ]
    address, _, query = upload.address.partition("?")
    parts = query.split("&")
    differing = [
        (own, strange) for own, strange in zip(parts, other.address.partition("?")[2].split("&"),
        strict=True) if own != strange
    ]  # fmt: skip
    addresses = [
        upload.address.replace(KEY, "uploads/two"),
        upload.address.replace(KEY, "evidence/one"),
        address,
        *(f"{address}?{'&'.join(each for each in parts if each != left)}" for left in parts),
        *(upload.address.replace(own, strange) for own, strange in differing),
    ]
    return [DirectUpload(method, each, headers=upload.headers) for each in addresses]
