"""What a node has to know of its city before it begins: the rules and the spaces that it is in."""

import asyncio
from typing import Final

from dataspace.errors import Unavailable
from hub.node import Node
from hub.operations.federation.flow import pulling
from hub.operations.federation.flow.neighbours import Neighbours

TRIES: Final = 4
WAIT_SECONDS: Final = 2


async def hear(node: Node) -> None:
    """Brings what is here of the hub up to date, once; nothing at the hub itself.

    A hub whose catalogue has just started may take longer for its first answers than it is waited
    for in between; the next time it has them sooner, and what was heard is not asked again.

    Raises:  what stopped it, such as PeerUnavailable.
    """
    if node.belonging is None:
        return
    for left in reversed(range(TRIES)):
        try:
            await _heard(node)
        except Unavailable:
            if not left:
                raise
            await asyncio.sleep(WAIT_SECONDS)
        else:
            return


async def _heard(node: Node) -> None:
    neighbours = Neighbours(node)
    await neighbours.know_hub()
    async for following in neighbours.followed():
        if (error := (await pulling.pull(following)).error) is not None:
            raise error
