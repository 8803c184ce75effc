"""The machine of applications to become a member of a logical space (L1, TC-042)."""

from dataspace import guards
from dataspace.lifecycles import hands
from dataspace.machine import NOWHERE, Machine, Move, State
from dataspace.text import Text

FIT = (guards.SPACE_OPEN, guards.SPACE_LOGICAL, guards.CAPABLE, guards.MEMBERSHIPS_LEFT)

MEMBERSHIP_APPLICATION = Machine(
    "membership_application",
    "L1",
    states=(
        State("DRAFT", Text("Draft", "草稿"), open_to_change=True),
        State("SUBMITTED", Text("Waits for the space's operator", "待空间运营方审批")),
        State("APPROVED", Text("Approved", "已批准"), final=True),
        State("REFUSED", Text("Refused", "未批准"), final=True),
    ),
    moves=(
        Move(
            "draft", Text("Draft", "起草"), (NOWHERE,), "DRAFT", hands.ORGANISATION,
            party="applicant",
        ),
        Move(
            "submit", Text("Apply for membership", "提交成员申请"), ("DRAFT",), "SUBMITTED",
            hands.ORGANISATION, party="applicant", guards=(guards.ADMITTED, *FIT),
            marks=hands.SUBMITTED,
        ),
        Move(
            "take_back", Text("Take back", "撤回"), ("SUBMITTED",), "DRAFT", hands.ORGANISATION,
            party="applicant",
        ),
        # Lets it in, in the same change set.
        Move(
            "approve", Text("Let it in", "批准加入"), ("SUBMITTED",), "APPROVED",
            hands.ORGANISATION, party="operator",
            guards=(guards.FOUR_EYES, guards.ADMITTED, guards.SPACE_KEPT, *FIT),
            marks=hands.FIRST_REVIEW, needs_reason=True,
        ),
        Move(
            "refuse", Text("Do not let it in", "不予批准"), ("SUBMITTED",), "REFUSED",
            hands.ORGANISATION, party="operator",
            guards=(guards.FOUR_EYES, guards.SPACE_KEPT), marks=hands.FIRST_REVIEW,
            needs_reason=True,
        ),
    ),
)  # fmt: skip
