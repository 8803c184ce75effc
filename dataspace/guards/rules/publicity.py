"""G-PUBLICITY: nothing is registered before others have had their days to object (公示期)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dataspace.clocks.ruled import ruled
from dataspace.clocks.standing import deadline
from dataspace.clocks.term import Entered, clock_of
from dataspace.clocks.terms import TERMS
from dataspace.guards.rules.refusals import PublicityRuns
from dataspace.machine import Guard, Situation
from dataspace.quantity import read_moment, written
from dataspace.text import Text

TERM: Final = next(term for term in TERMS if term.code == "resource.publicity")
BEGINS: Final = "pass"  # the move that leads into publicity


@dataclass(frozen=True, slots=True)
class Publicity:
    """From when until when others may object; `until` is the first moment after it.

    Without an `until` it stands still for an objection, or nothing says since when it lasts.
    """

    since: datetime | None
    until: datetime | None

    def is_over(self, now: datetime) -> bool:
        return self.until is not None and self.until <= now


def publicity(situation: Situation) -> Publicity:
    """The publicity of a resource by its own history and the rules in force.

    Raises:  YearMissing when it lasts into a year whose working days are not known.
    """
    clock = clock_of(ruled(TERM, situation.rules, row=situation.row), _history(situation))
    if clock is None:
        return Publicity(None, None)
    due = deadline(clock, situation.calendar)
    return Publicity(clock.started, due.moment if due else None)


def is_published(situation: Situation) -> bool:
    """Whether its publicity has lasted as long as the rules say. Raises:  YearMissing."""
    return _days(situation) == 0 or publicity(situation).is_over(situation.now)


def _days(situation: Situation) -> int:
    return int(situation.rule(TERM.rule, TERM.length.count))


def _history(situation: Situation) -> list[Entered]:
    """When it came into publicity, by its own row, and what was done with it since."""
    steps = [step for task in situation.related.get("task", ()) for step in task["steps"]]
    begun = max((n for n, step in enumerate(steps) if step["move"] == BEGINS), default=-1)
    since = situation.row.get("public_since")
    first = [Entered("PUBLICITY", read_moment(since))] if since else []
    start = begun + 1 if first else 0
    return [*first, *(Entered(each["state"], read_moment(each["at"])) for each in steps[start:])]


def _published(situation: Situation) -> None:
    if is_published(situation):
        return
    found = publicity(situation)
    raise PublicityRuns(
        id=situation.row.get("id", ""), days=_days(situation), rule=TERM.rule,
        edition=situation.edition(TERM.rule),
        since=written(found.since) if found.since else "∅",
        until=written(found.until) if found.until else "∅",
    )  # fmt: skip


PUBLISHED = Guard(  # related: task, the to-do with what was done so far
    "G-PUBLICITY",
    Text(
        "Its publicity has lasted as long as the rules say (ten working days by default)",
        "公示已满规则规定的期限（默认 10 个工作日）",
    ),
    _published,
)
