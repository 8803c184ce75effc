"""Whether the store of the files and the catalogue tell of the same files.

A file is stored before its row is written, and removed after: what is left over when something
fails between the two is a file that no row refers to, and never the reverse. What was sent straight
to the store has no row until it is attached, which makes another file of it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from dataspace.errors import AssetNotFound
from dataspace.ports import Assets, Catalogue, Clock, ListedAsset
from dataspace.selection import PAGE_MAX, POSITION, Order, Page, Row, Selection, Where
from hub.operations.samples import SAMPLES, UPLOADS, key

# A file that is younger may still be waiting for its row.
ORPHAN_AGE: Final = timedelta(hours=1)
SAID_OF: Final = ("id", "file_name", "bytes", "sha256")


@dataclass(frozen=True, slots=True)
class Compared:
    """`files` are the samples; `missing` are rows without their file, `differing` those whose file
    has another size.
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
    rows = await _rows(catalogue)
    before = clock.now() - ORPHAN_AGE
    files, orphans, differing = 0, [], []
    unseen = dict(rows)
    async for listed in assets.listing(SAMPLES):
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


async def _rows(catalogue: Catalogue) -> dict[str, Row]:
    """Every asset's row, by the key of its file."""
    found: dict[str, Row] = {}
    page, more = Page(PAGE_MAX), True
    while more:
        answer = await catalogue.select(Selection("asset", SAID_OF, order=Order("id"), page=page))
        found |= {key(row["id"]): row for row in answer.rows}
        more = answer.more_after
        page = Page(PAGE_MAX, answer.rows[-1][POSITION]) if more else page
    return found


async def _is_missing(catalogue: Catalogue, assets: Assets, row: Row) -> bool:
    """Looked at again: a file and its row may both have gone while all were listed."""
    where = Where("id", "eq", row["id"])
    if (await catalogue.select(Selection("asset", ("id",), where, page=Page(1)))).first is None:
        return False
    try:
        await assets.size(key(row["id"]))
    except AssetNotFound:
        return True
    return False
