"""Files of papers: who sends one and when, what is refused, what stays, what goes with a change."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from dataspace.caller import ANYONE, Caller, Role
from dataspace.change import Amend
from dataspace.errors import (
    AssetsUnavailable,
    AssetTooLarge,
    CatalogueUnavailable,
    ChangeSetDiffers,
    DataSpaceError,
    MovedOn,
    NotFound,
    NotSignedIn,
    UploadDiffers,
)
from dataspace.evidence import verify
from dataspace.lifecycle import MACHINES
from dataspace.papers.forms import DOCX, OFD, PDF, XLSX, PaperRefused
from dataspace.relations import RELATIONS
from dataspace.selection import Page, PartChild, Row, Selection, Where
from hub.node import Node
from hub.operations import assets, authorisations, participants, products, resources
from hub.operations.mechanism.done import Done
from hub.operations.mechanism.input import NOT_SETTABLE, FieldsInvalid
from hub.operations.papers import attaching
from hub.operations.papers.attaching import BOOKS, Sent, attach
from hub.operations.papers.keeping import key
from tests import paper_files
from tests.build import a_change_set, an_act, caller_for
from tests.paper_files import PNG, docx, ofd, xlsx
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    AUTHORISATION,
    BANK,
    DEVELOPER,
    MARKET,
    PRODUCT,
    REGISTRAR,
    RESOURCE,
    STEWARD,
    DictionaryAssets,
    an_authorisable_resource,
    papers,
)
from tests.unit.operations.test_drafts import OTHER_STEWARD

pytestmark = pytest.mark.anyio

CONTENT = paper_files.PDF
SHA256 = hashlib.sha256(CONTENT).hexdigest()
FIELDS = ("kind", "sha256", "file", "media_type", "bytes")
AMENDING = {
    "participant": participants.amend, "resource": resources.amend,
    "authorisation": authorisations.amend, "product": products.amend,
}  # fmt: skip


def sent(kind: str = "LICENCE", content: bytes = CONTENT, *, chunk: int = 7) -> Sent:
    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(content), chunk):
            yield content[at : at + chunk]

    return Sent(kind, chunks())


def files(node: Node) -> dict[str, bytes]:
    assert isinstance(node.assets, DictionaryAssets)
    return node.assets.files


async def papers_of(node: Node, id_: str) -> list[Row]:
    kind = RELATIONS.by_prefix[id_[:3]].name
    part = PartChild("papers", "papers", FIELDS, first=20)
    asked = Selection(kind, ("id",), Where("id", "eq", id_), page=Page(1), parts=(part,))
    row = (await node.catalogue.select(asked)).first
    assert row is not None
    return list(row["papers"])


async def a_draft(node: Node, **values: Any) -> str:
    return (await resources.draft(node, STEWARD, {**RESOURCE, **values})).id


async def an_object(node: Node, kind: str) -> str:
    """Of the kind, open to change; of a participant the bank."""
    match kind:
        case "participant":
            return BANK
        case "resource":
            return await a_draft(node)
        case "authorisation":
            source = await an_authorisable_resource(node)
            values = {**AUTHORISATION, "resources": [source]}
            return (await authorisations.draft(node, DEVELOPER, values)).id
    return (await products.draft(node, DEVELOPER, PRODUCT)).id


OWNERS = {"participant": BANK, "resource": MARKET, "authorisation": BANK, "product": BANK}


async def outcome(attempt: Any) -> type[DataSpaceError] | None:
    try:
        await attempt
    except DataSpaceError as refusal:
        return type(refusal)
    return None


async def test_a_file_is_kept_with_what_it_is_and_its_hash_is_in_the_evidence(node: Node) -> None:
    id_ = await a_draft(node)
    done = await attach(node, STEWARD, id_, sent())

    [paper] = await papers_of(node, id_)
    assert paper == {
        "kind": "LICENCE", "sha256": SHA256, "file": paper["file"], "media_type": PDF,
        "bytes": len(CONTENT),
    }  # fmt: skip
    assert files(node) == {key(paper["file"]): CONTENT}
    log = await node.catalogue.changes_since(0, 1000)
    assert list(verify(log)) == []
    evidence = log[-1].evidence
    assert (evidence["sequence"], evidence["action"]) == (done.revision, "resource.attach_paper")
    assert evidence["changed"] == ["papers"]
    assert evidence["reason"] == f"LICENCE {SHA256}"
    assert log[-1].values and log[-1].values["papers"] == [paper]


@pytest.mark.parametrize(
    ("content", "form"), [(docx(), DOCX), (xlsx(), XLSX), (ofd(), OFD), (PNG, "image/png")]
)
async def test_documents_and_pictures_are_taken_for_what_they_are(
    node: Node, content: bytes, form: str
) -> None:
    id_ = await a_draft(node)
    await attach(node, STEWARD, id_, sent(content=content, chunk=5000))
    [paper] = await papers_of(node, id_)
    assert (paper["media_type"], paper["bytes"]) == (form, len(content))


@pytest.mark.parametrize("kind", BOOKS)
async def test_whoever_may_change_the_papers_sends_their_files_and_nobody_else(
    node: Node, kind: str
) -> None:
    """In every role, at the object's own organisation and at another one."""
    id_ = await an_object(node, kind)
    allowed = 0
    for role in Role:
        for participant in (OWNERS[kind], "par_centre"):
            caller = caller_for(role, participant=participant)
            expected = await outcome(AMENDING[kind](node, caller, id_, {"papers": []}))
            assert await outcome(attach(node, caller, id_, sent())) is expected
            allowed += expected is None
    assert allowed
    assert await outcome(attach(node, ANYONE, id_, sent())) is NotSignedIn
    await AMENDING[kind](node, _may(kind), id_, {"papers": []})
    assert files(node) == {}


