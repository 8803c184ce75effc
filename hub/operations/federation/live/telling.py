"""What a node tells its hub when it is asked live: of what may leave, and of nothing else."""

import asyncio
from collections.abc import Sequence
from typing import Final

from dataspace.federation.flow.publishing import Release
from dataspace.federation.live.answers import KINDS, LiveAnswer, Present, kind_of
from dataspace.ports import Catalogue
from dataspace.selection import Every, Page, Selection, Where
from hub.operations.federation.flow.publishing import Publisher

FIELDS: Final = ("id", "state", "changed_at")


async def tell(
    catalogue: Catalogue, release: Release, ids: Sequence[str], *, readiness: str, version: str
) -> LiveAnswer:
    """`ids` are of products and resources; those that may not leave are passed over.

    Raises:  CatalogueUnavailable.
    """
    (resources, products), objects, end = await asyncio.gather(
        _counts(catalogue, release), _objects(catalogue, release, ids), Publisher.end(catalogue)
    )
    return LiveAnswer(readiness, version, end.revision, resources, products, objects)


async def _counts(catalogue: Catalogue, release: Release) -> list[int]:
    asked = (
        Selection(kind, where=release.conditions[kind], rows=False, total=True) for kind in KINDS
    )
    return [found.total or 0 for found in await asyncio.gather(*map(catalogue.select, asked))]


async def _objects(
    catalogue: Catalogue, release: Release, ids: Sequence[str]
) -> tuple[Present, ...]:
    """One selection for each kind that is asked for."""
    by_kind = {kind: tuple(id_ for id_ in ids if kind_of(id_) == kind) for kind in KINDS}
    asked = (
        Selection(
            kind, FIELDS, Every((release.conditions[kind], Where("id", "in", wanted))),
            page=Page(len(wanted)),
        )
        for kind, wanted in by_kind.items() if wanted
    )  # fmt: skip
    found = await asyncio.gather(*map(catalogue.select, asked))
    return tuple(
        Present(row["id"], row["state"], row["changed_at"]) for each in found for row in each.rows
    )
