"""The contract of the Assets port: files by key, whole or not at all, and links that expire.

A subclass gives two fixtures: `assets`, an empty store that reads the time from `clock`, and
`fetch`, which follows a link. One whose clock cannot be moved also overrides `pass_time`.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from random import Random
from time import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataspace.errors import (
    AssetAlreadyThere,
    AssetKeyInvalid,
    AssetNotFound,
    AssetsUnavailable,
    AssetTooLarge,
    RangeInvalid,
)
from dataspace.ports import Assets, StoredAsset
from tests.clock import FrozenClock

SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
MEBIBYTE = 2**20
KEYS_INVALID = (
    "", "/", "/a", "a/", "a//b", "..", "../a", "a/../b", "a/..", ".", "./a", "a/.b", "a.b", "a b",
    "a\\b", "C:/a", "a\x00b", "a\nb", "水", "ａ", "é", "%2e%2e/a", "~", "a*", "a?", "a" * 201,
)  # fmt: skip


@dataclass(frozen=True)
class Response:
    status: int
    headers: Mapping[str, str]
    body: bytes


Fetch = Callable[..., Awaitable[Response]]


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def put(assets: Assets, key: str, *parts: bytes, bytes_max: int = MEBIBYTE) -> StoredAsset:
    return await assets.put(key, chunks(*parts), bytes_max=bytes_max)


async def content(assets: Assets, key: str, start: int = 0, end: int | None = None) -> bytes:
    read = await assets.read(key, start_byte=start, end_byte=end)
    return b"".join([chunk async for chunk in read])


class AssetsContract:
    @pytest.fixture
    def pass_time(self, clock: FrozenClock) -> Callable[[float], Awaitable[None]]:
        async def advance(seconds: float) -> None:
            clock.advance(seconds=seconds)

        return advance

    async def test_what_is_put_is_read_and_its_size_and_hash_are_told(self, assets: Assets) -> None:
        for at, parts in enumerate([(b"a,b\n", b"1,2\n"), (b"",), (), (b"", b"x", b"", b"y")]):
            whole = b"".join(parts)
            stored = await put(assets, f"k/{at}", *parts)
            assert stored == StoredAsset(f"k/{at}", len(whole), hashlib.sha256(whole).hexdigest())
            assert await content(assets, f"k/{at}") == whole
            assert await assets.size(f"k/{at}") == len(whole)

    async def test_a_large_file_is_read_as_it_was_written(self, assets: Assets) -> None:
        random = Random(1)
        parts = [random.randbytes(random.choice([1, 1000, 65_536, 300_001])) for _ in range(40)]
        whole = b"".join(parts)
        stored = await put(assets, "large", *parts, bytes_max=len(whole))
        assert stored.sha256 == hashlib.sha256(whole).hexdigest()
        read = await assets.read("large")
        pieces = [piece async for piece in read]
        assert b"".join(pieces) == whole
        assert max(map(len, pieces)) <= MEBIBYTE

    @SHARED
    @given(st.integers(0, 300), st.one_of(st.none(), st.integers(0, 400)))
    async def test_exactly_the_bytes_asked_for_are_read(
        self, filled: Assets, start: int, end: int | None
    ) -> None:
        whole = bytes(range(256)) + bytes(44)
        if end is not None and end < start:
            with pytest.raises(RangeInvalid):
                await filled.read("k", start_byte=start, end_byte=end)
        else:
            assert await content(filled, "k", start, end) == whole[start:end]

    @pytest.fixture
    async def filled(self, assets: Assets) -> Assets:
        await put(assets, "k", bytes(range(256)) + bytes(44))
        return assets

    async def test_bytes_outside_of_the_file_are_refused_before_the_first(
        self, filled: Assets
    ) -> None:
        for start, end in ((-1, None), (301, None), (301, 400), (5, 4), (-5, -1)):
            with pytest.raises(RangeInvalid):
                await filled.read("k", start_byte=start, end_byte=end)

    async def test_what_is_not_there_is_not_found_before_the_first_byte(
        self, assets: Assets
    ) -> None:
        await put(assets, "a/b", b"x")
        for key in ("b", "a", "a/b/c", "A/B"):
            with pytest.raises(AssetNotFound):
                await assets.read(key)
            with pytest.raises(AssetNotFound):
                await assets.size(key)
            with pytest.raises(AssetNotFound):
                await assets.remove(key)
            with pytest.raises(AssetNotFound):
                await assets.link(key, seconds=60, file_name="x")

    async def test_a_removed_file_is_gone(self, assets: Assets) -> None:
        await put(assets, "a/b", b"x")
        await put(assets, "a/c", b"y")
        await assets.remove("a/b")
        with pytest.raises(AssetNotFound):
            await assets.read("a/b")
        with pytest.raises(AssetNotFound):
            await assets.remove("a/b")
        assert await content(assets, "a/c") == b"y"
        await put(assets, "a/b", b"again")
        assert await content(assets, "a/b") == b"again"

    async def test_another_key_is_refused_by_everything(self, assets: Assets) -> None:
        for key in KEYS_INVALID:
            with pytest.raises(AssetKeyInvalid):
                await put(assets, key, b"x")
            with pytest.raises(AssetKeyInvalid):
                await assets.read(key)
            with pytest.raises(AssetKeyInvalid):
                await assets.size(key)
            with pytest.raises(AssetKeyInvalid):
                await assets.remove(key)
            with pytest.raises(AssetKeyInvalid):
                await assets.link(key, seconds=60, file_name="x")

    async def test_every_allowed_key_is_a_file_of_its_own(self, assets: Assets) -> None:
        keys = ("a", "a/b", "a/b/c", "a/B", "A", "a-b", "a_b", "-", "_", "0", "con", "x" * 200)
        for key in keys:
            await put(assets, key, key.encode())
        for key in keys:
            assert await content(assets, key) == key.encode()

    async def test_a_file_that_is_too_large_is_refused_at_once_and_leaves_nothing(
        self, assets: Assets
    ) -> None:
        taken = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal taken
            while True:
                taken += 1
                yield b"x" * 10

        with pytest.raises(AssetTooLarge):
            await assets.put("k", endless(), bytes_max=95)
        assert taken == 10
        with pytest.raises(AssetNotFound):
            await assets.size("k")
        assert (await put(assets, "k", b"x" * 95, bytes_max=95)).bytes == 95
        with pytest.raises(AssetTooLarge):
            await put(assets, "k", b"y" * 96, bytes_max=95)
        assert await content(assets, "k") == b"x" * 95

    async def test_a_source_that_fails_leaves_what_was_there(self, assets: Assets) -> None:
        class SourceFailed(Exception):
            """Whatever the sender's side raises."""

        async def failing() -> AsyncIterator[bytes]:
            yield b"half"
            raise SourceFailed

        with pytest.raises(SourceFailed):
            await assets.put("k", failing(), bytes_max=100)
        with pytest.raises(AssetNotFound):
            await assets.read("k")
        await put(assets, "k", b"whole")
        with pytest.raises(SourceFailed):
            await assets.put("k", failing(), bytes_max=100)
        assert await content(assets, "k") == b"whole"

    async def test_nothing_is_visible_before_all_is_there(self, assets: Assets) -> None:
        await put(assets, "old", b"before")

        async def watching(key: str, seen: list[bytes]) -> AsyncIterator[bytes]:
            for part in (b"first", b"second"):
                yield part
                await asyncio.sleep(0)
                try:
                    seen.append(await content(assets, key))
                except AssetNotFound:
                    seen.append(b"nothing")

        for key, expected in (("fresh", b"nothing"), ("old", b"before")):
            seen: list[bytes] = []
            await assets.put(key, watching(key, seen), bytes_max=100)
            assert seen == [expected, expected]
            assert await content(assets, key) == b"firstsecond"

    async def test_a_writer_that_is_given_up_leaves_nothing(self, assets: Assets) -> None:
        begun = asyncio.Event()

        async def stalled() -> AsyncIterator[bytes]:
            yield b"half"
            begun.set()
            await asyncio.sleep(3600)

        writing = asyncio.create_task(assets.put("k", stalled(), bytes_max=100))
        await begun.wait()
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        with pytest.raises(AssetNotFound):
            await assets.size("k")

    async def test_a_reader_goes_on_with_what_it_began_with(self, assets: Assets) -> None:
        before, after = b"a" * (2 * MEBIBYTE), b"b" * 10
        await put(assets, "k", before, bytes_max=len(before))
        read = await assets.read("k")
        first = await anext(read)
        await put(assets, "k", after)
        assert first + b"".join([chunk async for chunk in read]) == before
        assert await content(assets, "k") == after

    async def test_of_many_writers_of_one_key_one_wins_wholly(self, assets: Assets) -> None:
        async def slowly(letter: bytes) -> AsyncIterator[bytes]:
            for _ in range(20):
                yield letter * 1000
                await asyncio.sleep(0)

        letters = [bytes([65 + at]) for at in range(16)]
        stored = await asyncio.gather(
            *(assets.put("k", slowly(letter), bytes_max=20_000) for letter in letters)
        )
        found = await content(assets, "k")
        assert found in [letter * 20_000 for letter in letters]
        assert hashlib.sha256(found).hexdigest() in {each.sha256 for each in stored}

    async def test_what_is_not_to_be_replaced_stays(self, assets: Assets) -> None:
        await assets.put("k", chunks(b"first"), bytes_max=10, replace=False)
        with pytest.raises(AssetAlreadyThere):
            await assets.put("k", chunks(b"second"), bytes_max=10, replace=False)
        assert await content(assets, "k") == b"first"
        await assets.remove("k")
        await assets.put("k", chunks(b"third"), bytes_max=10, replace=False)
        assert await content(assets, "k") == b"third"

    async def test_of_many_that_replace_nothing_exactly_one_wins(self, assets: Assets) -> None:
        async def one(at: int) -> int | None:
            try:
                await assets.put("k", chunks(b"%d" % at), bytes_max=10, replace=False)
            except AssetAlreadyThere:
                return None
            return at

        won = [at for at in await asyncio.gather(*map(one, range(16))) if at is not None]
        assert len(won) == 1
        assert await content(assets, "k") == b"%d" % won[0]

    async def test_every_whole_file_is_listed_once(self, assets: Assets) -> None:
        assert [each async for each in assets.listing()] == []
        keys = {"a", "A", "samples/x", "samples/x-y", "samples_x", "x" * 200, "y/" * 99 + "y"}
        for key in keys:
            await put(assets, key, key.encode())
        began = asyncio.Event()

        async def stalled() -> AsyncIterator[bytes]:
            yield b"half"
            began.set()
            await asyncio.sleep(3600)

        writing = asyncio.create_task(assets.put("half", stalled(), bytes_max=100))
        await began.wait()
        listed = [each async for each in assets.listing()]
        writing.cancel()
        assert {each.key: each.bytes for each in listed} == {key: len(key) for key in keys}
        assert len(listed) == len(keys)
        assert all(abs(each.stored_at.timestamp() - time()) < 600 for each in listed)

    async def test_a_file_below_another_ones_key_is_listed_where_the_store_says_so(
        self, assets: Assets
    ) -> None:
        able = {each.name: each.works for each in await assets.abilities()}["nested_keys"]
        await put(assets, "a", b"x")
        with nullcontext() if able else suppress(AssetsUnavailable):
            await put(assets, "a/b", b"x")
        listed = {each.key async for each in assets.listing("")}
        assert ({"a", "a/b"} <= listed) == able

    async def test_a_listing_keeps_to_what_keys_begin_with(self, assets: Assets) -> None:
        for key in ("samples/a", "samples/b", "samples_c", "other/samples"):
            await put(assets, key, b"x")
        assert {each.key async for each in assets.listing("samples/")} == {"samples/a", "samples/b"}
        assert [each async for each in assets.listing("nothing")] == []

    async def test_what_a_store_cannot_do_is_told_with_what_is_lost(self, assets: Assets) -> None:
        abilities = await assets.abilities()
        assert len({each.name for each in abilities}) == len(abilities) > 0
        assert all(each.lost.en and each.lost.zh for each in abilities)

    async def test_a_link_gives_the_file_to_whoever_holds_it(
        self, assets: Assets, fetch: Fetch
    ) -> None:
        whole = bytes(range(256)) * 1000
        await put(assets, "a/b", whole)
        link = await assets.link("a/b", seconds=60, file_name="用水量 2025.csv")
        response = await fetch(link)
        assert (response.status, response.body) == (200, whole)
        disposition = response.headers["content-disposition"]
        assert disposition.startswith("attachment")
        assert "%E7%94%A8%E6%B0%B4%E9%87%8F%202025.csv" in disposition

    async def test_a_link_gives_a_part_of_the_file(self, assets: Assets, fetch: Fetch) -> None:
        await put(assets, "k", b"0123456789")
        link = await assets.link("k", seconds=60, file_name="digits.txt")
        response = await fetch(link, headers={"Range": "bytes=2-5"})
        assert (response.status, response.body) == (206, b"2345")
        assert response.headers["content-range"] == "bytes 2-5/10"

    async def test_a_link_stops_working_when_its_seconds_are_over(
        self,
        assets: Assets,
        fetch: Fetch,
        pass_time: Callable[[float], Awaitable[None]],
    ) -> None:
        await put(assets, "k", b"x")
        link = await assets.link("k", seconds=3, file_name="x.txt")
        assert (await fetch(link)).status == 200
        await pass_time(3.1)
        response = await fetch(link)
        assert 400 <= response.status < 500
        assert response.body != b"x"

    async def test_a_changed_link_gives_nothing(self, assets: Assets, fetch: Fetch) -> None:
        await put(assets, "aaa", b"one")
        await put(assets, "bbb", b"two")
        link = await assets.link("aaa", seconds=3600, file_name="one.txt")
        address, _, query = link.partition("?")
        changed = [link.replace("aaa", "bbb"), link.replace("one.txt", "one.html"), address]
        for part in query.split("&"):
            name, _, value = part.partition("=")
            changed.append(link.replace(part, f"{name}={value}1"))
            changed.append(link.replace(part, f"{name}=9{value[1:]}"))
            changed.append(link.replace(part, ""))
        for each in changed:
            if each != link:
                assert (await fetch(each)).status >= 400, each

    async def test_an_open_store_is_ready(self, assets: Assets) -> None:
        await assets.ready()
