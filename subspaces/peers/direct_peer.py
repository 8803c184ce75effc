"""The Peer port inside one process: another node's own operations, asked without a network."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from dataspace.federation.batches import Batch, Listing
from dataspace.federation.live.answers import LiveAnswer
from dataspace.federation.refusals import PeerRefuses

Telling = Callable[[Sequence[str]], Awaitable[LiveAnswer]]


class Publishing(Protocol):
    """What another node does for whoever follows it."""

    async def changes_since(self, revision: int, limit: int) -> Batch: ...
    async def whole(self, position: str, limit: int) -> Listing: ...


async def nobody() -> None:
    """Nobody waits to be woken."""


async def nothing_live(ids: Sequence[str]) -> LiveAnswer:
    """Of a node that is followed and not asked."""
    raise PeerRefuses(node="-", detail="live")


@dataclass(frozen=True, slots=True)
class DirectPeer:
    """What is told passes through the written form, so that both nodes share no object.

    `woken` is called, and not waited for, when there is news for the other.
    """

    publishing: Publishing
    woken: Callable[[], Awaitable[None]] = nobody
    telling: Telling = nothing_live

    async def changes_since(self, revision: int, limit: int) -> Batch:
        batch = await self.publishing.changes_since(revision, limit)
        return Batch.read(batch.told())

    async def whole(self, position: str, limit: int) -> Listing:
        listing = await self.publishing.whole(position, limit)
        return Listing.read(listing.told())

    async def wake(self) -> None:
        await self.woken()

    async def live(self, ids: Sequence[str]) -> LiveAnswer:
        return LiveAnswer.read((await self.telling(ids)).told())
