"""The machine of participants: from an application to the end of their part (L1-a).

Who is merely listed in the catalogue, as every department is, has no state yet. The city admits
it on its own motion; an application is admitted by another person than who handed it in.
"""

from collections.abc import Mapping
from typing import Final

from dataspace import guards
from dataspace.lifecycles import hands
from dataspace.machine import NOWHERE, Machine, Move, State
from dataspace.text import Text

PARTICIPANT = Machine(
    "participant",
    "L1",
    states=(
        State("DRAFT", Text("Draft", "草稿")),
        State("SUBMITTED", Text("Waits for the review", "待审核")),
        State("RETURNED", Text("Returned", "退回")),
        State("REJECTED", Text("Refused", "审核不通过"), final=True),
        State("ADMITTED", Text("Admitted", "已准入")),
        State("FROZEN", Text("Frozen", "已冻结")),
        State("EXITING", Text("Leaving", "退出中")),
        State("DEREGISTERED", Text("Deregistered", "已注销"), final=True),
    ),
    moves=(
        Move("prepare", Text("Prepare an application", "准备准入申请"), (NOWHERE,), "DRAFT", hands.DOOR),
        Move(
            "submit", Text("Apply for admission", "提交准入申请"), ("DRAFT", "RETURNED"), "SUBMITTED",
            hands.DOOR, guards=(guards.IDENTIFIED,), marks=hands.SUBMITTED,
        ),
        Move(
            "return", Text("Ask for corrections", "退回补正"), ("SUBMITTED",), "RETURNED", hands.DOOR,
            guards=(guards.FOUR_EYES,), marks=hands.FIRST_REVIEW, needs_reason=True,
        ),
        Move(
            "reject", Text("Refuse the admission", "不予准入"), ("SUBMITTED",), "REJECTED",
            hands.DOOR, guards=(guards.FOUR_EYES,), marks=hands.FIRST_REVIEW, needs_reason=True,
        ),
        # Also again, when the cause of a suspension is gone.
        Move(
            "admit", Text("Admit", "准予准入"), (NOWHERE, "SUBMITTED", "FROZEN"), "ADMITTED",
            hands.DOOR, guards=(guards.FOUR_EYES,), marks=hands.DECIDED,
        ),
        Move(
            "suspend", Text("Freeze", "冻结"), ("ADMITTED", "EXITING"), "FROZEN",
            hands.DOOR | hands.SUPERVISOR | hands.SCHEDULER, marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "exit", Text("Apply to leave", "申请退出"), ("ADMITTED", "FROZEN"), "EXITING",
            hands.ORGANISATION, party="id", marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "withdraw", Text("Deregister", "注销"), ("ADMITTED", "FROZEN", "EXITING"),
            "DEREGISTERED", hands.DOOR, guards=(guards.UNUSED, guards.HANDLERS_GONE),
            marks=hands.DECIDED, needs_reason=True,
        ),
    ),
)  # fmt: skip

# What its people and nodes at the identity service may do, by the state of its admission; those
# who only apply have no account yet.
STANDING: Final[Mapping[str, str]] = {
    "ADMITTED": "ADMITTED", "EXITING": "ADMITTED", "FROZEN": "SUSPENDED",
    "DEREGISTERED": "WITHDRAWN",
}  # fmt: skip
# Who was admitted before there was a state is where the standing says.
STATE_OF: Final[Mapping[str, str]] = {
    "ADMITTED": "ADMITTED", "SUSPENDED": "FROZEN", "WITHDRAWN": "DEREGISTERED",
}  # fmt: skip
