"""What a node has to know of its city before it begins: the rules and the spaces that it is in."""

from hub.node import Node
from hub.operations.federation.flow import pulling
from hub.operations.federation.flow.neighbours import Neighbours


async def hear(node: Node) -> None:
    """Brings what is here of the hub up to date, once; nothing at the hub itself.

    Raises:  what stopped it, such as PeerUnavailable.
    """
    if node.belonging is None:
        return
    neighbours = Neighbours(node)
    await neighbours.know_hub()
    async for following in neighbours.followed():
        if (error := (await pulling.pull(following)).error) is not None:
            raise error
