"""A recipe (加工配方): how the output of a product is computed from the files of its resources."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dataspace.federation.profiles.content import Table

Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Of all products of a template. `inputs` are the headings that each table must have, by a
    name for the table; `outputs` those of what comes out.

    `compute` is given the rows of every table in the order of its file, as texts by heading. It is
    pure, gives the same for the same, and raises ValueError for rows that say what they cannot.
    """

    inputs: Mapping[str, tuple[str, ...]]
    outputs: tuple[str, ...]
    compute: Callable[[Mapping[str, Rows]], Iterable[Sequence[object]]]

    def made(self, name: str, tables: Mapping[str, Rows]) -> Table:
        """The output as a file. Raises:  ValueError."""
        return written_table(name, self.outputs, self.compute(tables))

    def input_of(self, headings: Iterable[str]) -> str | None:
        """Which table a file with these headings is; None for one that it has no use for."""
        there = set(headings)
        return next((name for name, asked in self.inputs.items() if there.issuperset(asked)), None)


def written_table(name: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A CSV file in UTF-8, its headings in the first line."""
    held = list(rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(held)
    return Table(f"{name}.csv", text.getvalue().encode(), len(held))


def read_table(content: bytes) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """Headings and rows of a CSV file in UTF-8.

    Raises:  ValueError for what is none, and for a row that is longer or shorter than its headings.
    """
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        headings = tuple(next(reader, ()))
        rows = [dict(zip(headings, row, strict=True)) for row in reader if row]
    except csv.Error as error:
        raise ValueError(str(error)) from error
    if not headings or len(set(headings)) != len(headings):
        raise ValueError("headings are missing, or stand there twice")
    return headings, rows
