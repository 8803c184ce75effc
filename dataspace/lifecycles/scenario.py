"""The machines of scenario applications (L3-b) and of accountability cases (L3-d)."""

from dataspace import guards
from dataspace.lifecycles import hands
from dataspace.machine import NOWHERE, Machine, Mark, Move, State
from dataspace.text import Text

SCENARIO = Machine(
    "scenario",
    "L3",
    states=(
        State("DRAFT", Text("Draft", "草稿"), open_to_change=True),
        State("OP_REVIEW", Text("Review by the operator", "运营机构初审")),
        State("AGENCY_REVIEW", Text("Review by the agency", "实施机构复审")),
        State("REJECTED", Text("Refused", "审核不通过"), final=True),
        State("APPROVED", Text("Approved", "已通过")),
        State("ACTIVE", Text("In operation", "运营中")),
        State("CLOSED", Text("Closed", "已关闭"), final=True),
        State("REVOKED", Text("Revoked", "已撤销"), final=True),
        State("EXPIRED", Text("Expired", "已到期"), final=True),
    ),
    moves=(
        Move("draft", Text("Draft", "起草"), (NOWHERE,), "DRAFT", hands.APPLICANT, party="applicant"),
        Move(
            "submit", Text("Apply", "提交申请"), ("DRAFT",), "OP_REVIEW", hands.APPLICANT,
            party="applicant", guards=(guards.ADMITTED, guards.SCENARIO_TERM, guards.BY_A_ROUTE),
            marks=hands.SUBMITTED,
        ),
        Move(
            "take_back", Text("Take back", "撤回"), ("OP_REVIEW",), "DRAFT", hands.APPLICANT,
            party="applicant",
        ),
        Move(
            "pass_first", Text("Pass the operator's review", "运营机构初审通过"), ("OP_REVIEW",),
            "AGENCY_REVIEW", hands.LISTER, guards=(guards.FOUR_EYES, guards.NOT_ONES_OWN),
            marks=hands.FIRST_REVIEW,
        ),
        Move(
            "reject_first", Text("Refuse as the operator", "运营机构初审不通过"), ("OP_REVIEW",),
            "REJECTED", hands.LISTER, guards=(guards.FOUR_EYES, guards.NOT_ONES_OWN),
            marks=hands.FIRST_REVIEW, needs_reason=True,
        ),
        Move(
            "pass_second", Text("Pass the agency's review", "实施机构复审通过"), ("AGENCY_REVIEW",),
            "APPROVED", hands.REVIEWER2, guards=(guards.FOUR_EYES, guards.SCENARIO_TERM, guards.BY_A_ROUTE),
            marks=hands.SECOND_REVIEW,
        ),
        Move(
            "reject_second", Text("Refuse as the agency", "实施机构复审不通过"), ("AGENCY_REVIEW",),
            "REJECTED", hands.REVIEWER2, guards=(guards.FOUR_EYES,), marks=hands.SECOND_REVIEW,
            needs_reason=True,
        ),
        # The first grant that takes effect makes this move itself; by hand it follows one.
        Move(
            "activate", Text("Take into operation", "启动运营"), ("APPROVED",), "ACTIVE",
            hands.REVIEWER2 | hands.SCHEDULER, guards=(guards.GRANT_IN_FORCE,), marks=hands.DECIDED,
        ),
        Move(
            "close", Text("Close as done", "办结关闭"), ("APPROVED", "ACTIVE"), "CLOSED",
            hands.APPLICANT, party="applicant", guards=(guards.UNUSED,), marks=hands.DECIDED,
            needs_reason=True,
        ),
        Move(
            "revoke", Text("Revoke", "撤销"), ("APPROVED", "ACTIVE"), "REVOKED",
            hands.REVIEWER2 | hands.SUPERVISOR, guards=(guards.UNUSED,), marks=hands.DECIDED,
            needs_reason=True,
        ),
        Move(
            "expire", Text("Close as expired", "到期关闭"), ("APPROVED", "ACTIVE"), "EXPIRED",
            hands.REVIEWER2 | hands.SCHEDULER, guards=(guards.OVER, guards.UNUSED),
            marks=hands.DECIDED,
        ),
    ),
)  # fmt: skip

CLOSED = {"outcome": Mark.REASON, "closed_by": Mark.ACTOR, "closed_at": Mark.NOW}

ACCOUNTABILITY_CASE = Machine(
    "accountability_case",
    "L3",
    states=(
        State("OPENED", Text("Opened", "已立案")),
        State("ANSWERED", Text("Answered", "已说明")),
        State("CLOSED_RESTORED", Text("Closed, may be restored", "结案，可恢复"), final=True),
        State("CLOSED_REVOKED", Text("Closed, authorisation ended", "结案，授权终止"), final=True),
    ),
    moves=(
        # Suspending an authorisation opens its case in the same change set.
        Move("open", Text("Open", "立案"), (NOWHERE,), "OPENED", hands.CIRCUIT_BREAKER),
        Move(
            "answer", Text("Answer", "提交说明"), ("OPENED", "ANSWERED"), "ANSWERED",
            hands.APPLICANT, party="holder",
            marks={"answer": Mark.REASON, "answered_by": Mark.ACTOR, "answered_at": Mark.NOW},
            needs_reason=True,
        ),
        Move(
            "close_restored", Text("Close, it may be restored", "结案并同意恢复"), ("ANSWERED",),
            "CLOSED_RESTORED", hands.REVIEWER2 | hands.SUPERVISOR, guards=(guards.NOT_ONES_OWN,),
            marks=CLOSED, needs_reason=True,
        ),
        # Revoking the authorisation makes this move itself.
        Move(
            "close_revoked", Text("Close, the authorisation has ended", "结案并确认终止"),
            ("OPENED", "ANSWERED"), "CLOSED_REVOKED", hands.REVIEWER2 | hands.SUPERVISOR,
            guards=(guards.GRANT_ENDED,), marks=CLOSED, needs_reason=True,
        ),
    ),
)  # fmt: skip
