"""The hub's register of nodes, as its door and its list need it; read again every two seconds.

A cut-off by this process counts at once, one by another process within the two seconds.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from json import loads
from typing import Any, Final

from dataspace.federation.standings import CUT_OFF, Entry, NodeUnknown, Standings
from dataspace.selection import (
    PAGE_MAX,
    POSITION,
    Child,
    Condition,
    Either,
    Page,
    Row,
    Selection,
    Where,
)
from dataspace.text import Text
from hub.node import Node

KNOWN_FOR: Final = timedelta(seconds=2)
REMEMBERED_MAX: Final = 2000
FIELDS: Final = (
    "id", "identifier", "status", "state", "address", "signing_keys", "changed_at",
    "decision_reason", "requests_per_minute",
)  # fmt: skip
OPERATOR: Final = Child("operator", "operator", Selection("participant", ("id", "standing")))
SUSPENDED: Final = frozenset({"SUSPENDED", "WITHDRAWN"})
OPERATOR_OUT: Final = Text("its operator is suspended", "其运营方已被暂停")


class Register:
    def __init__(self, node: Node) -> None:
        self._node = node
        self._entries: dict[str, tuple[datetime, Entry]] = {}
        self._standings: Standings | None = None

    async def entry(self, id_: str) -> Entry:
        """Raises:  NodeUnknown, CatalogueUnavailable."""
        now = self._node.clock.now()
        if (known := self._entries.get(id_)) and self._holds(*known, now):
            return known[1]
        found = await self._node.catalogue.select(_asked(Where("id", "eq", id_)))
        if found.first is None:
            raise NodeUnknown(node=id_[:80])
        if len(self._entries) >= REMEMBERED_MAX:
            self._entries.clear()
        entry = entry_of(found.first)
        self._entries[id_] = (now, entry)
        return entry

    async def standings(self) -> Standings:
        """Raises:  CatalogueUnavailable."""
        now = self._node.clock.now()
        known = self._standings
        if known is None or now - known.issued_at >= KNOWN_FOR or self._has_newer_cut_off(known):
            entries = [entry_of(row) async for row in self._rows()]
            known = self._standings = Standings.of(entries, now)
        return known

    def _holds(self, read_at: datetime, entry: Entry, now: datetime) -> bool:
        is_news = self._node.denials.name(entry.node) and not entry.cut_off
        return now - read_at < KNOWN_FOR and not is_news

    def _has_newer_cut_off(self, known: Standings) -> bool:
        return any(
            self._node.denials.name(each.node)
            for each in known.entries.values()
            if not each.cut_off
        )

    async def _rows(self) -> AsyncIterator[Row]:
        """Whoever has signed, might sign, or must not: the others have nothing to say anyway."""
        concerned = Either((
            Where("signing_keys", "is_null", False), Where("status", "in", tuple(sorted(CUT_OFF))),
        ))  # fmt: skip
        position, more = None, True
        while more:
            found = await self._node.catalogue.select(_asked(concerned, Page(PAGE_MAX, position)))
            for row in found.rows:
                yield row
            more = found.more_after
            position = found.rows[-1][POSITION] if found.rows else None


def entry_of(row: Row) -> Entry:
    """A node whose operator is suspended is cut off with it."""
    operator = row.get("operator") or {}
    status, why = row["status"], row["decision_reason"] or ""
    if status not in CUT_OFF and operator.get("standing") in SUSPENDED:
        status, why = "ISOLATED", f"{OPERATOR_OUT.zh} {OPERATOR_OUT.en}"
    return Entry(
        row["id"], row["identifier"] or "", status,
        since=row["changed_at"] or "" if status in CUT_OFF else "",
        address=row["address"] or "", keys=keys_of(row["signing_keys"]),
        per_minute=row["requests_per_minute"] or 0, why=why if status in CUT_OFF else "",
    )  # fmt: skip


def keys_of(text: str | None) -> dict[str, Any]:
    """A key set was checked when it was entered."""
    return dict(loads(text)) if text else {"keys": []}


def _asked(where: Condition, page: Page | None = None) -> Selection:
    return Selection("node", FIELDS, where, page=page or Page(1), children=(OPERATOR,))
