"""The machine of data products (L5)."""

from dataspace import guards
from dataspace.lifecycles import hands
from dataspace.machine import NOWHERE, Machine, Mark, Move, State
from dataspace.text import Text

# Who registered it stays, for another person has to list it.
APPLIED_AGAIN = {
    "submitted_by": Mark.ACTOR, "submitted_handler": Mark.HANDLER, "submitted_at": Mark.NOW,
    "second_reviewed_by": Mark.NOTHING, "second_reviewed_handler": Mark.NOTHING,
    "decision_reason": Mark.NOTHING, **hands.ANEW,
}  # fmt: skip

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
        State("DELIST_REVIEW", Text("Delisting under review", "下架审核")),
        State("DELISTED", Text("Delisted", "已下架")),
        State("WITHDRAW_REVIEW", Text("Withdrawal under review", "撤销审核")),
        State("WITHDRAW_FAILED", Text("Withdrawal refused", "撤销未通过")),
        State("WITHDRAWN", Text("Withdrawn", "已撤销"), final=True),
    ),
    moves=(
        Move("draft", Text("Draft", "起草"), (NOWHERE,), "DRAFT", hands.DEVELOPER, party="owner"),
        Move(
            "submit", Text("Submit for registration", "提交登记"), ("DRAFT", "REG_FAILED"),
            "REG_REVIEW", hands.DEVELOPER | hands.PUBLISHER, party="owner",
            guards=(
                guards.ADMITTED, guards.SPACE_OPEN, guards.SOURCES_GRANTED, guards.GRADE_INHERITED, guards.LISTABLE,
                guards.REVIEWED, guards.ATTACHED, guards.PROFILED,
            ),
            marks={**hands.SUBMITTED, **hands.ANEW},
        ),
        Move(
            "fail_registration", Text("Refuse the registration", "登记不通过"), ("REG_REVIEW",),
            "REG_FAILED", hands.REGISTRAR, guards=(guards.FOUR_EYES,), marks=hands.FIRST_REVIEW,
            needs_reason=True,
        ),
        Move(
            "register", Text("Register", "准予登记"), ("REG_REVIEW",), "REGISTERED", hands.REGISTRAR,
            guards=(
                guards.FOUR_EYES, guards.SOURCES_GRANTED, guards.GRADE_INHERITED, guards.REVIEWED,
                guards.ATTACHED, guards.PROFILED,
            ),
            marks={**hands.FIRST_REVIEW, "registered_at": Mark.NOW},
        ),
        Move(
            "request_listing", Text("Apply for listing", "申请上架"),
            ("REGISTERED", "LIST_FAILED", "DELISTED", "WITHDRAW_FAILED"), "LIST_REVIEW",
            hands.PUBLISHER, party="owner",
            guards=(
                guards.ADMITTED, guards.SPACE_OPEN, guards.WELFARE_IS_FREE, guards.PRICE_CAPPED,
                guards.SOURCES_GRANTED, guards.NOT_SUSPENDED,
            ),
            marks=APPLIED_AGAIN,
        ),
        Move(
            "fail_listing", Text("Refuse the listing", "上架不通过"), ("LIST_REVIEW",), "LIST_FAILED",
            hands.LISTER, guards=(guards.FOUR_EYES,), marks=hands.SECOND_REVIEW, needs_reason=True,
        ),
        hands.countersign("product", "LIST_REVIEW"),
        Move(
            "list", Text("List", "准予上架"), ("LIST_REVIEW",), "LISTED", hands.LISTER,
            guards=(
                *hands.EYES, guards.SPACE_OPEN, guards.WELFARE_IS_FREE, guards.PRICE_CAPPED,
                guards.SOURCES_GRANTED, guards.NOT_SUSPENDED,
            ),
            marks={**hands.SECOND_REVIEW, "listed_at": Mark.NOW},
        ),
        Move(
            "delist", Text("Delist", "下架"), ("LISTED", "DELIST_REVIEW"), "DELISTED",
            hands.LISTER | hands.SUPERVISOR, marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "take_down", Text("Apply for taking it down", "申请下架"), ("LISTED",), "DELIST_REVIEW",
            hands.PUBLISHER, party="owner", marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "keep_listed", Text("Refuse the delisting", "不予下架"), ("DELIST_REVIEW",), "LISTED",
            hands.LISTER, marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "request_withdrawal", Text("Apply for withdrawal", "申请撤销登记"),
            ("REGISTERED", "LIST_FAILED", "DELISTED", "WITHDRAW_FAILED"), "WITHDRAW_REVIEW",
            hands.PUBLISHER, party="owner", guards=(guards.UNUSED,), marks=hands.DECIDED,
            needs_reason=True,
        ),
        Move(
            "fail_withdrawal", Text("Refuse the withdrawal", "撤销不通过"), ("WITHDRAW_REVIEW",),
            "WITHDRAW_FAILED", hands.REGISTRAR, marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "withdraw", Text("Withdraw the registration", "撤销登记"),
            ("REGISTERED", "LIST_FAILED", "DELISTED", "WITHDRAW_REVIEW", "WITHDRAW_FAILED"),
            "WITHDRAWN", hands.REGISTRAR, guards=(guards.UNUSED,), marks=hands.DECIDED,
            needs_reason=True,
        ),
    ),
)  # fmt: skip
