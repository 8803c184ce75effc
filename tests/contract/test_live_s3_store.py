"""What the S3 store does beyond the port, on every server that there is."""

import hashlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from time import perf_counter
from typing import Any

import anyio
import pytest

from dataspace.errors import (
    AssetAlreadyThere,
    AssetNotFound,
    AssetsUnavailable,
    AssetTooLarge,
)
from hub.dev.process import Running
from storage.s3.client import Keys
from storage.s3.policies import folder_policy
from storage.s3.refusals import AssetsNotSetUp, AssetsRefused, AssetsUnanswered, AssetsUnsupported
from storage.s3.setup import steps
from storage.s3_assets import PART_BYTES, S3Assets
from tests.contract.assets import chunks, content, put
from tests.contract.opened_s3 import (
    EVIDENCE_DAYS,
    RealClock,
    emptied,
    fetched,
    opened,
    set_up,
)
from tests.contract.uploads import ANNOUNCED, CSV, OTHER, sent

pytestmark = pytest.mark.live
MEBIBYTE = 2**20
GROWTH_MEBIBYTES_MAX = 48
# Puts 64 MiB and reads them back, and tells by how much the process has grown.
LARGE = """
import asyncio, hashlib, json, resource, sys
from tests.contract.opened_s3 import opened

async def main(facts):
    assets, mebibyte = opened(facts), bytes(range(256)) * 4096
    await assets.put("warm", source(mebibyte[:9], 1), bytes_max=9)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    stored = await assets.put("large", source(mebibyte, 64), bytes_max=64 * len(mebibyte))
    found = hashlib.sha256()
    async for piece in await assets.read("large"):
        found.update(piece)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(json.dumps([stored.bytes, stored.sha256, found.hexdigest(), grown / 1024]))

async def source(chunk, times):
    for _ in range(times):
        yield chunk

asyncio.run(main(json.loads(sys.argv[1])))
"""


@pytest.fixture(scope="module")
def store(s3_server: Running) -> S3Assets:
    return set_up(opened(s3_server.facts))


@pytest.fixture
async def assets(store: S3Assets) -> S3Assets:
    return await emptied(store)


async def parts_then(*, parts: int, error: Exception) -> AsyncIterator[bytes]:
    for _ in range(parts):
        yield b"x" * PART_BYTES
    raise error


def unfinished(assets: S3Assets) -> int:
    return assets.s3.configuration(assets.place.files, "uploads").count(b"<UploadId>")


async def able(assets: S3Assets, name: str) -> bool:
    return {each.name: each.works for each in await assets.abilities()}[name]


def test_64_mebibytes_go_in_parts_and_no_more_than_two_of_them_are_held(
    store: S3Assets, s3_server: Running
) -> None:
    command = [sys.executable, "-c", LARGE, json.dumps(dict(s3_server.facts))]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    size, stored, read, grown = json.loads(done.stdout)
    expected = hashlib.sha256(bytes(range(256)) * 4096 * 64).hexdigest()
    assert (size, stored, read) == (64 * MEBIBYTE, expected, expected)
    assert grown < GROWTH_MEBIBYTES_MAX


async def test_the_hash_is_noted_beside_the_file(assets: S3Assets) -> None:
    small = await put(assets, "small", b"abc")
    large = await put(assets, "large", b"x" * PART_BYTES, b"y", bytes_max=PART_BYTES + 1)
    for stored in (small, large):
        looked = assets.s3.look(assets.place.at(stored.key))
        assert (looked.sha256, looked.bytes) == (stored.sha256, stored.bytes)


async def test_a_large_file_that_is_given_up_leaves_no_parts(assets: S3Assets) -> None:
    class SourceFailed(Exception):
        """Whatever the sender's side raises."""

    with pytest.raises(SourceFailed):
        source = parts_then(parts=2, error=SourceFailed())
        await assets.put("k", source, bytes_max=10 * PART_BYTES)
    with pytest.raises(AssetTooLarge):
        source = parts_then(parts=4, error=AssertionError())
        await assets.put("k", source, bytes_max=2 * PART_BYTES)
    with anyio.move_on_after(1.5) as scope:
        await assets.put("k", stalling(), bytes_max=10 * PART_BYTES)
    assert scope.cancelled_caught
    assert unfinished(assets) == 0
    with pytest.raises(AssetNotFound):
        await assets.size("k")


async def stalling() -> AsyncIterator[bytes]:
    yield b"x" * PART_BYTES
    await anyio.sleep(3600)


