"""The machines of resource (L2), authorisation (L3) and product (L5), as data.

Sources of states and moves: the tables of links L2, L3-c, L3-d and L5 of the domain reference,
told for readers in `docs/explanation/the-2-plus-8.md`. What a state or move is called in the
interface is its `text`; its code never changes.
"""

from collections.abc import Mapping
from typing import Final

from dataspace import guards
from dataspace.caller import Role
from dataspace.machine import NOWHERE, Machine, Mark, Move, State
from dataspace.text import Text

SUBMITTED: Final = {
    "submitted_by": Mark.ACTOR,
    "submitted_at": Mark.NOW,
    "reviewed_by": Mark.NOTHING,
    "second_reviewed_by": Mark.NOTHING,
    "decision_reason": Mark.NOTHING,
}
FIRST_REVIEW: Final = {"reviewed_by": Mark.ACTOR, "decision_reason": Mark.REASON}
SECOND_REVIEW: Final = {"second_reviewed_by": Mark.ACTOR, "decision_reason": Mark.REASON}
DECIDED: Final = {"decision_reason": Mark.REASON}


def _roles(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


STEWARD = _roles(Role.DATA_STEWARD)
REGISTRAR = _roles(Role.REGISTRAR)
APPROVER = _roles(Role.REG_APPROVER)
APPLICANT = _roles(Role.DEVELOPER, Role.ORG_ADMIN)
REVIEWER1 = _roles(Role.AGENCY_REVIEWER1)
REVIEWER2 = _roles(Role.AGENCY_REVIEWER2)
SCHEDULER = _roles(Role.SCHEDULER)
CIRCUIT_BREAKER = _roles(Role.SUPERVISOR, Role.AGENCY_REVIEWER1, Role.AGENCY_REVIEWER2)
DEVELOPER = _roles(Role.DEVELOPER)
PUBLISHER = _roles(Role.PRODUCT_PUBLISHER)
LISTER = _roles(Role.SUB_APPROVER)

RESOURCE = Machine(
    "resource",
    "L2",
    states=(
        State("DRAFT", Text("Draft", "草稿"), open_to_change=True),
        State("SUBMITTED", Text("Submitted", "已提交")),
        State("FORM_REVIEW", Text("Formal review", "形式审核")),
        State("RETURNED", Text("Returned", "提交未通过"), open_to_change=True),
        State("PUBLICITY", Text("Publicity", "公示")),
        State("REGISTERED", Text("Registered", "已登记")),
        State("AUTHORISABLE", Text("Authorisable", "可授权")),
        State("CANCELLED", Text("Cancelled", "注销登记"), final=True),
    ),
    moves=(
        Move("draft", Text("Compile", "编目"), (NOWHERE,), "DRAFT", STEWARD, party="provider"),
        Move(
            "submit", Text("Submit for registration", "提交首次登记"), ("DRAFT", "RETURNED"), "SUBMITTED",
            STEWARD, party="provider", guards=(guards.COMPLETE, guards.REGISTRABLE), marks=SUBMITTED,
        ),
        Move(
            "withdraw", Text("Take back", "撤回"), ("SUBMITTED",), "DRAFT",
            STEWARD, party="provider",
        ),
        Move("take_in", Text("Take in", "受理"), ("SUBMITTED",), "FORM_REVIEW", REGISTRAR),
        Move(
            "return", Text("Return as lacking", "退回补正"), ("FORM_REVIEW",), "RETURNED", REGISTRAR,
            guards=(guards.FOUR_EYES,), marks=FIRST_REVIEW, needs_reason=True,
        ),
        Move(
            "pass", Text("Pass the formal review", "形式审核通过"), ("FORM_REVIEW",), "PUBLICITY",
            REGISTRAR, guards=(guards.FOUR_EYES, guards.COMPLETE), marks=FIRST_REVIEW,
        ),
        Move(
            "refuse", Text("Refuse the registration", "不予登记"), ("PUBLICITY",), "RETURNED", APPROVER,
            guards=(guards.FOUR_EYES,), marks=SECOND_REVIEW, needs_reason=True,
        ),
        Move(
            "register", Text("Register", "准予登记"), ("PUBLICITY",), "REGISTERED", APPROVER,
            guards=(guards.FOUR_EYES, guards.COMPLETE, guards.REGISTRABLE),
            marks={**SECOND_REVIEW, "registered_at": Mark.NOW},
        ),
        # A public portal does not say it, and nobody of its departments may be at work here.
        Move(
            "declare_authorisable", Text("Declare that it may be authorised", "认定可授权"),
            ("REGISTERED",), "REGISTERED", APPROVER, guards=(guards.NOT_STATED, guards.LISTABLE),
            marks=DECIDED, needs_reason=True,
        ),
        Move(
            "offer", Text("Put on the authorisable list", "列入可授权清单"), ("REGISTERED",),
            "AUTHORISABLE", REGISTRAR, guards=(guards.AUTHORISABLE, guards.LISTABLE), marks=DECIDED,
        ),
        Move(
            "unlist", Text("Take off the authorisable list", "移出可授权清单"), ("AUTHORISABLE",),
            "REGISTERED", REGISTRAR, guards=(guards.UNUSED,), marks=DECIDED, needs_reason=True,
        ),
        Move(
            "cancel", Text("Cancel the registration", "注销登记"), ("REGISTERED", "AUTHORISABLE"),
            "CANCELLED", APPROVER, guards=(guards.UNUSED,), marks=DECIDED, needs_reason=True,
        ),
    ),
)  # fmt: skip

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
            "draft", Text("Draft an application", "起草申请"), (NOWHERE,), "DRAFT", APPLICANT,
            party="grantee",
        ),
        Move(
            "submit", Text("Apply", "提交申请"), ("DRAFT", "REVIEW1_FAIL", "REVIEW2_FAIL"), "REVIEW1",
            APPLICANT, party="grantee", guards=(guards.RESOURCES_AUTHORISABLE, guards.TERM),
            marks=SUBMITTED,
        ),
        Move(
            "pass_first", Text("Pass the first review", "初审通过"), ("REVIEW1",), "REVIEW2",
            REVIEWER1, guards=(guards.FOUR_EYES,), marks=FIRST_REVIEW,
        ),
        Move(
            "fail_first", Text("Fail the first review", "初审不通过"), ("REVIEW1",), "REVIEW1_FAIL",
            REVIEWER1, guards=(guards.FOUR_EYES,), marks=FIRST_REVIEW, needs_reason=True,
        ),
        Move(
            "pass_second", Text("Pass the second review", "复审通过"), ("REVIEW2",), "EFFECTIVE",
            REVIEWER2, guards=(guards.FOUR_EYES, guards.RESOURCES_AUTHORISABLE, guards.TERM),
            marks=SECOND_REVIEW,
        ),
        Move(
            "fail_second", Text("Fail the second review", "复审不通过"), ("REVIEW2",), "REVIEW2_FAIL",
            REVIEWER2, guards=(guards.FOUR_EYES,), marks=SECOND_REVIEW, needs_reason=True,
        ),
        Move(
            "suspend", Text("Suspend", "暂停"), ("EFFECTIVE",), "SUSPENDED", CIRCUIT_BREAKER,
            marks=DECIDED, needs_reason=True,
        ),
        Move(
            "resume", Text("Put back in force", "恢复"), ("SUSPENDED",), "EFFECTIVE", REVIEWER2,
            guards=(guards.TERM,), marks=DECIDED, needs_reason=True,
        ),
        Move(
            "revoke", Text("Revoke", "撤销"), ("EFFECTIVE", "SUSPENDED"), "REVOKED", REVIEWER2,
            marks=DECIDED, needs_reason=True,
        ),
        Move(
            "expire", Text("Close as expired", "到期关闭"), ("EFFECTIVE", "SUSPENDED"), "EXPIRED",
            REVIEWER1 | REVIEWER2 | SCHEDULER, guards=(guards.OVER,), marks=DECIDED,
        ),
    ),
)  # fmt: skip

