"""The turns in which nodes are followed: each every few seconds, or at once when it says so.

One of the processes asks them, by a lease; a process that is woken pulls at once all the same, and
so does one that has just started, for the lease of a killed one outlives it: whatever two of them
do at one moment is done once.
"""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final

from dataspace.errors import DataSpaceError
from dataspace.federation.flow.checking import OWNERS
from dataspace.federation.flow.feeds import LEASE
from dataspace.federation.flow.pacing import (
    ASKED_EVERY_SECONDS,
    CHANGES_MAX,
    HUB_ASKED_EVERY_SECONDS,
    Allowance,
    wait_seconds,
)
from dataspace.federation.flow.refusals import FeedBusy, FeedTooFast
from dataspace.federation.refusals import PeerUnavailable
from dataspace.selection import PAGE_MAX
from hub.node import Node
from hub.operations.federation.flow import feeds, healing, pulling, shelf
from hub.operations.federation.flow.feeds import Following
from hub.operations.federation.flow.neighbours import Neighbours
from hub.operations.federation.flow.publishing import Publisher
from hub.scheduling.leading import Holding, ticks
from hub.scheduling.running import Report
from hub.scheduling.turns import InTurn, Lanes, Turn

TURN_SECONDS: Final = 0.5
REGISTER_SECONDS: Final = 5.0  # the register of nodes is read again after so long
LEASE_SECONDS: Final = 120.0
ONLINE: Final = "ONLINE"


@dataclass(slots=True)
class _Paced:
    """When a node is asked next, by the steady counter, and how often in a row it failed; `away`
    says that it could not be reached the last time, which ended at `ended_at`."""

    following: Following
    next_at: float = 0.0
    failures: int = 0
    away: bool = False
    ended_at: float = 0.0
    pulling: asyncio.Task[None] | None = None
    woken: bool = False
    turn: Turn = field(default_factory=lambda: Turn(Lanes()))
    allowance: Allowance = field(default_factory=Allowance)
    not_before: float = 0.0


