"""Supply (更新及时性核查, J-L2-1): what comes late is noted on the resource and asked for.

A sweep asks for each cycle only for the resources whose status is to change: those whose last
update lies in the window of another status than the one that they have.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Final

from dataspace.caller import Caller
from dataspace.change import Act, Amend, Change, ChangeSet
from dataspace.codes import UPDATE_CYCLE
from dataspace.errors import MovedOn, NotUnique
from dataspace.federation.flow.publishing import OWN
from dataspace.identifiers import derived_id
from dataspace.quality.supply import FRESH, Window, windows
from dataspace.quantity import written
from dataspace.selection import (
    PAGE_MAX,
    POSITION,
    Condition,
    Every,
    Not,
    Order,
    Page,
    Row,
    Selection,
    Where,
)
from hub.node import Node
from hub.operations.mechanism.done import Deed
from hub.operations.mechanism.reading import ends, flat, rows_of
from hub.operations.quality import orders
from hub.operations.quality.orders import Wanted
from hub.operations.quality.subjects import open_orders

ACTION: Final = "resource.note_supply"
CAUSE: Final = Where("cause", "eq", "LATE_SUPPLY")
# So many are changed together: few enough that whoever else writes waits for a part of a second.
TOGETHER: Final = 5 * PAGE_MAX
# So many are held at most, about 30 MB.
HELD_MAX: Final = 100 * PAGE_MAX
PUBLISHED: Final = ("REGISTERED", "AUTHORISABLE")


@dataclass
class SupplyCounts:
    """What a sweep came to. `considered` resources were read because their status is to change,
    `done` were changed, `failed` moved on meanwhile and are met again by the next sweep; `more`
    says that its limit left some out."""

    considered: int = 0
    done: int = 0
    failed: int = 0
    opened: int = 0
    closed: int = 0
    more: bool = False


async def sweep(
    node: Node,
    caller: Caller,
    at: datetime,
    *,
    limit: int = 200_000,
    dry_run: bool = False,
    cycles: Sequence[str] = tuple(UPDATE_CYCLE.codes),
) -> SupplyCounts:
    """Notes the supply status that resources have at `at`, and makes and closes work orders.

    `cycles` are those that are looked at: what is to come in real time is looked at by the hour.

    Safe to run late, twice, and beside another: a status that is right is not written again.

    Raises:  Unavailable.
    """
    counts = SupplyCounts()
    for cycle in cycles:
        for window in windows(cycle, at):
            await _Sweep(node, caller, at, counts, limit, dry_run).window(cycle, window)
    return counts


@dataclass
class _Sweep:
    node: Node
    caller: Caller
    at: datetime
    counts: SupplyCounts
    limit: int
    dry_run: bool

    async def window(self, cycle: str, window: Window) -> None:
        held: list[Row] = []
        async for rows in self._pages(due(cycle, window)):
            held += rows
            if len(held) >= HELD_MAX:
                await self._note_all(held, window.status)
                held = []
        await self._note_all(held, window.status)

    async def _note_all(self, rows: list[Row], status: str) -> None:
        """In the order of their ids, for what is written together then lies together."""
        rows.sort(key=itemgetter("id"))
        for first in range(0, len(rows), TOGETHER):
            await self._note(rows[first : first + TOGETHER], status)

    async def _pages(self, selection: Selection) -> AsyncIterator[list[Row]]:
        while True:
            room = min(PAGE_MAX, self.limit - self.counts.considered)
            found = await self.node.catalogue.select(
                replace(selection, page=Page(max(room, 0), selection.page.position))
            )
            if room <= 0:
                self.counts.more |= found.more_after
                return
            self.counts.considered += len(found.rows)
            if not self.dry_run:
                yield found.rows
            if not found.more_after:
                return
            selection = replace(selection, page=Page(PAGE_MAX, found.rows[-1][POSITION]))

    async def _note(self, rows: Sequence[Row], status: str) -> None:
        """All of them at once; when one of them moved on, each half by itself."""
        try:
            await self._apply(rows, status)
        except (MovedOn, NotUnique):
            if len(rows) == 1:
                self.counts.failed += 1
                return
            half = len(rows) // 2
            await self._note(rows[:half], status)
            await self._note(rows[half:], status)

    async def _apply(self, rows: Sequence[Row], status: str) -> None:
        act = Act(self.caller.subject, ACTION, written(self.at))
        named = [f"{row['id']}:{row['version']}" for row in rows]
        set_id = derived_id("chs", ACTION, act.at, status, *named)
        deed = Deed(self.node, act, set_id)
        changes = [each for row in rows for each in _changes(row, status, deed)]
        await self.node.catalogue.apply(ChangeSet(set_id, tuple(changes)))
        self.counts.done += len(rows)
        verbs = [change.act.action for change in changes]
        self.counts.opened += verbs.count("work_order.open")
        self.counts.closed += verbs.count("work_order.close")


def _changes(row: Row, status: str, deed: Deed) -> Iterator[Change]:
    detail = f"{row['update_cycle']}：{row['data_changed_at']} → {status}"
    wanted = Wanted("LATE_SUPPLY", status != FRESH, deed.change_set, detail)
    named = {**row, "provider": row["provider"]["id"]}
    open_now = [flat(each) for each in rows_of(row["work_orders"])]
    yield from orders.changes(named, open_now, wanted, deed=deed)
    noted = {"supply_status": status}
    yield Amend("resource", row["id"], noted, deed.act, version=row["version"])


def due(cycle: str, window: Window) -> Selection:
    """The resources of a cycle whose last update lies in the window, and whose status does not."""
    where = Every((
        Where("update_cycle", "eq", cycle),
        *_within(window),
        Where("state", "in", PUBLISHED),
        Where("vanished_at", "is_null", True),
        OWN,
        # A comparison never holds of what is missing, so this does of what has no status yet.
        Not(Where("supply_status", "eq", window.status)),
    ))  # fmt: skip
    return Selection(
        "resource",
        ("id", "version", "name", "update_cycle", "data_changed_at"),
        where,
        order=Order("data_changed_at"),
        page=Page(PAGE_MAX),
        children=(ends("provider", "participant"), open_orders(CAUSE)),
    )


def _within(window: Window) -> Iterator[Condition]:
    yield Where("data_changed_at", "is_null", False)
    if window.start is not None:
        yield Where("data_changed_at", "gte", written(window.start))
    if window.end is not None:
        yield Where("data_changed_at", "lt", written(window.end))
