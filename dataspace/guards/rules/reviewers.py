"""G-EYES and G-COUNTERSIGN: as many people decide, of the roles, as the rules say (审核人数与角色).

A machine has its own reviews. Where the rules ask for more people, or for roles that the machine
does not ask, somebody else countersigns (会签) before the last decision. The hub itself, when it
registers what nobody objected to, stands in the approver's place: silence was the second eye.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dataspace.caller import Role
from dataspace.guards.rules.refusals import (
    NoCountersignature,
    NotAReviewer,
    ReviewerRoleMissing,
    TooFewReviewers,
)
from dataspace.machine import Guard, Situation
from dataspace.text import Text

# Whose reviews a machine has by itself. A participant is let in by either of the two.
DECIDERS: Final[Mapping[str, frozenset[Role]]] = {
    "participant": frozenset({Role.PLATFORM_ADMIN, Role.REGISTRAR}),
    "resource": frozenset({Role.REGISTRAR, Role.REG_APPROVER}),
    "authorisation": frozenset({Role.AGENCY_REVIEWER1, Role.AGENCY_REVIEWER2}),
    "product": frozenset({Role.REGISTRAR, Role.SUB_APPROVER}),
}
# Who may be asked for one more look: the bureau's, the agency's and the supervisor's people, and
# whoever decides anyway. An auditor looks back and decides nothing.
_STAFF: Final = frozenset({
    Role.REGISTRAR, Role.REG_APPROVER, Role.AGENCY_REVIEWER1, Role.AGENCY_REVIEWER2,
    Role.SUPERVISOR,
})  # fmt: skip
REVIEWERS: Final[Mapping[str, frozenset[Role]]] = {
    kind: _STAFF | deciders for kind, deciders in DECIDERS.items()
}
EITHER: Final = ("participant",)
# Let in again, when the cause is gone: that it takes part was decided before.
DECIDED_BEFORE: Final = ("FROZEN",)


@dataclass(frozen=True)
class Review:
    """What the rules ask of the last decision about an object, and who reviewed it before."""

    situation: Situation

    @property
    def rule_of_people(self) -> str:
        return f"{self.situation.kind}.reviewers_min"

    @property
    def rule_of_roles(self) -> str:
        return f"{self.situation.kind}.reviewing_roles"

    @property
    def people_min(self) -> int:
        return int(self.situation.rule(self.rule_of_people, 0))

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(self.situation.rule(self.rule_of_roles, frozenset()))

    @property
    def reviewers(self) -> frozenset[str]:
        """Everybody whose review stands on the row."""
        row = self.situation.row
        each = (row.get("reviewed_by"), row.get("second_reviewed_by"))
        return frozenset(filter(None, (*each, *(row.get("countersigned_by") or ()))))

    @property
    def roles_lacking(self) -> frozenset[str]:
        """Roles that the machine does not ask and that nobody has countersigned in."""
        kind = self.situation.kind
        asked = frozenset() if kind in EITHER else DECIDERS[kind]
        return self.roles - asked - set(self.situation.row.get("countersigned_roles") or ())

    @property
    def short_of_people(self) -> bool:
        """Whether somebody more has to look at it beside whoever makes the last decision."""
        return self.people_min > len(self.reviewers) + 1

    @property
    def countersigners(self) -> frozenset[str]:
        """The roles of which somebody is wanted to countersign; none when nobody is."""
        anybody = self.roles | DECIDERS[self.situation.kind] if self.short_of_people else set()
        return self.roles_lacking | anybody


def _enough_eyes(situation: Situation) -> None:
    review, caller = Review(situation), situation.caller
    if situation.state in DECIDED_BEFORE:
        return
    people = review.reviewers | {caller.subject}
    if len(people) < review.people_min:
        raise TooFewReviewers(
            id=situation.row.get("id", ""), reviewers=", ".join(sorted(people)),
            count=len(people), needed=review.people_min, rule=review.rule_of_people,
            edition=situation.edition(review.rule_of_people),
        )  # fmt: skip
    if lacking := sorted(review.roles_lacking - caller.roles):
        raise ReviewerRoleMissing(
            id=situation.row.get("id", ""), roles=", ".join(lacking), rule=review.rule_of_roles,
            edition=situation.edition(review.rule_of_roles),
        )  # fmt: skip


def _may_countersign(situation: Situation) -> None:
    review, id_ = Review(situation), situation.row.get("id", "")
    wanted = review.countersigners
    if not wanted:
        raise NoCountersignature(
            id=id_, needed=review.people_min, rule=review.rule_of_people,
            edition=situation.edition(review.rule_of_people),
        )  # fmt: skip
    if wanted.isdisjoint(situation.caller.roles):
        raise NotAReviewer(
            id=id_, roles=", ".join(sorted(wanted)), rule=review.rule_of_roles,
            edition=situation.edition(review.rule_of_roles),
        )  # fmt: skip


ENOUGH_EYES = Guard(
    "G-EYES",
    Text(
        "As many people, of the roles, as the rules say have looked at it",
        "审核人数与审核角色符合规则要求",
    ),
    _enough_eyes,
)
MAY_COUNTERSIGN = Guard(
    "G-COUNTERSIGN",
    Text("The rules ask for one more reviewer, such as this one", "规则要求由该角色会签"),
    _may_countersign,
)
