"""Whether a document holds now: decided by the row that it is about, not by what is printed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final

from dataspace.documents.certificate import sha256_of
from dataspace.quantity import read_moment
from dataspace.text import Text


class Standing(Enum):
    VALID = Text("Valid", "有效")
    PENDING = Text("Not in force yet", "尚未生效")
    SUSPENDED = Text("Suspended", "已暂停")
    EXPIRED = Text("Expired", "已到期")
    REVOKED = Text("Revoked or terminated", "已撤销或解除")
    REPLACED = Text("Replaced", "已换发新证")
    ALTERED = Text("Altered", "内容被改动")
    UNKNOWN = Text("Unknown", "无法确认")


SAYS: Final[Mapping[Standing, Text]] = {
    Standing.VALID: Text("It was issued here and holds now.", "本证书由本平台签发，目前有效。"),
    Standing.PENDING: Text(
        "It was issued here; signatures, their verification or the archiving are still to come.",
        "本文书由本平台签发，尚待签章、核验或归档，暂未生效。",
    ),
    Standing.SUSPENDED: Text(
        "It was issued here; what it certifies is suspended at present.",
        "本证书由本平台签发，所证事项目前已暂停。",
    ),
    Standing.EXPIRED: Text(
        "It was issued here and its term is over.", "本证书由本平台签发，有效期已届满。"
    ),
    Standing.REVOKED: Text(
        "It was issued here and holds no longer: what it certifies was cancelled, withdrawn,"
        " revoked, given up or terminated.",
        "本证书由本平台签发，现已失效：所证事项已被注销、撤销、作废或解除。",
    ),
    Standing.REPLACED: Text(
        "It was issued here; another one has taken its place.",
        "本证书由本平台签发，现已换发新证，请以新证为准。",
    ),
    Standing.ALTERED: Text(
        "What was shown, or what is kept, is not what was issued under this number. Do not rely"
        " on it.",
        "所出示或所留存的内容与该编号签发时不一致，请勿采信。",
    ),
    Standing.UNKNOWN: Text(
        "Nothing here says that it holds. Do not rely on it.", "无法确认其有效性，请勿采信。"
    ),
}

# By kind of object: the states in which its certificate holds, is suspended, has expired, is void.
# A state that stands nowhere here is before any issue, or one that this version does not know.
# A product stays registered, listed or not, until its registration is withdrawn.
HOLDS: Final[Mapping[str, frozenset[str]]] = {
    "resource": frozenset({"REGISTERED", "AUTHORISABLE", "EXPIRING"}),
    "product": frozenset({
        "REGISTERED", "LIST_REVIEW", "LIST_FAILED", "LISTED", "DELIST_REVIEW", "DELISTED",
        "WITHDRAW_REVIEW", "WITHDRAW_FAILED",
    }),
    "authorisation": frozenset({"EFFECTIVE"}),
    "agreement": frozenset({"ARCHIVED"}),
}  # fmt: skip
# Signed by nobody, by one, or by both and not yet verified and archived.
PENDING: Final[Mapping[str, frozenset[str]]] = {
    "agreement": frozenset({
        "LOCKED", "GRANTEE_SIGNED", "GRANTOR_SIGNED", "SIGNED", "VERIFIED",
    }),
}  # fmt: skip
SUSPENDED: Final[Mapping[str, frozenset[str]]] = {"authorisation": frozenset({"SUSPENDED"})}
# What has a certificate and is compiled or reviewed has expired and is being registered anew.
EXPIRED: Final[Mapping[str, frozenset[str]]] = {
    "resource": frozenset({
        "EXPIRED", "DRAFT", "SUBMITTED", "FORM_REVIEW", "RETURNED", "PUBLICITY", "OBJECTED",
    }),
    "authorisation": frozenset({"EXPIRED"}),
}  # fmt: skip
VOID: Final[Mapping[str, frozenset[str]]] = {
    "resource": frozenset({"CANCELLED"}),
    "product": frozenset({"WITHDRAWN"}),
    "authorisation": frozenset({"REVOKED"}),
    # What was locked and opened for changes again is no agreement any more.
    "agreement": frozenset({"DRAFT", "SETTLED", "VOID", "TERMINATED"}),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a certificate is about, as it is now; `next` is the one that takes its place, if any."""

    kind: str
    row: Mapping[str, Any]
    next: Mapping[str, Any] | None = None


def standing(
    certificate: Mapping[str, Any] | None, subject: Subject | None, *, now: datetime
) -> Standing:
    """Of a certificate that is kept here, or of a number that is not.

    What is kept is looked at before what it is about: a content that is not what was hashed at
    the issue says nothing of anything. Then the present row decides, and the calendar.
    """
    if certificate is None:
        return Standing.UNKNOWN
    if sha256_of(certificate["content"]) != certificate["sha256"]:
        return Standing.ALTERED
    if subject is None:
        return Standing.UNKNOWN
    state = str(subject.row.get("state"))
    if state in VOID.get(subject.kind, ()):
        return Standing.REVOKED
    if is_replaced(subject.next, now):
        return Standing.REPLACED
    if state in EXPIRED.get(subject.kind, ()) or _is_over(certificate, subject.row, now):
        return Standing.EXPIRED
    if state in SUSPENDED.get(subject.kind, ()):
        return Standing.SUSPENDED
    if state in PENDING.get(subject.kind, ()):
        return Standing.PENDING
    return Standing.VALID if state in HOLDS.get(subject.kind, ()) else Standing.UNKNOWN


def is_replaced(successor: Mapping[str, Any] | None, now: datetime) -> bool:
    """Once the successor holds: a renewed authorisation runs to its own end."""
    if successor is None:
        return False
    start = successor.get("valid_from")
    return not start or read_moment(start) <= now


def shown_standing(found: Standing, *, shown: str, genuine: frozenset[str]) -> Standing:
    """`shown` is the hash of a file that somebody holds, "" when they show none; `genuine` are
    those of what was issued. What is unknown stays unknown, whatever is shown.
    """
    if not shown or found is Standing.UNKNOWN or shown.lower() in genuine:
        return found
    return Standing.ALTERED


def _is_over(certificate: Mapping[str, Any], row: Mapping[str, Any], now: datetime) -> bool:
    """By its own end, or an earlier one that the row has come to have."""
    ends = [each.get("valid_until") for each in (certificate, row)]
    return any(read_moment(end) <= now for end in ends if end)
