"""Samples: what is taken, who attaches it, who reads it, and that no file is left behind."""

import hashlib
from collections.abc import AsyncIterator

import pytest

from dataspace.caller import ANYONE
from dataspace.errors import (
    AssetTooLarge,
    CatalogueUnavailable,
    ChangeSetDiffers,
    MovedOn,
    NotFound,
)
from dataspace.refusals import NotYours, RoleMissing, StillInUse, WrongState
from hub.node import Node
from hub.operations import resources, samples
from hub.operations.mechanism.sniffing import MediaTypeRefused
from hub.operations.samples import Upload
from tests.contract.reading import read
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    APPROVER,
    PUBLICITY_DAYS,
    REGISTRAR,
    RESOURCE,
    STEWARD,
    DictionaryAssets,
    a_registered_resource,
    pass_time,
)
from tests.unit.operations.test_drafts import OTHER_STEWARD

pytestmark = pytest.mark.anyio

CSV = "名称,代码\n甲公司,1\n".encode()


def upload(file_name: str = "样例.csv", content: bytes = CSV, *, chunk: int = 7) -> Upload:
    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(content), chunk):
            yield content[at : at + chunk]

    return Upload(file_name, chunks())


def files(node: Node) -> dict[str, bytes]:
    assert isinstance(node.assets, DictionaryAssets)
    return node.assets.files


async def a_draft(node: Node) -> str:
    return (await resources.draft(node, STEWARD, RESOURCE)).id


async def test_a_sample_is_stored_with_its_hash_and_read_by_who_sees_the_resource(
    node: Node,
) -> None:
    id_ = await a_draft(node)
    done = await samples.attach(node, STEWARD, id_, upload())
    asset = done.values["sample"]

    log = await node.catalogue.changes_since(done.revision - 2, 2)
    kept = log[0].values or {}
    assert files(node) == {samples.key(asset): CSV}
    assert (kept["sha256"], kept["bytes"]) == (hashlib.sha256(CSV).hexdigest(), len(CSV))
    assert (kept["media_type"], kept["keeper"]) == ("text/csv", STEWARD.participant)
    assert [each.evidence["action"] for each in log] == ["asset.keep", "resource.attach"]

    assert asset in await samples.link(node, STEWARD, asset)
    for stranger in (ANYONE, OTHER_STEWARD, REGISTRAR):
        with pytest.raises(NotFound):
            await samples.link(node, stranger, asset)
    for verb, caller in (
        (resources.submit, STEWARD), (resources.take_in, REGISTRAR),
        (resources.pass_, REGISTRAR), (resources.register, APPROVER),
    ):  # fmt: skip
        pass_time(node, days=PUBLICITY_DAYS)
        await verb(node, caller, id_)
    assert asset in await samples.link(node, ANYONE, asset)


async def test_another_sample_takes_the_place_of_the_first(node: Node) -> None:
    id_ = await a_draft(node)
    first = await samples.attach(node, STEWARD, id_, upload())
    second = await samples.attach(node, STEWARD, id_, upload("b.txt", b"other"))

    assert files(node) == {samples.key(second.values["sample"]): b"other"}
    with pytest.raises(NotFound):
        await samples.link(node, STEWARD, first.values["sample"])


async def test_a_sample_is_reviewed_with_its_resource_but_detached_at_any_time(
    node: Node,
) -> None:
    id_ = await a_draft(node)
    await samples.attach(node, STEWARD, id_, upload())
    await resources.submit(node, STEWARD, id_)

    with pytest.raises(WrongState):
        await samples.attach(node, STEWARD, id_, upload())
    done = await samples.detach(node, STEWARD, id_, reason="It names a person")
    assert "sample" not in done.values
    assert files(node) == {}


async def test_a_sample_is_attached_by_the_steward_of_the_provider(node: Node) -> None:
    id_ = (await a_registered_resource(node)).id

    with pytest.raises(RoleMissing):
        await samples.attach(node, REGISTRAR, id_, upload())
    with pytest.raises(NotYours):
        await samples.attach(node, OTHER_STEWARD, id_, upload())
    with pytest.raises(NotYours):
        await samples.detach(node, OTHER_STEWARD, id_)
    with pytest.raises(NotFound):
        await samples.attach(node, STEWARD, "res_nowhere", upload())
    assert files(node) == {}


async def test_a_file_that_is_refused_by_the_catalogue_is_removed_again(node: Node) -> None:
    id_ = await a_draft(node)
    slow, watch = watched(node)

    async def amended() -> None:
        await resources.amend(node, STEWARD, id_, {"grade": 1})

    watch.after_select = amended
    with pytest.raises(MovedOn):
        await samples.attach(slow, STEWARD, id_, upload())
    assert files(node) == {}


