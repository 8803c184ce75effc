"""One certificate by its number: what it says, whether it holds, how much may be read of it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dataspace.documents.standing import Standing, Subject, shown_standing, standing
from dataspace.errors import NotFound
from dataspace.selection import Child, Found, Order, Page, Row, Selection, Where
from dataspace.text import Text
from hub.node import Node

ABOUT: Final = ("resource", "product", "authorisation", "agreement")
NEXT: Final = "replaced_by"
NUMBER: Final = re.compile(r"[A-Z]{4}-[0-9]{4}-[0-9A-Z]{8}")
FIELDS: Final = ("id", "code", "kind", "content", "sha256", "public", "issued_at", "valid_until")


class CertificateNotPublic(NotFound):
    """Whoever holds a document knows its hash; a number alone opens what is public only."""

    code = "certificate.not_public"
    title = Text("What certificate {number} says is not public", "证书 {number} 的内容不公开")
    advice = Text(
        "Open it by the code that is printed on it, or add ?sha256= with the hash of its content.",
        "请扫描证书上的二维码，或在地址后加 ?sha256= 及其内容哈希。",
    )


@dataclass(frozen=True, slots=True)
class LookedUp:
    """`row` is None for a number under which nothing was issued."""

    number: str
    row: Row | None
    standing: Standing

    @property
    def next(self) -> Row | None:
        """The certificate that takes, or from its beginning on will take, its place."""
        return self.row[NEXT].first if self.row else None

    @property
    def content(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = json.loads(self.row["content"]) if self.row else {}
        return found

    def may_read(self, shown: str) -> bool:
        """Everybody, when it is public; else whoever shows the hash of its content."""
        if self.row is None or self.standing is Standing.ALTERED:
            return False
        return bool(self.row["public"]) or shown.lower() == self.row["sha256"]

    def shown(self, sha256: str, *, files: frozenset[str] = frozenset()) -> Standing:
        """The standing of what somebody holds; `files` are hashes of what is made of it."""
        own = {self.row["sha256"]} if self.row else set()
        return shown_standing(self.standing, shown=sha256, genuine=frozenset(own | files))


def subject_of(row: Row) -> Subject | None:
    """What the certificate is about, as `selection` reads it."""
    kind = next((each for each in ABOUT if row.get(each)), None)
    if kind is None:
        return None
    return Subject(kind, row[kind], row[NEXT].first)


def beside() -> tuple[Child, ...]:
    """What decides whether a certificate holds: its object now, and what takes its place."""
    # Of two renewals of one authorisation the first to be granted counts.
    successor = Selection(
        "certificate", ("id", "code", "valid_from"), order=Order("issued_at"), page=Page(1)
    )
    return (*(Child(each, each, _about(each)) for each in ABOUT), Child(NEXT, NEXT, successor))


def _about(kind: str) -> Selection:
    fields = ("id", "state", *(("valid_until",) if kind != "product" else ()))
    return Selection(kind, fields)


async def look_up(node: Node, number: str) -> LookedUp:
    """Of whatever number: one that was never issued is unknown, and no error."""
    found = Found()
    if NUMBER.fullmatch(number):
        where = Where("code", "eq", number)
        found = await node.catalogue.select(
            Selection("certificate", FIELDS, where=where, page=Page(1), children=beside())
        )
    return decided(number, found.first, node.clock.now())


def decided(number: str, row: Row | None, now: datetime) -> LookedUp:
    subject = None if row is None else subject_of(row)
    return LookedUp(number, row, standing(row, subject, now=now))
