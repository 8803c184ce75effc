"""A node's own catalogue as another may see it: what changed since a revision, or all of it.

What is told is always what holds now; the log only says what to look at. So nothing is told as it
once was, and a row that may not be shown any more is told as withdrawn to whoever may have it.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Final

from dataspace.change import Recorded
from dataspace.federation.batches import (
    BATCH_BYTES_MAX,
    ENTRIES_MAX,
    ENTRY_BYTES_MAX,
    Batch,
    Entry,
    Listing,
    Mark,
)
from dataspace.federation.flow.publishing import DECIDED, DECISIVE, Release, holds
from dataspace.federation.refusals import PositionUnknown
from dataspace.ports import Catalogue
from dataspace.selection import Every, Order, Page, Selection, Where
from hub.operations.federation.flow.reading import Told, Touched

RECORDS_MAX: Final = 500  # of the log, looked at for one batch
FRAME_BYTES: Final = 4096  # of an answer, beside its entries


@dataclass(frozen=True, slots=True)
class Publisher:
    """`ruled` gives what may be told under the rules in force; it is asked only when needed."""

    catalogue: Catalogue
    ruled: Callable[[], Awaitable[Release]]

    async def changes_since(self, revision: int, limit: int) -> Batch:
        """As the Peer port says. An unchanged catalogue costs one statement."""
        records = await self.catalogue.changes_since(max(revision - 1, 0), RECORDS_MAX + 1)
        fresh = [each for each in records if each.revision > revision]
        since = Mark(revision, _leaf_at(records, revision))
        if not fresh:
            end = since if since.leaf or not revision else await self.end(self.catalogue)
            return Batch(since, end, end.revision)
        full = len(records) > RECORDS_MAX
        head = (await self.end(self.catalogue)).revision if full else records[-1].revision
        most = min(limit, ENTRIES_MAX)
        read, entries = await self._told(fresh, revision, most)
        reached, complete = fresh[read - 1], _fits(entries, most)
        return Batch(
            since, _mark(reached), max(head, reached.revision), _cut(entries, most), complete
        )

    async def whole(self, position: str, limit: int) -> Listing:
        """As the Peer port says. Raises:  PositionUnknown."""
        told = Told(self.catalogue, await self.ruled())
        end = await self.end(self.catalogue)
        kinds = list(told.release.flow.edges)
        kind, _, after = (position or kinds[0]).partition(" ")
        size = min(limit, ENTRIES_MAX)
        if kind not in kinds:
            raise PositionUnknown(position=position)
        while True:
            rows, more = await told.page(kind, after, size)
            entries = tuple(_bounded(Entry(kind, id_, end.revision, v)) for id_, v in rows)
            if size == 1 or _bytes(entries) <= BATCH_BYTES_MAX:
                break
            size = max(1, size // 2)
        if more:
            return Listing(end, entries, f"{kind} {entries[-1].id}")
        following = kinds[kinds.index(kind) + 1 :]
        return Listing(end, entries, f"{following[0]} " if following else "")

    async def _told(
        self, fresh: Sequence[Recorded], revision: int, limit: int
    ) -> tuple[int, tuple[Entry, ...]]:
        """How many of the records are told of, and the entries of these; at least one record is,
        and then its entries may be too many: what it is about stands last."""
        told = Told(self.catalogue, await self.ruled())
        read = _fitting(told.release, fresh, limit)
        while True:
            entries = await self._entries(told, fresh[:read], revision, limit)
            if read == 1 or _fits(entries, limit):
                return read, entries
            read //= 2

    async def _entries(
        self, told: Told, records: Sequence[Recorded], revision: int, limit: int
    ) -> tuple[Entry, ...]:
        """What is referred to comes before what refers to it, and what goes away comes last."""
        touched, decisive = _touched(told.release, records), _decisive(records)
        last = records[-1].revision
        beside = await told.concerned(touched, decisive)
        touched = {**dict.fromkeys(sorted(beside), last), **touched}
        shown = await told.shown(touched, decisive, limit)
        gone = [key for key in touched if key not in shown and key[0] in told.release.conditions
                and (key[0] not in DECIDED or key in decisive or key in beside)]  # fmt: skip
        gone = await self._once_shown(told, gone, records, revision, beside)
        order = list(told.release.flow.edges)
        ordered = sorted(shown, key=lambda key: order.index(key[0]))
        return (
            *(_bounded(Entry(*key, touched.get(key, last), shown[key])) for key in ordered),
            *(Entry(*key, touched[key], None) for key in reversed(gone)),
        )

    async def _once_shown(
        self, told: Told, keys: Iterable[Touched], records: Sequence[Recorded], revision: int,
        beside: Set[Touched],
    ) -> list[Touched]:  # fmt: skip
        """Those that the reader may have: shown at its revision, or in between. What a row leads to
        is as it was, but for those `beside`, which are looked at because of that."""
        conditions, wanted = told.release.conditions, list(keys)
        leading = await told.leading(wanted)
        between = {
            (each.kind, each.id) for each in records
            if each.values is not None and each.kind in conditions
            and holds(conditions[each.kind], {"id": each.id, **each.values},
                      leads=(each.kind, each.id) in leading)
        }  # fmt: skip
        asked = [key for key in wanted if key not in between]
        before: set[Touched] = set()
        if revision:
            for leads, some in _parted(asked, leading, beside):
                before |= await told.shown_at(some, revision, leads=leads)
        return [key for key in wanted if key in between or key in before]

    @staticmethod
    async def end(catalogue: Catalogue) -> Mark:
        """Where the log stands."""
        order = Order("sequence", descending=True)
        last = Where("sequence", "gt", 0)
        asked = Selection("evidence", ("sequence", "leaf"), Every((last,)), order=order,
                          page=Page(1))  # fmt: skip
        row = (await catalogue.select(asked)).first
        return Mark() if row is None else Mark(row["sequence"], row["leaf"])


def _parted(
    keys: Iterable[Touched], leading: Set[Touched], beside: Set[Touched]
) -> Iterable[tuple[bool | None, list[Touched]]]:
    """The keys by whether they lead to other rows, None where that is to be asked."""
    parts: dict[bool | None, list[Touched]] = {}
    for key in keys:
        parts.setdefault(None if key in beside else key in leading, []).append(key)
    return parts.items()


def _touched(release: Release, records: Iterable[Recorded]) -> dict[Touched, int]:
    """What the records are about, of the kinds that flow, with the last revision of each."""
    return {
        (each.kind, each.id): each.revision for each in records if each.kind in release.flow.edges
    }


def _decisive(records: Iterable[Recorded]) -> set[Touched]:
    """Those of which something changed that decides whether they may be shown."""
    return {
        (each.kind, each.id) for each in records
        if each.values is None or not DECISIVE.isdisjoint(each.evidence.get("changed") or ())
    }  # fmt: skip


def _fitting(release: Release, records: Sequence[Recorded], limit: int) -> int:
    """How many records are about at most so many rows."""
    about: set[Touched] = set()
    for read, each in enumerate(records[:RECORDS_MAX]):
        if each.kind in release.flow.edges:
            about.add((each.kind, each.id))
        if len(about) > limit:
            return max(read, 1)
    return min(len(records), RECORDS_MAX)


def _leaf_at(records: Sequence[Recorded], revision: int) -> str:
    first = records[0] if records else None
    return _mark(first).leaf if first and first.revision == revision else ""


def _mark(record: Recorded) -> Mark:
    return Mark(record.revision, record.evidence["leaf"])


def _bounded(entry: Entry) -> Entry:
    """One that is too long is told without its values, so that the reader can say so."""
    return entry if entry.length <= ENTRY_BYTES_MAX else Entry(
        entry.kind, entry.id, entry.revision, {}
    )  # fmt: skip


def _fits(entries: Sequence[Entry], limit: int) -> bool:
    return len(entries) <= limit and _bytes(entries) <= BATCH_BYTES_MAX


def _cut(entries: tuple[Entry, ...], limit: int) -> tuple[Entry, ...]:
    """The last of them, as many as an answer may hold."""
    kept = entries[-limit:]
    while not _fits(kept, limit):
        kept = kept[1:]
    return kept


def _bytes(entries: Iterable[Entry]) -> int:
    return FRAME_BYTES + sum(each.length for each in entries)
