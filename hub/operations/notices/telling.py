"""Notices in the change set of what triggers them: told with it, or not at all."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dataspace.change import Act, Change, Create
from dataspace.identifiers import derived_id
from dataspace.machine import Situation
from dataspace.notices.addressing import Group, Related, facts, groups
from dataspace.notices.notice import Clock, Notice, Trigger
from dataspace.notices.table import BY_TRIGGER
from hub.operations.mechanism.done import Request


class Telling(Protocol):
    """By which act, and in which change set, something is told; a Deed is one."""

    @property
    def act(self) -> Act: ...
    @property
    def change_set(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is done, by whom and when, and the change set that it is done in."""

    act: Act
    change_set: str


@dataclass(frozen=True, slots=True)
class Event:
    """`row` is the object as the event leaves it, edges as ids."""

    trigger: Trigger
    row: Mapping[str, Any]
    reason: str


def notices_for(
    request: Request, situation: Situation, values: Mapping[str, Any]
) -> tuple[Change, ...]:
    """What is told of a move; `values` are what it writes. One row for each group of people."""
    row = {**situation.row, **values, "id": request.id}
    event = Event(Trigger(request.kind, request.verb), row, request.reason)
    return notices_of(event, request.deed, situation.related)


def notices_of(event: Event, deed: Telling, related: Mapping[str, Any]) -> tuple[Change, ...]:
    """What is told of an event in the change set of the deed."""
    act = Act(deed.act.actor, "notice.tell", deed.act.at)
    subject = (event.trigger.noun, event.row["id"], deed.change_set)
    return tuple(
        _told(notice, group, subject, _named(notice, event), act)
        for notice in BY_TRIGGER.get(event.trigger, ())
        for group in groups(notice.to, event.row, _lists(related))
    )


def _named(notice: Notice, event: Event) -> dict[str, str]:
    """A notice keeps what its words name and no more: it goes to many who do not see its object."""
    found = facts(event.row, event.reason)
    return {name: value for name, value in found.items() if name in notice.named}


def notice_of_clock(
    step: Clock,
    subject: tuple[str, str],
    group: Group,
    *,
    key: str,
    told: Mapping[str, Any],
    act: Act,
) -> Change:
    """What a clock has to say of the object (kind, id), for a job that watches clocks.

    `key` is the same for the same step of the same case, so that late, twice or by two processes
    it is told once: the row exists already. `told` has the facts object, term (in both
    languages), due (a moment) and days.

    Raises (in apply):  AlreadyThere when it was told before.
    """
    [notice] = BY_TRIGGER[Trigger("", step)]
    return _told(notice, group, (*subject, key), told, act)


def _lists(related: Mapping[str, Any]) -> Related:
    return {key: rows for key, rows in related.items() if isinstance(rows, Sequence)}


def _told(
    notice: Notice, group: Group, subject: tuple[str, str, str], told: Mapping[str, Any], act: Act
) -> Create:
    """`subject` is the object's kind and id, and the event that makes this notice this one."""
    kind, id_, event = subject
    values = {
        "code": notice.code,
        "kind": notice.kind.value,
        "link": notice.link,
        "subject_kind": kind,
        "subject": id_,
        "facts": json.dumps(told, ensure_ascii=False, sort_keys=True),
        "roles": list(group.roles),
        "recipient": group.person,
        "party": group.party or None,
        "created_at": act.at,
    }
    own = derived_id("ntc", event, id_, notice.code, group.party, group.person, *group.roles)
    return Create("notice", own, values, act)
