"""Files and rows compared: what is left over, what is missing, and what is only on its way."""

from datetime import timedelta

import pytest

from dataspace.change import Amend
from dataspace.papers.forms import PDF
from dataspace.ports import ListedAsset
from hub.node import Node
from hub.operations import assets, resources, samples
from hub.operations.assets import WITH_PAPERS, Compared
from hub.operations.papers.attaching import attach
from tests.build import a_change_set, an_act
from tests.contract.assets import chunks
from tests.unit.operations.city import RESOURCE, STEWARD, DictionaryAssets
from tests.unit.operations.test_papers import an_object, sent
from tests.unit.operations.test_samples import CSV, upload

pytestmark = pytest.mark.anyio


def files(node: Node) -> DictionaryAssets:
    assert isinstance(node.assets, DictionaryAssets)
    return node.assets


async def a_sample(node: Node) -> str:
    resource = await resources.draft(node, STEWARD, RESOURCE)
    done = await samples.attach(node, STEWARD, resource.id, upload())
    return str(done.values["sample"])


async def compared(node: Node) -> Compared:
    return await assets.compare(node.catalogue, node.assets, node.clock)


async def test_where_every_row_has_its_file_and_every_file_its_row_all_holds(node: Node) -> None:
    await a_sample(node)
    found = await compared(node)
    assert found.holds
    assert (found.files, found.orphans, found.missing, found.differing) == (1, (), (), ())


async def test_a_row_without_its_file_is_missing(node: Node) -> None:
    asset = await a_sample(node)
    await node.assets.remove(samples.key(asset))
    found = await compared(node)
    assert not found.holds
    assert [row["id"] for row in found.missing] == [asset]


async def test_a_file_of_another_size_than_its_row_says_differs(node: Node) -> None:
    asset = await a_sample(node)
    await node.assets.put(samples.key(asset), chunks(CSV[:-1]), bytes_max=1000)
    found = await compared(node)
    assert not found.holds
    assert [row["id"] for row in found.differing] == [asset]


async def test_a_file_that_no_row_refers_to_is_an_orphan_and_goes_when_told(node: Node) -> None:
    asset = await a_sample(node)
    await node.assets.put("samples/left", chunks(b"over"), bytes_max=10)
    found = await compared(node)
    assert found.holds
    assert found.orphans == (ListedAsset("samples/left", 4, files(node).stored_at),)
    assert await assets.remove_orphans(node.assets, found.orphans) == 1
    assert await assets.remove_orphans(node.assets, found.orphans) == 0
    assert list(files(node).files) == [samples.key(asset)]


async def test_a_young_file_may_still_get_its_row(node: Node) -> None:
    await node.assets.put("samples/young", chunks(b"x"), bytes_max=10)
    files(node).stored_at = node.clock.now() - timedelta(minutes=59)
    assert (await compared(node)).orphans == ()
    files(node).stored_at = node.clock.now() - timedelta(minutes=61)
    assert len((await compared(node)).orphans) == 1


async def test_files_that_are_no_samples_are_not_judged(node: Node) -> None:
    await node.assets.put("evidence/one", chunks(b"x"), bytes_max=10)
    assert (await compared(node)).files == 0


@pytest.mark.parametrize("kind", WITH_PAPERS)
async def test_files_of_papers_are_compared_with_what_their_objects_tell(
    node: Node, kind: str
) -> None:
    papers = [
        {"kind": paper, "sha256": digit * 64, "file": f"pap_{file}", "media_type": PDF, "bytes": 3}
        for paper, digit, file in (
            ("LICENCE", "a", "whole"), ("TEST_REPORT", "a", "whole"),
            ("QUALITY_REPORT", "b", "short"), ("RISK_ASSESSMENT", "c", "missing"),
        )
    ]  # fmt: skip
    announced = {"kind": "LICENCE", "sha256": "d" * 64}
    id_ = await an_object(node, kind)
    await node.catalogue.apply(a_change_set(
        Amend(kind, id_, {"papers": [announced, *papers]}, an_act("test.papers"))
    ))  # fmt: skip
    for name, content in (("whole", b"abc"), ("short", b"ab"), ("left", b"over")):
        await node.assets.put(f"papers/pap_{name}", chunks(content), bytes_max=10)
    found = await compared(node)
    assert not found.holds
    assert (found.files, [each.key for each in found.orphans]) == (3, ["papers/pap_left"])
    named = [(row["id"], row["file_name"]) for row in (*found.missing, *found.differing)]
    assert named == [(id_, "RISK_ASSESSMENT.pdf"), (id_, "QUALITY_REPORT.pdf")]


async def test_a_paper_that_goes_meanwhile_is_not_missing(node: Node) -> None:
    id_ = await an_object(node, "resource")
    await attach(node, STEWARD, id_, sent())

    class Removing(DictionaryAssets):
        async def listing(self, under: str = ""):  # type: ignore[no-untyped-def]
            await resources.amend(node, STEWARD, id_, {"papers": []})
            for each in ():
                yield each

    watching = Removing(files(node).files)
    found = await assets.compare(node.catalogue, watching, node.clock)
    assert (found.files, found.holds) == (0, True)


async def test_a_row_and_a_file_that_go_meanwhile_are_not_missing(node: Node) -> None:
    resource = await resources.draft(node, STEWARD, RESOURCE)
    await samples.attach(node, STEWARD, resource.id, upload())

    class Detaching(DictionaryAssets):
        async def listing(self, under: str = ""):  # type: ignore[no-untyped-def]
            await samples.detach(node, STEWARD, resource.id)
            for each in ():
                yield each

    watching = Detaching(files(node).files)
    found = await assets.compare(node.catalogue, watching, node.clock)
    assert found.holds
