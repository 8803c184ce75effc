"""J-X-9: what waits for the hub at a node is sent to it, in order."""

from datetime import datetime

from dataspace.jobs.tally import Tally
from hub.node import Node
from hub.operations.federation.queue import delivering
from hub.scheduling.context import Context


async def send(node: Node, context: Context) -> Tally:
    """What the hub refuses counts as refused; that the hub is away is the run's remark."""
    delivered = await delivering.deliver(node, check=context.check)
    for _ in range(delivered.done):
        context.tally.did()
    for _ in range(delivered.refused):
        context.tally.was_refused("hub_queue.refused")
    if delivered.error is not None:
        context.tally.remark = delivered.error.message("en")[:1000]
    return context.tally


async def count(node: Node, at: datetime) -> int:
    """What is to be sent now; none while the first of them waits for its next try."""
    row = await delivering.first(node)
    return await delivering.waiting(node) if row and delivering.due(node, row) else 0
