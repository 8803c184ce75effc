"""The records of an XLSX workbook's first sheet, as texts, in bounded memory.

A workbook is an archive of XML that may unpack to a thousand times its size, so nothing is
unpacked but in small pieces that are counted, and what an archive says of its sizes is not
believed. Numbers are shown as days where their style says so (ECMA-376, part 1, 18.8.30).
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from dataspace.quality.refusals import DataFileRefused, DataFileTooLarge

UNPACKED_BYTES_MAX: Final = 512 * 1024 * 1024
STRINGS_MAX: Final = 1_000_000
STRINGS_CHARACTERS_MAX: Final = 32 * 1024 * 1024
CELL_BYTES_MAX: Final = 4 * 1024 * 1024
COLUMNS_MAX: Final = 1000
PIECE_BYTES: Final = 64 * 1024
MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRINGS, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
BOOK, BOOK_RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
# Built-in number formats that are days or times.
DAY_FORMATS: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
FIRST_DAY: Final = datetime(1899, 12, 30)  # noqa: DTZ001  Excel's days have no zone
_DAY_WORDS = re.compile(r"[ymdhs年月日]", re.IGNORECASE)
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_CELL = re.compile(r"([A-Z]{1,3})\d+")


def rows(path: Path, file_name: str) -> Iterator[list[str]]:
    """Every row of the first sheet that holds something. Raises:  DataFileRefused,
    DataFileTooLarge."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield from _Workbook(archive, file_name).rows()
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, EOFError,
            NotImplementedError, RuntimeError) as error:  # fmt: skip
        raise DataFileRefused(file_name=file_name, why=f"xlsx: {error}"[:200]) from error


class _Counted:
    """A part of the archive as it is unpacked, which ends when too much has come out of it."""

    def __init__(self, file: IO[bytes], book: "_Workbook") -> None:
        self.file, self.book = file, book
        self.since_element = 0

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(PIECE_BYTES if size < 0 else min(size, PIECE_BYTES))
        self.book.unpacked += len(piece)
        self.since_element += len(piece)
        if self.book.unpacked > UNPACKED_BYTES_MAX:
            raise DataFileTooLarge(what="bytes", limit=UNPACKED_BYTES_MAX, asked=">")
        if self.since_element > CELL_BYTES_MAX:
            raise DataFileTooLarge(what="cell", limit=CELL_BYTES_MAX, asked=">")
        if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
            raise DataFileRefused(file_name=self.book.file_name, why="xlsx: DOCTYPE")
        return piece


class _Workbook:
    def __init__(self, archive: zipfile.ZipFile, file_name: str) -> None:
        self.archive, self.file_name = archive, file_name
        self.unpacked = 0
        self.names = frozenset(archive.namelist())
        if BOOK not in self.names:
            raise DataFileRefused(file_name=file_name, why="xlsx: no workbook")
        self.strings = list(self._strings())
        self.day_styles = frozenset(self._day_styles())

    def rows(self) -> Iterator[list[str]]:
        for row in self._elements(self._first_sheet(), "row"):
            cells: list[str] = []
            for place, cell in enumerate(row.iter(f"{MAIN}c")):
                at = _column(cell.get("r", ""), place)
                if at >= COLUMNS_MAX:
                    raise DataFileTooLarge(what="columns", limit=COLUMNS_MAX, asked=at + 1)
                cells.extend([""] * (at + 1 - len(cells)))
                cells[at] = self._text(cell)
            if any(cells):
                yield cells

    def _first_sheet(self) -> str:
        sheet = next(self._elements(BOOK, "sheet"), None)
        wanted = sheet.get(RELATED) if sheet is not None else None
        for each in self._elements(BOOK_RELATIONS, ""):
            if wanted and each.get("Id") == wanted:
                target = each.get("Target", "").lstrip("/")
                return target if target.startswith("xl/") else f"xl/{target}"
        return "xl/worksheets/sheet1.xml"

    def _text(self, cell: Element) -> str:
        kind, value = cell.get("t", "n"), cell.findtext(f"{MAIN}v") or ""
        if kind == "inlineStr":
            return "".join(each.text or "" for each in cell.iter(f"{MAIN}t"))
        if kind == "s":
            return self.strings[int(value)] if value else ""
        if kind == "b":
            return {"1": "true", "0": "false"}.get(value, value)
        if kind == "n" and value and int(cell.get("s") or 0) in self.day_styles:
            return _day(value)
        return value

    def _strings(self) -> Iterator[str]:
        if STRINGS not in self.names:
            return
        characters = 0
        for count, each in enumerate(self._elements(STRINGS, "si"), start=1):
            text = "".join(part.text or "" for part in each.iter(f"{MAIN}t"))
            characters += len(text)
            if count > STRINGS_MAX or characters > STRINGS_CHARACTERS_MAX:
                raise DataFileTooLarge(what="texts", limit=STRINGS_MAX, asked=count)
            yield text

    def _day_styles(self) -> Iterator[int]:
        if STYLES not in self.names:
            return
        with self.archive.open(STYLES) as file:
            styles = ElementTree.parse(_Counted(file, self)).getroot()  # noqa: S314  counted
        own = {
            int(each.get("numFmtId", "0"))
            for each in styles.iter(f"{MAIN}numFmt")
            if _DAY_WORDS.search(_LITERAL.sub("", each.get("formatCode", "")))
        }
        used = styles.find(f"{MAIN}cellXfs")
        for at, style in enumerate(used if used is not None else ()):
            if int(style.get("numFmtId", "0")) in DAY_FORMATS | own:
                yield at

    def _elements(self, part: str, name: str) -> Iterator[Element]:
        """The elements of a name, one at a time; every element when it is empty."""
        with self.archive.open(part) as file:
            counted, within = _Counted(file, self), list[Element]()
            for event, each in ElementTree.iterparse(counted, ("start", "end")):  # noqa: S314
                counted.since_element = 0
                if event == "start":
                    within.append(each)
                elif within.pop() is each and (not name or each.tag == MAIN + name):
                    yield each
                    _forget(each, within)


def _forget(element: Element, within: list[Element]) -> None:
    """Takes what has been read out of the tree, so that a long sheet stays small."""
    element.clear()
    if within:
        within[-1].remove(element)


def _column(reference: str, place: int) -> int:
    """The column that a cell says it stands in, from 0; its place in the row when it does not."""
    found = _CELL.fullmatch(reference)
    if found is None:
        return place
    at = 0
    for letter in found[1]:
        at = at * 26 + ord(letter) - ord("A") + 1
    return at - 1


def _day(value: str) -> str:
    """Days since the end of 1899, with the time of the day as a fraction."""
    try:
        moment = FIRST_DAY + timedelta(seconds=round(float(value) * 86400))
    except (ValueError, OverflowError):
        return value
    has_time = moment.time() != FIRST_DAY.time()
    return f"{moment:%Y-%m-%d %H:%M:%S}" if has_time else f"{moment:%Y-%m-%d}"
