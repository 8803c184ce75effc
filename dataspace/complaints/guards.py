"""The guards of complaints: who keeps out of one, and when it may be reopened or closed."""

from datetime import datetime
from typing import Final

from dataspace.clocks.case_clock import CaseClock
from dataspace.clocks.ruled import ruled
from dataspace.clocks.standing import deadline
from dataspace.clocks.terms import TERMS
from dataspace.complaints.refusals import (
    Concerned,
    ReopenedBefore,
    SpeaksForComplainant,
    StillDisputable,
)
from dataspace.machine import Guard, Situation
from dataspace.quantity import read_moment, written
from dataspace.text import Text

TERM: Final = next(term for term in TERMS if term.code == "complaint.dispute")


def disputable_days(situation: Situation) -> int:
    """For how many days after an answer its complainant may dispute it."""
    return int(situation.rule(TERM.rule, TERM.length.count))


def undisputed_from(situation: Situation) -> datetime:
    """The first moment at which the answer stands for want of anybody who disputes it."""
    answered = read_moment(situation.row["answered_at"])
    if disputable_days(situation) == 0:
        return answered
    clock = CaseClock(answered, ruled(TERM, situation.rules, row=situation.row).length)
    due = deadline(clock, situation.calendar)
    assert due is not None, "a clock without a span never stands still"
    return due.moment


def is_undisputed(situation: Situation) -> bool:
    return undisputed_from(situation) <= situation.now


def _in_person(situation: Situation) -> bool:
    return bool(situation.row.get("complained_by") == situation.caller.subject)


def _not_concerned(situation: Situation) -> None:
    """Complainants keep their own word, also on the participant that they are of."""
    row, participant = situation.row, situation.caller.participant
    if participant and participant == row.get("respondent") and not _in_person(situation):
        raise Concerned(id=row.get("id", ""), participant=participant)


def _not_its_handler(situation: Situation) -> None:
    row, caller = situation.row, situation.caller
    people = {each for each in (caller.subject, caller.delegator) if each}
    own = caller.handler and caller.handler == row.get("answered_handler")
    if own or people & {row.get("handled_by"), row.get("answered_by")}:
        raise SpeaksForComplainant(id=row.get("id", ""), subject=caller.subject)


def _once(situation: Situation) -> None:
    if reopened := situation.row.get("reopened_at"):
        raise ReopenedBefore(id=situation.row.get("id", ""), reopened_at=reopened)


def _undisputed(situation: Situation) -> None:
    if is_undisputed(situation):
        return
    raise StillDisputable(
        id=situation.row.get("id", ""), from_moment=written(undisputed_from(situation)),
        rule=TERM.rule, days=disputable_days(situation), edition=situation.edition(TERM.rule),
    )  # fmt: skip


NOT_CONCERNED: Final = Guard(
    "G-CONCERNED",
    Text(
        "Whoever handles it is not of the participant that it is about", "办理人不属于被投诉方"
    ),
    _not_concerned,
)
NOT_ITS_HANDLER: Final = Guard(
    "G-NOT-ITS-HANDLER",
    Text(
        "Whoever handles or answered it does not speak for its complainant",
        "办理人、答复人不得代投诉人表态",
    ),
    _not_its_handler,
)
ONCE: Final = Guard("G-ONCE", Text("It was not reopened before", "此前未曾退回"), _once)
UNDISPUTED: Final = Guard(
    "G-UNDISPUTED",
    Text(
        "Its complainant had as many days to dispute the answer as the rules say (15 by default)",
        "已满规则规定的异议期（默认 15 日）",
    ),
    _undisputed,
)
