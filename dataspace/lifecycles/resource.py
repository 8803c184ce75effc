"""The machine of public data resources (L2)."""

from dataspace import guards
from dataspace.lifecycles import hands
from dataspace.machine import NOWHERE, Machine, Mark, Move, State
from dataspace.text import Text

OBJECTED = {
    "objected_by": Mark.ACTOR,
    "objected_handler": Mark.HANDLER,
    "objected_at": Mark.NOW,
    "objection_ground": Mark.REASON,
}

RESOURCE = Machine(
    "resource",
    "L2",
    states=(
        State("DRAFT", Text("Draft", "草稿"), open_to_change=True),
        State("SUBMITTED", Text("Submitted", "已提交")),
        State("FORM_REVIEW", Text("Formal review", "形式审核")),
        State("RETURNED", Text("Returned", "提交未通过"), open_to_change=True),
        State("PUBLICITY", Text("Publicity", "公示")),
        State("OBJECTED", Text("Objected to", "异议处理")),
        State("REGISTERED", Text("Registered", "已登记")),
        State("AUTHORISABLE", Text("Authorisable", "可授权")),
        State("EXPIRING", Text("To be renewed", "待续期")),
        State("EXPIRED", Text("Registration expired", "登记已到期")),
        State("CANCELLED", Text("Cancelled", "注销登记"), final=True),
    ),
    moves=(
        Move("draft", Text("Compile", "编目"), (NOWHERE,), "DRAFT", hands.STEWARD, party="provider"),
        Move(
            "submit", Text("Submit for registration", "提交首次登记"), ("DRAFT", "RETURNED"), "SUBMITTED",
            hands.STEWARD, party="provider",
            guards=(
                guards.COMPLETE, guards.REGISTRABLE, guards.ATTACHED, guards.ONE_SOURCE,
                guards.PROFILED, guards.SPACE_OPEN,
            ),
            marks={**hands.SUBMITTED, **hands.ANEW},
        ),
        Move(
            "withdraw", Text("Take back", "撤回"), ("SUBMITTED",), "DRAFT",
            hands.STEWARD, party="provider",
        ),
        Move("take_in", Text("Take in", "受理"), ("SUBMITTED",), "FORM_REVIEW", hands.REGISTRAR),
        Move(
            "return", Text("Return as lacking", "退回补正"), ("FORM_REVIEW",), "RETURNED", hands.REGISTRAR,
            guards=(guards.FOUR_EYES,), marks=hands.FIRST_REVIEW, needs_reason=True,
        ),
        Move(
            "pass", Text("Pass the formal review", "形式审核通过"), ("FORM_REVIEW",), "PUBLICITY",
            hands.REGISTRAR, guards=(guards.FOUR_EYES, guards.COMPLETE, guards.ATTACHED, guards.PROFILED),
            marks={**hands.FIRST_REVIEW, "public_since": Mark.NOW},
        ),
        hands.countersign("resource", "PUBLICITY"),
        Move(
            "refuse", Text("Refuse the registration", "不予登记"), ("PUBLICITY",), "RETURNED", hands.APPROVER,
            guards=(guards.FOUR_EYES,), marks=hands.SECOND_REVIEW, needs_reason=True,
        ),
        Move(
            "object", Text("Object", "提出异议"), ("PUBLICITY",), "OBJECTED", hands.THIRD_PARTY,
            guards=(guards.THIRD_PARTY,), marks=OBJECTED, needs_reason=True,
        ),
        Move(
            "uphold_objection", Text("Uphold the objection", "异议成立"), ("OBJECTED",), "RETURNED",
            hands.REGISTRAR | hands.APPROVER, guards=(guards.FOUR_EYES,), marks=hands.DECIDED,
            needs_reason=True,
        ),
        Move(
            "dismiss_objection", Text("Dismiss the objection", "异议不成立"), ("OBJECTED",),
            "PUBLICITY", hands.REGISTRAR | hands.APPROVER, guards=(guards.FOUR_EYES,),
            marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "register", Text("Register", "准予登记"), ("PUBLICITY",), "REGISTERED",
            hands.APPROVER | hands.SCHEDULER,
            guards=(
                *hands.EYES, guards.PUBLISHED, guards.COMPLETE, guards.REGISTRABLE, guards.ABOVE_FLOORS,
                guards.SPACE_OPEN,
            ),
            marks={**hands.SECOND_REVIEW, "registered_at": Mark.NOW},
        ),
        # A public portal does not say it, and nobody of its departments may be at work here.
        Move(
            "declare_authorisable", Text("Declare that it may be authorised", "认定可授权"),
            ("REGISTERED",), "REGISTERED", hands.APPROVER, guards=(guards.NOT_STATED, guards.OFFERABLE),
            marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "offer", Text("Put on the authorisable list", "列入可授权清单"), ("REGISTERED",),
            "AUTHORISABLE", hands.REGISTRAR, guards=(guards.AUTHORISABLE, guards.OFFERABLE), marks=hands.DECIDED,
        ),
        Move(
            "unlist", Text("Take off the authorisable list", "移出可授权清单"), ("AUTHORISABLE",),
            "REGISTERED", hands.REGISTRAR, guards=(guards.UNUSED,), marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "open_renewal", Text("Open the renewal", "开放续期"), ("REGISTERED", "AUTHORISABLE"),
            "EXPIRING", hands.REGISTRAR | hands.SCHEDULER, guards=(guards.RENEWABLE,),
            marks=hands.DECIDED,
        ),
        Move(
            "renew", Text("Renew the registration", "续期登记"), ("EXPIRING",), "REGISTERED",
            hands.APPROVER, guards=(guards.WAS_NOT_LISTED, guards.COMPLETE, guards.REGISTRABLE, guards.ABOVE_FLOORS),
            marks=hands.DECIDED,
        ),
        # Grants over it stay in force all the while, so it never leaves the list for a moment.
        Move(
            "renew_listed", Text("Renew, back on the authorisable list", "续期登记并保留在清单"),
            ("EXPIRING",), "AUTHORISABLE", hands.APPROVER,
            guards=(guards.WAS_LISTED, guards.COMPLETE, guards.OFFERABLE, guards.ABOVE_FLOORS),
            marks=hands.DECIDED,
        ),
        Move(
            "expire", Text("Close as expired", "登记到期关闭"), ("EXPIRING",), "EXPIRED",
            hands.REGISTRAR | hands.SCHEDULER, guards=(guards.OVER, guards.UNUSED),
            marks=hands.DECIDED,
        ),
        Move(
            "reopen", Text("Register anew", "重新编目登记"), ("EXPIRED",), "DRAFT", hands.STEWARD,
            party="provider",
        ),
        Move(
            "cancel", Text("Cancel the registration", "注销登记"),
            ("REGISTERED", "AUTHORISABLE", "EXPIRING", "EXPIRED"), "CANCELLED", hands.APPROVER, guards=(guards.UNUSED,), marks=hands.DECIDED, needs_reason=True,
        ),
    ),
)  # fmt: skip
