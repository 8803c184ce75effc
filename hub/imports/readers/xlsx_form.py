"""Reads and writes workbooks of the core metadata form; the only file that knows openpyxl."""

import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from hub.imports.entry import Entry, Reject
from hub.imports.errors import FileMalformed, FileTooLarge, HeadingsMissing
from hub.imports.readers.form import Form, ItemRows, cells_of, columns, entries, form_of
from hub.imports.readers.form_headings import item_headings
from hub.imports.readers.source import Source

WORKBOOK_BYTES_MAX = 20 * 1024 * 1024
HEADING_ROWS_MAX = 10  # above the headings there may be a title and remarks
ROWS_MAX = 5000  # to which the code lists of a template apply


def read(source: Source) -> Iterator[Entry | Reject]:
    """Raises:  FileTooLarge, FileMalformed, HeadingsMissing."""
    size = source.path.stat().st_size
    if size > WORKBOOK_BYTES_MAX:
        raise FileTooLarge(
            path=str(source.path), bytes=size, format="xlsx", limit=WORKBOOK_BYTES_MAX
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of features of Excel that reading does not need
            book = openpyxl.load_workbook(source.path, read_only=True, data_only=True)
            yield from _read(book, source)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, EOFError) as error:
        raise FileMalformed(path=str(source.path), format="xlsx", detail=str(error)) from error


def _read(book: Any, source: Source) -> Iterator[Entry | Reject]:
    found: tuple[Any, Form, int] | None = None
    items = ItemRows()
    for sheet in book.worksheets:
        for line, row in _numbered(sheet, stop=HEADING_ROWS_MAX):
            form, named = form_of(row), columns(row, item_headings(beside_resource=False))
            if form.is_one:
                found = found or (sheet, form, line)
                break
            if {"resource", "name"} <= set(named.values()):
                _take_items(sheet, items, named=named, start=line)
                break
    if found is None:
        raise HeadingsMissing(
            path=str(source.path), missing="数据资源名称 (Name), 信息资源提供方 (Provider)"
        )
    sheet, form, line = found
    yield from entries(_rows(sheet, line), form, source, items=items)


def _take_items(sheet: Any, items: ItemRows, *, named: Mapping[int, str], start: int) -> None:
    for line, row in _rows(sheet, start):
        items.add(line, cells_of(row, named))


def _rows(sheet: Any, start: int) -> Iterator[tuple[int, Sequence[Any]]]:
    for line, row in _numbered(sheet, start=start):
        if any(cell is not None for cell in row):
            yield line, row


def _numbered(
    sheet: Any, *, start: int = 0, stop: int | None = None
) -> Iterator[tuple[int, Sequence[Any]]]:
    yield from islice(enumerate(sheet.iter_rows(values_only=True), start=1), start, stop)


def write(path: Path, sheets: Sequence["Sheet"]) -> None:
    """A workbook with headings, code lists under them, and notes."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    lists = book.create_sheet("代码 Codes")
    for each in sheets:
        _write_sheet(book.create_sheet(each.title), each, lists)
    book.move_sheet(lists, len(sheets))
    book.save(path)


class Sheet:
    """`choices` gives the allowed texts of a column; `rows` stand below the headings."""

    def __init__(
        self,
        title: str,
        headings: Sequence[str],
        *,
        choices: Mapping[int, Sequence[str]],
        must: frozenset[int],
        rows: Sequence[Sequence[str]],
    ) -> None:
        self.title, self.headings, self.choices = title, headings, choices
        self.must, self.rows = must, rows


def _write_sheet(sheet: Any, of: Sheet, lists: Any) -> None:
    for column, heading in enumerate(of.headings, start=1):
        cell = sheet.cell(1, column, heading)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if column - 1 in of.must:
            cell.fill = PatternFill("solid", fgColor="FFF2CC")
        sheet.column_dimensions[get_column_letter(column)].width = 24
    for row, values in enumerate(of.rows, start=2):
        for column, value in enumerate(values, start=1):
            sheet.cell(row, column, value).alignment = Alignment(wrap_text=True, vertical="top")
    for index, texts in of.choices.items():
        _choose(sheet, index + 1, _listed(lists, of.headings[index], texts))
    sheet.freeze_panes = "A2"


def _listed(lists: Any, heading: str, texts: Sequence[str]) -> str:
    """Puts the texts into a column of the code sheet, and gives the reference to them."""
    column = 1 if lists.cell(1, 1).value is None else lists.max_column + 1
    lists.cell(1, column, heading)
    for row, text in enumerate(texts, start=2):
        lists.cell(row, column, text)
    letter = get_column_letter(column)
    return f"'{lists.title}'!${letter}$2:${letter}${len(texts) + 1}"


def _choose(sheet: Any, column: int, reference: str) -> None:
    rule = DataValidation("list", formula1=reference, allow_blank=True, showErrorMessage=True)
    letter = get_column_letter(column)
    rule.add(f"{letter}2:{letter}{ROWS_MAX}")
    sheet.add_data_validation(rule)
