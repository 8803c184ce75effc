"""The to-do row of an object as values: made, moved along and closed by the object's own moves.

`Docket` is a pure function of what the row was, of what the object is after a move, and of the
terms and rules in force then. What is due is decided anew with every move.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dataspace.caller import ANYONE, Role
from dataspace.clocks.calendars import Calendar
from dataspace.clocks.ruled import Clocks, awaiting, ruled
from dataspace.clocks.term import Entered, Term
from dataspace.guards.rules.reviewers import ENOUGH_EYES, Review
from dataspace.machine import Move, Situation
from dataspace.quantity import read_moment, written
from dataspace.tasks.desks import desk_of, desk_of_person
from dataspace.tasks.nouns import STEPS_MAX

OPEN, DONE = "OPEN", "DONE"
FOUR_EYES = "G-4EYES"
CONCERNED = "G-CONCERNED"
ACTED = ("submitted_by", "reviewed_by", "second_reviewed_by", "answered_by")
CLOSED: Mapping[str, Any] = {
    "status": DONE, "awaited": None, "desk": None, "roles": [], "party": None, "person": None,
    "countersigners": [], "due_at": None, "term": None, "next_step_at": None, "acted": [],
}  # fmt: skip


def called(row: Mapping[str, Any]) -> str:
    """What the object is called in a list: by its number, where it has no name to be shown."""
    return str(next(row[each] for each in ("name", "title", "code", "id") if row.get(each)))[:400]


@dataclass(frozen=True)
class Docket:
    """`row` is the object after the move, edges as ids; `awaited` the move that others wait for
    now, None when nobody waits; `steps` what was done so far, this move among it.

    `told` are reminders of the open case that were sent already.
    """

    kind: str
    link: str
    row: Mapping[str, Any]
    awaited: Move | None
    steps: Sequence[Mapping[str, Any]]
    told: Sequence[str] = ()

    def values(
        self,
        terms: Sequence[Term],
        rules: Mapping[str, Any],
        *,
        calendar: Calendar,
        now: datetime,
    ) -> dict[str, Any]:
        """Everything that the to-do row says after the move."""
        last = self.steps[-1]
        told = {
            "kind": self.kind.upper(),
            "subject": self.row["id"],
            self.kind: self.row["id"],
            "title": called(self.row),
            "link": self.link,
            "state": self.row["state"],
            "form": self.row.get("form"),
            "space": self.row.get("space"),
            "since": last["at"],
            "told": [],
            "level": 0,
            "steps": list(self.steps)[-STEPS_MAX:],
            "ruled_at": written(now),
            "changed_at": written(now),
        }
        if self.awaited is None:
            return {**told, **CLOSED}
        return {
            **told,
            **self._awaiting(self.awaited),
            **self.lying(self.awaited, rules, now=now),
            **self.timing(terms, rules, calendar=calendar, now=now),
        }

    def timing(
        self,
        terms: Sequence[Term],
        rules: Mapping[str, Any],
        *,
        calendar: Calendar,
        now: datetime,
    ) -> dict[str, Any]:
        """Under which term it waits, until when, and when somebody is told next."""
        due = self.clocks(terms, rules, calendar=calendar).due(now)
        return {
            "term": due.term.code if due else None,
            "due_at": written(due.at) if due and due.at else None,
            "next_step_at": written(due.step_at) if due and due.step_at else None,
        }

    def lying(self, awaited: Move, rules: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
        """The desk at which it lies, and which of its roles the rules want to countersign: those
        share the desk of whoever decides, for as long as they are wanted."""
        if person := self._person(awaited):
            return {"desk": desk_of_person(person), "countersigners": []}
        wanted: frozenset[Role] = frozenset()
        if ENOUGH_EYES in awaited.guards:
            asked = Situation(ANYONE, now, self.row, rules=rules, kind=self.kind)
            wanted = frozenset(map(Role, Review(asked).countersigners))
        return {
            "desk": desk_of(awaited.roles | wanted, self._party(awaited)),
            "countersigners": sorted(map(str, wanted)),
        }

    def clocks(
        self, terms: Sequence[Term], rules: Mapping[str, Any], *, calendar: Calendar
    ) -> Clocks:
        binding = awaiting(terms, self.kind, self.row["state"])
        return Clocks(
            tuple(ruled(term, rules, row=self.row) for term in binding),
            [Entered(each["state"], read_moment(each["at"])) for each in self.steps],
            row=self.row, calendar=calendar, told=frozenset(self.told),
        )  # fmt: skip

    def _party(self, awaited: Move) -> str:
        return str(self.row.get(awaited.party) or "") if awaited.party else ""

    def _person(self, awaited: Move) -> str:
        return str(self.row.get(awaited.person) or "") if awaited.person else ""

    def _awaiting(self, awaited: Move) -> dict[str, Any]:
        person = self._person(awaited)
        return {
            "status": OPEN,
            "awaited": awaited.name,
            "roles": [] if person else sorted(awaited.roles),
            "party": self._party(awaited) or None,
            "person": person or None,
            "acted": [] if person else self._acted(awaited),
        }

    def _acted(self, awaited: Move) -> list[str]:
        """Those who may not do what is awaited, as they acted on it before (G-4EYES), and the
        participant whose people may not, as it is about them (G-CONCERNED)."""
        asked = {guard.name for guard in awaited.guards}
        names = (*(ACTED if FOUR_EYES in asked else ()), *(("respondent",) * (CONCERNED in asked)))
        acted = [each for name in names if (each := self.row.get(name))]
        return [*acted, *((self.row.get("countersigned_by") or ()) if FOUR_EYES in asked else ())]
