"""A dump is the whole catalogue: what is loaded from it is the same, to the last byte and hash."""

import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dataspace import evidence
from dataspace.change import Amend, Applied, ChangeSet
from dataspace.errors import CatalogueUnavailable
from dataspace.evidence import canonical
from dataspace.ports import Catalogue
from graph.sqlite_catalogue import SqliteCatalogue
from hub.operations.backups import CatalogueDiffers, DumpBroken, dump, load
from tests.build import a_change_set, a_resource, an_act, the_bureau
from tests.contract.answers import a_corpus, done
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.made_catalogue import a_catalogue


def silent(done: int, whole: int) -> None:
    """Nobody watches."""


async def dumped(catalogue: Catalogue) -> bytes:
    file = io.BytesIO()
    await dump(catalogue, file, silent)
    return file.getvalue()


@pytest.fixture
async def model() -> DictionaryCatalogue:
    """Rows of every kind that were created, amended, removed and made again."""
    model = DictionaryCatalogue()
    _, change_sets = a_corpus()
    for each in change_sets:
        await done(model, each)
    return model


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[SqliteCatalogue]:
    opened = await a_catalogue(tmp_path / "catalogue.sqlite")
    yield opened
    await opened.close()


async def test_there_and_back_gives_the_same_bytes(
    model: DictionaryCatalogue, empty: SqliteCatalogue
) -> None:
    written = await dumped(model)
    copied = await load(empty, io.BytesIO(written), silent)
    assert copied.records == copied.written == len(model.rows["evidence"])
    assert await dumped(empty) == written
    again = DictionaryCatalogue()
    await load(again, io.BytesIO(await dumped(empty)), silent)
    assert again.rows == model.rows
    assert await empty.divergences() == []
    log = await empty.changes_since(0, 10_000)
    assert list(evidence.verify(log)) == []
    assert log == await model.changes_since(0, 10_000)


async def test_an_empty_catalogue_is_dumped_and_loaded_too(empty: SqliteCatalogue) -> None:
    written = await dumped(DictionaryCatalogue())
    assert (await load(empty, io.BytesIO(written), silent)).records == 0
    assert await dumped(empty) == written


class Failing(DictionaryCatalogue):
    """It does not answer any more after some change sets."""

    left = 20

    async def apply(self, change_set: ChangeSet) -> Applied:
        if self.left == 0:
            raise CatalogueUnavailable(service="test", detail="gone", retry_after_seconds=1)
        self.left -= 1
        return await super().apply(change_set)


async def test_a_loading_that_was_interrupted_goes_on_and_ends_as_if_it_never_was(
    model: DictionaryCatalogue,
) -> None:
    written, failing = await dumped(model), Failing()
    interrupted = 0
    while True:
        failing.left = 20
        try:
            await load(failing, io.BytesIO(written), silent)
            break
        except CatalogueUnavailable:
            interrupted += 1
            log = await failing.changes_since(0, 10_000)
            assert list(evidence.verify(log)) == []
    assert interrupted > 3
    assert await dumped(failing) == written


async def test_loading_again_what_is_loaded_writes_nothing(model: DictionaryCatalogue) -> None:
    assert (await load(model, io.BytesIO(await dumped(model)), silent)).written == 0


async def test_a_catalogue_that_holds_something_else_is_left_as_it_is(
    model: DictionaryCatalogue, empty: SqliteCatalogue
) -> None:
    await empty.apply(a_change_set(the_bureau()))
    before = await dumped(empty)
    with pytest.raises(CatalogueDiffers):
        await load(empty, io.BytesIO(await dumped(model)), silent)
    assert await dumped(empty) == before


async def test_a_change_set_of_before_the_dump_is_known_after_the_load(
    empty: SqliteCatalogue,
) -> None:
    model, change_set = DictionaryCatalogue(), a_change_set(the_bureau(), a_resource("res_1"))
    await model.apply(change_set)
    await load(empty, io.BytesIO(await dumped(model)), silent)
    assert await empty.apply(change_set) == Applied(2, repeated=True)


async def test_what_is_done_after_the_load_is_done_as_it_would_have_been(
    model: DictionaryCatalogue, empty: SqliteCatalogue
) -> None:
    await load(empty, io.BytesIO(await dumped(model)), silent)
    id_ = next(iter(model.rows["participant"]))
    amend = ChangeSet("chs_after", (Amend("participant", id_, {"name": "新"}, an_act()),))
    assert await empty.apply(amend) == await model.apply(amend)
    assert await dumped(empty) == await dumped(model)


@pytest.mark.parametrize("edit", ["change a value", "drop a record", "swap two", "add one"])
async def test_a_file_that_was_changed_is_refused_before_anything_is_loaded(
    model: DictionaryCatalogue, empty: SqliteCatalogue, edit: str
) -> None:
    lines = (await dumped(model)).splitlines(keepends=True)
    if edit == "change a value":
        value = json.loads(lines[5])
        value["values"]["name"] = "假"
        lines[5] = canonical(value) + b"\n"
    elif edit == "drop a record":
        del lines[5]
    elif edit == "swap two":
        lines[5], lines[6] = lines[6], lines[5]
    else:
        lines.insert(6, lines[5])
    with pytest.raises(DumpBroken):
        await load(empty, io.BytesIO(b"".join(lines)), silent)
    assert await empty.changes_since(0, 10) == []


@pytest.mark.parametrize("bytes_kept", [0, 10, 400, -1, -80, -200])
async def test_a_file_that_was_cut_short_is_refused(
    model: DictionaryCatalogue, empty: SqliteCatalogue, bytes_kept: int
) -> None:
    written = (await dumped(model))[:bytes_kept]
    if bytes_kept == -1:
        written = written.rpartition(b"\n")[0] + b"\n"
    with pytest.raises(DumpBroken):
        await load(empty, io.BytesIO(written), silent)
    assert await empty.changes_since(0, 10) == []


@pytest.mark.parametrize("said", [b"", b"[]\n", b"not json\n", b'{"format": "other"}\n', b"\xff\n"])
async def test_another_file_is_refused(empty: SqliteCatalogue, said: bytes) -> None:
    with pytest.raises(DumpBroken):
        await load(empty, io.BytesIO(said), silent)
