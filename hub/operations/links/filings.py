"""Filings and operation agreements: handed in, confirmed, signed, archived, filed (L3-a, 7.2)."""

from base64 import b32encode
from hashlib import sha256
from typing import Final

from dataspace import guards
from dataspace.change import Amend, Change
from dataspace.documents.elements import NAMES, elements_sha256
from dataspace.lifecycles.agreement import AGREEMENT
from dataspace.lifecycles.filing import FILING
from dataspace.machine import Situation
from dataspace.quantity import written
from dataspace.selection import Condition, Linked, Where
from hub.node import Node
from hub.operations.links.beside import act_of, acting, check_referred
from hub.operations.mechanism import allotting
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.lifecycle import Lifecycle, Values
from hub.operations.mechanism.reading import ends
from hub.operations.tasks.following import concerned

CODE_CHARACTERS: Final = 10


def filing_code(situation: Situation) -> str:
    """`BA-<year>-…` (备案), made from what is filed, so that a change keeps its number."""
    if code := situation.row.get("code"):
        return str(code)
    raw = sha256(str(situation.row["id"]).encode()).digest()
    return f"BA-{situation.now.year}-{b32encode(raw).decode()[:CODE_CHARACTERS]}"


def _filed(request: Request, situation: Situation) -> tuple[Change, ...]:
    """An agreement carries the number that it is filed under."""
    named = situation.related["agreement"] if situation.row["kind"] == "AGREEMENT" else []
    return tuple(
        Amend(
            "agreement", each["id"],
            {"filing_code": filing_code(situation), "changed_at": written(situation.now)},
            act_of(request, "agreement", "filed"), guard=Where("state", "eq", "ARCHIVED"),
        )
        for each in named
    )  # fmt: skip


def _still_follows(situation: Situation) -> Condition:
    found = situation.related["rests_on"]
    if not found:
        return Where("id", "eq", situation.row["id"])
    return Linked("rests_on", Where("state", "eq", found[0]["state"]))


FILINGS: Final = Desk(Lifecycle(
    FILING,
    ("title", "kind", "summary", "content_sha256", "rests_on", "agreement"),
    prepare=check_referred,
    related=(
        ends("rests_on", "filing", "kind", "state"),
        ends("agreement", "agreement", "state", "locked_sha256", "valid_from", "valid_until"),
        acting("filer"),
    ),
    users={"followed_by": ("AGENCY_CONFIRM", "CITY_CONFIRM", "FILED", "CHANGING")},
    holds={guards.FOLLOWS.name: _still_follows},
    allotted={"file": lambda situation, node: {"code": filing_code(situation)}},
    consequences={"file": _filed},
    concerned={
        "file": (
            concerned("agreement", "agreement", ("title", "code"), parties=("grantor", "grantee")),
        ),
    },
    awaited={
        "AGENCY_CONFIRM": "confirm", "CITY_CONFIRM": "file", "RETURNED": "submit",
    },
))  # fmt: skip


def _code(situation: Situation, node: Node) -> Values:
    """`XY-<year>-<serial>` (协议)."""
    serial = allotting.authorisation_code(situation.now).removeprefix("SQ-")
    return {"code": f"XY-{serial}"}


AGREEMENTS: Final = Desk(Lifecycle(
    AGREEMENT,
    tuple(each for each in NAMES if each != "grantor"),
    prepare=check_referred,
    users={"authorisations": ("REVIEW1", "REVIEW2", "EFFECTIVE", "SUSPENDED")},
    allotted={
        "draft": _code,
        "lock": lambda situation, node: {"locked_sha256": elements_sha256(situation.row)},
    },
    reads_parts=True,
    weighs_parts=True,
    awaited={
        "SETTLED": "lock", "LOCKED": "sign_as_grantee", "GRANTEE_SIGNED": "countersign_as_grantor",
        "GRANTOR_SIGNED": "countersign_as_grantee", "SIGNED": "verify", "VERIFIED": "archive",
    },
))  # fmt: skip
