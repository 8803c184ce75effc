"""What a file is, by its name and by its first bytes, which must agree.

Only forms that show data are taken. What a browser would run as a page is none of them.
"""

import codecs
import re
from collections.abc import AsyncIterator
from pathlib import PurePath
from typing import Final

from dataspace.errors import Invalid
from dataspace.text import Text

HEAD_BYTES: Final = 4096
BINARY: Final = {
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    ".parquet": ("application/vnd.apache.parquet", b"PAR1"),
    ".pdf": ("application/pdf", b"%PDF-"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
}
WRITTEN: Final = {
    ".csv": ("text/csv", r""),
    ".tsv": ("text/tab-separated-values", r""),
    ".txt": ("text/plain", r""),
    ".json": ("application/json", r"[\[{]"),
    ".geojson": ("application/geo+json", r"\{"),
    ".xml": ("application/xml", r"<"),
}
ENCODINGS: Final = ("utf-8-sig", "gb18030")
PAGE = re.compile(r"<\s*(!doctype\s+html|html|script|svg|body|iframe)", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class MediaTypeRefused(Invalid):
    """The file is none of the forms that are taken, or is not what its name says."""

    code = "asset.media_type_refused"
    title = Text("{file_name} cannot be taken: {why}", "无法接收 {file_name}：{why}")
    advice = Text(
        "Send one of: {allowed}. Its content must be what its name says.",
        "请上传以下格式之一：{allowed}，且内容须与扩展名一致。",
    )


def media_type(file_name: str, head: bytes) -> str:
    """Raises:  MediaTypeRefused."""
    media = media_type_by_name(file_name)
    suffix = PurePath(file_name).suffix.lower()
    if suffix in BINARY:
        fits = head.startswith(BINARY[suffix][1])
    else:
        text = _text(head)
        fits = text is not None and bool(re.match(WRITTEN[suffix][1], text.lstrip()))
    if not fits:
        raise _refused(file_name, "content")
    return media


def media_type_by_name(file_name: str) -> str:
    """What the file says it is, before it is seen. Raises:  MediaTypeRefused."""
    suffix = PurePath(file_name).suffix.lower()
    if suffix in BINARY:
        return BINARY[suffix][0]
    if suffix in WRITTEN:
        return WRITTEN[suffix][0]
    raise _refused(file_name, "extension")


def plain_name(file_name: str) -> str:
    """The last part of the name, without a path. Raises:  MediaTypeRefused."""
    name = PurePath(file_name.replace("\\", "/")).name
    if not name or CONTROL.search(name):
        raise _refused(file_name, "file name")
    return name


async def opened(chunks: AsyncIterator[bytes]) -> tuple[bytes, AsyncIterator[bytes]]:
    """The first bytes of a file, and all of it again."""
    head = b""
    async for chunk in chunks:
        head += chunk
        if len(head) >= HEAD_BYTES:
            break
    return head, _again(head, chunks)


async def _again(head: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield head
    async for chunk in rest:
        yield chunk


def _text(head: bytes) -> str | None:
    """What the bytes say when they are text, as far as they go, and nothing else."""
    for encoding in ENCODINGS:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head[:HEAD_BYTES])
        except UnicodeDecodeError:
            continue
        return None if not text or CONTROL.search(text) or PAGE.search(text) else text
    return None


def _refused(file_name: str, why: str) -> MediaTypeRefused:
    allowed = ", ".join((*WRITTEN, *BINARY))
    return MediaTypeRefused(file_name=file_name, why=why, allowed=allowed)
