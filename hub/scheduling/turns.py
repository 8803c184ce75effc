"""Turns at asking nodes: few are asked at one moment, and between two answers of one the others
have theirs.

A node that answers slowly, or not at all, waits its turn among its like: however many of them
there are, and however much one of them tells, the others are asked as before.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from dataspace.federation.batches import Batch, Listing
from dataspace.federation.live.answers import LiveAnswer
from dataspace.federation.peer import Peer

AT_ONCE_MAX: Final = 8
SLOW_AT_ONCE_MAX: Final = 4
# An answer that took longer was slow: with it a node goes to the others that were.
SLOW_SECONDS: Final = 1.0
T = TypeVar("T")


@dataclass(slots=True)
class Lanes:
    """Each answer that is waited for holds up to BATCH_BYTES_MAX, so that they bound the memory."""

    quick: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE_MAX))
    slow: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(SLOW_AT_ONCE_MAX))


@dataclass(slots=True)
class Turn:
    """That of one node; by its last answer it is among the quick or the slow."""

    lanes: Lanes
    slow: bool = False
    _held: asyncio.Semaphore | None = None

    async def begin(self) -> None:
        """Whoever has waited for longer is first; a turn that is held is given up before."""
        self.end()
        lane = self.lanes.slow if self.slow else self.lanes.quick
        await lane.acquire()
        self._held = lane

    def end(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.release()

    async def asked(self, question: Callable[[], Awaitable[T]]) -> T:
        """The answer, in a turn that is held from before the question until the next one."""
        await self.begin()
        began, self.slow = asyncio.get_running_loop().time(), True
        answer = await question()
        self.slow = asyncio.get_running_loop().time() - began > SLOW_SECONDS
        return answer


@dataclass(frozen=True, slots=True)
class InTurn:
    """The Peer port of a node that is followed, each question in a turn of its own."""

    peer: Peer
    turn: Turn

    async def changes_since(self, revision: int, limit: int) -> Batch:
        return await self.turn.asked(lambda: self.peer.changes_since(revision, limit))

    async def whole(self, position: str, limit: int) -> Listing:
        return await self.turn.asked(lambda: self.peer.whole(position, limit))

    async def wake(self) -> None:
        await self.peer.wake()

    async def live(self, ids: Sequence[str]) -> LiveAnswer:
        return await self.peer.live(ids)
