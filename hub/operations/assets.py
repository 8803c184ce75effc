"""Whether the store of the files and the catalogue tell of the same files: of assets and of papers.

A file is stored before its row is written, and removed after: what is left over when something
fails between the two is a file that no row refers to, and never the reverse. What was sent straight
to the store has no row until it is attached, which makes another file of it.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from dataspace.errors import AssetNotFound
from dataspace.nouns.reviewed import PAPERS
from dataspace.papers.keeping import file_name
from dataspace.ports import Assets, Catalogue, Clock, ListedAsset
from dataspace.relations import RELATIONS
from dataspace.selection import (
    PAGE_MAX,
    POSITION,
    Every,
    Order,
    Page,
    PartChild,
    PartHas,
    Row,
    Selection,
    Where,
)
from hub.operations import samples
from hub.operations.papers.keeping import UNDER as PAPERS_UNDER
from hub.operations.papers.keeping import key as paper_key
from hub.operations.samples import SAMPLES, UPLOADS

# A file that is younger may still be waiting for its row.
ORPHAN_AGE: Final = timedelta(hours=1)
SAID_OF: Final = ("id", "file_name", "bytes", "sha256")
WITH_PAPERS: Final = tuple(noun.name for noun in RELATIONS.nouns if PAPERS in noun.parts)
NOTED: Final = PartChild(
    PAPERS.name, PAPERS.name, tuple(each.name for each in PAPERS.fields), PAPERS.count_max
)


@dataclass(frozen=True, slots=True)
class Compared:
    """`files` are those of assets and papers; `missing` are rows without their file, `differing`
    those whose file has another size.
    """

    files: int
    orphans: tuple[ListedAsset, ...]
    missing: tuple[Row, ...]
    differing: tuple[Row, ...]

    @property
    def holds(self) -> bool:
        return not self.missing and not self.differing


async def compare(catalogue: Catalogue, assets: Assets, clock: Clock) -> Compared:
    """Lists all files and reads all rows; the files themselves are not read.

    Raises:  CatalogueUnavailable, AssetsUnavailable.
    """
    rows = {row["key"]: row async for row in _rows(catalogue)}
    before = clock.now() - ORPHAN_AGE
    files, orphans, differing = 0, [], []
    unseen = dict(rows)
    for under in (SAMPLES, PAPERS_UNDER):
        async for listed in assets.listing(under):
            files += 1
            row = unseen.pop(listed.key, None)
            if row is None and listed.key not in rows and listed.stored_at < before:
                orphans.append(listed)
            elif row is not None and row["bytes"] != listed.bytes:
                differing.append(row)
    async for listed in assets.listing(UPLOADS):
        if listed.stored_at < before:
            orphans.append(listed)
    missing = [row for row in unseen.values() if await _is_missing(catalogue, assets, row)]
    return Compared(files, tuple(orphans), tuple(missing), tuple(differing))


async def remove_orphans(assets: Assets, orphans: tuple[ListedAsset, ...]) -> int:
    """How many were removed. Raises:  AssetsUnavailable; what was removed stays so."""
    removed = 0
    for each in orphans:
        try:
            await assets.remove(each.key)
        except AssetNotFound:
            continue
        removed += 1
    return removed


async def _rows(catalogue: Catalogue) -> AsyncIterator[Row]:
    """What is told of every file, with its key, and where that is told."""
    async for row in _all(catalogue, Selection("asset", SAID_OF)):
        told = Selection("asset", ("id",), Where("id", "eq", row["id"]), page=Page(1))
        yield {**row, "key": samples.key(row["id"]), "told": told}
    kept = PartHas(PAPERS.name, (Where("file", "is_null", False),))
    for kind in WITH_PAPERS:
        async for row in _all(catalogue, Selection(kind, ("id",), kept, parts=(NOTED,))):
            for paper in _kept(row[PAPERS.name]):
                yield _of_paper(kind, row["id"], paper)


def _kept(papers: list[Row]) -> list[Row]:
    """One for each file: the same content on one object is one."""
    return list({each["file"]: each for each in papers if each["file"]}.values())


def _of_paper(kind: str, object_: str, paper: Row) -> Row:
    its = PartHas(PAPERS.name, (Where("file", "eq", paper["file"]),))
    told = Selection(kind, ("id",), Every((Where("id", "eq", object_), its)), page=Page(1))
    return {
        "id": object_, "file_name": file_name(paper), "bytes": paper["bytes"],
        "sha256": paper["sha256"], "key": paper_key(paper["file"]), "told": told,
    }  # fmt: skip


async def _all(catalogue: Catalogue, asked: Selection) -> AsyncIterator[Row]:
    page, more = Page(PAGE_MAX), True
    while more:
        answer = await catalogue.select(replace(asked, order=Order("id"), page=page))
        for row in answer.rows:
            yield row
        more = answer.more_after
        page = Page(PAGE_MAX, answer.rows[-1][POSITION]) if more else page


async def _is_missing(catalogue: Catalogue, assets: Assets, row: Row) -> bool:
    """Looked at again: a file and its row may both have gone while all were listed."""
    if (await catalogue.select(row["told"])).first is None:
        return False
    try:
        await assets.size(row["key"])
    except AssetNotFound:
        return True
    return False
