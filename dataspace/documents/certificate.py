"""Certificates: what each kind says, sealed by the hash of its canonical form.

Fields of a registration certificate follow section 7.5 of the domain reference (登记证书/登记确认
单), those of an authorisation the order and grant of section 4, L3. Content is data: its words in
a language, and its look on paper, are made from it and are not what the hash is of.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from dataspace.evidence import canonical
from dataspace.notices.reading import CITY_ZONE
from dataspace.quantity import written

VERIFICATION: Final = "/certificates/"
PUBLIC_DATA: Final = "PUBLIC"


class Kind(StrEnum):
    RESOURCE_REGISTRATION = "RESOURCE_REGISTRATION"
    PRODUCT_REGISTRATION = "PRODUCT_REGISTRATION"
    AUTHORISATION = "AUTHORISATION"
    AGREEMENT = "AGREEMENT"


# 资源登记, 产品登记, 授权证书, 协议: how numbers begin.
PREFIXES: Final[Mapping[Kind, str]] = {
    Kind.RESOURCE_REGISTRATION: "ZYDJ",
    Kind.PRODUCT_REGISTRATION: "CPDJ",
    Kind.AUTHORISATION: "SQZS",
    Kind.AGREEMENT: "YYXY",
}
HOLDERS: Final[Mapping[Kind, str]] = {
    Kind.RESOURCE_REGISTRATION: "provider",
    Kind.PRODUCT_REGISTRATION: "owner",
    Kind.AUTHORISATION: "grantee",
    Kind.AGREEMENT: "grantee",
}
SAID: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.RESOURCE_REGISTRATION: ("name", "identifier", "update_cycle", "grade"),
    Kind.PRODUCT_REGISTRATION: ("name", "identifier", "form", "use_kind", "grade"),
    Kind.AUTHORISATION: (
        "title", "code", "mode", "purpose", "scenario", "right_kind", "valid_from",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation as a document names it."""

    id: str
    name: str
    credit_code: str = ""

    @property
    def content(self) -> dict[str, Any]:
        return _given({"id": self.id, "name": self.name, "credit_code": self.credit_code})


@dataclass(frozen=True, slots=True)
class Issue:
    """Who issues what to whom, when; `change_set` leads to the evidence of it."""

    kind: Kind
    number: str
    issuer: Party
    holder: Party
    at: datetime
    change_set: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """`text` is the canonical JSON, `sha256` its hash in lower case hexadecimal."""

    text: str
    sha256: str


def number_of(kind: Kind, moment: datetime, serial: str) -> str:
    """`ZYDJ-2026-7KQ3M9XA`: the kind, the year of the city's calendar, and what is allotted."""
    return f"{PREFIXES[kind]}-{moment.astimezone(CITY_ZONE).year}-{serial}"


def content_of(
    issue: Issue, row: Mapping[str, Any], *, resources: tuple[Mapping[str, Any], ...] = ()
) -> dict[str, Any]:
    """`row` is the object as the move leaves it; `resources` are those that it covers.

    The query code of a registration is not in it: whoever shows that code was given it.
    """
    subject = {name: row.get(name) for name in SAID[issue.kind]}
    covered = [_given({name: each.get(name) for name in ("id", "name", "identifier")})
               for each in resources]  # fmt: skip
    return _given({
        "form": f"{issue.kind.lower().replace('_', '-')}/1",
        "number": issue.number,
        "issuer": issue.issuer.content,
        "holder": issue.holder.content,
        "subject": _given({"id": row["id"], **subject}),
        "data_mode": "" if issue.kind is Kind.AUTHORISATION else PUBLIC_DATA,
        "state": row["state"],
        "resources": sorted(covered, key=lambda each: str(each["id"])),
        "issued_at": written(issue.at),
        "valid_until": row.get("valid_until"),
        "change_set": issue.change_set,
        "verification": f"{VERIFICATION}{issue.number}",
    })  # fmt: skip


def sealed(content: Mapping[str, Any]) -> Sealed:
    raw = canonical(content)
    return Sealed(raw.decode(), hashlib.sha256(raw).hexdigest())


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}
