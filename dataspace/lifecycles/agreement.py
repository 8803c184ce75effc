"""The machine of operation agreements: from draft over two signatures to the archive (7.2)."""

from dataspace import guards
from dataspace.lifecycles import hands
from dataspace.machine import NOWHERE, Machine, Mark, Move, State
from dataspace.text import Text

GRANTEE_SIGNS = {"grantee_signed_by": Mark.ACTOR, "grantee_signed_at": Mark.NOW}
GRANTOR_SIGNS = {"grantor_signed_by": Mark.ACTOR, "grantor_signed_at": Mark.NOW}
UNSIGNED = {
    "grantee_signed_by": Mark.NOTHING, "grantee_signed_at": Mark.NOTHING,
    "grantor_signed_by": Mark.NOTHING, "grantor_signed_at": Mark.NOTHING,
    "locked_sha256": Mark.NOTHING, "locked_at": Mark.NOTHING,
}  # fmt: skip

AGREEMENT = Machine(
    "agreement",
    "L3",
    states=(
        State("DRAFT", Text("Draft", "草案"), open_to_change=True),
        State("SETTLED", Text("Elements settled", "要素已确认")),
        State("LOCKED", Text("Locked, waits for both signatures", "正式稿，待双方签章")),
        State("GRANTEE_SIGNED", Text("Signed by who is authorised", "被授权方已签，待授权方签章")),
        State("GRANTOR_SIGNED", Text("Signed by who authorises", "授权方已签，待被授权方签章")),
        State("SIGNED", Text("Signed by both", "已双签")),
        State("VERIFIED", Text("Verified", "已核验")),
        State("ARCHIVED", Text("Archived", "已归档")),
        State("TERMINATED", Text("Terminated", "已解除"), final=True),
        State("VOID", Text("Given up", "已作废"), final=True),
    ),
    moves=(
        Move(
            "draft", Text("Draft", "起草"), (NOWHERE,), "DRAFT", hands.AGENCY, party="grantor",
        ),
        Move(
            "settle", Text("Settle the elements", "确认要素"), ("DRAFT",), "SETTLED", hands.AGENCY,
            party="grantor", guards=(guards.ELEMENTS_WHOLE,),
        ),
        Move(
            "reopen", Text("Open for changes again", "退回修改"), ("SETTLED", "LOCKED"), "DRAFT",
            hands.AGENCY, party="grantor", marks={**hands.DECIDED, **UNSIGNED}, needs_reason=True,
        ),
        Move(
            "lock", Text("Accept and lock", "同意并锁定正式稿"), ("SETTLED",), "LOCKED",
            hands.ORGANISATION, party="grantee", guards=(guards.ELEMENTS_WHOLE,),
            marks={"locked_at": Mark.NOW},
        ),
        Move(
            "sign_as_grantee", Text("Sign for who is authorised", "被授权方签章"), ("LOCKED",),
            "GRANTEE_SIGNED", hands.ORGANISATION, party="grantee", guards=(guards.AS_LOCKED,),
            marks=GRANTEE_SIGNS,
        ),
        Move(
            "sign_as_grantor", Text("Sign for who authorises", "授权方签章"), ("LOCKED",),
            "GRANTOR_SIGNED", hands.AGENCY, party="grantor", guards=(guards.AS_LOCKED,),
            marks=GRANTOR_SIGNS,
        ),
        Move(
            "countersign_as_grantee", Text("Countersign for who is authorised", "被授权方副签"),
            ("GRANTOR_SIGNED",), "SIGNED", hands.ORGANISATION, party="grantee",
            guards=(guards.AS_LOCKED,), marks=GRANTEE_SIGNS,
        ),
        Move(
            "countersign_as_grantor", Text("Countersign for who authorises", "授权方副签"),
            ("GRANTEE_SIGNED",), "SIGNED", hands.AGENCY, party="grantor",
            guards=(guards.AS_LOCKED,), marks=GRANTOR_SIGNS,
        ),
        Move(
            "verify", Text("Verify both signatures", "核验双方签章"), ("SIGNED",), "VERIFIED",
            hands.APPROVER | hands.SCHEDULER, guards=(guards.SIGNED,),
        ),
        Move(
            "archive", Text("Archive", "归档"), ("VERIFIED",), "ARCHIVED",
            hands.APPROVER | hands.SCHEDULER, guards=(guards.SIGNED, guards.LETTER),
            marks={"archived_at": Mark.NOW},
        ),
        # A letter may be missing, or a signature be wrong: the parties begin anew.
        Move(
            "give_up", Text("Give it up", "作废"),
            ("DRAFT", "SETTLED", "LOCKED", "GRANTEE_SIGNED", "GRANTOR_SIGNED", "SIGNED", "VERIFIED"),
            "VOID", hands.AGENCY, party="grantor", marks=hands.DECIDED, needs_reason=True,
        ),
        # On the grounds that it names; grants that rest on it are closed before.
        Move(
            "terminate", Text("Terminate it", "解除协议"), ("ARCHIVED",), "TERMINATED",
            hands.AGENCY, party="grantor", guards=(guards.UNUSED,), marks=hands.DECIDED,
            needs_reason=True,
        ),
    ),
)  # fmt: skip
