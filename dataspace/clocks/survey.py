"""All open cases at a moment: what is overdue, by how much, at whom; what ended; what runs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dataspace.clocks.calendars import Calendar
from dataspace.clocks.case_clock import CaseClock
from dataspace.clocks.standing import Standing, standing
from dataspace.clocks.term import Desk, Nature, Term
from dataspace.errors import DataSpaceError


@dataclass(frozen=True, slots=True)
class Case:
    """The open clock of object `id` under a term; `state` is where the object is."""

    id: str
    term: Term
    state: str
    clock: CaseClock

    @property
    def desk(self) -> Desk:
        """With whom it lies."""
        return self.term.desks[self.state]


@dataclass(frozen=True, slots=True)
class Surveyed:
    case: Case
    standing: Standing


@dataclass(frozen=True, slots=True)
class Survey:
    """Each in the order of the deadlines, the earliest first; one without a deadline comes last.

    `overdue`  somebody should have acted
    `ended`    a period or a validity that is over
    `running`  the others, those that stand still among them
    `refused`  cases that the calendar knows too little for, with what it refused
    """

    overdue: tuple[Surveyed, ...]
    ended: tuple[Surveyed, ...]
    running: tuple[Surveyed, ...]
    refused: tuple[tuple[Case, DataSpaceError], ...]


def survey(cases: Iterable[Case], calendar: Calendar, *, now: datetime) -> Survey:
    """One case that cannot be told does not hide the others."""
    found: list[Surveyed] = []
    refused: list[tuple[Case, DataSpaceError]] = []
    for case in cases:
        try:
            found.append(Surveyed(case, standing(case.clock, calendar, now=now)))
        except DataSpaceError as error:
            refused.append((case, error))
    found.sort(key=_earliest_first)
    over = [each for each in found if each.standing.overdue]
    return Survey(
        overdue=tuple(each for each in over if each.case.term.nature is Nature.DEADLINE),
        ended=tuple(each for each in over if each.case.term.nature is not Nature.DEADLINE),
        running=tuple(each for each in found if not each.standing.overdue),
        refused=tuple(refused),
    )


def _earliest_first(each: Surveyed) -> tuple[bool, float, str]:
    due = each.standing.deadline
    return due is None, due.moment.timestamp() if due else 0.0, each.case.id
