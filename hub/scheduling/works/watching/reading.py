"""All rows of a selection, page by page."""

from collections.abc import AsyncIterator
from dataclasses import replace

from dataspace.selection import PAGE_MAX, POSITION, Page, Row, Selection
from hub.node import Node


async def every(node: Node, selection: Selection, *, limit: int) -> AsyncIterator[Row]:
    """In the selection's order, also while they are acted on; at most `limit`."""
    left, position, more = limit, None, True
    while left and more:
        page = Page(min(left, PAGE_MAX), position)
        found = await node.catalogue.select(replace(selection, page=page))
        for row in found.rows:
            yield row
        left -= len(found.rows)
        more = found.more_after
        position = found.rows[-1][POSITION] if found.rows else None
