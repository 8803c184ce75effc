"""Holds (留置): what must be kept although its time is over, and until when."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from dataspace.caller import Role
from dataspace.quantity import written
from dataspace.selection import PAGE_MAX, Either, Every, Page, Selection, Where
from hub.node import Books
from hub.operations.mechanism.ledger import Ledger

LEDGER: Final = Ledger(
    "hold",
    keepers=frozenset({Role.AUDITOR, Role.SUPERVISOR}),
    fields=("grounds", "ends_at"),
    fixed=("subject",),
)
enter = LEDGER.enter
amend = LEDGER.amend


async def held(books: Books, ids: Iterable[str], at: datetime) -> set[str]:
    """Which of these, PAGE_MAX at most, are held at the moment."""
    ends = Either((Where("ends_at", "is_null", True), Where("ends_at", "gt", written(at))))
    where = Every((Where("subject", "in", tuple(ids)), ends))
    found, position = set[str](), None
    while True:
        rows = await books.catalogue.select(
            Selection("hold", ("subject",), where, page=Page(PAGE_MAX, position))
        )
        found |= {row["subject"] for row in rows.rows}
        if not rows.more_after:
            return found
        position = rows.rows[-1]["_position"]
