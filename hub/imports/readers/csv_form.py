"""Reads the core metadata form as CSV: items in columns beside, or in a file of their own."""

import csv
import re
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from hub.imports.entry import Entry, Reject
from hub.imports.errors import HeadingsMissing
from hub.imports.readers.form import Form, ItemRows, Row, cells_of, columns, entries, form_of
from hub.imports.readers.form_headings import item_headings
from hub.imports.readers.lines import KEPT_BYTES, LINE_BYTES_MAX
from hub.imports.readers.source import Source

ITEMS_ENDINGS = (".items.csv", "-items.csv", "_items.csv", "-信息项.csv", "_信息项.csv")
_UNDECODED = re.compile("[\udc80-\udcff]")


def read(source: Source) -> Iterator[Entry | Reject]:
    """Raises:  HeadingsMissing."""
    with _opened(source.path, source.encoding) as file:
        rows = _Rows(file, source)
        form = form_of(rows.headings)
        if not form.is_one:
            raise HeadingsMissing(path=str(source.path), missing=_missing(form))
        yield from entries(rows.all(), form, source, items=_items(source))


def _missing(form: Form) -> str:
    names = {"name": "数据资源名称 (Name)", "provider": "信息资源提供方 (Provider)"}
    return ", ".join(text for name, text in names.items() if name not in form.named.values())


def _items(source: Source) -> ItemRows:
    """The items of the file beside this one that is called after it, if there is one."""
    items = ItemRows()
    path = next(
        (
            each
            for end in ITEMS_ENDINGS
            if (each := source.path.with_name(source.path.stem + end)).is_file()
        ),
        None,
    )
    if path is None:
        return items
    with _opened(path, source.encoding) as file:
        rows = _Rows(file, Source(path, b"", source.format, source.encoding))
        named = columns(rows.headings, item_headings(beside_resource=False))
        if "resource" not in named.values():
            raise HeadingsMissing(path=str(path), missing="所属资源 (Resource)")
        for row in rows.all():
            if not isinstance(row, Reject):
                items.add(row[0], cells_of(row[1], named))
    return items


def _opened(path: Path, encoding: str) -> TextIO:
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    return TextIOWrapper(path.open("rb"), encoding, errors="surrogateescape", newline="")


class _Rows:
    """The rows of a file with the line that each begins in; a bad one is a reject."""

    def __init__(self, file: TextIO, source: Source) -> None:
        self.file, self.source = file, source
        self.line = 0
        self.too_long = ""
        first = self.file.readline(LINE_BYTES_MAX)
        self.line = 1
        self.delimiter = max(",\t;", key=first.count)
        self.headings = next(csv.reader([first], delimiter=self.delimiter), [])

    def all(self) -> Iterator[Row]:
        reader = csv.reader(self._lines(), delimiter=self.delimiter, strict=True)
        while True:
            start = self.line + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._malformed(start, str(error))
                continue
            yield self._checked(start, row)

    def _lines(self) -> Iterator[str]:
        while text := self.file.readline(LINE_BYTES_MAX):
            self.line += 1
            self.source.read_bytes += len(text)
            if len(text) == LINE_BYTES_MAX and not text.endswith("\n"):
                self.too_long = text[:KEPT_BYTES]
                while (part := self.file.readline(LINE_BYTES_MAX)) and not part.endswith("\n"):
                    pass
                text = "\n"
            yield text

    def _malformed(self, start: int, detail: str) -> Reject:
        if "unexpected end" in detail:
            self.source.cut = True
            return Reject(start, "line.cut_short")
        return Reject(start, "line.malformed", facts={"detail": detail})

    def _checked(self, start: int, row: list[str]) -> Row:
        raw = self.delimiter.join(row)
        if self.too_long:
            raw, self.too_long = self.too_long, ""
            return Reject(
                start,
                "line.too_long",
                raw=raw.encode("utf-8", "replace"),
                facts={"limit": LINE_BYTES_MAX},
            )
        if _UNDECODED.search(raw):
            return Reject(
                start,
                "line.undecodable",
                raw=raw.encode("utf-8", "surrogateescape"),
                facts={"encoding": self.source.encoding},
            )
        return start, row
