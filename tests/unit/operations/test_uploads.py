"""Samples that go straight to the store: who may send one, what is taken in, what never is."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from dataspace.caller import ANYONE, Caller, Role, RolesExclude
from dataspace.errors import (
    AssetsUnavailable,
    AssetTooLarge,
    ChangeSetDiffers,
    MovedOn,
    NotFound,
    NotSignedIn,
    UploadDiffers,
)
from dataspace.refusals import NotYours, RoleMissing, WrongState
from hub.node import Node
from hub.operations import assets, resources, samples
from hub.operations.mechanism.done import Done
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.mechanism.sniffing import MediaTypeRefused
from hub.operations.samples import UploadMissing
from storage.s3 import place
from tests.build import caller_for
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    MARKET,
    REGISTRAR,
    STEWARD,
    DictionaryAssets,
    a_registered_resource,
)
from tests.unit.operations.test_drafts import OTHER_STEWARD
from tests.unit.operations.test_samples import CSV, a_draft, files, upload

pytestmark = pytest.mark.anyio
COLLEAGUE = replace(STEWARD, subject="per_colleague")


def announced(content: bytes = CSV, file_name: str = "样例.csv") -> Mapping[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    return {"file_name": file_name, "bytes": len(content), "sha256": digest}


async def sent(
    node: Node,
    resource: str,
    values: Mapping[str, Any],
    *,
    content: bytes = CSV,
    caller: Caller = STEWARD,
) -> str:
    """The key under which the content lies, whatever was announced."""
    given = await samples.direct_upload(node, caller, resource, values)
    at = given.address.removeprefix("memory:").partition("?")[0]
    files(node)[at] = content
    return at


async def attached(node: Node, resource: str, content: bytes = CSV, **more: Any) -> Done:
    await sent(node, resource, announced(content), content=content)
    return await samples.attach_uploaded(node, STEWARD, resource, announced(content), **more)


async def test_what_was_sent_becomes_the_sample_as_one_that_came_through_the_hub(
    node: Node,
) -> None:
    id_ = await a_draft(node)
    done = await attached(node, id_)
    asset = done.values["sample"]
    log = await node.catalogue.changes_since(done.revision - 2, 2)
    kept = log[0].values or {}

    through = await samples.attach(node, STEWARD, await a_draft(node), upload())
    same = (await node.catalogue.changes_since(through.revision - 2, 1))[0].values
    assert kept == same
    assert kept["sha256"] == hashlib.sha256(CSV).hexdigest()
    assert [each.evidence["action"] for each in log] == ["asset.keep", "resource.attach"]
    assert set(files(node)) == {samples.key(asset), samples.key(through.values["sample"])}
    assert asset in await samples.link(node, STEWARD, asset)


async def test_an_address_names_the_file_and_its_end_and_changes_nothing(node: Node) -> None:
    id_ = await a_draft(node)
    slow, watch = watched(node)
    by_put = await samples.direct_upload(slow, STEWARD, id_, announced())
    by_form = await samples.direct_upload(slow, STEWARD, id_, announced(), form=True)
    assert (by_put.method, by_put.headers) == ("PUT", {"Content-Type": "text/csv"})
    assert f"sha256={announced()['sha256']}&seconds=900" in by_put.address
    assert (by_form.method, by_form.address) == ("POST", by_put.address)
    assert watch.applies == 0
    assert files(node) == {}


async def test_nothing_is_seen_of_a_file_that_is_not_attached(node: Node) -> None:
    id_ = await a_draft(node)
    at = await sent(node, id_, announced())
    row = await resources.amend(node, STEWARD, id_, {"grade": 1})
    assert "sample" not in row.values
    for asset in (at, at.removeprefix("uploads/")):
        with pytest.raises(NotFound):
            await samples.link(node, STEWARD, asset)


async def test_a_file_is_sent_by_the_steward_of_the_provider_while_it_may_be_changed(
    node: Node,
) -> None:
    id_ = (await a_registered_resource(node)).id
    both = caller_for(Role.PLATFORM_ADMIN, Role.REGISTRAR, participant=MARKET)
    refused = (
        (ANYONE, id_, NotSignedIn), (REGISTRAR, id_, RoleMissing), (OTHER_STEWARD, id_, NotYours),
        (both, id_, RolesExclude), (STEWARD, "res_nowhere", NotFound),
    )  # fmt: skip
    for caller, resource, error in refused:
        with pytest.raises(error):
            await samples.direct_upload(node, caller, resource, announced())
        with pytest.raises(error):
            await samples.attach_uploaded(node, caller, resource, announced())

    draft = await a_draft(node)
    await sent(node, draft, announced())
    await resources.submit(node, STEWARD, draft)
    with pytest.raises(WrongState):
        await samples.direct_upload(node, STEWARD, draft, announced())
    with pytest.raises(WrongState):
        await samples.attach_uploaded(node, STEWARD, draft, announced())


async def test_an_upload_is_bound_to_who_sent_it_to_its_resource_and_to_what_it_was_to_be(
    node: Node,
) -> None:
    one, other = await a_draft(node), await a_draft(node)
    await sent(node, one, announced())
    others = (
        (COLLEAGUE, one, announced()),
        (STEWARD, other, announced()),
        (STEWARD, one, announced(file_name="b.csv")),
        (STEWARD, one, announced(CSV + b"\n")),
        (STEWARD, one, {**announced(), "sha256": "0" * 64}),
    )
    for caller, resource, values in others:
        with pytest.raises(UploadMissing):
            await samples.attach_uploaded(node, caller, resource, values)
    shouted = {**announced(), "sha256": str(announced()["sha256"]).upper()}
    done = await samples.attach_uploaded(node, STEWARD, one, shouted)
    assert list(files(node)) == [samples.key(done.values["sample"])]
    with pytest.raises(UploadMissing):
        await samples.attach_uploaded(node, STEWARD, one, announced())


@pytest.mark.parametrize("stored", [CSV[:-1], CSV + b"x", CSV[::-1], b""])
async def test_what_is_not_what_was_announced_is_not_taken_in_whatever_the_store_let_pass(
    node: Node, stored: bytes
) -> None:
    id_ = await a_draft(node)
    at = await sent(node, id_, announced(), content=stored)
    with pytest.raises(UploadDiffers):
        await samples.attach_uploaded(node, STEWARD, id_, announced())
    assert files(node) == {at: stored}


async def test_a_file_that_is_replaced_while_it_is_taken_in_does_not_get_in(node: Node) -> None:
    id_ = await a_draft(node)
    at = await sent(node, id_, announced())

    class Replaced(DictionaryAssets):
        async def copy(self, key: str, to: str) -> None:
            self.files[key] = CSV[::-1]
            await super().copy(key, to)

    with pytest.raises(UploadDiffers):
        await samples.attach_uploaded(
            replace(node, assets=Replaced(files(node))), STEWARD, id_, announced()
        )
    assert files(node) == {at: CSV[::-1]}


@pytest.mark.parametrize(
    ("file_name", "content"),
    [
        ("a.csv", b"MZ\x90\x00\x03"),
        ("a.csv", b"a,b\n<ScRiPt>alert(1)</script>"),
        ("a.json", b"a,b"),
        ("a.png", b"GIF89a"),
    ],
)
async def test_a_file_that_is_not_what_its_name_says_is_not_taken_in(
    node: Node, file_name: str, content: bytes
) -> None:
    id_ = await a_draft(node)
    values = announced(content, file_name)
    at = await sent(node, id_, values, content=content)
    with pytest.raises(MediaTypeRefused):
        await samples.attach_uploaded(node, STEWARD, id_, values)
    assert files(node) == {at: content}


@pytest.mark.parametrize("file_name", ["a.html", "a.svg", "a.exe", "a", "/", "b\x00.csv"])
async def test_what_is_no_data_by_its_name_gets_no_address(node: Node, file_name: str) -> None:
    with pytest.raises(MediaTypeRefused):
        await samples.direct_upload(
            node, STEWARD, await a_draft(node), announced(file_name=file_name)
        )


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"bytes": 0}, ["bytes"]),
        ({"bytes": -1}, ["bytes"]),
        ({"bytes": None}, ["bytes"]),
        ({"bytes": None, "sha256": None, "file_name": ""}, ["file_name", "bytes", "sha256"]),
        ({"sha256": "0" * 63}, ["sha256"]),
        ({"sha256": "g" * 64}, ["sha256"]),
        ({"file_name": "x" * 256}, ["file_name"]),
        ({"media_type": "text/html"}, ["media_type"]),
    ],
)
async def test_every_wrong_value_is_told(
    node: Node, changed: Mapping[str, Any], fields: list[str]
) -> None:
    id_ = await a_draft(node)
    for operation in (samples.direct_upload, samples.attach_uploaded):
        with pytest.raises(FieldsInvalid) as told:
            await operation(node, STEWARD, id_, {**announced(), **changed})
        assert [each.path for each in told.value.problems] == fields


async def test_a_file_over_the_limit_gets_no_address(node: Node) -> None:
    id_ = await a_draft(node)
    most = {**announced(), "bytes": samples.SAMPLE_BYTES_MAX}
    assert (await samples.direct_upload(node, STEWARD, id_, most)).method == "PUT"
    for operation in (samples.direct_upload, samples.attach_uploaded):
        with pytest.raises(AssetTooLarge):
            await operation(node, STEWARD, id_, {**most, "bytes": most["bytes"] + 1})


async def test_another_sample_takes_the_place_of_the_first(node: Node) -> None:
    id_ = await a_draft(node)
    await attached(node, id_)
    second = await attached(node, id_, b"a,b\n")
    assert files(node) == {samples.key(second.values["sample"]): b"a,b\n"}


async def test_a_repeated_request_is_one_sample(node: Node) -> None:
    id_ = await a_draft(node)
    first = await attached(node, id_, request_id="r1")
    again = await samples.attach_uploaded(node, STEWARD, id_, announced(), request_id="r1")
    assert again == first
    assert await attached(node, id_, request_id="r1") == first
    with pytest.raises(ChangeSetDiffers):
        await attached(node, id_, b"a,b\n", request_id="r1")
    with pytest.raises(ChangeSetDiffers):
        await samples.attach(node, STEWARD, id_, upload(), request_id="r1")
    assert files(node)[samples.key(first.values["sample"])] == CSV


@pytest.mark.parametrize("request_id", ["", "r1"])
async def test_of_many_that_attach_at_once_one_sample_is_made_and_one_file_stays(
    node: Node, request_id: str
) -> None:
    id_ = await a_draft(node)
    await attached(node, id_, b"a,b\n")
    await sent(node, id_, announced())
    all_have_looked = asyncio.Barrier(8)

    async def attach() -> str | None:
        mine, watch = watched(node)
        watch.after_select = all_have_looked.wait
        try:
            done = await samples.attach_uploaded(
                mine, STEWARD, id_, announced(), request_id=request_id
            )
        except (MovedOn, UploadMissing):
            return None
        return str(done.values["sample"])

    made = [each for each in await asyncio.gather(*(attach() for _ in range(8))) if each]
    assert len(set(made)) == 1
    assert len(made) == (8 if request_id else 1)
    assert files(node) == {samples.key(made[0]): CSV}


async def test_a_copy_that_is_refused_by_the_catalogue_is_removed_again(node: Node) -> None:
    id_ = await a_draft(node)
    at = await sent(node, id_, announced())
    slow, watch = watched(node)

    async def amended() -> None:
        await resources.amend(node, STEWARD, id_, {"grade": 1})

    watch.after_select = amended
    with pytest.raises(MovedOn):
        await samples.attach_uploaded(slow, STEWARD, id_, announced())
    assert files(node) == {at: CSV}
    done = await samples.attach_uploaded(node, STEWARD, id_, announced())
    assert files(node) == {samples.key(done.values["sample"]): CSV}


async def test_what_cannot_be_cleared_up_does_not_undo_what_was_done(node: Node) -> None:
    id_ = await a_draft(node)
    at = await sent(node, id_, announced())

    class Stuck(DictionaryAssets):
        async def remove(self, key: str) -> None:
            raise AssetsUnavailable(service="assets", detail="stuck", retry_after_seconds=1)

    stuck = replace(node, assets=Stuck(files(node)))
    done = await samples.attach_uploaded(stuck, STEWARD, id_, announced())
    assert set(files(node)) == {samples.key(done.values["sample"]), at}


async def test_what_was_never_attached_is_an_orphan_after_an_hour(node: Node) -> None:
    at = await sent(node, await a_draft(node), announced())
    store = node.assets
    assert isinstance(store, DictionaryAssets)
    store.stored_at = node.clock.now()
    assert (await assets.compare(node.catalogue, store, node.clock)).orphans == ()
    store.stored_at = node.clock.now() - assets.ORPHAN_AGE * 1.1
    found = await assets.compare(node.catalogue, store, node.clock)
    assert ([each.key for each in found.orphans], found.files, found.holds) == ([at], 0, True)
    assert await assets.remove_orphans(store, found.orphans) == 1
    assert store.files == {}


def test_uploads_lie_where_the_stores_lifecycle_clears_up() -> None:
    assert samples.UPLOADS == place.UPLOADS
