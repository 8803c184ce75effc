"""Files as papers are sent: small ones that are truly of their forms, and some that are not."""

import io
import zipfile
from collections.abc import Mapping

from openpyxl import Workbook

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="{}"/></Types>'
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
OFD = '<?xml version="1.0"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.1"/>'


def archive(parts: Mapping[str, str], *, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", packed) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return content.getvalue()


def docx() -> bytes:
    """The part that says what it is comes late, as some programs write it."""
    return archive({
        "word/document.xml": f"<w:document>{'x' * 9000}</w:document>",
        "[Content_Types].xml": TYPES.format(WORD),
    })  # fmt: skip


def xlsx() -> bytes:
    content = io.BytesIO()
    Workbook().save(content)
    return content.getvalue()


def ofd() -> bytes:
    return archive({"OFD.xml": OFD, "Doc_0/Document.xml": "<ofd:Document/>"})