async def test_a_file_whose_row_was_written_stays_though_the_answer_was_lost(node: Node) -> None:
    id_ = await a_draft(node)
    cut, watch = watched(node)

    async def lost() -> None:
        raise CatalogueUnavailable(service="Neo4j", detail="cut", retry_after_seconds=5)

    watch.after_apply = lost
    done = await samples.attach(cut, STEWARD, id_, upload(), request_id="once")
    assert files(node) == {samples.key(done.values["sample"]): CSV}
    watch.after_apply = lost
    with pytest.raises(CatalogueUnavailable):
        await samples.attach(cut, STEWARD, id_, upload(content=CSV * 2))
    row = await read(node.catalogue, id_, "sample")
    assert files(node)[samples.key(row["sample"])] == CSV * 2


async def test_a_file_that_is_too_large_is_not_kept(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(samples, "SAMPLE_BYTES_MAX", 100)
    id_ = await a_draft(node)

    with pytest.raises(AssetTooLarge):
        await samples.attach(node, STEWARD, id_, upload(content=b"a," * 51))
    assert files(node) == {}
    done = await samples.attach(node, STEWARD, id_, upload(content=b"a," * 50))
    assert "sample" in done.values


async def test_a_repeated_upload_is_one_sample(node: Node) -> None:
    id_ = await a_draft(node)
    first = await samples.attach(node, STEWARD, id_, upload(), request_id="r1")

    assert await samples.attach(node, STEWARD, id_, upload(), request_id="r1") == first
    for other in (upload(content=CSV + b"b,2\n"), upload("别的.csv")):
        with pytest.raises(ChangeSetDiffers):
            await samples.attach(node, STEWARD, id_, other, request_id="r1")
    assert files(node) == {samples.key(first.values["sample"]): CSV}


async def test_a_repeated_detachment_leaves_the_sample_that_came_after_it(node: Node) -> None:
    id_ = await a_draft(node)
    await samples.attach(node, STEWARD, id_, upload())
    first = await samples.detach(node, STEWARD, id_, request_id="r1")
    later = await samples.attach(node, STEWARD, id_, upload())

    assert await samples.detach(node, STEWARD, id_, request_id="r1") == first
    assert files(node) == {samples.key(later.values["sample"]): CSV}


async def test_a_draft_with_a_sample_is_removed_after_the_sample(node: Node) -> None:
    id_ = await a_draft(node)
    await samples.attach(node, STEWARD, id_, upload())

    with pytest.raises(StillInUse):
        await resources.remove(node, STEWARD, id_)
    await samples.detach(node, STEWARD, id_)
    await resources.remove(node, STEWARD, id_)


@pytest.mark.parametrize(
    ("file_name", "content"),
    [
        ("a.csv", b""),
        ("a.csv", b"MZ\x90\x00\x03"),
        ("a.csv", b"a,b\n<ScRiPt>alert(1)</script>"),
        ("a.html", b"<p>"),
        ("a.svg", b"<svg/>"),
        ("a.exe", b"MZ"),
        ("a", b"a,b"),
        ("a.json", b"a,b"),
        ("a.xml", b"<html><body/></html>"),
        ("a.png", b"GIF89a"),
        ("a.xlsx", b"a,b"),
        ("a.pdf", b"<html>%PDF-"),
        ("b\x00.csv", b"a,b"),
        ("/", b"a,b"),
    ],
)
async def test_what_is_no_data_or_not_what_its_name_says_is_refused(
    node: Node, file_name: str, content: bytes
) -> None:
    with pytest.raises(MediaTypeRefused):
        await samples.attach(node, STEWARD, await a_draft(node), upload(file_name, content))
    assert files(node) == {}


@pytest.mark.parametrize(
    ("file_name", "content", "media_type"),
    [
        ("../../etc/a.CSV", "名称,代码".encode("gb18030"), "text/csv"),
        ("C:\\data\\a.json", b'\xef\xbb\xbf [{"a": 1}]', "application/json"),
        ("a.geojson", b'{"type": "Feature"}', "application/geo+json"),
        ("a.xml", b"<?xml version='1.0'?><a/>", "application/xml"),
        ("a.tsv", "数据".encode() * 4000, "text/tab-separated-values"),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00", "image/png"),
        ("a.parquet", b"PAR1\x15\x04", "application/vnd.apache.parquet"),
    ],
)
async def test_forms_of_data_are_taken_for_what_they_are(
    node: Node, file_name: str, content: bytes, media_type: str
) -> None:
    done = await samples.attach(node, STEWARD, await a_draft(node), upload(file_name, content))
    kept = (await node.catalogue.changes_since(done.revision - 2, 1))[0].values or {}

    assert kept["media_type"] == media_type
    assert "/" not in kept["file_name"]
    assert "\\" not in kept["file_name"]
    assert list(files(node).values()) == [content]
