"""The machines of a work order and of a data objection (L2), as data.

A work order is opened and, when the next measurement passes, closed by the hub itself: whoever
runs the job acts for it. Source: the jobs J-L2-1 and J-L2-2 of the domain reference; states, roles
and the objector's last word are ours.
"""

from datetime import timedelta
from typing import Final

from dataspace.caller import Role
from dataspace.machine import NOWHERE, Guard, Machine, Mark, Move, Situation, State
from dataspace.quality.refusals import NotYetCertain
from dataspace.quantity import read_moment, written
from dataspace.text import Text

STEWARD: Final = frozenset({Role.DATA_STEWARD})
DESK: Final = frozenset({Role.REGISTRAR})
# Anybody who is at work in a participant may object to the data that it is given.
OBJECTORS: Final = frozenset(
    {Role.DATA_REQUESTER, Role.DEVELOPER, Role.ORG_ADMIN, Role.DATA_STEWARD, Role.PRODUCT_PUBLISHER}
)
CERTAIN_AFTER: Final = timedelta(days=15)  # silence of the objector after a correction
ANSWERED: Final = {
    "answered_by": Mark.ACTOR, "answered_at": Mark.NOW, "decision_reason": Mark.REASON,
}  # fmt: skip
CLOSED: Final = {"closed_by": Mark.ACTOR, "closed_at": Mark.NOW, "decision_reason": Mark.REASON}


def _certain(situation: Situation) -> None:
    """The objector has had their time to say that it is not corrected."""
    corrected = read_moment(situation.row["corrected_at"])
    if situation.now < corrected + CERTAIN_AFTER:
        raise NotYetCertain(id=situation.row["id"], from_moment=written(corrected + CERTAIN_AFTER))


CERTAIN: Final = Guard(
    "G-CERTAIN",
    Text("The objector had fifteen days to say otherwise", "异议人已有十五日表达异议"),
    _certain,
)

WORK_ORDER: Final = Machine(
    "work_order",
    "L2",
    states=(
        State("OPEN", Text("Open", "待处理")),
        State("ANSWERED", Text("Answered", "已答复")),
        State("CLOSED", Text("Closed", "已办结"), final=True),
    ),
    moves=(
        Move("open", Text("Open", "派单"), (NOWHERE,), "OPEN", DESK, marks={"opened_at": Mark.NOW}),
        Move(
            "answer", Text("Answer", "答复"), ("OPEN",), "ANSWERED", STEWARD, party="department",
            marks={"answered_by": Mark.ACTOR, "answered_at": Mark.NOW, "answer": Mark.REASON},
            needs_reason=True,
        ),
        Move(
            "reopen", Text("Send back as not done", "退回重办"), ("ANSWERED",), "OPEN", DESK,
            marks={"decision_reason": Mark.REASON}, needs_reason=True,
        ),
        Move(
            "close", Text("Close", "办结"), ("OPEN", "ANSWERED"), "CLOSED", DESK, marks=CLOSED,
            needs_reason=True,
        ),
    ),
)  # fmt: skip

DATA_OBJECTION: Final = Machine(
    "data_objection",
    "L2",
    states=(
        State("FILED", Text("Filed", "已提出")),
        State("ACCEPTED", Text("Accepted", "已受理")),
        State("REFUSED", Text("Refused", "不予采纳")),
        State("CORRECTED", Text("Corrected", "已更正")),
        State("CLOSED", Text("Closed", "已办结"), final=True),
    ),
    moves=(
        Move(
            "file", Text("File an objection", "提出异议"), (NOWHERE,), "FILED", OBJECTORS,
            party="objector", marks={"filed_by": Mark.ACTOR, "filed_at": Mark.NOW},
        ),
        Move(
            "accept", Text("Accept", "受理"), ("FILED",), "ACCEPTED", STEWARD, party="department",
            marks=ANSWERED,
        ),
        Move(
            "refuse", Text("Refuse", "不予采纳"), ("FILED", "ACCEPTED"), "REFUSED", STEWARD,
            party="department", marks=ANSWERED, needs_reason=True,
        ),
        Move(
            "correct", Text("Say that the data are corrected", "完成更正"), ("ACCEPTED",),
            "CORRECTED", STEWARD, party="department",
            marks={"corrected_at": Mark.NOW, "decision_reason": Mark.REASON}, needs_reason=True,
        ),
        Move(
            "confirm", Text("Confirm what was answered", "确认办结"), ("CORRECTED", "REFUSED"),
            "CLOSED", OBJECTORS, party="objector", marks=CLOSED,
        ),
        Move(
            "insist", Text("Say that it is not corrected", "坚持异议"), ("CORRECTED", "REFUSED"),
            "FILED", OBJECTORS, party="objector", marks={"decision_reason": Mark.REASON},
            needs_reason=True,
        ),
        Move(
            "withdraw", Text("Take it back", "撤回"), ("FILED", "ACCEPTED"), "CLOSED", OBJECTORS,
            party="objector", marks=CLOSED,
        ),
        # A registrar ends what an objector who was refused keeps insisting on.
        Move(
            "decide", Text("Decide a refusal", "裁定不采纳"), ("REFUSED",), "CLOSED", DESK,
            marks=CLOSED, needs_reason=True,
        ),
        Move(
            "lapse", Text("Close what nobody objects to any more", "期满办结"), ("CORRECTED",),
            "CLOSED", DESK, guards=(CERTAIN,), marks=CLOSED,
        ),
    ),
)  # fmt: skip
