"""What the machines share: who moves, and what a move notes of those who did."""

from typing import Final

from dataspace.caller import Role
from dataspace.guards import ENOUGH_EYES, FOUR_EYES, MAY_COUNTERSIGN, REVIEWERS
from dataspace.machine import Mark, Move
from dataspace.text import Text

SUBMITTED: Final = {
    "submitted_by": Mark.ACTOR,
    "submitted_handler": Mark.HANDLER,
    "submitted_at": Mark.NOW,
    "reviewed_by": Mark.NOTHING,
    "reviewed_handler": Mark.NOTHING,
    "second_reviewed_by": Mark.NOTHING,
    "second_reviewed_handler": Mark.NOTHING,
    "decision_reason": Mark.NOTHING,
}
FIRST_REVIEW: Final = {
    "reviewed_by": Mark.ACTOR, "reviewed_handler": Mark.HANDLER, "decision_reason": Mark.REASON,
}  # fmt: skip
SECOND_REVIEW: Final = {
    "second_reviewed_by": Mark.ACTOR, "second_reviewed_handler": Mark.HANDLER,
    "decision_reason": Mark.REASON,
}  # fmt: skip
# Where the rules may ask for more people than the machine does.
COUNTERSIGNED: Final = {
    "countersigned_by": Mark.ALSO_ACTOR, "countersigned_handlers": Mark.ALSO_HANDLER,
    "countersigned_roles": Mark.ALSO_ROLES,
}  # fmt: skip
ANEW: Final = dict.fromkeys(COUNTERSIGNED, Mark.NOTHING)
EYES: Final = (FOUR_EYES, ENOUGH_EYES)
DECIDED: Final = {"decision_reason": Mark.REASON}
STOPPED: Final = {**DECIDED, "stopped_at": Mark.NOW}
RUNS_AGAIN: Final = {
    **DECIDED,
    **dict.fromkeys(("stopped_at", "stop_planned_at", "stop_announced_at"), Mark.NOTHING),
}


def roles_of(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


STEWARD = roles_of(Role.DATA_STEWARD)
REGISTRAR = roles_of(Role.REGISTRAR)
APPROVER = roles_of(Role.REG_APPROVER)
APPLICANT = roles_of(Role.DEVELOPER, Role.ORG_ADMIN)
REVIEWER1 = roles_of(Role.AGENCY_REVIEWER1)
REVIEWER2 = roles_of(Role.AGENCY_REVIEWER2)
CIRCUIT_BREAKER = roles_of(
    Role.SUPERVISOR, Role.AGENCY_REVIEWER1, Role.AGENCY_REVIEWER2, Role.SCHEDULER
)
DEVELOPER = roles_of(Role.DEVELOPER)
PUBLISHER = roles_of(Role.PRODUCT_PUBLISHER)
LISTER = roles_of(Role.SUB_APPROVER)

# Whoever acts for an organisation that a registration may touch.
THIRD_PARTY = roles_of(
    Role.ORG_ADMIN, Role.DATA_STEWARD, Role.DATA_REQUESTER, Role.DEVELOPER, Role.PRODUCT_BUYER
)
SUPERVISOR = roles_of(Role.SUPERVISOR)
SCHEDULER = roles_of(Role.SCHEDULER)
AGENCY = roles_of(Role.AGENCY_REVIEWER1, Role.AGENCY_REVIEWER2)
ORGANISATION = roles_of(Role.ORG_ADMIN)
FILER = roles_of(Role.ORG_ADMIN, Role.AGENCY_REVIEWER1)
OWNER = DEVELOPER | PUBLISHER
# The operator reviews what developers made; what the operator made is the agency's to review.
REVIEWER = roles_of(Role.SUB_APPROVER, Role.AGENCY_REVIEWER1)
# Runs the machines that the city's data are worked on with (数据基础设施运营方).
INFRASTRUCTURE = roles_of(Role.PLATFORM_ADMIN)
# Whoever lets organisations in and out: the bureau's registrar, and who runs the platform.
DOOR = roles_of(Role.PLATFORM_ADMIN, Role.REGISTRAR)


def countersign(kind: str, state: str) -> Move:
    """Somebody more looks at it before the last decision, where the rules ask for that (会签)."""
    return Move(
        "countersign", Text("Countersign", "会签"), (state,), state, REVIEWERS[kind],
        guards=(FOUR_EYES, MAY_COUNTERSIGN), marks=COUNTERSIGNED,
    )  # fmt: skip
