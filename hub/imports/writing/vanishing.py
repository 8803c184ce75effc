"""Marks the resources that a complete file of their source no longer lists."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace

from dataspace.change import Act, Amend, ChangeSet
from dataspace.errors import MovedOn
from dataspace.federation.flow.publishing import OWN
from dataspace.selection import PAGE_MAX, POSITION, Every, Order, Page, Row, Selection, Where
from hub.imports.errors import ImportRaced
from hub.imports.writing.reconciling import ATTEMPTS_MAX, Reconciler


@dataclass(slots=True)
class Vanishing:
    """`listed` are the ids of all that was imported, `records` the source's own of the rejected."""

    reconciler: Reconciler
    listed: Collection[str]
    records: Collection[str]

    async def mark(self, source: str, at: str) -> int:
        """How many were marked; in a dry run, how many would be."""
        selection = Selection(
            "resource",
            ("id", "source_record", "version"),
            Every((OWN, Where("source", "eq", source), Where("vanished_at", "is_null", True))),
            order=Order("id"),
            page=Page(PAGE_MAX),
        )
        count = 0
        while True:
            found = await self.reconciler.catalogue.select(selection)
            count += await self._amend([row for row in found.rows if self._is_gone(row)], at)
            if not found.more_after:
                return count
            selection = replace(selection, page=Page(PAGE_MAX, found.rows[-1][POSITION]))

    def _is_gone(self, row: Row) -> bool:
        return row["id"] not in self.listed and row["source_record"] not in self.records

    async def _amend(self, gone: list[Row], at: str) -> int:
        if self.reconciler.dry:
            return len(gone)
        for attempt in range(ATTEMPTS_MAX):
            if not gone:
                return 0
            if await self._applied(gone, at, attempt):
                return len(gone)
            gone = await self._still(gone)
        raise ImportRaced(batch="vanished")

    async def _applied(self, gone: list[Row], at: str, attempt: int) -> bool:
        act = Act(
            self.reconciler.actor,
            "resource.import_vanished",
            at,
            f"{self.reconciler.file_name} 不再列出 It is no longer listed there",
        )
        values = {"vanished_at": at, "changed_at": at}
        changes = tuple(
            Amend("resource", row["id"], values, act, version=row["version"]) for row in gone
        )
        try:
            applied = await self.reconciler.catalogue.apply(
                ChangeSet(f"imp_{self.reconciler.token}_v{_mark(gone)}_{attempt}", changes)
            )
        except MovedOn:
            return False
        return not applied.repeated

    async def _still(self, gone: list[Row]) -> list[Row]:
        found = await self.reconciler.catalogue.select(
            Selection(
                "resource",
                ("id", "version"),
                Every(
                    (
                        Where("id", "in", [row["id"] for row in gone]),
                        Where("vanished_at", "is_null", True),
                    )
                ),
                page=Page(PAGE_MAX),
            )
        )
        return found.rows


def _mark(rows: list[Row]) -> str:
    text = ",".join(f"{row['id']}:{row['version']}" for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()[:24]
