"""The machines of change registrations of resources (L2) and of products (L5)."""

from dataspace import guards
from dataspace.caller import Role
from dataspace.lifecycles import hands
from dataspace.machine import NOWHERE, Guard, Machine, Move, State
from dataspace.text import Text


def _changes(
    kind: str, link: str, *, party: str, proposer: frozenset[Role], reviewer: frozenset[Role],
    holds: tuple[Guard, ...],
) -> Machine:  # fmt: skip
    """`holds` is what the entry must fulfil as it will be, when it is asked for and when it passes."""
    return Machine(
        kind,
        link,
        states=(
            State("DRAFT", Text("Draft", "草稿"), open_to_change=True),
            State("CHANGE_REVIEW", Text("Change under review", "变更审核")),
            State("CHANGE_FAILED", Text("Change refused", "变更未通过"), open_to_change=True),
            State("PASSED", Text("Changed", "已变更"), final=True),
            State("TAKEN_BACK", Text("Taken back", "已撤回"), final=True),
        ),
        moves=(
            Move("draft", Text("Draft", "起草"), (NOWHERE,), "DRAFT", proposer, party=party),
            Move(
                "submit", Text("Apply for the change", "提交变更登记"), ("DRAFT", "CHANGE_FAILED"),
                "CHANGE_REVIEW", proposer, party=party, guards=holds, marks=hands.SUBMITTED,
            ),
            Move(
                "pass", Text("Pass the change", "变更登记通过"), ("CHANGE_REVIEW",), "PASSED",
                reviewer, guards=(guards.FOUR_EYES, *holds), marks=hands.FIRST_REVIEW,
            ),
            Move(
                "refuse", Text("Refuse the change", "变更登记不通过"), ("CHANGE_REVIEW",),
                "CHANGE_FAILED", reviewer, guards=(guards.FOUR_EYES,), marks=hands.FIRST_REVIEW,
                needs_reason=True,
            ),
            Move(
                "take_back", Text("Take back", "撤回变更"), ("CHANGE_REVIEW", "CHANGE_FAILED"),
                "TAKEN_BACK", proposer, party=party,
            ),
        ),
    )  # fmt: skip


RESOURCE_CHANGE = _changes(
    "resource_change", "L2", party="provider", proposer=hands.STEWARD, reviewer=hands.REGISTRAR,
    holds=(guards.CHANGEABLE, guards.CHANGED_RESOURCE),
)  # fmt: skip
PRODUCT_CHANGE = _changes(
    "product_change", "L5", party="owner", proposer=hands.OWNER, reviewer=hands.REGISTRAR,
    holds=(guards.ADMITTED, guards.CHANGEABLE, guards.CHANGED_PRODUCT),
)  # fmt: skip
