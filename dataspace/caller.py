"""Who is asking: what the identity port says of a token's holder."""

from dataclasses import dataclass
from enum import StrEnum

from dataspace.errors import Conflict
from dataspace.text import Text


class Role(StrEnum):
    """Fine roles seen in working systems, as realm roles (docs/explanation/roles.md)."""

    ORG_ADMIN = "org_admin"
    DATA_STEWARD = "data_steward"
    REGISTRAR = "registrar"
    REG_APPROVER = "reg_approver"
    DEVELOPER = "developer"
    PRODUCT_PUBLISHER = "product_publisher"
    PRODUCT_BUYER = "product_buyer"
    DATA_REQUESTER = "data_requester"
    SUB_APPROVER = "sub_approver"
    DEMAND_PUBLISHER = "demand_publisher"
    DEMAND_TAKER = "demand_taker"
    AGENCY_REVIEWER1 = "agency_reviewer1"
    AGENCY_REVIEWER2 = "agency_reviewer2"
    SUPERVISOR = "supervisor"
    PLATFORM_ADMIN = "platform_admin"
    SYSADMIN = "sysadmin"
    SECADMIN = "secadmin"
    AUDITOR = "auditor"
    SCHEDULER = "scheduler"


# The scheduler is the hub itself, at work on a job: no token carries its role, no one is given it.
HELD_BY_PEOPLE: frozenset[Role] = frozenset(Role) - {Role.SCHEDULER}
# 三员分立: the three administrators are three people; so are the agency's two reviewers.
EXCLUSIVE: tuple[frozenset[Role], ...] = (
    frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR}),
    frozenset({Role.AGENCY_REVIEWER1, Role.AGENCY_REVIEWER2}),
    frozenset({Role.PLATFORM_ADMIN, Role.REGISTRAR}),
    frozenset({Role.PLATFORM_ADMIN, Role.REG_APPROVER}),
)


class RolesExclude(Conflict):
    """One person holds two roles that keep an eye on each other."""

    code = "identity.roles_exclude"
    title = Text("{subject} may not hold both {roles}", "{subject} 不得同时担任 {roles}")
    advice = Text(
        "The security administrator removes one of the roles.", "请由安全管理员撤去其中一个角色。"
    )


@dataclass(frozen=True, slots=True)
class Caller:
    """`subject` is the token's `sub`; `participant` the id of the organisation acted for.

    `handler` is the identity of the natural person (经办人), the same in all accounts that one
    person has; empty where it is not known.
    """

    subject: str = ""
    name: str = ""
    roles: frozenset[Role] = frozenset()
    participant: str = ""
    spaces: tuple[str, ...] = ()
    client: str = ""
    handler: str = ""

    @property
    def signed_in(self) -> bool:
        return bool(self.subject)

    def holds(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


ANYONE = Caller()


def check_exclusive(subject: str, roles: frozenset[Role]) -> None:
    """Raises:  RolesExclude."""
    for group in EXCLUSIVE:
        if len(held := group & roles) > 1:
            raise RolesExclude(subject=subject, roles=", ".join(sorted(held)))
