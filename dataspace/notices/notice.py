"""What a notice is: the event that triggers it, whom it is for, and its words."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter

from dataspace.caller import Role
from dataspace.text import Text

# What a template may name: what the object is called, its number, the reason that was given, the
# day that its term ends, and of a clock its name, its last day and how far that is away.
FACTS = frozenset({"object", "number", "reason", "until", "term", "due", "days"})


class Kind(StrEnum):
    """Whether somebody has to act (待办消息), or only to know (系统消息)."""

    TO_DO = "TO_DO"
    SYSTEM = "SYSTEM"


class Clock(StrEnum):
    """What no move says by itself: a step of an escalation chain that was reached, an object that
    moved on without its to-do, or that the rules want somebody to countersign."""

    REMINDER = "reminder"
    LAST_DAY = "last_day"
    ESCALATION = "escalation"
    MOVED_ON = "moved_on"
    WANTED = "wanted"


@dataclass(frozen=True, slots=True)
class Trigger:
    """A move of a noun; or, with no noun, a step of any clock, told to whom the clock says."""

    noun: str
    move: str

    def __str__(self) -> str:
        return f"{self.noun or 'clock'}.{self.move}"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A group of people: who holds one of the roles, of the participant at the edge `party`.

    `party` is an edge of the object, "id" for the object itself, or an edge of what stands at an
    edge, as in "resources.provider": one group for each participant found there. "" is anybody
    with the role. `person` names a field that holds the subject of the one person meant; where it
    holds none, those with one of the roles are, if there are roles.
    """

    roles: frozenset[Role] = frozenset()
    party: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One entry of the catalogue; `code` never changes."""

    code: str
    link: str
    kind: Kind
    trigger: Trigger
    to: Recipient
    title: Text
    body: Text

    @property
    def named(self) -> frozenset[str]:
        """The facts that its words name."""
        texts = (self.title.en, self.title.zh, self.body.en, self.body.zh)
        return frozenset(
            name for text in texts for _, name, _, _ in Formatter().parse(text) if name
        )


def to(*roles: Role, party: str = "") -> Recipient:
    return Recipient(frozenset(roles), party)


def to_person(field: str, *or_else: Role) -> Recipient:
    return Recipient(frozenset(or_else), person=field)


def entries(
    link: str, noun: str, *rows: tuple[str, Kind, Recipient, Text, Text]
) -> Iterator[Notice]:
    """Notices about the moves of one noun: a row is the move, kind, recipient, title and body.

    Two about one move are told apart by their recipients.
    """
    for move, kind, recipient, title, body in rows:
        roles = "_or_".join(sorted(recipient.roles))
        whom = recipient.person or recipient.party.replace(".", "_") or roles
        code = f"{noun}.{move}.{whom}"
        yield Notice(code, link, kind, Trigger(noun, move), recipient, title, body)
