"""The turns of a running node in which its notices go out."""

import asyncio
from collections.abc import Callable
from typing import Final

from hub.node import Node
from hub.operations.notices.delivering import Delivered, deliver_due, hand_out

TURN_SECONDS: Final = 5


async def turn(node: Node) -> Delivered:
    """One turn. Several processes may take theirs beside each other. Raises:  Unavailable."""
    await hand_out(node, node.clock.now())
    return await deliver_due(node, node.clock.now())


async def keep(node: Node, report: Callable[[str, Exception], None]) -> None:
    """Turns until it is cancelled; what fails is reported and comes again with the next turn."""
    while True:
        try:
            await turn(node)
        except Exception as error:
            report("notices", error)
        await asyncio.sleep(TURN_SECONDS)
