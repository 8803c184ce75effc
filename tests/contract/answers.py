"""What two catalogues answered, in a form that can be compared with ==."""

from collections.abc import AsyncIterator
from dataclasses import replace
from random import Random
from typing import Any

from dataspace.change import ChangeSet
from dataspace.errors import DataSpaceError
from dataspace.ports import Catalogue
from dataspace.selection import POSITION, Found, Page, Selection
from tests.contract.dice import KINDS, Dice


def plain(answer: Any) -> Any:
    """Dictionaries and lists only; a row that is not in a page needs no position."""
    if isinstance(answer, Found):
        return {
            "rows": [{**plain(row), POSITION: tuple(row[POSITION])} for row in answer.rows],
            "more": (answer.more_before, answer.more_after),
            "total": answer.total,
            "facets": {
                name: [(value, count) for value, count in counts]
                for name, counts in answer.facets.items()
            },
            "names": answer.names,
        }
    if isinstance(answer, dict):
        return {name: plain(value) for name, value in answer.items() if name != POSITION}
    if isinstance(answer, list | tuple):
        return [plain(each) for each in answer]
    return answer


async def ids(catalogue: Catalogue, selection: Selection) -> list[str]:
    """The ids of the page that the selection asks for."""
    return [row[POSITION][1] for row in (await catalogue.select(selection)).rows]


async def pages(
    catalogue: Catalogue, selection: Selection, *, backwards: bool = False
) -> AsyncIterator[Found]:
    """Page after page until there is no more."""
    position = None
    while True:
        page = Page(selection.page.size, position, backwards)
        found = await catalogue.select(replace(selection, page=page))
        yield found
        if not (found.more_before if backwards else found.more_after):
            return
        position = found.rows[0 if backwards else -1][POSITION]


async def done(catalogue: Catalogue, change_set: ChangeSet) -> bool:
    """Whether the change set was applied rather than refused."""
    try:
        await catalogue.apply(change_set)
    except (DataSpaceError, KeyError):
        return False
    return True


def a_corpus(seed: int = 3, rows: int = 90) -> tuple[Dice, list[ChangeSet]]:
    """Rows of every kind, some of which are amended and removed later."""
    dice = Dice(Random(seed))
    creations = [dice.create(KINDS[n % len(KINDS)]) for n in range(rows)]
    sets = [ChangeSet(f"corpus_{n}", (each,)) for n, each in enumerate(creations)]
    return dice, [*sets, *(dice.change_set(2) for _ in range(rows))]
