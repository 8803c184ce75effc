"""The machines of the reviews of a product and of what leaves its environment (L4)."""

from dataspace import guards
from dataspace.caller import Role
from dataspace.lifecycles import hands
from dataspace.machine import NOWHERE, Machine, Mark, Move, State
from dataspace.text import Text

DRAFT = State("DRAFT", Text("Draft", "草稿"), open_to_change=True)
OTHERS = (guards.FOUR_EYES, guards.NOT_ONES_OWN)
DECIDED = {**hands.FIRST_REVIEW, "decided_at": Mark.NOW}


def _asked(text: Text, *, to: str, role: frozenset[Role] = hands.OWNER) -> tuple[Move, ...]:
    """Drafted and handed in by the one who wants the review."""
    return (
        Move("draft", Text("Draft", "起草"), (NOWHERE,), "DRAFT", role, party="applicant"),
        Move("submit", text, ("DRAFT",), to, role, party="applicant", guards=(guards.ADMITTED,),
             marks=hands.SUBMITTED),
    )  # fmt: skip


# Either result that fails decides it; a pass needs both. Who reviews material and who reviews
# code may be one person or two.
SECURITY_REVIEW = Machine(
    "security_review",
    "L4",
    states=(
        DRAFT,
        State("PENDING", Text("Waits for the review", "待审查")),
        State("PASSED", Text("Passed", "审查通过"), final=True),
        State("FAILED", Text("Failed", "审查不通过"), final=True),
    ),
    moves=(
        *_asked(Text("Ask for the security review", "提交安全审查"), to="PENDING"),
        Move(
            "pass_material", Text("Pass the material", "资料审查通过"), ("PENDING",), "PENDING",
            hands.REVIEWER, guards=OTHERS,
        ),
        Move(
            "fail_material", Text("Fail the material", "资料审查不通过"), ("PENDING",), "FAILED",
            hands.REVIEWER, guards=OTHERS, marks=DECIDED, needs_reason=True,
        ),
        Move(
            "pass_code", Text("Pass the code", "代码审查通过"), ("PENDING",), "PENDING",
            hands.REVIEWER, guards=OTHERS,
        ),
        Move(
            "fail_code", Text("Fail the code", "代码审查不通过"), ("PENDING",), "FAILED",
            hands.REVIEWER, guards=OTHERS, marks=DECIDED, needs_reason=True,
        ),
        Move(
            "pass", Text("Pass", "审查通过"), ("PENDING",), "PASSED", hands.REVIEWER,
            guards=(*OTHERS, guards.BOTH_PASSED), marks=DECIDED,
        ),
    ),
)  # fmt: skip

COMPLIANCE_REVIEW = Machine(
    "compliance_review",
    "L4",
    states=(
        DRAFT,
        State("PENDING", Text("Waits for the review", "待审查")),
        State("CONDITIONAL", Text("Passed on condition", "附条件通过")),
        State("PASSED", Text("Passed", "审查通过"), final=True),
        State("FAILED", Text("Failed", "审查不通过"), final=True),
    ),
    moves=(
        *_asked(Text("Ask for the compliance review", "提交合规审查"), to="PENDING"),
        Move(
            "pass", Text("Pass", "审查通过"), ("PENDING",), "PASSED", hands.REVIEWER,
            guards=OTHERS, marks=DECIDED,
        ),
        Move(
            "pass_conditionally", Text("Pass on condition", "附条件通过"), ("PENDING",),
            "CONDITIONAL", hands.REVIEWER, guards=OTHERS,
            marks={**hands.FIRST_REVIEW, "conditions": Mark.REASON}, needs_reason=True,
        ),
        Move(
            "confirm", Text("Confirm that the conditions are met", "确认条件已满足"),
            ("CONDITIONAL",), "PASSED", hands.REVIEWER, guards=(guards.NOT_ONES_OWN,),
            marks={"decided_at": Mark.NOW}, needs_reason=True,
        ),
        Move(
            "fail", Text("Fail", "审查不通过"), ("PENDING",), "FAILED", hands.REVIEWER,
            guards=OTHERS, marks=DECIDED, needs_reason=True,
        ),
        Move(
            "fail_conditions", Text("Fail, the conditions were not met", "条件未满足，不通过"),
            ("CONDITIONAL",), "FAILED", hands.REVIEWER, guards=(guards.NOT_ONES_OWN,),
            marks={**hands.DECIDED, "decided_at": Mark.NOW}, needs_reason=True,
        ),
    ),
)  # fmt: skip

EXPORT_CHECK = Machine(
    "export_check",
    "L4",
    states=(
        DRAFT,
        State("REQUESTED", Text("Requested", "待审查")),
        State("RELEASED", Text("Released", "准予出域"), final=True),
        State("BLOCKED", Text("Blocked", "不予出域"), final=True),
    ),
    moves=(
        *_asked(Text("Ask for the export", "申请出域"), to="REQUESTED", role=hands.DEVELOPER),
        Move(
            "release", Text("Release", "准予出域"), ("REQUESTED",), "RELEASED", hands.REVIEWER,
            guards=(*OTHERS, guards.NOTHING_RAW), marks=DECIDED,
        ),
        Move(
            "block", Text("Block", "不予出域"), ("REQUESTED",), "BLOCKED", hands.REVIEWER,
            guards=OTHERS, marks=DECIDED, needs_reason=True,
        ),
    ),
)  # fmt: skip
