"""The machine of a complaint, as data (X2).

Source: the complaint by telephone or online whose handling is recorded (TC-174, J-X-6 of the domain
reference); states, roles and that it is reopened once are ours. The bureau's two desks handle
complaints. The supervisor takes over what is left lying there, or what the bureau may not handle
itself. Whoever complains in person has the last word in person; the word of somebody who called or
wrote is entered by a desk that does not handle it.
"""

from typing import Final

from dataspace.caller import Role
from dataspace.complaints.guards import (
    ASSIGNABLE,
    DESK,
    NOT_CONCERNED,
    NOT_ITS_HANDLER,
    ONCE,
    SPEAKER_NOT_CONCERNED,
    UNDISPUTED,
)
from dataspace.guards import FOUR_EYES
from dataspace.machine import NOWHERE, Machine, Mark, Move, State
from dataspace.text import Text

HANDLERS: Final = DESK | {Role.SUPERVISOR}
IN_PERSON: Final = "complained_by"
OPEN: Final = ("LODGED", "ACCEPTED", "HANDLING")
DECIDES: Final = (NOT_CONCERNED, FOUR_EYES)
SPEAKS: Final = (SPEAKER_NOT_CONCERNED, NOT_ITS_HANDLER)
TAKEN: Final = {"handled_by": Mark.ACTOR, "handled_at": Mark.NOW}
GIVEN_UP: Final = {
    **dict.fromkeys(("handled_by", "handled_at"), Mark.NOTHING), "decision_reason": Mark.REASON,
}  # fmt: skip
ANSWERED: Final = {
    "answered_by": Mark.ACTOR, "answered_handler": Mark.HANDLER, "answered_at": Mark.NOW,
    "answer": Mark.REASON,
}  # fmt: skip
CLOSED: Final = {"closed_by": Mark.ACTOR, "closed_at": Mark.NOW, "decision_reason": Mark.REASON}


def _answer(name: str, text: Text) -> Move:
    """The reason is what the complainant is answered; the move says what was found."""
    return Move(
        name, text, ("HANDLING",), "ANSWERED", HANDLERS, person="handled_by", guards=DECIDES,
        marks=ANSWERED, needs_reason=True,
    )  # fmt: skip


COMPLAINT: Final = Machine(
    "complaint",
    "X2",
    states=(
        State("LODGED", Text("Lodged", "已提交")),
        State("ACCEPTED", Text("Accepted", "已受理")),
        State("HANDLING", Text("Being handled", "办理中")),
        State("ANSWERED", Text("Answered", "已答复")),
        State("REFUSED", Text("Refused", "不予受理"), final=True),
        State("CLOSED", Text("Closed", "已办结"), final=True),
        State("WITHDRAWN", Text("Taken back", "已撤回"), final=True),
    ),
    moves=(
        Move(
            "lodge", Text("Lodge a complaint", "提交投诉"), (NOWHERE,), "LODGED", DESK,
            person=IN_PERSON,
            marks={
                "submitted_by": Mark.ACTOR, "submitted_handler": Mark.HANDLER,
                "submitted_at": Mark.NOW,
            },
        ),
        Move(
            "accept", Text("Accept", "受理"), ("LODGED",), "ACCEPTED", DESK, guards=DECIDES,
            marks={"accepted_by": Mark.ACTOR, "accepted_at": Mark.NOW},
        ),
        Move(
            "refuse", Text("Refuse", "不予受理"), ("LODGED",), "REFUSED", DESK, guards=DECIDES,
            marks=CLOSED, needs_reason=True,
        ),
        Move(
            "take", Text("Take in hand", "领办"), ("ACCEPTED",), "HANDLING", DESK, guards=DECIDES,
            marks=TAKEN,
        ),
        Move(
            "assign", Text("Assign to a colleague", "派办"), ("ACCEPTED", "HANDLING"), "HANDLING", DESK,
            guards=(*DECIDES, ASSIGNABLE), marks={"handled_at": Mark.NOW, "decision_reason": Mark.REASON},
        ),
        Move(
            "hand_back", Text("Hand back to the desk", "退回待领办"), ("HANDLING",), "ACCEPTED", DESK,
            guards=(NOT_CONCERNED,), marks=GIVEN_UP, needs_reason=True,
        ),
        Move(
            "take_over", Text("Take over as the supervisor", "提级办理"), OPEN, "HANDLING",
            frozenset({Role.SUPERVISOR}), guards=DECIDES,
            marks={**TAKEN, "decision_reason": Mark.REASON}, needs_reason=True,
        ),
        _answer("answer_founded", Text("Answer that it is founded", "答复：属实或部分属实")),
        _answer("answer_unfounded", Text("Answer that it is unfounded", "答复：不属实")),
        Move(
            "confirm", Text("Confirm what was answered", "确认办结"), ("ANSWERED",), "CLOSED", DESK,
            person=IN_PERSON, guards=SPEAKS, marks=CLOSED,
        ),
        Move(
            "reopen", Text("Say that it is not settled", "不满意，退回重办"), ("ANSWERED",),
            "ACCEPTED", DESK, person=IN_PERSON, guards=(*SPEAKS, ONCE),
            marks={**GIVEN_UP, "reopened_at": Mark.NOW}, needs_reason=True,
        ),
        Move(
            "withdraw", Text("Take it back", "撤回"), OPEN, "WITHDRAWN", DESK, person=IN_PERSON,
            guards=SPEAKS, marks=CLOSED, needs_reason=True,
        ),
        Move(
            "lapse", Text("Close what nobody disputes any more", "期满办结"), ("ANSWERED",), "CLOSED",
            frozenset({Role.SCHEDULER}), guards=(UNDISPUTED,), marks=CLOSED,
        ),
    ),
)  # fmt: skip
