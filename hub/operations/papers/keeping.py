"""The files of papers in the store: what stays when papers are set anew, and what is removed.

A file is removed after the row that told of it was written: what is left over when something fails
between the two is a file that no row refers to, and never the reverse.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

from dataspace.errors import AssetNotFound
from dataspace.nouns.reviewed import PAPERS
from dataspace.papers.keeping import files_of, settled
from hub.node import Node
from hub.operations.mechanism.done import Done

UNDER: Final = "papers/"
Values = Mapping[str, Any]


def key(file: str) -> str:
    return f"{UNDER}{file}"


def papers_settled(values: Values, row: Values) -> Values:
    """What an applicant sets, each paper with the file of its content that the row has."""
    if PAPERS.name not in values:
        return values
    return {**values, PAPERS.name: settled(values[PAPERS.name], row[PAPERS.name])}


async def remove_dropped(node: Node, done: Done, *, before: Values, values: Values) -> None:
    """The files that no paper has any more after the values were written over the row before.

    Raises:  AssetsUnavailable.
    """
    if PAPERS.name in values and written_over(before, done):
        kept = files_of(values[PAPERS.name])
        await remove_files(node, files_of(before.get(PAPERS.name)) - kept)


def written_over(row: Values, done: Done) -> bool:
    """Whether it was done to this row; under a repeated request it was done to an earlier one,
    whose files went then."""
    return bool(done.values.get("version") == row["version"] + 1)


async def remove_files(node: Node, files: Iterable[str]) -> None:
    """Raises:  AssetsUnavailable."""
    for each in sorted(files):
        with suppress(AssetNotFound):
            await node.assets.remove(key(each))
