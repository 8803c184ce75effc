"""Which moves the caller may make on an object now, and what stands in the way of the others."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from dataspace.caller import Caller
from dataspace.clocks.calendars import Calendar
from dataspace.errors import advice_for
from dataspace.federation.profile import Profile
from dataspace.machine import Offer, Situation, offers
from dataspace.refusals import NotYours, RoleMissing
from dataspace.rulebooks.refusals import RulebookCyclic
from dataspace.selection import EVERYTHING, Child, PartChild, Row, Selection
from dataspace.text import Language
from hub.operations.links.desks import DESKS
from hub.operations.mechanism.lifecycle import USER
from hub.operations.mechanism.reading import flat, related_of, rows_of, whole
from hub.operations.rulebooks.ruling import Everywhere
from hub.operations.tasks import docketing

BESIDE = "_move_"
"""Begins the keys of what is read for decisions only; no answer shows it."""
OFFERS = f"{BESIDE}offers"


@cache
def needed(kind: str) -> Selection:
    """What a decision about a row of the kind rests on, under keys that no answer has."""
    lifecycle = DESKS[kind].lifecycle
    steps = (docketing.BESIDE,) if lifecycle.reads_steps else ()
    selection = whole(
        kind, EVERYTHING, related=(*lifecycle.beside, *steps), whole_parts=lifecycle.weighs_parts
    )
    children = tuple(replace(each, key=BESIDE + each.key) for each in selection.children)
    parts = tuple(replace(each, key=BESIDE + each.key) for each in selection.parts)
    return replace(selection, children=children, parts=parts)


@dataclass
class Moves:
    """What may be done by the rules in force `everywhere`, which are read beside what is shown."""

    caller: Caller
    now: datetime
    language: Language
    calendar: Calendar
    profile: Profile | None = None
    everywhere: Everywhere = field(init=False)

    def __post_init__(self) -> None:
        self.go_by(())

    def go_by(self, spaces: Sequence[Row]) -> None:
        """`spaces` are the rows that `ruling.everywhere` found."""
        self.everywhere = Everywhere(spaces, self.now)

    def of(self, kind: str, row: Row) -> list[Row]:
        """Every move from the row's state; `mine` says whether role and participant allow it."""
        machine, situation = DESKS[kind].lifecycle.machine, self._situation(needed(kind), row)
        try:
            rules = self.everywhere.of(situation.row.get("space"))
        except RulebookCyclic as refusal:
            found = [Offer(each, refusal) for each in machine.from_state(situation.state)]
        else:
            found = offers(machine, rules.ruling(situation))
        return [self._told(each) for each in found]

    def _told(self, offer: Offer) -> Row:
        move, refusal = offer.move, offer.refusal
        told: dict[str, Any] = {
            "name": move.name,
            "label": move.text.to(self.language),
            "to": move.to,
            "needs_reason": move.needs_reason,
            "possible": refusal is None,
            "mine": not isinstance(refusal, RoleMissing | NotYours),
        }
        if refusal is not None:
            told["code"] = refusal.code
            told["message"] = refusal.message(self.language)
            told["advice"] = advice_for(refusal, self.language)
        return told

    def _situation(self, read: Selection, row: Row) -> Situation:
        beside: tuple[Child | PartChild, ...] = (*read.children, *read.parts)
        own = {name: row[name] for name in read.fields}
        own |= {each.key.removeprefix(BESIDE): row[each.key] for each in beside}
        users = [u for key, found in own.items() if key.startswith(USER) for u in rows_of(found)]
        kept = {key: value for key, value in own.items() if not key.startswith(USER)}
        return Situation(
            self.caller, self.now, flat(kept), related={**related_of(kept), "users": users},
            calendar=self.calendar, profile=self.profile,
        )  # fmt: skip
