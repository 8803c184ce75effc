"""Whom this node follows and whom it tells, by its own register and the rules in force.

At the hub these are the nodes that were admitted; at a node that has joined it is the hub alone.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from dataspace.change import Act, ChangeSet, Create
from dataspace.errors import AlreadyThere
from dataspace.federation.batches import Batch, Listing
from dataspace.federation.flow.publishing import Recipient, Release, downwards, upwards
from dataspace.federation.flow.refusals import FeedCutOff
from dataspace.federation.live.answers import LiveAnswer
from dataspace.federation.peer import Peer
from dataspace.federation.refusals import PeerRefuses
from dataspace.guards.limits import GRADE_LISTABLE_MAX
from dataspace.identifiers import new_id
from dataspace.quantity import written
from dataspace.selection import (
    PAGE_MAX,
    POSITION,
    Condition,
    Every,
    Linked,
    Not,
    Order,
    Page,
    Row,
    Selection,
    Where,
)
from hub.node import Node
from hub.operations.federation.flow.feeds import ACTOR, Following
from hub.operations.federation.flow.publishing import Publisher
from hub.operations.mechanism.reading import ends, flat
from hub.operations.rulebooks.ruling import in_force

GRADE_RULE: Final = "federation.grade_max"
# Isolated nodes are not asked; what they offered is suspended meanwhile.
FOLLOWED: Final = ("ACTIVE", "CHANGING", "MAINTENANCE", "OUTAGE", "EXITING")
CUT_OFF: Final = "ISOLATED"
# For good: by its own leave, or as a connector whose credential was revoked.
LEFT: Final = ("DEREGISTERED", "REVOKED")
GONE: Final = "not followed"
SPACES_MAX: Final = PAGE_MAX
# The catalogue keeps a name in both languages as one text.
HUB_NAME: Final = "城市枢纽 City hub"
HIGHEST_GRADE: Final = 5  # what a node may see is for the hub to say


@dataclass(frozen=True, slots=True)
class Neighbours:
    node: Node

    async def followed(self) -> AsyncIterator[Following]:
        """Every node that is to be asked for what is new."""
        async for row in self._rows():
            if (peer := self.node.reach(row)) is not None:
                yield await self._following(row, peer)

    async def left(self) -> AsyncIterator[Following]:
        """Nodes that have left for good, and of which rows are still shown."""
        shown = Linked("feeds", Where("entries", "gt", 0))
        gone = Every((Where("state", "in", LEFT), shown))
        async for row in self._pages(gone):
            yield await self._following(row, _Gone())

    async def cut_off(self) -> AsyncIterator[Following]:
        """Nodes that are cut off, and whose feed does not say so yet."""
        unsaid = Linked("feeds", Not(Where("error", "eq", FeedCutOff.code)))
        async for row in self._pages(Every((Where("state", "eq", CUT_OFF), unsaid))):
            yield await self._following(row, _Gone())

    async def one(self, id_: str) -> Following | None:
        """The node of that id, when it is followed."""
        async for row in self._rows():
            if row["id"] == id_ and (peer := self.node.reach(row)) is not None:
                return await self._following(row, peer)
        return None

    async def know_hub(self) -> None:
        """The hub's row at a node that has joined it: the origin of all that the hub tells it."""
        node = self.node
        if (belonging := node.belonging) is None or (await self._row(belonging.hub)).get("name"):
            return
        assert node.meeting is not None
        assert node.meeting.membership is not None
        now, address = written(node.clock.now()), node.meeting.membership.hub
        values = {
            "name": HUB_NAME, "address": address, "kind": "REGIONAL", "status": "ONLINE",
            "created_at": now, "changed_at": now,
        }  # fmt: skip
        change = Create("node", belonging.hub, values, Act(ACTOR, "node.enter", now))
        with suppress(AlreadyThere):
            await node.catalogue.apply(ChangeSet(new_id("chs"), (change,)))

    def publisher(self, to: str) -> Publisher:
        """What this node tells another: the hub what may leave, a node what it may see."""
        return Publisher(self.node.catalogue, lambda: self._release(to))

    async def _release(self, to: str) -> Release:
        if self.node.belonging is not None:
            return upwards(await self._grade_max((await self._itself())["space"]))
        row = await self._row(to)
        spaces = await self._spaces(row["space"])
        recipient = Recipient(row["id"], row["operator"] or "", spaces)
        city = await self._ids(Where("tier", "eq", "CITY"))
        return downwards(recipient, city=city, grade_max=await self._grade_max(row["space"]))

    async def _following(self, row: Row, peer: Peer) -> Following:
        """The hub speaks for all that it tells of, a node for its operator and its members."""
        if self.node.belonging is None:
            release = upwards(await self._grade_max(row["space"]))
            return Following(
                self.node, peer, row["id"], row["operator"] or "", release,
                space=row["space"] or "", status=row.get("status") or "",
                bytes_max=self.node.node_bytes_max,
            )  # fmt: skip
        release = downwards(Recipient(row["id"], ""), city=(), grade_max=HIGHEST_GRADE)
        return Following(self.node, peer, row["id"], "", release, speaks_for_all=True)

    async def _itself(self) -> Row:
        """Its own row, as the hub told it; without operator and space before it did."""
        assert self.node.belonging is not None
        return await self._row(self.node.belonging.itself)

    async def _row(self, id_: str) -> Row:
        found = await self.node.catalogue.select(_asked(Where("id", "eq", id_), Page(1)))
        unknown = {"id": id_, "operator": None, "space": None}
        return flat(found.rows[0]) if found.rows else unknown

    async def _grade_max(self, space: str | None) -> int:
        found = await in_force(self.node.catalogue, space, at=self.node.clock.now())
        return int(found.rules.get(GRADE_RULE, GRADE_LISTABLE_MAX))

    async def _spaces(self, space: str | None) -> tuple[str, ...]:
        """The node's space, and those that are part of it."""
        if space is None:
            return ()
        return (space, *await self._ids(Where("part_of", "eq", space)))

    async def _ids(self, where: Where) -> tuple[str, ...]:
        asked = Selection("space", where=where, page=Page(SPACES_MAX))
        return tuple(row["id"] for row in (await self.node.catalogue.select(asked)).rows)

    def _rows(self) -> AsyncIterator[Row]:
        if self.node.belonging is not None:
            return self._pages(Every((Where("id", "eq", self.node.belonging.hub),)))
        known = Where("address", "is_null", False)
        return self._pages(Every((Where("state", "in", FOLLOWED), known)))

    async def _pages(self, where: Every) -> AsyncIterator[Row]:
        position = None
        while True:
            found = await self.node.catalogue.select(_asked(where, Page(PAGE_MAX, position)))
            for row in found.rows:
                yield flat(row)
            if not found.more_after:
                return
            position = found.rows[-1][POSITION]


class _Gone:
    """The way to a node that has left, or is cut off: nobody is asked there."""

    async def changes_since(self, revision: int, limit: int) -> Batch:
        raise PeerRefuses(node="-", detail=GONE)

    async def whole(self, position: str, limit: int) -> Listing:
        raise PeerRefuses(node="-", detail=GONE)

    async def wake(self) -> None:
        raise PeerRefuses(node="-", detail=GONE)

    async def live(self, ids: Sequence[str]) -> LiveAnswer:
        raise PeerRefuses(node="-", detail=GONE)


def _asked(where: Condition, page: Page) -> Selection:
    children = (ends("operator", "participant"), ends("space", "space"))
    fields = ("id", "name", "address", "state", "status", "identifier")
    return Selection("node", fields, where, order=Order("id"), page=page, children=children)
