"""Whoever changes the catalogue's file behind its back is found out, and the record is named."""

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from dataspace import evidence
from dataspace.change import Amend, Remove
from dataspace.errors import Broken, CatalogueBroken
from dataspace.evidence import Divergence
from dataspace.selection import Selection
from graph.sqlite_catalogue import SqliteCatalogue
from tests.build import (
    a_chain,
    a_change_set,
    a_product,
    a_resource,
    a_topic,
    an_act,
    the_bureau,
)

ITEMS = [
    {"name": "户号", "data_type": "TEXT", "meaning": "账户 a customer's account"},
    {"name": "吨数", "data_type": "NUMBER"},
]


@pytest.fixture(scope="module")
async def whole(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Path]:
    """A closed catalogue with rows that were created, amended and removed."""
    path = tmp_path_factory.mktemp("whole") / "catalogue.sqlite"
    catalogue = await SqliteCatalogue.open(path)
    await catalogue.apply(a_chain())
    await catalogue.apply(
        a_change_set(
            a_topic("top_1"),
            a_resource("res_2", code="R-2", labels=["地铁"], topics=["top_1"], items=ITEMS),
            a_product("prd_gone"),
        )
    )
    await catalogue.apply(a_change_set(Amend("resource", "res_water", {"grade": 3}, an_act())))
    await catalogue.apply(a_change_set(Remove("product", "prd_gone", an_act())))
    await catalogue.close()
    yield path


async def found(path: Path) -> list[Divergence]:
    """All that both checks find, as `cityspace evidence verify` asks them."""
    catalogue = await SqliteCatalogue.open(path)
    try:
        log = await catalogue.changes_since(0, 1000)
        return [*evidence.verify(log), *await catalogue.divergences()]
    finally:
        await catalogue.close()


def copied(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(whole, tmp_path / "catalogue.sqlite"))


async def test_an_untouched_catalogue_does_not_diverge(whole: Path, tmp_path: Path) -> None:
    assert await found(copied(whole, tmp_path)) == []


async def test_texts_without_a_word_are_no_divergence(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    catalogue = await SqliteCatalogue.open(path)
    items = [{"name": name} for name in ("#", "Street", "…", "—", "Height")]
    await catalogue.apply(a_change_set(the_bureau(), a_resource(labels=["!", "x"], items=items)))
    await catalogue.close()
    assert await found(path) == []


@pytest.mark.parametrize(
    ("edit", "revision", "id_"),
    [
        ("UPDATE resource SET name = '假' WHERE id = 'res_water'", 8, "res_water"),
        ("UPDATE resource SET version = 7 WHERE id = 'res_2'", 6, "res_2"),
        ("UPDATE resource SET labels = '[\"地\"]' WHERE id = 'res_2'", 6, "res_2"),
        ("UPDATE resource SET labels = 'x' WHERE id = 'res_2'", 6, "res_2"),
        ("UPDATE resource SET provider = 'par_other' WHERE id = 'res_2'", 6, "res_2"),
        ("DELETE FROM resource WHERE id = 'res_2'", 6, "res_2"),
        ("UPDATE \"resource.items\" SET meaning = '' WHERE place = 0", 6, "res_2"),
        ('DELETE FROM "resource.items" WHERE place = 1', 6, "res_2"),
        ("UPDATE \"resource.topics\" SET target = 'top_9'", 6, "res_2"),
        ("UPDATE \"resource.labels\" SET value = '地'", 6, "res_2"),
        ('DELETE FROM "resource.labels"', 6, "res_2"),
        ('DELETE FROM "product.authorisations"', 4, "prd_profile"),
        ("UPDATE past SET body = x'00' WHERE id = 'res_water'", 2, "res_water"),
        ("UPDATE past SET until = 9 WHERE id = 'res_water'", 2, "res_water"),
        ("DELETE FROM past WHERE id = 'res_water'", 2, "res_water"),
        ("UPDATE evidence SET actor = 'nobody' WHERE number = 3", 3, "aut_credit"),
        ("UPDATE evidence SET leaf = 'beef' WHERE number = 3", 3, "aut_credit"),
        ("UPDATE evidence SET subject_kind = 'RESOURCF' WHERE number = 2", 2, "res_water"),
        ("UPDATE evidence SET id = 'evi_x' WHERE number = 5", 5, "evi_x"),
        ("DELETE FROM evidence WHERE number = 4", 4, ""),
        ("UPDATE change_set SET revision = 3 WHERE revision = 4", 4, ""),
    ],
)
async def test_a_change_behind_the_catalogues_back_is_found_and_its_record_named(
    whole: Path, tmp_path: Path, edit: str, revision: int, id_: str
) -> None:
    path = copied(whole, tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert connection.execute(edit).rowcount > 0
    first = min(await found(path), key=lambda each: each.revision or 99)
    assert (first.revision, first.id if id_ else "") == (revision, id_)


async def test_a_row_that_was_slipped_in_is_found(whole: Path, tmp_path: Path) -> None:
    path = copied(whole, tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(
            "INSERT INTO topic(number, id, version, revision) VALUES (9,'top_x',1,1)"
        )
    assert ("topic", "top_x") in {(each.kind, each.id) for each in await found(path)}


@pytest.mark.parametrize(
    ("text", "instead"),
    [("用水量 Water", "用水量 Wager"), ("地铁", "地钱"), ("customer", "custoner"), ("R-2", "R-3")],
)
async def test_every_place_where_a_text_stands_is_looked_at(
    whole: Path, tmp_path: Path, text: str, instead: str
) -> None:
    """The same text stands in a row, in indexes and in the full-text index: each is changed."""
    content = whole.read_bytes()
    places, at = [], content.find(text.encode())
    while at >= 0:
        places.append(at)
        at = content.find(text.encode(), at + 1)
    assert places
    for number, place in enumerate(places):
        path = tmp_path / f"{number}.sqlite"
        new = instead.encode()
        path.write_bytes(content[:place] + new + content[place + len(new) :])
        try:
            named = {each.id for each in await found(path)}
        except Broken:
            continue
        assert named & {"res_water", "res_2"}, (number, place, named)


async def test_a_file_that_is_no_catalogue_is_broken_and_not_a_vendors_error(
    tmp_path: Path,
) -> None:
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(b"This is a text and no database." * 500)
    with pytest.raises(CatalogueBroken):
        await SqliteCatalogue.open(path)


async def test_one_changed_letter_of_the_schema_is_broken_and_not_a_store_that_is_away(
    whole: Path, tmp_path: Path
) -> None:
    path = tmp_path / "catalogue.sqlite"
    content = whole.read_bytes()
    assert b'"share_type", "share_condition"' in content
    path.write_bytes(content.replace(b'"share_type", "share_c', b'"share_tyqe", "share_c'))
    with pytest.raises(CatalogueBroken):
        catalogue = await SqliteCatalogue.open(path)
        try:
            await catalogue.select(Selection("resource", ("id", "share_type")))
        finally:
            await catalogue.close()


async def test_pages_full_of_noise_are_broken_and_not_a_vendors_error(
    whole: Path, tmp_path: Path
) -> None:
    path = tmp_path / "catalogue.sqlite"
    content = bytearray(whole.read_bytes())
    for page in range(2, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xa5" * 64
    path.write_bytes(content)
    with pytest.raises(CatalogueBroken):
        catalogue = await SqliteCatalogue.open(path)
        try:
            await catalogue.select(Selection("resource", ("id", "name")))
        finally:
            await catalogue.close()
