"""Whom a notice about one object goes to, and what its words are filled with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dataspace.notices.notice import Recipient

REASON_CHARACTERS_MAX: Final = 1000
NOTHING: Final = "—"
_CALLED: Final = ("name", "title", "code", "id")
_NUMBERED: Final = ("identifier", "code", "id")

Related = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Group:
    """`roles` of the participant `party` ("" for any), or one `person` by their subject."""

    roles: tuple[str, ...] = ()
    party: str = ""
    person: str = ""


def at_desk(roles: Sequence[str], *, party: str = "", person: str = "") -> Group:
    """Those with whom a to-do lies: the one person who is awaited, or who holds its roles."""
    return Group(person=person) if person else Group(tuple(roles), party=party)


def groups(recipient: Recipient, row: Mapping[str, Any], related: Related) -> tuple[Group, ...]:
    """One group for every participant, or person, that the recipient means of this object.

    None when the object has nobody at that place: a filing without a filer tells no filer.
    """
    if recipient.person:
        person = row.get(recipient.person)
        if person or not recipient.roles:
            return (Group(person=str(person)),) if person else ()
    roles = tuple(sorted(recipient.roles))
    if not recipient.party:
        return (Group(roles),)
    return tuple(Group(roles, each) for each in _parties(recipient.party, row, related))


def facts(row: Mapping[str, Any], reason: str) -> dict[str, str]:
    """Of a move: what the object is called, its number, why, and until when it holds."""
    return {
        "object": _first(row, _CALLED),
        "number": _first(row, _NUMBERED),
        "reason": _short(reason.strip()) or NOTHING,
        "until": str(row.get("valid_until") or NOTHING),
    }


def _parties(path: str, row: Mapping[str, Any], related: Related) -> Sequence[str]:
    edge, _, beyond = path.partition(".")
    ends = _ids(row.get(edge)) if not beyond else _beyond(related.get(edge, ()), beyond)
    return sorted(set(ends))


def _beyond(rows: Sequence[Mapping[str, Any]], edge: str) -> Iterator[str]:
    return (id_ for row in rows for id_ in _ids(row.get(edge)))


def _ids(value: Any) -> Sequence[str]:
    if not value:
        return ()
    return [value] if isinstance(value, str) else list(value)


def _first(row: Mapping[str, Any], names: Sequence[str]) -> str:
    return next((str(row[name]) for name in names if row.get(name)), NOTHING)


def _short(text: str) -> str:
    if len(text) <= REASON_CHARACTERS_MAX:
        return text
    return f"{text[:REASON_CHARACTERS_MAX]}…"