def _may(kind: str) -> Caller:
    return {"participant": REGISTRAR, "resource": STEWARD}.get(kind, DEVELOPER)


@pytest.mark.parametrize("kind", BOOKS)
async def test_in_every_state_a_file_is_taken_where_a_change_is(node: Node, kind: str) -> None:
    id_ = await an_object(node, kind)
    caller = _may(kind)
    for state in MACHINES[kind].states:
        moved = Amend(kind, id_, {"state": state.code}, an_act("test.moved"))
        await node.catalogue.apply(a_change_set(moved))
        expected = await outcome(AMENDING[kind](node, caller, id_, {"papers": []}))
        assert (expected is None) == (state.open_to_change or kind == "participant"), state.code
        held = {} if expected is None else dict(files(node))
        assert await outcome(attach(node, caller, id_, sent())) is expected
        assert (files(node) == held) == (expected is not None)


async def test_what_it_goes_with_is_seen_and_may_have_papers(node: Node) -> None:
    id_ = await a_draft(node)
    for caller, of in (
        (OTHER_STEWARD, id_), (STEWARD, "res_nowhere"), (STEWARD, "top_1"), (STEWARD, "nothing"),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            await attach(node, caller, of, sent())
    assert files(node) == {}


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", "paper.form_refused"),
        (b"MZ\x90\x00", "paper.form_refused"),
        (b"<html>%PDF-1.7", "paper.form_refused"),
        (b"PK\x03\x04 no archive", "paper.form_refused"),
        (paper_files.archive({"[Content_Types].xml": paper_files.MACROS}), "paper.form_refused"),
        (b"%PDF-" + b"x" * 200, "asset.too_large"),
        (PNG, "asset.upload_differs"),
    ],
)
async def test_what_is_not_what_it_says_is_refused_and_nothing_is_lost(
    node: Node, monkeypatch: pytest.MonkeyPatch, content: bytes, refusal: str
) -> None:
    announced = {"kind": "LICENCE", "sha256": SHA256}
    id_ = await a_draft(node, papers=[announced])
    await attach(node, STEWARD, id_, sent("TEST_REPORT", docx()))
    monkeypatch.setattr(attaching, "PAPER_BYTES_MAX", 200)
    before, held = await papers_of(node, id_), dict(files(node))
    revision = len(await node.catalogue.changes_since(0, 1000))

    with pytest.raises((PaperRefused, AssetTooLarge, UploadDiffers)) as refused:
        await attach(node, STEWARD, id_, sent(content=content))
    assert refused.value.code == refusal
    assert refused.value.title.en != refused.value.title.zh
    assert (await papers_of(node, id_), files(node)) == (before, held)
    assert len(await node.catalogue.changes_since(0, 1000)) == revision

    await attach(node, STEWARD, id_, sent())
    assert [each["file"] is not None for each in await papers_of(node, id_)] == [True, True]