PRODUCT = Machine(
    "product",
    "L5",
    states=(
        State("DRAFT", Text("Draft", "草稿"), open_to_change=True),
        State("REG_REVIEW", Text("Registration under review", "登记审核")),
        State("REG_FAILED", Text("Registration failed", "登记未通过"), open_to_change=True),
        State("REGISTERED", Text("Registered", "已登记")),
        State("LIST_REVIEW", Text("Listing under review", "上架审核")),
        State("LIST_FAILED", Text("Listing failed", "上架未通过")),
        State("LISTED", Text("Listed", "已上架")),
        State("DELISTED", Text("Delisted", "已下架")),
        State("WITHDRAWN", Text("Withdrawn", "已撤销"), final=True),
    ),
    moves=(
        Move("draft", Text("Draft", "起草"), (NOWHERE,), "DRAFT", DEVELOPER, party="owner"),
        Move(
            "submit", Text("Submit for registration", "提交登记"), ("DRAFT", "REG_FAILED"),
            "REG_REVIEW", DEVELOPER | PUBLISHER, party="owner",
            guards=(guards.SOURCES_GRANTED, guards.GRADE_INHERITED, guards.LISTABLE), marks=SUBMITTED,
        ),
        Move(
            "fail_registration", Text("Refuse the registration", "登记不通过"), ("REG_REVIEW",),
            "REG_FAILED", REGISTRAR, guards=(guards.FOUR_EYES,), marks=FIRST_REVIEW,
            needs_reason=True,
        ),
        Move(
            "register", Text("Register", "准予登记"), ("REG_REVIEW",), "REGISTERED", REGISTRAR,
            guards=(guards.FOUR_EYES, guards.SOURCES_GRANTED, guards.GRADE_INHERITED),
            marks={**FIRST_REVIEW, "registered_at": Mark.NOW},
        ),
        Move(
            "request_listing", Text("Apply for listing", "申请上架"),
            ("REGISTERED", "LIST_FAILED", "DELISTED"), "LIST_REVIEW", PUBLISHER, party="owner",
            guards=(guards.WELFARE_IS_FREE, guards.SOURCES_GRANTED),
            marks={"submitted_by": Mark.ACTOR, "submitted_at": Mark.NOW,
                   "second_reviewed_by": Mark.NOTHING, "decision_reason": Mark.NOTHING},
        ),
        Move(
            "fail_listing", Text("Refuse the listing", "上架不通过"), ("LIST_REVIEW",), "LIST_FAILED",
            LISTER, guards=(guards.FOUR_EYES,), marks=SECOND_REVIEW, needs_reason=True,
        ),
        Move(
            "list", Text("List", "准予上架"), ("LIST_REVIEW",), "LISTED", LISTER,
            guards=(guards.FOUR_EYES, guards.WELFARE_IS_FREE, guards.SOURCES_GRANTED),
            marks={**SECOND_REVIEW, "listed_at": Mark.NOW},
        ),
        Move(
            "delist", Text("Delist", "下架"), ("LISTED",), "DELISTED",
            LISTER | _roles(Role.SUPERVISOR), marks=DECIDED, needs_reason=True,
        ),
        Move(
            "take_down", Text("Take down one's own product", "自行下架"), ("LISTED",), "DELISTED",
            PUBLISHER, party="owner", marks=DECIDED, needs_reason=True,
        ),
        Move(
            "withdraw", Text("Withdraw the registration", "撤销登记"),
            ("REGISTERED", "LIST_FAILED", "DELISTED"), "WITHDRAWN", REGISTRAR,
            guards=(guards.UNUSED,), marks=DECIDED, needs_reason=True,
        ),
    ),
)  # fmt: skip

MACHINES: Final[Mapping[str, Machine]] = {
    machine.kind: machine for machine in (RESOURCE, AUTHORISATION, PRODUCT)
}
