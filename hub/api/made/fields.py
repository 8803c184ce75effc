"""Fields of an answer that are made from a row, beside those that the row holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from dataspace.documents.standing import Standing
from dataspace.federation.heartbeats import Presence
from dataspace.federation.profile import Profile
from dataspace.notices.reading import Words, words_of
from dataspace.quality.supply import late_by
from dataspace.quantity import read_moment, written
from dataspace.selection import Child, Row
from dataspace.text import Language, Text
from hub.operations.documents.looking_up import beside, decided
from hub.operations.notices.signing import key_of, shown

BESIDE = "_made_"
"""Begins the keys of what is read for this only; no answer shows it."""


@dataclass
class Known:
    """What the making of an answer may rest on beside the row.

    `read_up_to` is how far the caller has read; None where nobody asked for it. `profile` is that
    of the node that answers, `presence` what this process has heard of nodes.
    """

    now: datetime
    language: Language
    read_up_to: str | None = None
    webhook_key: bytes = field(default=b"", repr=False)
    profile: Profile | None = None
    presence: Presence | None = None


@dataclass(frozen=True)
class Made:
    """`needs` are the fields, and `beside` the children under keys of their own, to be read."""

    text: Text
    needs: tuple[str, ...]
    make: Callable[[Row, Known], Any]
    is_flag: bool = False
    is_number: bool = False
    beside: tuple[Child, ...] = ()


def _words(row: Row, known: Known) -> Words:
    return words_of(row["code"], row["facts"] or "", language=known.language)


def _is_read(row: Row, known: Known) -> bool | None:
    return None if known.read_up_to is None else row["created_at"] <= known.read_up_to


def _standing(row: Row, known: Known) -> str:
    return decided(row["code"], _plain_keys(row), known.now).standing.name


def _plain_keys(row: Row) -> Row:
    """What was read for this comes before what the answer shows under the same name."""
    own = {key.removeprefix(BESIDE): row[key] for key in row if key.startswith(BESIDE)}
    return {**row, **own}


def _secret(row: Row, known: Known) -> str | None:
    """Mailboxes are seen by nobody but their owner."""
    number = row["webhook_key"]
    return shown(key_of(known.webhook_key, row["id"], number)) if number else None


def _grade_name(row: Row, known: Known) -> str | None:
    """A former scheme may have known a grade that the present one has no name for."""
    grades = known.profile.grades if known.profile else ()
    return next((e.text.to(known.language) for e in grades if e.grade == row["grade"]), None)


GRADE_NAME = Made(
    Text("Grade as the node's profile calls it; null at the city's",
         "分级名称（节点领域配置；城市节点为空）"),
    ("grade",), _grade_name,
)  # fmt: skip


def _late_hours(row: Row, known: Known) -> int | None:
    changed = row["data_changed_at"]
    late = late_by(row["update_cycle"], read_moment(changed) if changed else None, now=known.now)
    return None if late is None else late // timedelta(hours=1)


def _heard_at(row: Row, known: Known) -> str | None:
    """Heartbeats lie in memory, and are noted now and then only."""
    pulse = known.presence.pulses.get(row["id"]) if known.presence else None
    noted: str = row["last_heartbeat_at"] or ""
    return max(noted, written(pulse.last_at) if pulse else "") or None


MADE: Mapping[str, Mapping[str, Made]] = {
    "resource": {
        "grade_name": GRADE_NAME,
        "late_hours": Made(
            Text("Whole hours that its data are late beyond their grace; null where nothing is due",
                 "数据更新超期的整小时数（宽限期后）；无期限的为空"),
            ("update_cycle", "data_changed_at"), _late_hours, is_number=True,
        ),
    },
    "product": {"grade_name": GRADE_NAME},
    "notice": {
        "title": Made(
            Text("What it says, in a line", "标题"), ("code", "facts"),
            lambda row, known: _words(row, known).title,
        ),
        "body": Made(
            Text("What it says", "正文"), ("code", "facts"),
            lambda row, known: _words(row, known).body,
        ),
        "read": Made(
            Text("Whether you have read it; only in myNotices", "是否已读（仅 myNotices）"),
            ("created_at",), _is_read, is_flag=True,
        ),
    },
    "mailbox": {
        "webhook_secret": Made(
            Text("The key that your calls are signed with", "本人回调的签名密钥"),
            ("id", "webhook_key"), _secret,
        ),
    },
    "node": {
        "heard_at": Made(
            Text("When it was last heard", "最近收到心跳的时间"), ("id", "last_heartbeat_at"),
            _heard_at,
        ),
    },
    "certificate": {
        "standing": Made(
            Text(f"Whether it holds now: {', '.join(Standing.__members__)}",
                 f"当前效力：{'、'.join(Standing.__members__)}"),
            ("code", "content", "sha256", "valid_until"), _standing,
            beside=tuple(replace(each, key=BESIDE + each.key) for each in beside()),
        ),
    },
}  # fmt: skip
