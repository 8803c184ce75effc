"""The forms that a paper may have, known by what is in the file: documents, and pictures of them.

A document of an office (GB/T 33190 OFD, ISO/IEC 29500 DOCX and XLSX) is an archive whose contents
say what it is. One with macros says something else, and is none of them.
"""

import io
import zipfile
import zlib
from typing import Final

from dataspace.errors import Invalid
from dataspace.text import Text

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFD = "application/ofd"
SUFFIXES: Final = {
    PDF: ".pdf", PNG: ".png", JPEG: ".jpg", DOCX: ".docx", XLSX: ".xlsx", OFD: ".ofd",
}  # fmt: skip
BEGINNINGS: Final = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
ARCHIVE: Final = b"PK\x03\x04"
# The part of an archive that says what it is, and what it says of each form.
CONTENTS: Final = {
    "[Content_Types].xml": {f"{DOCX}.main+xml".encode(): DOCX, f"{XLSX}.main+xml".encode(): XLSX},
    "OFD.xml": {b"http://www.ofdspec.org/": OFD},
}
# An archive of more entries is not opened, and of what it says of itself no more is read.
ENTRIES_MAX: Final = 10_000
CONTENTS_BYTES_MAX: Final = 1024 * 1024
MACROS: Final = (b"macroEnabled", b"vbaProject")
_ENTRY: Final = b"PK\x01\x02"
_PACKED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError)

EMPTY: Final = Text("it is empty", "文件为空")
OTHER: Final = Text("by its content it is none of these forms", "按内容判断不属于可接收的格式")


class PaperRefused(Invalid):
    """The file of a paper is, by its content, none of the forms that are taken."""

    code = "paper.form_refused"
    title = Text("The file of {paper} cannot be taken: {why}", "无法接收附件 {paper} 的文件：{why}")
    advice = Text(
        "Send a PDF, OFD, DOCX or XLSX without macros, or a picture as PNG or JPEG.",
        "请上传 PDF、OFD、不含宏的 DOCX 或 XLSX，或 PNG、JPEG 图片。",
    )


def form_of(head: bytes) -> str:
    """The form by the first bytes; empty for an archive, which has to be read whole.

    Raises:  ValueError for what is no paper.
    """
    for beginning, form in BEGINNINGS.items():
        if head.startswith(beginning):
            return form
    if head.startswith(ARCHIVE):
        return ""
    raise ValueError


def form_of_archive(content: bytes) -> str:
    """What the whole archive says that it is. Raises:  ValueError for what is no paper."""
    if content.count(_ENTRY) > ENTRIES_MAX:
        raise ValueError
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = {form for part in CONTENTS for form in _forms_in(archive, part)}
    except _BROKEN as error:
        raise ValueError from error
    if len(found) != 1:
        raise ValueError
    return found.pop()


def _forms_in(archive: zipfile.ZipFile, part: str) -> set[str]:
    if part not in archive.namelist() or archive.getinfo(part).compress_type not in _PACKED:
        return set()
    with archive.open(part) as file:
        said = file.read(CONTENTS_BYTES_MAX)
    if any(mark in said for mark in MACROS):
        return set()
    return {form for mark, form in CONTENTS[part].items() if mark in said}
