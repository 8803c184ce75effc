"""The machines of exploration, development projects and platform resources (L4)."""

from dataspace import guards
from dataspace.lifecycles import hands
from dataspace.machine import NOWHERE, Machine, Move, State
from dataspace.text import Text

DRAFT = State("DRAFT", Text("Draft", "草稿"), open_to_change=True)
SUBMITTED = State("SUBMITTED", Text("Submitted", "已提交"))
APPROVED = State("APPROVED", Text("Approved", "已通过"))
REJECTED = State("REJECTED", Text("Refused", "不通过"), final=True)

EXPLORATION_REQUEST = Machine(
    "exploration_request",
    "L4",
    states=(DRAFT, SUBMITTED, APPROVED, REJECTED, State("CLOSED", Text("Closed", "已结束"), final=True)),
    moves=(
        Move("draft", Text("Draft", "起草"), (NOWHERE,), "DRAFT", hands.DEVELOPER, party="applicant"),
        Move(
            "submit", Text("Apply", "提交申请"), ("DRAFT",), "SUBMITTED", hands.DEVELOPER,
            party="applicant", guards=(guards.ADMITTED, guards.MASKED, guards.SHORT), marks=hands.SUBMITTED,
        ),
        Move(
            "approve", Text("Approve", "同意探查"), ("SUBMITTED",), "APPROVED", hands.LISTER,
            guards=(guards.FOUR_EYES, guards.MASKED, guards.SHORT), marks=hands.FIRST_REVIEW,
        ),
        Move(
            "reject", Text("Refuse", "不予探查"), ("SUBMITTED",), "REJECTED", hands.LISTER,
            guards=(guards.FOUR_EYES,), marks=hands.FIRST_REVIEW, needs_reason=True,
        ),
        Move(
            "close", Text("Close early", "提前结束"), ("APPROVED",), "CLOSED",
            hands.LISTER | hands.SUPERVISOR, marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "expire", Text("Close as over", "到期关闭"), ("APPROVED",), "CLOSED",
            hands.LISTER | hands.SCHEDULER, guards=(guards.OVER,), marks=hands.DECIDED,
        ),
    ),
)  # fmt: skip

PROJECT = Machine(
    "project",
    "L4",
    states=(
        State("OPEN", Text("Open", "已立项"), open_to_change=True),
        State("RUNNING", Text("Running", "开发中")),
        State("ACCEPTANCE", Text("Acceptance", "验收")),
        State("DONE", Text("Done", "已完成"), final=True),
        State("CANCELLED", Text("Cancelled", "已取消"), final=True),
    ),
    moves=(
        Move("draft", Text("Open", "立项"), (NOWHERE,), "OPEN", hands.DEVELOPER, party="developer"),
        Move(
            "start", Text("Start", "启动开发"), ("OPEN",), "RUNNING", hands.DEVELOPER,
            party="developer", guards=(guards.ADMITTED, guards.APART, guards.GRANTS_IN_FORCE),
        ),
        Move(
            "submit", Text("Hand over for acceptance", "提交验收"), ("RUNNING",), "ACCEPTANCE",
            hands.DEVELOPER, party="developer", marks=hands.SUBMITTED,
        ),
        Move(
            "accept", Text("Accept", "验收通过"), ("ACCEPTANCE",), "DONE", hands.LISTER,
            guards=(guards.FOUR_EYES, guards.NOT_ONES_OWN), marks=hands.FIRST_REVIEW,
        ),
        Move(
            "return", Text("Return to development", "验收退回"), ("ACCEPTANCE",), "RUNNING",
            hands.LISTER, guards=(guards.FOUR_EYES, guards.NOT_ONES_OWN), marks=hands.FIRST_REVIEW,
            needs_reason=True,
        ),
        Move(
            "cancel", Text("Cancel", "取消项目"), ("OPEN", "RUNNING", "ACCEPTANCE"), "CANCELLED",
            hands.DEVELOPER, party="developer", guards=(guards.UNUSED,), marks=hands.DECIDED,
            needs_reason=True,
        ),
    ),
)  # fmt: skip

PLATFORM_REQUEST = Machine(
    "platform_request",
    "L4",
    states=(DRAFT, SUBMITTED, APPROVED, REJECTED, State("RELEASED", Text("Released", "已释放"), final=True)),
    moves=(
        Move("draft", Text("Draft", "起草"), (NOWHERE,), "DRAFT", hands.DEVELOPER, party="applicant"),
        Move(
            "submit", Text("Apply", "提交申请"), ("DRAFT",), "SUBMITTED", hands.DEVELOPER,
            party="applicant", guards=(guards.ADMITTED, guards.WITHIN_QUOTA), marks=hands.SUBMITTED,
        ),
        Move(
            "approve", Text("Approve", "同意分配"), ("SUBMITTED",), "APPROVED", hands.INFRASTRUCTURE,
            guards=(guards.FOUR_EYES, guards.WITHIN_QUOTA), marks=hands.FIRST_REVIEW,
        ),
        Move(
            "reject", Text("Refuse", "不予分配"), ("SUBMITTED",), "REJECTED", hands.INFRASTRUCTURE,
            guards=(guards.FOUR_EYES,), marks=hands.FIRST_REVIEW, needs_reason=True,
        ),
        Move(
            "release", Text("Release early", "提前释放"), ("APPROVED",), "RELEASED",
            hands.INFRASTRUCTURE, marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "expire", Text("Release as over", "到期释放"), ("APPROVED",), "RELEASED",
            hands.INFRASTRUCTURE | hands.SCHEDULER, guards=(guards.OVER,), marks=hands.DECIDED,
        ),
    ),
)  # fmt: skip
