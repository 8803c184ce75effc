"""Acting for a colleague who is absent: given by the absent one, for some roles and a while.

Whoever acts does so under their own name. Each use is a record of evidence in the change set of
what was done, which is applied only while the delegation is in force then.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from dataspace.caller import Caller, Role, check_exclusive
from dataspace.change import Amend, Create
from dataspace.errors import Conflict, NotFound, Refused
from dataspace.quantity import read_moment, written
from dataspace.selection import Page, Row, Selection, Where
from dataspace.text import Text
from dataspace.validation import Problem
from hub.node import Node
from hub.operations.mechanism.done import Done, Request, carry_out, once
from hub.operations.mechanism.input import FieldsInvalid, accepted, check_whole
from hub.operations.mechanism.lifecycle import Values
from hub.operations.mechanism.moving import after
from hub.operations.mechanism.reading import ends, flat, seen
from hub.operations.tasks.acting import MEMBER, roles_of

FIELDS: Final = ("deputy", "roles", "starts_at", "ends_at", "reason")
DAYS_MAX: Final = 90
NOT_HELD = Text("only roles that you hold yourself", "只能委托本人具备的角色")
TOO_LONG = Text(
    f"after the start, and at most {DAYS_MAX} days", f"须晚于开始时间，且不超过 {DAYS_MAX} 天"
)
NO_COLLEAGUE = Text("an active colleague of your participant", "须为本主体的在职同事")


class NoMember(Refused):
    """Only people who are entered as members have colleagues who could act for them."""

    code = "delegation.no_member"
    title = Text("{subject} is not entered as a member", "{subject} 未登记为成员")
    advice = Text("The security administrator enters you.", "请由安全管理员登记。")


class DelegationPassedOn(Conflict):
    """What was delegated is not delegated any further."""

    code = "delegation.passed_on"
    title = Text("Whoever acts for a colleague does not delegate", "代办人不得转委托")
    advice = Text("Act under your own name.", "请以本人身份办理。")


async def grant(
    node: Node, caller: Caller, values: Mapping[str, Any], *, request_id: str = ""
) -> Done:
    """Raises:  DelegationPassedOn, NoMember, FieldsInvalid, RolesExclude for what both together
    may not hold."""
    request = Request(node, caller, "delegation", "grant", request_id=request_id, given=values)
    return await once(request, lambda: _grant(request, values))


async def end(
    node: Node, caller: Caller, id: str, *, reason: str = "", request_id: str = ""
) -> Done:
    """By whoever gave it. Raises:  NotFound."""
    request = Request(node, caller, "delegation", "end", id, reason, request_id)
    return await once(request, lambda: _end(request))


async def _grant(request: Request, values: Mapping[str, Any]) -> Done:
    if request.caller.delegation:
        raise DelegationPassedOn()
    given = accepted("delegation", values, fields=FIELDS)
    absent = await _member(request, Where("subject", "eq", request.caller.subject))
    if absent is None:
        raise NoMember(subject=request.caller.subject)
    deputy = await _member(request, Where("id", "eq", given.get("deputy") or ""))
    if problems := _problems(request.caller, given, absent, deputy):
        raise FieldsInvalid("delegation", problems)
    assert deputy is not None
    delegated = frozenset(Role(each) for each in given["roles"])
    check_exclusive(deputy["subject"] or deputy["id"], delegated | roles_of(deputy))
    moment = written(request.now)
    kept = {
        **given, "delegator": absent["id"], "status": "GRANTED", "created_at": moment,
        "changed_at": moment,
    }  # fmt: skip
    check_whole("delegation", kept)
    id_ = request.own_id("dlg")
    change = Create("delegation", id_, kept, request.act)
    return await carry_out(
        request, id_, changes=(change,), values={**kept, "id": id_, "version": 1}
    )


def _problems(caller: Caller, given: Values, absent: Row, deputy: Row | None) -> list[Problem]:
    found: list[Problem] = []
    if (
        deputy is None
        or deputy["status"] != "ACTIVE"
        or deputy["id"] == absent["id"]
        or deputy["participant"] != absent["participant"]
    ):
        found.append(Problem("deputy", NO_COLLEAGUE))
    roles = set(given.get("roles") or ())
    if not roles or roles - set(caller.roles):
        found.append(Problem("roles", NOT_HELD))
    start, until = given.get("starts_at"), given.get("ends_at")
    if start and until:
        length = read_moment(until) - read_moment(start)
        if not timedelta() < length <= timedelta(days=DAYS_MAX):
            found.append(Problem("ends_at", TOO_LONG))
    return found


def _are_colleagues(absent: Row, deputy: Row | None) -> bool:
    return (
        deputy is not None
        and deputy["status"] == "ACTIVE"
        and deputy["id"] != absent["id"]
        and deputy["participant"] == absent["participant"]
    )


async def _member(request: Request, where: Where) -> Row | None:
    selection = Selection(
        "member", MEMBER, where, page=Page(1), children=(ends("participant", "participant"),)
    )
    row = (await request.node.catalogue.select(selection)).first
    return flat(row) if row else None


async def _end(request: Request) -> Done:
    related = (ends("delegator", "member", "subject"),)
    row = await seen(request.node, request.caller, "delegation", id=request.id, related=related)
    if row["delegator"]["subject"] != request.caller.subject:
        raise NotFound(kind="delegation", id=request.id)
    values = {"status": "ENDED", "changed_at": written(request.now)}
    change = Amend("delegation", request.id, values, request.act, version=row["version"])
    return await carry_out(request, request.id, changes=(change,), values=after(flat(row), values))
