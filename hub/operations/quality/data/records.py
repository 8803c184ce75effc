"""The records of CSV and XLSX files, written anew in one plain form that is read without guessing.

Each line of the plain form begins with the number of its record; every record has as many values
as there are columns. What had more or fewer, or could not be decoded, is noted.

A line of a CSV file without a quotation mark is a record by itself, and one that has as many
delimiters as the headings stands in the plain form as it is. That is told of many lines at once,
in a sixth of the time in which they are taken apart and put together again.
"""

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final, TextIO

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
BATCH_CHARACTERS: Final = 128 * 1024  # of lines that are looked at together
LINE_END: Final = "\r\n"
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
    found = Records()
    try:
        with to.open("w", encoding="utf-8", newline="") as file:
            plain = _Plain(file, found, alive)
            write = plain.workbook if file_name.lower().endswith(".xlsx") else plain.csv
            write(path, file_name)
    except csv.Error as error:
        raise DataFileRefused(
            file_name=file_name, why=f"record {found.rows + 1}: {error}"
        ) from error
    return found


class _Plain:
    """The plain form as it is written. Raises:  what `write_plain` does, and csv.Error."""

    def __init__(self, file: TextIO, found: Records, alive: Callable[[], None]) -> None:
        self.file, self.found, self.alive = file, found, alive
        self.writer = csv.writer(file)

    def workbook(self, path: Path, file_name: str) -> None:
        rows = workbook.rows(path, file_name)
        self.found.columns = headings(next(rows, []), file_name)
        self.records(rows)

    def csv(self, path: Path, file_name: str) -> None:
        with _opened(path, file_name) as (text, delimiter):
            first = next(csv.reader(text, delimiter=delimiter), [])
            self.found.columns = headings(first, file_name)
            self.text(text, delimiter)

    def records(self, given: Iterable[list[str]]) -> None:
        self.writer.writerows(_even(given, self.found, self.alive))

    def text(self, text: TextIO, delimiter: str) -> None:
        while batch := text.readlines(BATCH_CHARACTERS):
            lines = [line for each in batch if (line := each.rstrip(LINE_END))]
            if _stand_as_they_are(lines, delimiter, width=len(self.found.columns)):
                self._lines(lines, delimiter)
            else:
                self.records(_taken_apart(batch, text, delimiter))

    def _lines(self, lines: list[str], delimiter: str) -> None:
        number = self.found.rows + 1
        _count(self.found, len(lines))
        self.alive()
        same = delimiter == ","
        self.file.writelines(
            f"{at},{line if same else line.replace(delimiter, ',')}{LINE_END}"
            for at, line in enumerate(lines, start=number)
        )


def _stand_as_they_are(lines: list[str], delimiter: str, *, width: int) -> bool:
    """Whether each is a whole record of that width, of values that need no quotation marks."""
    joined = "".join(lines)
    return (
        '"' not in joined
        and UNDECODED not in joined
        and (delimiter == "," or "," not in joined)
        and all(line.count(delimiter) == width - 1 for line in lines)
        and max(map(len, lines), default=0) <= csv.field_size_limit()
    )


def _taken_apart(batch: Sequence[str], text: TextIO, delimiter: str) -> Iterator[list[str]]:
    """The records that begin in the batch, of which the last may go on behind it."""
    reader = csv.reader(chain(batch, text), delimiter=delimiter)
    while reader.line_num < len(batch):
        yield next(reader)


def _count(found: Records, more: int) -> None:
    """Raises:  DataFileTooLarge."""
    found.rows += more
    if found.rows > ROWS_MAX:
        raise DataFileTooLarge(what="records", limit=ROWS_MAX, asked=found.rows)


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
    read: Iterable[list[str]], found: Records, alive: Callable[[], None]
) -> Iterator[list[str | int]]:
    """Records with their numbers, made as long as the headings; blank lines are none."""
    width = len(found.columns)
    for record in read:
        if not record:
            continue
        _count(found, 1)
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


@contextmanager
def _opened(path: Path, file_name: str) -> Iterator[tuple[TextIO, str]]:
    """The text of a CSV file, and what divides its values. Raises:  DataFileRefused."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    encoding = encoding_of(head)
    if encoding != "utf-16" and b"\0" in head:
        raise DataFileRefused(file_name=file_name, why="not a text")
    first = head.decode(encoding, "replace").partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        yield text, delimiter


def encoding_of(head: bytes) -> str:
    """UTF-8, with or without a mark, UTF-16 with one, or else GB18030, which GBK is a part of."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"
