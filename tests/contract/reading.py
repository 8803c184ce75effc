"""How the contract of changes looks at a catalogue: one row, and everything."""

from typing import Any

import pytest

from dataspace.change import Change
from dataspace.errors import (
    DataSpaceError,
)
from dataspace.ports import Catalogue
from dataspace.selection import (
    Child,
    Page,
    PartChild,
    Row,
    Selection,
    Where,
)
from tests.build import (
    a_change_set,
)
from tests.contract.answers import plain


async def read(catalogue: Catalogue, id_: str, *fields: str) -> Row:
    """A resource with its provider, topics and items."""
    asked = Selection(
        "resource",
        fields,
        where=Where("id", "eq", id_),
        children=(
            Child("provider", "provider", Selection("participant")),
            Child("topics", "topics", Selection("topic")),
        ),
        parts=(PartChild("items", "items", ("name", "length")),),
    )
    row: Row = (await catalogue.select(asked)).rows[0]
    row.pop("_position")
    if not row["topics"].rows:
        del row["topics"]
    return row


async def state(catalogue: Catalogue) -> list[Any]:
    """Everything that can be read, to see whether anything changed."""
    kinds = ("participant", "resource", "authorisation", "product", "evidence")
    asked = [Selection(kind, ("id", "version"), page=Page(100), total=True) for kind in kinds]
    searched = Selection("resource", ("name", "labels"), search="新", total=True)
    return [plain(await catalogue.select(each)) for each in (*asked, searched)] + [
        await catalogue.changes_since(0, 1000)
    ]


async def refused(catalogue: Catalogue, error: type[DataSpaceError], *changes: Change) -> None:
    """The changes are refused together, by this error, and nothing at all is changed."""
    before = await state(catalogue)
    with pytest.raises(error):
        await catalogue.apply(a_change_set(*changes))
    assert await state(catalogue) == before
