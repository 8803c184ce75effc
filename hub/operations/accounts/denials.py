"""Who is shut out at once, although their tokens hold for some minutes yet."""

from collections.abc import AsyncIterator
from typing import Final

from dataspace.federation.standings import CUT_OFF
from dataspace.ports import Catalogue
from dataspace.selection import PAGE_MAX, POSITION, Page, Selection, Where
from hub.node import Node

# By kind: the field that tells, the values that shut out, and what tokens name them by.
SHUT_OUT: Final = (
    ("participant", "standing", ("SUSPENDED", "WITHDRAWN"), "id"),
    ("member", "status", ("DISABLED", "REMOVED"), "subject"),
    ("node", "status", tuple(sorted(CUT_OFF)), "id"),
)


async def renew(node: Node) -> None:
    """From now on exactly those whom the catalogue shuts out are refused.

    Raises:  CatalogueUnavailable, and leaves those who were refused before.
    """
    node.denials.renew([each async for each in _named(node.catalogue)])


async def _named(catalogue: Catalogue) -> AsyncIterator[str]:
    for kind, field, values, name in SHUT_OUT:
        position, more = None, True
        while more:
            where, page = Where(field, "in", values), Page(PAGE_MAX, position)
            found = await catalogue.select(Selection(kind, (name,), where=where, page=page))
            for row in found.rows:
                yield row[name] or ""
            more = found.more_after
            position = found.rows[-1][POSITION] if found.rows else None