async def test_a_large_file_replaces_nothing_when_it_is_not_to(assets: S3Assets) -> None:
    large = (b"x" * PART_BYTES, b"y")
    await put(assets, "k", b"small")
    with pytest.raises(AssetAlreadyThere):
        await assets.put("k", chunks(*large), bytes_max=2 * PART_BYTES, replace=False)
    assert await content(assets, "k") == b"small"
    assert unfinished(assets) == 0
    await assets.put("alone", chunks(*large), bytes_max=2 * PART_BYTES, replace=False)
    assert await assets.size("alone") == PART_BYTES + 1


async def test_a_large_file_that_is_replaced_while_it_is_read_is_never_mixed(
    assets: S3Assets,
) -> None:
    before, after = b"a" * (3 * PART_BYTES), b"b" * (3 * PART_BYTES)
    await put(assets, "k", before, bytes_max=len(before))
    read = await assets.read("k")
    first = await anext(read)
    # MinIO lets a writer wait until the reader is done.
    with suppress(AssetsUnanswered):
        await put(assets, "k", after, bytes_max=len(after))
    try:
        whole = first + b"".join([piece async for piece in read])
    except AssetsUnavailable:
        return
    assert whole == before


async def test_an_upload_leads_to_the_address_that_uploaders_use(
    store: S3Assets, assets: S3Assets, s3_server: Running
) -> None:
    public = s3_server.facts["address"].replace("127.0.0.1", "localhost")
    place = replace(store.place, public=public)
    hub = S3Assets(
        place, Keys(s3_server.facts["user"], s3_server.facts["password"]), clock=RealClock()
    )
    for form in (False, True):
        upload = await hub.upload("uploads/a", ANNOUNCED, seconds=60, form=form)
        assert upload.address.startswith(public)
        assert await sent(fetched, upload) in (200, 204)
        assert await sent(fetched, upload, OTHER) >= 400
    assert await content(assets, "uploads/a") == CSV
    assert await able(hub, "announced_upload")


async def test_what_was_announced_is_noted_beside_the_file_and_its_copy(assets: S3Assets) -> None:
    for form in (False, True):
        upload = await assets.upload("uploads/a", ANNOUNCED, seconds=60, form=form)
        assert await sent(fetched, upload) in (200, 204)
        await assets.copy("uploads/a", "samples/a")
        for key in ("uploads/a", "samples/a"):
            looked = assets.s3.look(assets.place.at(key))
            assert looked.sha256 == ANNOUNCED.sha256
            assert looked.headers["content-type"] == "text/csv"
        await assets.remove("samples/a")
        await assets.remove("uploads/a")


async def test_a_script_of_a_web_page_may_send_what_is_signed(assets: S3Assets) -> None:
    upload = await assets.upload("uploads/a", ANNOUNCED, seconds=60)
    asked = {
        "Origin": "https://hub.city.example", "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": ",".join(sorted(upload.headers)).lower(),
    }  # fmt: skip
    answer = await fetched(upload.address, "OPTIONS", headers=asked)
    assert answer.status in (200, 204)
    assert answer.headers["access-control-allow-origin"] in ("*", asked["Origin"])
    allowed = answer.headers["access-control-allow-headers"].lower().replace(" ", "")
    assert upload.headers.keys() <= {*allowed.split(","), "Content-Type"}


async def test_evidence_can_be_hidden_but_neither_changed_nor_taken_away(assets: S3Assets) -> None:
    at = assets.place.at("evidence/log")
    version = assets.s3.send(at, b"first", {})["x-amz-version-id"]
    await put(assets, "evidence/log", b"second")
    await assets.remove("evidence/log")
    with pytest.raises(AssetsUnavailable):
        assets.s3.remove(at, version)
    kept = assets.s3._client.get_object(at.bucket, at.name, version_id=version)
    assert kept.read() == b"first"
    kept.close()


async def test_setting_up_again_changes_nothing(assets: S3Assets) -> None:
    again = steps(assets.s3, assets.place, evidence_days=EVIDENCE_DAYS)
    offered = [step.what.en for step in again if "encrypt" not in step.what.en]
    assert offered == []


