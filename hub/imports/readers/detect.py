"""Which form a file has and how it is encoded, told from its content."""

import codecs
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

from hub.imports.entry import Entry, Reject
from hub.imports.errors import (
    EncodingUnknown,
    FileEmpty,
    FileIsFolder,
    FileMissing,
    FileUnreadable,
    FormatUnknown,
)
from hub.imports.readers.form_headings import is_form_heading
from hub.imports.readers.source import Source

HEAD_BYTES = 1024 * 1024
Reader = Callable[[Source], Iterator[Entry | Reject]]

# Imported when they are used: some need libraries that take longer to load than a file to read.
READERS: Mapping[str, str] = {
    "socrata": "hub.imports.readers.socrata",
    "dcat-us": "hub.imports.readers.dcat_us",
    "dcat": "hub.imports.readers.dcat",
    "csv": "hub.imports.readers.csv_form",
    "xlsx": "hub.imports.readers.xlsx_form",
}

_SOCRATA = re.compile(rb'"resource"\s*:\s*\{')
_DCAT_US = re.compile(rb'"dataset"\s*:\s*\[|project-open-data\.cio\.gov')
_LINKED = re.compile(rb'"@graph"|"@context"|www\.w3\.org/ns/dcat#|"dcat:')
_TURTLE = re.compile(
    rb"(?im)^\s*(?:@prefix|@base|prefix|base)\s+\S*\s*:?\s*<|^\s*<[^<>\s]+>\s+<[^<>\s]+>"
)


def opened(path: Path, *, form: str = "", encoding: str = "", name: str = "") -> Source:
    """Looks at the file's beginning.

    Raises:  FileMissing, FileIsFolder, FileUnreadable, FileEmpty, FormatUnknown,
        EncodingUnknown.
    """
    head = _head(path)
    if not head.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise FileEmpty(path=str(path))
    encoding = _known(path, encoding) if encoding else _encoding(head)
    form = form or _form(path, head, encoding)
    if form not in READERS:
        raise FormatUnknown(
            path=str(path), detail=f"no form is called {form}", known=", ".join(READERS)
        )
    if encoding == "utf-16" and form != "csv":
        raise EncodingUnknown(path=str(path), encoding=encoding)
    return Source(path, head, form, encoding, name)


def _known(path: Path, encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise EncodingUnknown(path=str(path), encoding=encoding) from None


def reader_of(form: str) -> Reader:
    read: Reader = import_module(READERS[form]).read
    return read


def _head(path: Path) -> bytes:
    if path.is_dir():
        raise FileIsFolder(path=str(path))
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except FileNotFoundError:
        raise FileMissing(path=str(path), kind="file", id=path.name) from None
    except OSError as error:
        raise FileUnreadable(
            path=str(path), detail=error.strerror or str(error), retry_after_seconds=60
        ) from error


def _encoding(head: bytes) -> str:
    """UTF-8 unless most lines that are not ASCII are none, but are GB18030."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    lines = [line for line in head.split(b"\n")[:-1] or [head] if not line.isascii()]
    broken = [line for line in lines if not _decodes(line, "utf-8")]
    chinese = sum(_decodes(line, "gb18030") for line in broken)
    return "gb18030" if chinese * 2 > len(lines) else "utf-8"


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _form(path: Path, head: bytes, encoding: str) -> str:
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if encoding != "utf-8":
        head = head.decode(encoding, "replace").encode()
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    form = ""
    if text[:1] in (b"{", b"["):
        form = _json(text)
    elif text[:1] == b"<" and not _TURTLE.match(text):
        form = "dcat" if b"rdf:RDF" in text[:4000] else ""
    elif _TURTLE.search(text[:4000]) or text.startswith(b"@prefix"):
        form = "dcat"
    elif is_form_heading(text.partition(b"\n")[0].decode("utf-8", "replace")):
        form = "csv"
    elif _SOCRATA.search(text):
        form = "socrata"
    if not form:
        raise FormatUnknown(
            path=str(path),
            detail=f"it begins with {text[:60].decode('utf-8', 'replace')[:30]!r}",
            known=", ".join(READERS),
        )
    return form


def _json(text: bytes) -> str:
    """Told by what names its records: the first of the marks that the head has."""
    marks = {"socrata": _SOCRATA, "dcat-us": _DCAT_US, "dcat": _LINKED}
    found = {form: mark.search(text) for form, mark in marks.items()}
    if found["dcat-us"]:  # its `resource` and `@context` are no marks of the other two
        return (
            "socrata"
            if found["socrata"]
            and not found["dcat"]
            and (found["socrata"].start() < found["dcat-us"].start())
            else "dcat-us"
        )
    return next((form for form, place in found.items() if place), "")


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" in archive.namelist():
                return "xlsx"
    except zipfile.BadZipFile:
        pass
    raise FormatUnknown(path=str(path), detail="it is an archive", known=", ".join(READERS))
