"""Members: the people who act for a participant, and the roles that they hold."""

from typing import Final

from dataspace.caller import EXCLUSIVE, HELD_BY_PEOPLE, Role
from dataspace.errors import Conflict
from dataspace.selection import Every, Page, Row, Selection, Where
from dataspace.text import Text
from dataspace.validation import Problem
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.mechanism.ledger import Ledger
from hub.operations.mechanism.lifecycle import Values

FIELDS: Final = ("name", "handler", "roles", "status")
FIXED: Final = ("username", "participant")  # whose deeds they were must stay readable
ROLES: Final = frozenset(str(role) for role in HELD_BY_PEOPLE)
NO_ROLE = Text(f"each is one of {', '.join(sorted(ROLES))}", f"须取自 {', '.join(sorted(ROLES))}")
EXCLUDE = Text("one person may not hold these roles together", "同一人不得兼任这些角色")
NO_USERNAME = Text(
    "lower-case letters, digits, dots, hyphens and underscores are needed, 3 to 80",
    "须为 3 至 80 位小写字母、数字、点、连字符或下划线",
)


class NotAdmitted(Conflict):
    """People act for participants that have been admitted."""

    code = "member.participant_not_admitted"
    title = Text("The participant {id} has not been admitted", "主体 {id} 尚未接入")
    advice = Text("Admit it first.", "请先接入该主体。")


async def _prepare(request: Request, values: Values, row: Row) -> Values:
    if problems := [*_username(values), *_roles(values)]:
        raise FieldsInvalid("member", problems)
    if row:
        return {}
    if participant := values.get("participant"):
        await _check_admitted(request, participant)
    return {"status": values.get("status") or "ACTIVE"}


def _username(values: Values) -> list[Problem]:
    """As Keycloak keeps it, so that both sides have the same name for one person."""
    name = values.get("username")
    if not name or (3 <= len(name) <= 80 and set(name) <= USERNAME_CHARACTERS):
        return []
    return [Problem("username", NO_USERNAME)]


def _roles(values: Values) -> list[Problem]:
    given = set(values.get("roles") or ())
    if given - ROLES:
        return [Problem("roles", NO_ROLE)]
    held = frozenset(Role(each) for each in given)
    return [Problem("roles", EXCLUDE)] if any(len(each & held) > 1 for each in EXCLUSIVE) else []


async def _check_admitted(request: Request, participant: str) -> None:
    where = Every((Where("id", "eq", participant), Where("standing", "eq", "ADMITTED")))
    if not (
        await request.node.catalogue.select(Selection("participant", where=where, page=Page(1)))
    ).first:
        raise NotAdmitted(id=participant)


USERNAME_CHARACTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_")
LEDGER: Final = Ledger(
    "member",
    keepers=frozenset({Role.SECADMIN}),
    fields=FIELDS,
    fixed=FIXED,
    prepare=_prepare,
    accounts=True,
)
enter = LEDGER.enter
amend = LEDGER.amend
