"""A form with one file, read as it arrives: its fields come first, its file last.

Source: RFC 7578 (multipart/form-data), RFC 2046, 5.1 (boundaries).
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from dataspace.errors import Invalid
from dataspace.text import Text

FIELD_BYTES_MAX: Final = 16 * 1024
FIELDS_MAX: Final = 20
FILE: Final = "file"
_BOUNDARY = re.compile(r'multipart/form-data\s*;.*?boundary="?([^",;\s]{1,70})"?', re.IGNORECASE)
_NAME = re.compile(rb'content-disposition:\s*form-data\s*;.*?\bname="([^"]*)"', re.IGNORECASE)


class FormInvalid(Invalid):
    """What came is no form whose last part is the file."""

    code = "asset.form_invalid"
    title = Text("This is not a form with a file: {why}", "不是带文件的表单：{why}")
    advice = Text(
        "Send multipart/form-data: all fields first, then the file in a part named file.",
        "请以 multipart/form-data 发送：先是全部字段，最后是名为 file 的文件。",
    )


@dataclass(frozen=True, slots=True)
class Form:
    """`file` gives the bytes of the file, once."""

    fields: dict[str, str]
    file: AsyncIterator[bytes]


async def read_form(content_type: str, chunks: AsyncIterator[bytes]) -> Form:
    """Reads up to where the file begins. Raises:  FormInvalid; so does the reading of the file."""
    if (found := _BOUNDARY.match(content_type)) is None:
        raise FormInvalid(why=_NO_BOUNDARY)
    boundary = b"--" + found[1].encode("latin-1", "replace")
    arriving, fields = _Arriving(chunks), dict[str, str]()
    await arriving.until(boundary)
    while len(fields) < FIELDS_MAX:
        if await arriving.until(b"\r\n"):
            raise FormInvalid(why=_NO_FILE)
        head = _NAME.search(await arriving.until(b"\r\n\r\n"))
        name = head[1].decode("utf-8", "replace") if head else ""
        if name == FILE:
            return Form(fields, arriving.all_until(b"\r\n" + boundary))
        fields[name] = (await arriving.until(b"\r\n" + boundary)).decode("utf-8", "replace")
    raise FormInvalid(why=_TOO_MUCH)


class _Arriving:
    """What has come and is not yet taken."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self._waiting = bytearray()

    async def until(self, mark: bytes) -> bytes:
        """All before the mark, which is passed over."""
        while (at := self._waiting.find(mark)) < 0:
            if len(self._waiting) > FIELD_BYTES_MAX:
                raise FormInvalid(why=_TOO_MUCH)
            await self._more()
        return self._taken(at, passing=len(mark))

    async def all_until(self, mark: bytes) -> AsyncIterator[bytes]:
        """The same, however much it is; no more than a chunk of it is held."""
        while (at := self._waiting.find(mark)) < 0:
            if (ready := len(self._waiting) - len(mark) + 1) > 0:
                yield self._taken(ready)
            await self._more()
        yield self._taken(at)

    def _taken(self, until: int, *, passing: int = 0) -> bytes:
        taken = bytes(self._waiting[:until])
        del self._waiting[: until + passing]
        return taken

    async def _more(self) -> None:
        async for chunk in self._chunks:
            self._waiting += chunk
            return
        raise FormInvalid(why=_CUT_SHORT)


_NO_BOUNDARY = Text("its type names no boundary", "内容类型未注明分隔符")
_NO_FILE = Text("it has no part named file", "缺少名为 file 的部分")
_TOO_MUCH = Text("its fields are too many or too long", "字段过多或过长")
_CUT_SHORT = Text("it ends too early", "内容不完整")