async def test_setting_up_keeps_what_is_stricter_and_mends_what_is_laxer(
    assets: S3Assets,
) -> None:
    def lacking(days: int) -> list[str]:
        found = (step.what.en for step in steps(assets.s3, assets.place, evidence_days=days))
        return [what for what in found if "encrypt" not in what]

    (more,) = lacking(EVIDENCE_DAYS + 1)
    assert f"for {EVIDENCE_DAYS + 1} days" in more
    policy = json.loads(folder_policy(assets.place, "public"))
    policy["Statement"][0]["Principal"] = {"AWS": ["*"]}
    policy["Statement"][0]["Action"] = ["s3:GetObject"]
    assets.s3.configure(assets.place.files, "policy", json.dumps(policy).encode())
    (closed,) = steps(assets.s3, assets.place, evidence_days=EVIDENCE_DAYS)[-1:]
    assert "nobody without a key" in closed.what.en
    closed.apply()
    assert lacking(EVIDENCE_DAYS) == []


async def test_a_store_that_is_not_set_up_says_what_to_do(s3_server: Running) -> None:
    with pytest.raises(AssetsNotSetUp) as caught:
        await opened(s3_server.facts, prefix="nowhere").ready()
    assert "cityspace assets setup" in caught.value.advice.en


async def test_a_wrong_password_is_told_as_such_by_everything(
    assets: S3Assets, s3_server: Running
) -> None:
    await put(assets, "k", b"x")
    for facts in (
        {**s3_server.facts, "password": "wrong-password"},
        {**s3_server.facts, "user": "nobody-here"},
    ):
        stranger = opened(facts)
        for call in (
            stranger.ready(), put(stranger, "k", b"y"), stranger.read("k"), stranger.size("k"),
            stranger.remove("k"), stranger.link("k", seconds=60, file_name="k"),
            anext(stranger.listing("")), stranger.abilities(),
        ):  # fmt: skip
            with pytest.raises(AssetsRefused) as caught:
                await call
            assert caught.value.code == "assets.credentials_refused"
            assert facts["password"] not in str(caught.value)
    assert await content(assets, "k") == b"x"


async def test_a_node_is_lent_one_folder_where_the_store_lends(assets: S3Assets) -> None:
    if not await able(assets, "temporary_credentials"):
        with pytest.raises((AssetsUnsupported, AssetsRefused, AssetsUnavailable)):
            assets.s3.lent(folder_policy(assets.place, "nodes/finance"), seconds=3600)
        return
    lent = assets.s3.lent(folder_policy(assets.place, "nodes/finance"), seconds=3600)
    node = S3Assets(assets.place, lent, clock=RealClock())
    for form in (False, True):
        upload = await node.upload("nodes/finance/a", ANNOUNCED, seconds=60, form=form)
        assert await sent(fetched, upload) in (200, 204)
        strange = await node.upload("nodes/energy/a", ANNOUNCED, seconds=60, form=form)
        assert await sent(fetched, strange) == 403
    await put(node, "nodes/finance/a", b"own")
    assert await content(node, "nodes/finance/a") == b"own"
    for key in ("nodes/energy/a", "nodes/finance-2/a", "samples/a", "evidence/a"):
        with pytest.raises(AssetsRefused):
            await put(node, key, b"x")
    for call in (node.remove("nodes/finance/a"), anext(node.listing(""))):
        with pytest.raises(AssetsRefused):
            await call
    assert await content(assets, "nodes/finance/a") == b"own"


async def test_what_the_servers_here_can_do_is_known(assets: S3Assets, s3_server: Running) -> None:
    known = {
        "seaweedfs": {"temporary_credentials"},
        "minio": {"server_side_encryption", "nested_keys"},
    }  # fmt: skip
    if s3_server.name not in known:
        pytest.skip("a store that was given may lack anything")
    lacking = {each.name for each in await assets.abilities() if not each.works}
    assert lacking == known[s3_server.name]


async def test_a_link_asks_the_store_once(
    assets: S3Assets, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(assets, "k", b"x")
    signed = []
    for _ in range(50):
        began = perf_counter()
        assets.s3.link(assets.place.at("k"), seconds=60, file_name="x.csv")
        signed.append(perf_counter() - began)
    assert sorted(signed)[25] < timedelta(milliseconds=1).total_seconds()
    asked: list[str] = []
    urlopen = assets.s3._http.urlopen

    def watched(method: str, *arguments: Any, **more: Any) -> Any:
        asked.append(method)
        return urlopen(method, *arguments, **more)

    monkeypatch.setattr(assets.s3._http, "urlopen", watched)
    await assets.link("k", seconds=60, file_name="x.csv")
    assert asked == ["HEAD"]
