"""Catalogues that count what they are asked, or are interrupted between a read and a write."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from dataspace.change import Applied, ChangeSet, Recorded
from dataspace.evidence import Divergence
from dataspace.ports import Catalogue
from dataspace.selection import Found, Selection
from hub.node import Node


class Watched:
    """Passes everything on to a real catalogue, counting.

    `after_select` and `after_apply` happen once; the latter may lose the answer by raising.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.selects = self.applies = 0
        self.after_select: Callable[[], Awaitable[object]] | None = None
        self.after_apply: Callable[[], Awaitable[object]] | None = None

    async def select(self, selection: Selection) -> Found:
        self.selects += 1
        found = await self.catalogue.select(selection)
        if self.after_select is not None:
            happens, self.after_select = self.after_select, None
            await happens()
        return found

    async def apply(self, change_set: ChangeSet) -> Applied:
        self.applies += 1
        applied = await self.catalogue.apply(change_set)
        if self.after_apply is not None:
            happens, self.after_apply = self.after_apply, None
            await happens()
        return applied

    async def changes_since(self, revision: int, limit: int) -> list[Recorded]:
        return await self.catalogue.changes_since(revision, limit)

    async def divergences(self, first: int = 20) -> list[Divergence]:
        return await self.catalogue.divergences(first)

    async def ready(self) -> None:
        await self.catalogue.ready()

    async def close(self) -> None:
        await self.catalogue.close()


def watched(node: Node) -> tuple[Node, Watched]:
    watch = Watched(node.catalogue)
    return replace(node, catalogue=watch), watch