@dataclass
class Feeds:
    node: Node
    report: Report
    lease_seconds: float = LEASE_SECONDS
    paced: dict[str, _Paced] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.holding = Holding(self.node, self.lease_seconds, LEASE)
        self.stirred = asyncio.Event()
        self.woken: set[str] = set()
        self.read_at = -REGISTER_SECONDS
        self.seen = -1
        self.waking: asyncio.Task[None] | None = None
        self.lanes = Lanes()

    def wake(self, node: str) -> None:
        """A node says that it has news; it is pulled in this turn, by whatever process heard it."""
        self.woken.add(node)
        self.stirred.set()

    def heard(self, node: str) -> None:
        """A node shows that it is there. One that could not be reached is asked again at once,
        however long it has been away, but no more often than another; what it did wrong is waited
        for as long as before."""
        each = self.paced.get(node)
        if each is not None and each.away:
            each.not_before = max(each.not_before, each.ended_at + ASKED_EVERY_SECONDS)
            each.woken = True
            self.stirred.set()

    def heard_hub(self) -> None:
        """At a node: its hub has answered."""
        if self.node.belonging is not None:
            self.heard(self.node.belonging.hub)

    async def keep(self) -> None:
        """Turns until it is cancelled; what fails is reported and comes again."""
        try:
            while True:
                try:
                    await self.turn()
                except Exception as error:
                    self.report("feeds", error)
                await self._rest()
        finally:
            await self._stop()

    async def turn(self) -> None:
        """Pulls, beside each other, those whose time has come; and tells the hub when there is
        something new here. Raises:  CatalogueUnavailable."""
        woken, self.woken = self.woken, set()
        if woken - self.paced.keys() or ticks() - self.read_at >= REGISTER_SECONDS:
            await self._read_register()
        if self.paced:
            await self.holding.turn()
        if self.node.belonging is not None and await self._has_news():
            self.waking = asyncio.create_task(self._wake_hub())
        for id_, each in self.paced.items():
            each.woken |= id_ in woken
            due = each.woken or (self.holding.trusted and each.next_at <= ticks())
            may = ticks() >= each.not_before and (each.pulling is None or each.pulling.done())
            if due and may:
                each.woken = False
                each.pulling = asyncio.create_task(self._pull(each))

    async def _has_news(self) -> bool:
        """Whether a product or resource was written since the last turn; one statement."""
        if self.seen < 0:
            self.seen = (await Publisher.end(self.node.catalogue)).revision
        records = await self.node.catalogue.changes_since(self.seen, PAGE_MAX)
        self.seen = records[-1].revision if records else self.seen
        return any(each.kind in OWNERS for each in records)

    async def _wake_hub(self) -> None:
        """A hub that does not hear it asks by itself, a little later."""
        for each in self.paced.values():
            with suppress(DataSpaceError):
                await each.following.peer.wake()

    async def _rest(self) -> None:
        """Until the next turn, or until somebody wakes it."""
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await self.stirred.wait()
        except TimeoutError:
            return
        finally:
            self.stirred.clear()

    async def _read_register(self) -> None:
        """Who is followed now; a node that is followed no longer is asked no more."""
        neighbours = Neighbours(self.node)
        await neighbours.know_hub()
        found = {each.node: each async for each in neighbours.followed()}
        for id_ in self.paced.keys() - found.keys():
            self._end(self.paced.pop(id_))
        for id_, following in found.items():
            if id_ not in self.paced:
                self.paced[id_] = _Paced(following, woken=True, turn=Turn(self.lanes))
            before, self.paced[id_].following = self.paced[id_].following.status, following
            # It beats again, to whichever process of the hub.
            if following.status == ONLINE != before:
                self.heard(id_)
        self.read_at = ticks()
        if self.holding.trusted:
            await self._take_back(neighbours)

    async def _take_back(self, neighbours: Neighbours) -> None:
        """What nodes published that have been cut off since, or have left for good. Another
        process may be about the same; the next turn sees what is left of it."""
        async for following in neighbours.cut_off():
            with suppress(FeedBusy):
                await shelf.suspend(following)
        async for following in neighbours.left():
            with suppress(FeedBusy):
                await shelf.delist(following)
                await healing.take_all_back(following, await feeds.opened(following))

    async def _pull(self, paced: _Paced) -> None:
        """Nothing gets out of here; what the other node did wrong stands on its feed."""
        following = replace(paced.following, peer=InTurn(paced.following.peer, paced.turn))
        try:
            pulled = await pulling.pull(following)
            await self._count(paced, pulled.changed)
        except Exception as error:
            self.report(f"feed {following.node}", error)
            paced.failures += 1
        else:
            paced.failures = paced.failures + 1 if pulled.error else 0
            paced.away = isinstance(pulled.error, PeerUnavailable)
        finally:
            paced.turn.end()
        paced.ended_at = ticks()
        # How nodes are spread over time is no secret.
        every = ASKED_EVERY_SECONDS if self.node.belonging is None else HUB_ASKED_EVERY_SECONDS
        wait = wait_seconds(paced.failures, random.random(), every=every)  # noqa: S311
        paced.next_at = ticks() + wait

    async def _count(self, paced: _Paced, changes: int) -> None:
        """A node that changes more than it may is not asked for a while, and that is told."""
        wait = paced.allowance.take(changes, ticks())
        if not wait:
            return
        paced.not_before = ticks() + wait
        error = FeedTooFast(limit=CHANGES_MAX, retry_after_seconds=round(wait) + 1)
        with suppress(FeedBusy):
            feed = await feeds.opened(paced.following)
            await feeds.went_wrong(paced.following, feed, error)

    def _end(self, paced: _Paced) -> None:
        if paced.pulling is not None:
            paced.pulling.cancel()

    async def _stop(self) -> None:
        under_way = (self.waking, *(each.pulling for each in self.paced.values()))
        tasks = [each for each in under_way if each is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        await asyncio.shield(self.holding.give_back())
