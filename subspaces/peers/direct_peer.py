"""The Peer port inside one process: another node's own operations, asked without a network."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from dataspace.federation.batches import Batch, Listing


class Publishing(Protocol):
    """What another node does for whoever follows it."""

    async def changes_since(self, revision: int, limit: int) -> Batch: ...
    async def whole(self, position: str, limit: int) -> Listing: ...


async def nobody() -> None:
    """Nobody waits to be woken."""


@dataclass(frozen=True, slots=True)
class DirectPeer:
    """What is told passes through the written form, so that both nodes share no object.

    `woken` is called, and not waited for, when there is news for the other.
    """

    publishing: Publishing
    woken: Callable[[], Awaitable[None]] = nobody

    async def changes_since(self, revision: int, limit: int) -> Batch:
        batch = await self.publishing.changes_since(revision, limit)
        return Batch.read(batch.told())

    async def whole(self, position: str, limit: int) -> Listing:
        listing = await self.publishing.whole(position, limit)
        return Listing.read(listing.told())

    async def wake(self) -> None:
        await self.woken()
