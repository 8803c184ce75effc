"""The file that is read: what it is called, how it is encoded, and how far reading has come."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Source:
    """`name` is the catalogue named by whoever runs the import, empty to take the file's own.

    `cut` becomes true when the file turns out to end in the middle of a row.
    """

    path: Path
    head: bytes
    format: str
    encoding: str = "utf-8"
    name: str = ""
    items_path: Path | None = None
    read_bytes: int = 0
    cut: bool = False
    headings: Sequence[str] = field(default=())

    def at(self, byte: int) -> None:
        self.read_bytes = byte
