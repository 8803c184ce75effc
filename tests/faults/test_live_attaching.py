"""A sample is attached while the store, or the catalogue, is killed: whole or not at all."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from dataspace import evidence
from dataspace.errors import AssetsUnavailable, CatalogueUnavailable
from hub.dev import go_binaries, neo4j_server, seaweedfs_server
from hub.dev.process import Running, free_ports
from hub.node import Node
from hub.operations import assets as files
from hub.operations import resources, samples
from hub.operations.samples import Upload
from storage.s3_assets import PART_BYTES
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.contract.opened_s3 import opened, set_up
from tests.contract.reading import read
from tests.faults.test_live_neo4j import soon
from tests.faults.test_live_s3 import recovered
from tests.live import opened_neo4j, start_laid_out
from tests.unit.operations.city import RESOURCE, STEWARD, a_node

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]
START = {"seaweedfs": seaweedfs_server.start, "minio": go_binaries.start_minio}
CSV = "名称,代码\n".encode() + b"a,1\n" * (PART_BYTES // 4)


async def attached(node: Node, resource: str, chunks: AsyncIterator[bytes]) -> str:
    upload = Upload("样例.csv", chunks)
    done = await samples.attach(node, STEWARD, resource, upload, request_id="once")
    return str(done.values["sample"])


async def whole() -> AsyncIterator[bytes]:
    yield CSV
    yield b"b,2\n"


async def holds(node: Node, resource: str, asset: str) -> None:
    """One sample, one file, and a log that verifies."""
    assert (await read(node.catalogue, resource, "sample"))["sample"] == asset
    assert b"".join([each async for each in await node.assets.read(samples.key(asset))]) == (
        CSV + b"b,2\n"
    )
    log = await node.catalogue.changes_since(0, 1000)
    assert list(evidence.verify(log)) == []
    assert [each.id for each in log if each.kind == "asset"] == [asset]


@pytest.mark.parametrize("name", START)
async def test_a_store_that_is_killed_meanwhile_leaves_no_sample_and_takes_it_when_it_is_back(
    name: str, tmp_path: Path, clock: FrozenClock
) -> None:
    port = free_ports(1)[0]
    server = START[name](tmp_path, port=port)
    try:
        store = set_up(opened(server.facts, "attaching"))
        node = replace(await a_node(DictionaryCatalogue(), clock), assets=store)
        resource = (await resources.draft(node, STEWARD, RESOURCE)).id

        async def killing() -> AsyncIterator[bytes]:
            yield CSV
            await asyncio.to_thread(server.kill)
            yield b"b,2\n"

        with pytest.raises(AssetsUnavailable) as refused:
            await attached(node, resource, killing())
        assert refused.value.code == "assets.unavailable"
        assert (await read(node.catalogue, resource, "sample"))["sample"] is None

        server = await asyncio.to_thread(START[name], tmp_path, port=port)
        await recovered(store)
        await store.remove("again")
        assert [each.key async for each in store.listing("")] == []
        asset = await attached(node, resource, whole())
        assert await attached(node, resource, whole()) == asset
        await holds(node, resource, asset)
    finally:
        await asyncio.to_thread(server.stop)


@pytest.mark.slow
async def test_a_catalogue_that_is_killed_meanwhile_refers_to_no_file_and_the_orphan_is_found(
    tmp_path: Path, laid_out: Path, clock: FrozenClock, s3_server: Running
) -> None:
    server = start_laid_out(tmp_path / "neo4j", laid_out)
    port = int(server.facts["address"].rpartition(":")[2])
    catalogue = await opened_neo4j(server)
    try:
        store = set_up(opened(s3_server.facts, "attaching"))
        node = replace(await a_node(catalogue, clock), assets=store)
        resource = (await resources.draft(node, STEWARD, RESOURCE)).id

        async def killing() -> AsyncIterator[bytes]:
            yield CSV
            await asyncio.to_thread(server.kill)
            yield b"b,2\n"

        with pytest.raises(CatalogueUnavailable) as refused:
            await attached(node, resource, killing())
        assert refused.value.code == "catalogue.unavailable"

        server = await asyncio.to_thread(neo4j_server.start, tmp_path / "neo4j", port=port)
        asset = await soon(lambda: attached(node, resource, whole()))
        await holds(node, resource, asset)
        clock.advance(days=366 * 5)  # the store's own clock cannot be moved
        compared = await files.compare(catalogue, store, clock)
        assert compared.holds
        [orphan] = compared.orphans
        assert orphan.key != samples.key(asset)
        assert await files.remove_orphans(store, compared.orphans) == 1
        await holds(node, resource, asset)
    finally:
        await catalogue.close()
        await asyncio.to_thread(server.stop)
