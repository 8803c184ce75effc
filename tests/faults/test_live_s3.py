"""An S3 store that is slow, hangs, cuts, refuses, or is killed: told, nothing half done, healed."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from time import monotonic

import pytest

from dataspace.errors import AssetNotFound, AssetsUnavailable
from hub.dev import go_binaries, seaweedfs_server
from hub.dev.go_binaries import Proxy
from hub.dev.process import Running, free_ports
from storage.s3_assets import PART_BYTES, S3Assets
from tests.contract.assets import content, put
from tests.contract.opened_s3 import emptied, opened, set_up

pytestmark = pytest.mark.live
START = {"seaweedfs": seaweedfs_server.start, "minio": go_binaries.start_minio}
HANGING_SECONDS_MAX = 25.0
RECOVERY_SECONDS_MAX = 10.0


@pytest.fixture(scope="module")
def toxiproxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = go_binaries.start_toxiproxy(tmp_path_factory.mktemp("toxiproxy"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def proxy(s3_server: Running, toxiproxy: Running) -> Proxy:
    host = s3_server.facts["address"].partition("://")[2]
    return Proxy.to(host, through=toxiproxy, name=s3_server.name)


@pytest.fixture(scope="module")
def direct(s3_server: Running) -> S3Assets:
    return set_up(opened(s3_server.facts, "faults"))


@pytest.fixture
async def assets(proxy: Proxy, direct: S3Assets, s3_server: Running) -> AsyncIterator[S3Assets]:
    """Through the fault proxy, which is healed afterwards."""
    await emptied(direct)
    yield opened(s3_server.facts, "faults", f"http://127.0.0.1:{proxy.port}")
    proxy.heal()


async def recovered(assets: S3Assets) -> float:
    """Seconds until a file is stored again."""
    began = monotonic()
    while monotonic() - began < RECOVERY_SECONDS_MAX:
        try:
            await put(assets, "again", b"x")
        except AssetsUnavailable:
            await asyncio.sleep(0.1)
        else:
            break
    assert await content(assets, "again") == b"x"
    return monotonic() - began


async def test_a_slow_store_is_waited_for(assets: S3Assets, proxy: Proxy) -> None:
    proxy.slow(2000)
    began = monotonic()
    await put(assets, "k", b"slowly")
    assert monotonic() - began >= 2
    proxy.heal()
    assert await content(assets, "k") == b"slowly"


@pytest.mark.slow
async def test_a_store_that_hangs_is_given_up_in_time(assets: S3Assets, proxy: Proxy) -> None:
    await put(assets, "k", b"before")
    proxy.hang()
    began = monotonic()
    with pytest.raises(AssetsUnavailable) as caught:
        await put(assets, "k", b"after")
    assert monotonic() - began < HANGING_SECONDS_MAX
    assert caught.value.code == "assets.unavailable"
    assert "no answer within 10 s" in caught.value.message("en")
    proxy.heal()
    assert await recovered(assets) < RECOVERY_SECONDS_MAX
    assert await content(assets, "k") == b"before"


async def test_who_waits_for_a_store_that_hangs_can_be_called_off(
    assets: S3Assets, proxy: Proxy
) -> None:
    proxy.hang()
    began = monotonic()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(assets.ready(), 1)
    assert monotonic() - began < 2


@pytest.mark.parametrize("fault", ["reset", "refuse"])
async def test_a_connection_that_is_cut_or_refused_is_told_and_leaves_what_was_there(
    assets: S3Assets, direct: S3Assets, proxy: Proxy, fault: str
) -> None:
    await put(assets, "k", b"before")
    getattr(proxy, fault)()
    for call in (
        put(assets, "k", b"after"), assets.read("k"), assets.size("k"), assets.remove("k"),
        assets.link("k", seconds=60, file_name="k"), anext(assets.listing("")), assets.ready(),
    ):  # fmt: skip
        with pytest.raises(AssetsUnavailable) as caught:
            await call
        assert caught.value.code == "assets.unavailable"
        assert "‹" not in caught.value.message("zh")
    assert await content(direct, "k") == b"before"
    proxy.heal()
    assert await recovered(assets) < RECOVERY_SECONDS_MAX


async def test_an_upload_that_is_cut_in_the_middle_leaves_nothing(
    assets: S3Assets, direct: S3Assets, proxy: Proxy
) -> None:
    async def cut() -> AsyncIterator[bytes]:
        yield b"x" * PART_BYTES
        proxy.refuse()
        yield b"y" * PART_BYTES

    with pytest.raises(AssetsUnavailable):
        await assets.put("k", cut(), bytes_max=3 * PART_BYTES)
    with pytest.raises(AssetNotFound):
        await direct.size("k")


@pytest.mark.parametrize("name", START)
async def test_a_server_that_is_killed_in_the_middle_of_an_upload_comes_back_whole(
    name: str, tmp_path: Path
) -> None:
    port = free_ports(1)[0]
    server = START[name](tmp_path, port=port)
    assets = set_up(opened(server.facts, "killed"))
    before = b"before" * 100_000
    await put(assets, "k", before)

    async def killing() -> AsyncIterator[bytes]:
        yield b"x" * PART_BYTES
        await asyncio.to_thread(server.kill)
        yield b"y" * PART_BYTES

    try:
        with pytest.raises(AssetsUnavailable) as caught:
            await assets.put("k", killing(), bytes_max=3 * PART_BYTES)
        assert caught.value.code == "assets.unavailable"
        with pytest.raises(AssetsUnavailable):
            await assets.ready()
        server = await asyncio.to_thread(START[name], tmp_path, port=port)
        assert await recovered(assets) < RECOVERY_SECONDS_MAX
        assert await content(assets, "k") == before
        await assets.ready()
        assert {each.key async for each in assets.listing("")} == {"k", "again"}
    finally:
        server.stop()
