"""The records of CSV and XLSX files, written anew in one plain form that is read without guessing.

Each line of the plain form begins with the number of its record; every record has as many values
as there are columns. What had more or fewer, or could not be decoded, is noted.
"""

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dataspace.quality.refusals import DataFileRefused, DataFileTooLarge
from dataspace.quality.scoring import Example
from hub.operations.quality.data import workbook

ROWS_MAX: Final = 5_000_000
COLUMNS_MAX: Final = 1000
HEADING_CHARACTERS_MAX: Final = 200
RECORD_CHARACTERS_MAX: Final = 500_000
HEAD_BYTES: Final = 1024 * 1024
EXAMPLES_MAX: Final = 5
ALIVE_EVERY: Final = 10_000  # records between two looks at the time
DELIMITERS: Final = ",\t;|"
UNDECODED: Final = "\ufffd"


@dataclass(slots=True)
class Records:
    """What was found on the way: the headings, how many records, and which were not well formed."""

    columns: tuple[str, ...] = ()
    rows: int = 0
    malformed: int = 0
    examples: list[Example] = field(default_factory=list)

    def note(self, row: int, what: str) -> None:
        self.malformed += 1
        if len(self.examples) < EXAMPLES_MAX:
            self.examples.append(Example(row, what))


def write_plain(path: Path, file_name: str, to: Path, *, alive: Callable[[], None]) -> Records:
    """Writes the plain form of a CSV, TSV or XLSX file. `alive` raises when the time is over.

    Raises:  DataFileRefused, DataFileTooLarge, and what `alive` raises.
    """
    is_workbook = file_name.lower().endswith(".xlsx")
    read = workbook.rows(path, file_name) if is_workbook else _csv(path, file_name)
    found = Records()
    try:
        found.columns = headings(next(read, []), file_name)
        with to.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            for record in _even(read, found, alive):
                writer.writerow(record)
    except csv.Error as error:
        raise DataFileRefused(
            file_name=file_name, why=f"record {found.rows + 1}: {error}"
        ) from error
    return found


def headings(given: Sequence[str], file_name: str) -> tuple[str, ...]:
    """The names of the columns, each told apart. Raises:  DataFileRefused, DataFileTooLarge."""
    if not any(each.strip() for each in given):
        raise DataFileRefused(file_name=file_name, why="no headings")
    if len(given) > COLUMNS_MAX:
        raise DataFileTooLarge(what="columns", limit=COLUMNS_MAX, asked=len(given))
    named: dict[str, None] = {}
    for at, each in enumerate(given, start=1):
        name = " ".join(each.split())[:HEADING_CHARACTERS_MAX] or f"列{at}"
        named[name if name not in named else f"{name}_{at}"] = None
    return tuple(named)


def _even(
    read: Iterator[list[str]], found: Records, alive: Callable[[], None]
) -> Iterator[list[str | int]]:
    """Records with their numbers, made as long as the headings; blank lines are none."""
    width = len(found.columns)
    for record in read:
        if not record:
            continue
        found.rows += 1
        if found.rows > ROWS_MAX:
            raise DataFileTooLarge(what="records", limit=ROWS_MAX, asked=found.rows)
        if found.rows % ALIVE_EVERY == 0:
            alive()
        joined = "".join(record)
        if len(joined) > RECORD_CHARACTERS_MAX:
            raise DataFileTooLarge(
                what="characters of a record", limit=RECORD_CHARACTERS_MAX, asked=len(joined)
            )
        if len(record) != width:
            found.note(found.rows, f"{len(record)} ≠ {width}")
            record = (record + [""] * width)[:width]
        elif UNDECODED in joined:
            found.note(found.rows, UNDECODED)
        yield [found.rows, *record]


def _csv(path: Path, file_name: str) -> Iterator[list[str]]:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    encoding = encoding_of(head)
    if encoding != "utf-16" and b"\0" in head:
        raise DataFileRefused(file_name=file_name, why="not a text")
    first = head.decode(encoding, "replace").partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        yield from csv.reader(text, delimiter=delimiter)


def encoding_of(head: bytes) -> str:
    """UTF-8, with or without a mark, UTF-16 with one, or else GB18030, which GBK is a part of."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"