async def test_a_paper_is_of_a_kind_that_there_is_and_there_are_not_too_many(node: Node) -> None:
    id_ = await a_draft(node)
    for kind in ("", "PORTRAIT"):
        with pytest.raises(FieldsInvalid):
            await attach(node, STEWARD, id_, sent(kind))
    many = [{"kind": "LICENCE", "sha256": f"{n:064}"} for n in range(20)]
    await resources.amend(node, STEWARD, id_, {"papers": many})
    with pytest.raises(FieldsInvalid):
        await attach(node, STEWARD, id_, sent("TEST_REPORT"))
    assert files(node) == {}


async def test_nobody_says_which_file_a_paper_has(node: Node) -> None:
    """Else one could name the file of somebody else, and be given it."""
    id_, other = await a_draft(node), await a_draft(node)
    await attach(node, STEWARD, other, sent())
    [paper] = await papers_of(node, other)
    for name in ("file", "media_type", "bytes"):
        given = {"kind": "LICENCE", "sha256": SHA256, name: paper[name]}
        for attempt in (
            resources.amend(node, STEWARD, id_, {"papers": [given]}),
            resources.draft(node, STEWARD, {**RESOURCE, "papers": [given]}),
            participants.amend(node, REGISTRAR, BANK, {"papers": [given]}),
        ):
            with pytest.raises(FieldsInvalid) as refused:
                await attempt
            [problem] = refused.value.problems
            assert (problem.path, problem.text) == (f"papers[0].{name}", NOT_SETTABLE)
    await resources.amend(node, STEWARD, id_, {"papers": [{"kind": "LICENCE", "sha256": SHA256}]})
    assert (await papers_of(node, id_))[0]["file"] is None


async def test_a_paper_that_goes_another_way_is_told_apart(node: Node) -> None:
    id_ = await a_draft(node, papers=papers("LICENCE", "TEST_REPORT"))
    assert [each["file"] for each in await papers_of(node, id_)] == [None, None]
    await resources.submit(node, STEWARD, id_)


@pytest.mark.parametrize("kind", BOOKS)
async def test_a_change_keeps_the_files_of_what_stays_and_removes_the_others(
    node: Node, kind: str
) -> None:
    id_, caller, amend = await an_object(node, kind), _may(kind), AMENDING[kind]
    await attach(node, caller, id_, sent())
    await attach(node, caller, id_, sent("TEST_REPORT", PNG))
    licence, report = await papers_of(node, id_)

    stays = {"kind": "LICENCE", "sha256": SHA256}
    await amend(node, caller, id_, {"papers": [stays, *papers("QUALITY_REPORT")]})
    assert list(files(node)) == [key(licence["file"])]
    kept, announced = await papers_of(node, id_)
    assert kept == licence
    assert announced["file"] is None
    assert report["file"] not in {kept["file"], announced["file"]}
    await amend(node, caller, id_, {"papers": None})
    assert files(node) == {}
    found = await assets.compare(node.catalogue, node.assets, node.clock)
    assert (found.files, found.holds) == (0, True)


async def test_another_change_leaves_the_files(node: Node) -> None:
    id_ = await a_draft(node)
    await attach(node, STEWARD, id_, sent())
    await resources.amend(node, STEWARD, id_, {"grade": 1})
    await resources.submit(node, STEWARD, id_)
    await resources.withdraw(node, STEWARD, id_)
    [paper] = await papers_of(node, id_)
    assert list(files(node)) == [key(paper["file"])]


async def test_the_same_content_twice_on_one_object_is_one_file(node: Node) -> None:
    id_, other = await a_draft(node), await a_draft(node)
    await attach(node, STEWARD, id_, sent())
    await attach(node, STEWARD, id_, sent("TEST_REPORT"))
    await attach(node, STEWARD, id_, sent())
    assert [each["kind"] for each in await papers_of(node, id_)] == ["LICENCE", "TEST_REPORT"]
    assert len(files(node)) == 1
    await resources.amend(node, STEWARD, id_,
                          {"papers": [{"kind": "TEST_REPORT", "sha256": SHA256}]})  # fmt: skip
    assert len(files(node)) == 1
    await attach(node, STEWARD, other, sent())
    assert len(files(node)) == 2


async def test_a_file_that_was_lost_is_there_when_it_is_sent_again(node: Node) -> None:
    id_ = await a_draft(node)
    await attach(node, STEWARD, id_, sent())
    files(node).clear()
    assert not (await assets.compare(node.catalogue, node.assets, node.clock)).holds
    await attach(node, STEWARD, id_, sent())
    assert (await assets.compare(node.catalogue, node.assets, node.clock)).holds
    assert list(files(node).values()) == [CONTENT]


