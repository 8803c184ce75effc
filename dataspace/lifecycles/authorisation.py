"""The machine of authorisations over resources (L3-c, L3-d)."""

from dataspace import guards
from dataspace.lifecycles import hands
from dataspace.machine import NOWHERE, Machine, Move, State
from dataspace.text import Text

AUTHORISATION = Machine(
    "authorisation",
    "L3",
    states=(
        State("DRAFT", Text("Draft", "草稿"), open_to_change=True),
        State("REVIEW1", Text("Waits for the first review", "待初审")),
        State("REVIEW1_FAIL", Text("Failed the first review", "初审不通过"), open_to_change=True),
        State("REVIEW2", Text("Waits for the second review", "待复审")),
        State("REVIEW2_FAIL", Text("Failed the second review", "复审不通过"), open_to_change=True),
        State("EFFECTIVE", Text("In force", "生效")),
        State("SUSPENDED", Text("Suspended", "已暂停")),
        State("REVOKED", Text("Revoked", "已撤销"), final=True),
        State("EXPIRED", Text("Expired", "已到期"), final=True),
    ),
    moves=(
        Move(
            "draft", Text("Draft an application", "起草申请"), (NOWHERE,), "DRAFT", hands.APPLICANT,
            party="grantee",
        ),
        Move(
            "submit", Text("Apply", "提交申请"), ("DRAFT", "REVIEW1_FAIL", "REVIEW2_FAIL"), "REVIEW1",
            hands.APPLICANT, party="grantee",
            guards=(
                guards.ADMITTED, guards.RESOURCES_AUTHORISABLE, guards.OPEN, guards.BY_A_ROUTE,
                guards.TERM, guards.SCENARIO, guards.RENEWAL, guards.ATTACHED,
            ),
            marks={**hands.SUBMITTED, **hands.ANEW},
        ),
        Move(
            "pass_first", Text("Pass the first review", "初审通过"), ("REVIEW1",), "REVIEW2",
            hands.REVIEWER1, guards=(guards.FOUR_EYES, guards.ATTACHED), marks=hands.FIRST_REVIEW,
        ),
        hands.countersign("authorisation", "REVIEW2"),
        Move(
            "fail_first", Text("Fail the first review", "初审不通过"), ("REVIEW1",), "REVIEW1_FAIL",
            hands.REVIEWER1, guards=(guards.FOUR_EYES,), marks=hands.FIRST_REVIEW, needs_reason=True,
        ),
        Move(
            "pass_second", Text("Pass the second review", "复审通过"), ("REVIEW2",), "EFFECTIVE",
            hands.REVIEWER2,
            guards=(
                *hands.EYES, guards.ADMITTED, guards.RESOURCES_AUTHORISABLE, guards.OPEN,
                guards.BY_A_ROUTE, guards.TERM, guards.AGREEMENT, guards.SCENARIO, guards.RENEWAL,
            ),
            marks=hands.SECOND_REVIEW,
        ),
        Move(
            "fail_second", Text("Fail the second review", "复审不通过"), ("REVIEW2",), "REVIEW2_FAIL",
            hands.REVIEWER2, guards=(guards.FOUR_EYES,), marks=hands.SECOND_REVIEW, needs_reason=True,
        ),
        Move(
            "suspend", Text("Suspend", "暂停"), ("EFFECTIVE",), "SUSPENDED", hands.CIRCUIT_BREAKER,
            marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "resume", Text("Put back in force", "恢复"), ("SUSPENDED",), "EFFECTIVE", hands.REVIEWER2,
            guards=(guards.TERM, guards.CASES_CLOSED), marks=hands.DECIDED,
            needs_reason=True,
        ),
        Move(
            "revoke", Text("Revoke", "撤销"), ("EFFECTIVE", "SUSPENDED"), "REVOKED", hands.REVIEWER2,
            marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "expire", Text("Close as expired", "到期关闭"), ("EFFECTIVE", "SUSPENDED"), "EXPIRED",
            hands.REVIEWER1 | hands.REVIEWER2 | hands.SCHEDULER, guards=(guards.OVER,), marks=hands.DECIDED,
        ),
    ),
)  # fmt: skip
