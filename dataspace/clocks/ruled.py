"""The length of a term as the rules in force set it, and which term of an object is due first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dataspace.clocks.calendars import Calendar, YearMissing
from dataspace.clocks.case_clock import Length, Unit
from dataspace.clocks.days import beginning
from dataspace.clocks.escalation import Notice, next_day, notices
from dataspace.clocks.standing import standing
from dataspace.clocks.term import Entered, Nature, Term, clock_of

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Due:
    """The term that an object waits under and when it ends.

    `at` is None when the clock stands still, or when the calendar does not know the year yet.
    `step_at` is when somebody is to be told next; None when nobody is.
    """

    term: Term
    at: datetime | None
    step_at: datetime | None


def ruled(term: Term, rules: Mapping[str, Any], *, row: Mapping[str, Any]) -> Term:
    """The term with the length that a rule states; as it is when none does."""
    name = term.rule.format(form=str(row.get("form") or "").lower())
    count = rules.get(name)
    if count is None:
        return term
    in_unit = count * MONTHS_A_YEAR if term.length.unit is Unit.MONTHS else count
    sign = -1 if term.length.count < 0 else 1
    return replace(term, length=Length(sign * in_unit, term.length.unit))


def awaiting(terms: Iterable[Term], kind: str, state: str) -> tuple[Term, ...]:
    """The terms in which somebody is waited for, of an object of the kind in the state."""
    return tuple(
        term
        for term in terms
        if term.kind == kind and term.nature is not Nature.VALIDITY
        if not term.counted_from and state in term.desks
    )


@dataclass(frozen=True)
class Clocks:
    """The terms that may bind an object of a kind, and the object: its row and what it came into.

    `told` has the keys of the steps that were carried out, which are not due again.
    """

    terms: tuple[Term, ...]
    history: Sequence[Entered]
    row: Mapping[str, Any]
    calendar: Calendar
    told: frozenset[str] = frozenset()

    def due(self, now: datetime) -> Due | None:
        """The term that ends first, what ends at a known moment coming before what does not;
        with the next step of all terms, whichever comes first."""
        found = [due for term in self._binding() if (due := self._due(term, now))]
        first = min(found, key=_earliest_first, default=None)
        steps = [due.step_at for due in found if due.step_at]
        return first and replace(first, step_at=min(steps, default=None))

    def reached(self, now: datetime) -> list[tuple[Term, Notice]]:
        """The steps that were reached and not carried out yet, of every term."""
        return [(term, notice) for term in self._binding() for notice in self._notices(term, now)]

    def _binding(self) -> Iterator[Term]:
        return (term for term in self.terms if term.is_for(term.kind, self.row))

    def _notices(self, term: Term, now: datetime) -> list[Notice]:
        clock = clock_of(term, self.history)
        if clock is None:
            return []
        try:
            found = notices(clock, self.calendar, steps=term.steps, now=now)
        except YearMissing:
            return []
        return [each for each in found if key_of(term, each) not in self.told]

    def _due(self, term: Term, now: datetime) -> Due | None:
        clock = clock_of(term, self.history)
        if clock is None:
            return None
        try:
            deadline = standing(clock, self.calendar, now=now).deadline
            day = next_day(clock, self.calendar, steps=term.steps, now=now)
        except YearMissing:
            return Due(term, None, None)
        step_at = beginning(day, self.calendar.zone) if day else None
        if self._notices(term, now):
            step_at = now
        return Due(term, deadline.moment if deadline else None, step_at)


def key_of(term: Term, notice: Notice) -> str:
    """One for each thing to be told of an object."""
    return f"{term.code}:{notice.key}"


def _earliest_first(due: Due) -> tuple[bool, float]:
    return due.at is None, due.at.timestamp() if due.at else 0.0
