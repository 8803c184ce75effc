"""What a file may be called: the key under which it lies, and the name with which it is given.

A file that is given out is never shown as a page of the origin that gives it: it is an
attachment, and its type is one of a short list.
"""

import re
from typing import Final
from urllib.parse import quote

from dataspace.errors import AssetKeyInvalid

KEY_CHARACTERS_MAX: Final = 200
FILE_NAME_CHARACTERS_MAX: Final = 150
MEDIA_TYPES: Final = {
    "csv": "text/csv",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
UNKNOWN_TYPE: Final = "application/octet-stream"
_KEY = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*", re.ASCII)
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\"]')


def check_key(key: str) -> None:
    """Raises:  AssetKeyInvalid."""
    if len(key) > KEY_CHARACTERS_MAX or not _KEY.fullmatch(key):
        raise AssetKeyInvalid(key=key[:KEY_CHARACTERS_MAX])


def media_type_of(file_name: str) -> str:
    return MEDIA_TYPES.get(file_name.rpartition(".")[2].lower(), UNKNOWN_TYPE)


def disposition(file_name: str) -> str:
    """RFC 6266: a plain name for old clients, the whole one for all others."""
    plain = file_name.encode("ascii", "replace").decode().replace("?", "_").replace("%", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"


def safe_name(file_name: str) -> str:
    """Nothing that ends a header, names a folder, or turns the direction of writing."""
    whole = file_name.encode("utf-8", "replace").decode()
    stem, dot, ending = _UNSAFE.sub("_", whole).strip(" .").rpartition(".")
    ending = ending[:FILE_NAME_CHARACTERS_MAX]
    kept = max(0, FILE_NAME_CHARACTERS_MAX - len(dot + ending))
    return stem[:kept] + dot + ending or "file"