async def test_a_draft_that_is_taken_back_takes_its_files_along(node: Node) -> None:
    id_ = await a_draft(node)
    await attach(node, STEWARD, id_, sent())
    await resources.remove(node, STEWARD, id_)
    assert files(node) == {}


async def test_a_repeated_upload_is_one_paper_and_another_file_is_another_request(
    node: Node,
) -> None:
    id_ = await a_draft(node)
    first = await attach(node, STEWARD, id_, sent(), request_id="r1")
    await resources.submit(node, STEWARD, id_)
    assert (await attach(node, STEWARD, id_, sent(), request_id="r1")).revision == first.revision
    for other in (sent(content=PNG), sent("TEST_REPORT")):
        with pytest.raises(ChangeSetDiffers):
            await attach(node, STEWARD, id_, other, request_id="r1")
    assert list(files(node).values()) == [CONTENT]


async def test_a_repeated_change_does_not_remove_what_came_after_it(node: Node) -> None:
    id_ = await a_draft(node)

    async def cleared() -> Done:
        return await resources.amend(node, STEWARD, id_, {"papers": []}, request_id="r1")

    first = await cleared()
    await attach(node, STEWARD, id_, sent())
    assert (await cleared()).revision == first.revision
    assert list(files(node).values()) == [CONTENT]


async def test_a_file_that_is_refused_by_the_catalogue_is_removed_again(node: Node) -> None:
    id_ = await a_draft(node)
    slow, watch = watched(node)

    async def amended() -> None:
        await resources.amend(node, STEWARD, id_, {"grade": 1})

    watch.after_select = amended
    with pytest.raises(MovedOn):
        await attach(slow, STEWARD, id_, sent())
    assert files(node) == {}


async def test_a_file_whose_row_was_written_stays_though_the_answer_was_lost(node: Node) -> None:
    id_ = await a_draft(node)
    cut, watch = watched(node)

    async def lost() -> None:
        raise CatalogueUnavailable(service="Neo4j", detail="cut", retry_after_seconds=5)

    watch.after_apply = lost
    with pytest.raises(CatalogueUnavailable):
        await attach(cut, STEWARD, id_, sent())
    [paper] = await papers_of(node, id_)
    assert files(node) == {key(paper["file"]): CONTENT}
    watch.after_apply = lost
    await attach(cut, STEWARD, id_, sent("TEST_REPORT", PNG), request_id="once")
    assert len(await papers_of(node, id_)) == len(files(node)) == 2


async def test_whatever_breaks_in_a_change_no_paper_loses_its_file(node: Node) -> None:
    """What is left over is a file that no paper tells of, which the check of the files finds."""
    id_ = await a_draft(node)
    await attach(node, STEWARD, id_, sent())
    cut, watch = watched(node)

    async def crash() -> None:
        raise KeyboardInterrupt

    watch.after_apply = crash
    with pytest.raises(KeyboardInterrupt):
        await resources.amend(cut, STEWARD, id_, {"papers": []})
    assert list(files(node).values()) == [CONTENT]
    found = await assets.compare(node.catalogue, node.assets, node.clock)
    assert found.holds
    assert [each.key for each in found.orphans] == list(files(node))
    assert await assets.remove_orphans(node.assets, found.orphans) == 1


async def test_a_store_that_is_away_is_told_and_the_papers_are_as_they_were_set(
    node: Node,
) -> None:
    id_ = await a_draft(node)
    await attach(node, STEWARD, id_, sent())
    assert isinstance(node.assets, DictionaryAssets)
    remove, cuts = node.assets.remove, [AssetsUnavailable(service="S3", detail="cut")]

    async def cut_once(place: str) -> None:
        if cuts:
            raise cuts.pop()
        await remove(place)

    node.assets.remove = cut_once  # type: ignore[method-assign]
    with pytest.raises(AssetsUnavailable):
        await attach(node, STEWARD, id_, sent("TEST_REPORT"))
    assert {files(node)[key(each["file"])] for each in await papers_of(node, id_)} == {CONTENT}
    cuts.append(AssetsUnavailable(service="S3", detail="cut"))
    with pytest.raises(AssetsUnavailable):
        await resources.amend(node, STEWARD, id_, {"papers": []})
    assert await papers_of(node, id_) == []
    found = await assets.compare(node.catalogue, node.assets, node.clock)
    assert (found.holds, len(found.orphans)) == (True, 2)
