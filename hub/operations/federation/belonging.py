"""What a node that has joined does of itself: it beats, and keeps up with who is cut off."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from dataspace.errors import DataSpaceError
from dataspace.federation.flow.freshness import age_max
from dataspace.federation.heartbeats import BEAT_SECONDS, Heartbeat
from dataspace.federation.meeting import Hub, Meeting
from dataspace.federation.membership import Membership
from dataspace.federation.standings import Standings, StandingsInvalid
from dataspace.federation.watched.counts import FAILED, TAKEN, Counts
from dataspace.ports import Assets, Identity
from dataspace.selection import Child, Order, Page, Selection, Where
from hub.node import Node
from hub.operations.rulebooks.ruling import in_force
from hub.parts import ASSETS, IDENTITY, READY, readiness

NOTHING: Final = Standings(datetime(1970, 1, 1, tzinfo=UTC), {})
# What costs more is looked at every so many beats.
LOOK_EVERY: Final = 12
LAST: Final = Selection(
    "evidence", ("sequence",), order=Order("sequence", descending=True), page=Page(1)
)

Report = Callable[[str, Exception], None]


@dataclass(frozen=True, slots=True)
class Own:
    """What a node says of itself: how it is (`hub.parts.readiness`), and how much it holds."""

    state: str = READY
    resources: int = 0
    products: int = 0


@dataclass(frozen=True, slots=True)
class Joined:
    """`membership` looks whether the node has joined by now; `hub` speaks to its hub, and `heard`
    is called whenever the hub has answered."""

    membership: Callable[[], Membership | None]
    hub: Callable[[Membership], Hub]
    version: str
    report: Report
    heard: Callable[[], None] = lambda: None


async def belong(node: Node, meeting: Meeting, joined: Joined) -> None:
    """Beats until it is cancelled. A beat that fails is reported, and the next one comes when it
    would have come anyway: what went wrong may have taken as long.

    A node that has not joined yet looks as often whether it has.
    """
    hub: Hub | None = None
    own = Own()
    for turn in itertools.count():
        began = _seconds()
        try:
            if hub is None and (membership := joined.membership()):
                meeting.membership = membership
                recall(meeting)
                hub = joined.hub(membership)
            if hub is not None:
                own = await _looked_at(node, meeting) if turn % LOOK_EVERY == 0 else own
                await beat(node, meeting, hub, version=joined.version, own=own)
                joined.heard()
        except Exception as error:
            joined.report("heartbeat", error)
        await asyncio.sleep(max(0.0, began + BEAT_SECONDS - _seconds()))


def _seconds() -> float:
    """Of a counter that nobody puts back."""
    return asyncio.get_running_loop().time()


async def beat(node: Node, meeting: Meeting, hub: Hub, *, version: str, own: Own) -> None:
    """One beat; when the hub's stamp names another list than is known, that list too.

    Raises:  PeerUnavailable, PeerRefuses, PeerMalformed, StandingsInvalid, CatalogueUnavailable.
    """
    membership = _membership(meeting)
    known = meeting.known or NOTHING
    row = (await node.catalogue.select(LAST)).first
    said = Heartbeat(
        version, own.state, row["sequence"] if row else 0, own.resources, own.products,
        standings=meeting.known.digest if meeting.known else "",
    )  # fmt: skip
    stamp = await _counted(meeting.counts, hub.beat(said))
    renewed = known.renewed(stamp, meeting.signatory, membership.hub_keys)
    meeting.stamp, meeting.heard_at = stamp, node.clock.now()
    if renewed is not None:
        meeting.known = renewed
        return
    sealed = await hub.standings()
    meeting.known = known.replaced(sealed, meeting.signatory, membership.hub_keys)
    meeting.kept.write(sealed)


def recall(meeting: Meeting) -> None:
    """The list as it was kept; what is not the hub's, or was damaged, is as if there were none."""
    sealed = meeting.kept.read()
    if not sealed:
        return
    keys = _membership(meeting).hub_keys
    try:
        meeting.known = NOTHING.replaced(sealed, meeting.signatory, keys)
    except StandingsInvalid:
        meeting.known = None


async def _counted(counts: Counts, beating: Awaitable[str]) -> str:
    try:
        stamp = await beating
    except DataSpaceError:
        counts.sent[FAILED] += 1
        raise
    counts.sent[TAKEN] += 1
    return stamp


def _membership(meeting: Meeting) -> Membership:
    assert meeting.membership is not None, "only a node that has joined belongs to a hub"
    return meeting.membership


async def trusted_for(node: Node) -> timedelta:
    """How long the hub's word holds, by the rules of the space that this node serves."""
    belonging = node.belonging
    itself = Where("id", "eq", belonging.itself if belonging else "-")
    space = Child("space", "space", Selection("space", ("id",), page=Page(1)))
    row = (await node.catalogue.select(
        Selection("node", ("id",), itself, page=Page(1), children=(space,))
    )).first  # fmt: skip
    served = row["space"]["id"] if row and row["space"] else None
    return age_max((await in_force(node.catalogue, served, at=node.clock.now())).rules)


async def _looked_at(node: Node, meeting: Meeting) -> Own:
    """Which parts answer, how much there is in the catalogue, and for how long the hub's word
    holds. Raises:  CatalogueUnavailable."""
    meeting.age_max = await trusted_for(node)
    asked = [Selection(kind, rows=False, total=True) for kind in ("resource", "product")]
    found = [await node.catalogue.select(each) for each in asked]
    failed = [part for part, port in ((IDENTITY, node.identity), (ASSETS, node.assets))
              if not await _answers(port)]  # fmt: skip
    return Own(readiness(failed), found[0].total or 0, found[1].total or 0)


async def _answers(port: Identity | Assets) -> bool:
    try:
        await port.ready()
    except DataSpaceError:
        return False
    return True
