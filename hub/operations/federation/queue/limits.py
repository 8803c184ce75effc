"""How much of a kind one node may have asked for that nobody has decided on, or used, yet."""

from typing import Final

from dataspace.federation.queue.refusals import TooManyOpen
from dataspace.selection import Condition, Selection
from hub.node import Node

OPEN_MAX: Final = 200


async def check_open(node: Node, kind: str, still_open: Condition) -> None:
    """Raises:  TooManyOpen."""
    asked = Selection(kind, where=still_open, rows=False, total=True)
    if ((await node.catalogue.select(asked)).total or 0) >= OPEN_MAX:
        raise TooManyOpen(what=kind, limit=OPEN_MAX)
