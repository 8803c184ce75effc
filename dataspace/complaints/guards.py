"""The guards of complaints: who keeps out of one, and when it may be reopened or closed."""

from datetime import datetime
from typing import Final

from dataspace.caller import Role
from dataspace.clocks.case_clock import CaseClock
from dataspace.clocks.ruled import ruled
from dataspace.clocks.standing import deadline
from dataspace.clocks.terms import TERMS
from dataspace.complaints.refusals import (
    Concerned,
    NotAssignable,
    ReopenedBefore,
    SpeaksForComplainant,
    StillDisputable,
)
from dataspace.machine import Guard, Situation
from dataspace.quantity import read_moment, written
from dataspace.text import Text

DESK: Final = frozenset({Role.REGISTRAR, Role.REG_APPROVER})
ASSIGNEE: Final = "assignee"
NO_ROLE = Text("no active registrar or approver", "并非在职的登记员或审批员")
IS_CONCERNED = Text("it is about their own organisation", "涉及其所属主体")
HAS_ACTED = Text("they handed it in or answered it before", "其为提交人或原答复人")
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
    row, participant = situation.row, situation.caller.participant
    if participant and participant == row.get("respondent"):
        raise Concerned(id=row.get("id", ""), participant=participant)


def _speaker_not_concerned(situation: Situation) -> None:
    """Complainants keep their own word, also on the participant that they are of."""
    if not _in_person(situation):
        _not_concerned(situation)


def _assignable(situation: Situation) -> None:
    """As whoever takes it in hand themselves. That nobody is named yet is no obstacle to an offer;
    the operation names one, or none in an empty list."""
    if (named := situation.related.get(ASSIGNEE)) is None:
        return
    row, id_ = situation.row, situation.row.get("id", "")
    member = named[0] if named else {}
    subject, handler = member.get("subject"), member.get("handler")
    why = None
    if member.get("status") != "ACTIVE" or not subject or DESK.isdisjoint(member["roles"] or ()):
        why = NO_ROLE
    elif member.get("participant") == row.get("respondent"):
        why = IS_CONCERNED
    elif subject in {row.get("submitted_by"), row.get("answered_by")} or (
        handler and handler in {row.get("submitted_handler"), row.get("answered_handler")}
    ):
        why = HAS_ACTED
    if why:
        raise NotAssignable(id=id_, member=member.get("id", "∅"), why=why)


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
SPEAKER_NOT_CONCERNED: Final = Guard(  # the same rule, for moves that a complainant makes too
    NOT_CONCERNED.name,
    Text(
        "Whoever speaks for its complainant is not of the participant that it is about",
        "代投诉人表态的人不属于被投诉方",
    ),
    _speaker_not_concerned,
)
ASSIGNABLE: Final = Guard(  # related: assignee, the member who is to handle it
    "G-ASSIGNABLE",
    Text(
        "Whoever is to handle it holds a role at the desk and has no part in it",
        "被派办人具备办理角色且未参与该投诉",
    ),
    _assignable,
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
