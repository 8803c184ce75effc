"""J-L1-1: who has gone silent is marked as offline."""

from datetime import datetime

from dataspace.jobs.tally import Tally
from hub.node import Node
from hub.operations.federation import presence
from hub.scheduling.context import Context


async def sweep(node: Node, context: Context) -> Tally:
    """Whoever has a receipt for a heartbeat that another process took is passed over."""
    async for marked in presence.sweep(node):
        context.check()
        context.tally.did() if marked else context.tally.passed_over()
    return context.tally


async def count(node: Node, at: datetime) -> int:
    """How many this process has not heard lately; most often none, and then no run is left."""
    return len([row async for row in presence.silent(node)])
