"""Participants: the organisations and departments that take part, and the spaces they are in."""

from dataclasses import replace
from typing import Final

from dataspace import guards
from dataspace.caller import Caller
from dataspace.errors import Conflict
from dataspace.identifiers import is_credit_code
from dataspace.lifecycles.access import PARTICIPANT, STANDING, STATE_OF
from dataspace.machine import NOWHERE, decide
from dataspace.selection import EVERYTHING, Row, Where
from dataspace.text import Text
from dataspace.validation import Problem
from hub.node import Node
from hub.operations.links.beside import those
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Done, Request, once
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.mechanism.ledger import Ledger
from hub.operations.mechanism.lifecycle import Lifecycle, Values
from hub.operations.mechanism.moving import decided_under, situation_of, told_of
from hub.operations.membership import letting_in
from hub.operations.membership.keeping import OPERATORS

FIELDS: Final = (
    "name", "short_name", "aliases", "kind", "credit_code", "region", "homepage", "contact",
    "parent", "spaces", "papers",
)  # fmt: skip
CHECK_DIGIT = Text("its check digit does not fit (GB 32100)", "校验位不符（GB 32100）")


class WithdrawnForGood(Conflict):
    """Who has left is entered anew, so that the old evidence stays that of the old part."""

    code = "participant.withdrawn"
    title = Text("{name} has withdrawn", "{name} 已退出")
    advice = Text("Enter it as another participant.", "请作为新的主体录入。")


async def _prepare(request: Request, values: Values, row: Row) -> Values:
    code = values.get("credit_code")
    if code and not is_credit_code(code):
        raise FieldsInvalid("participant", [Problem("credit_code", CHECK_DIGIT)])
    if values.get("spaces") is None or request.verb in (letting_in.JOIN, letting_in.LEAVE):
        return {}
    spaces, before = set(values["spaces"]), set(row.get("spaces") or ())
    if joined := spaces - before:
        await letting_in.may_join(request, {**row, **values}, joined)
    return letting_in.without(row, spaces) if before - spaces else {}


LEDGER: Final = Ledger(
    "participant",
    keepers=letting_in.KEEPERS,
    parties=OPERATORS,
    is_party=letting_in.is_party,
    fields=FIELDS,
    prepare=_prepare,
    accounts=True,
)
enter = LEDGER.enter
amend = LEDGER.amend


async def join(
    node: Node, caller: Caller, id: str, space: str, *, role: str = "", reason: str = "",
    request_id: str = "",
) -> Done:  # fmt: skip
    """Makes the participant a member of the space, in a role; it may be one already.

    Raises:  RoleMissing, NotFound, MovedOn, and what `letting_in.let_in` raises.
    """
    request = Request(
        node, caller, "participant", letting_in.JOIN, id, reason, request_id,
        given={"space": space, "role": role},
    )  # fmt: skip
    return await once(request, lambda: _join(request))


async def leave(
    node: Node, caller: Caller, id: str, space: str, *, reason: str = "", request_id: str = ""
) -> Done:
    """Ends the membership; it may have ended already.

    Raises:  RoleMissing, NotFound, MovedOn, ReasonMissing.
    """
    request = Request(
        node, caller, "participant", letting_in.LEAVE, id, reason, request_id,
        given={"space": space},
    )  # fmt: skip
    return await once(request, lambda: _leave(request))


class Admission(Desk):
    """Each move of the machine is told to the identity service too, as the ledger does."""

    async def move(
        self, node: Node, caller: Caller, id: str, name: str, *, reason: str = "",
        request_id: str = "",
    ) -> Done:  # fmt: skip
        """Raises:  WithdrawnForGood, and what `moving.move` raises."""
        request = Request(node, caller, "participant", name, id, reason, request_id)
        return await once(request, lambda: _move(request))


async def _move(request: Request) -> Done:
    situation = await situation_of(LIFECYCLE, request)
    row = situation.row
    if row["standing"] == "WITHDRAWN":
        raise WithdrawnForGood(name=row["name"])
    state = row["state"] or STATE_OF.get(row["standing"] or "", NOWHERE)
    step = decide(PARTICIPANT, request.verb, replace(situation, row={**row, "state": state}))
    standing = {"standing": STANDING[step.move.to]} if step.move.to in STANDING else {}
    unused = LIFECYCLE.unused(situation) if guards.UNUSED in step.move.guards else EVERYTHING
    values = {**step.values, **standing, **decided_under(LIFECYCLE, situation)}
    told = told_of(LIFECYCLE, request, situation, values=values)
    return await LEDGER.write(request, row, values=values, guard=unused, beside=told)


LIFECYCLE: Final = Lifecycle(
    PARTICIPANT,
    (),
    related=(those("people", "member", where=Where("status", "ne", "REMOVED")),),
    users={
        "authorisations_held": ("REVIEW1", "REVIEW2", "EFFECTIVE", "SUSPENDED"),
        "products": ("LIST_REVIEW", "LISTED", "DELIST_REVIEW"),
        "scenarios": ("OP_REVIEW", "AGENCY_REVIEW", "APPROVED", "ACTIVE"),
        "accountability_cases": ("OPENED", "ANSWERED"),
    },
    awaited={"SUBMITTED": "admit"},
)
DESK: Final = Admission(LIFECYCLE)
admit = DESK.moving("admit")
suspend = DESK.moving("suspend")
withdraw = DESK.moving("withdraw")


async def open_accounts(node: Node, caller: Caller, id: str, *, request_id: str = "") -> Done:
    """The identity service is told of a participant that takes part already.

    A demonstration's organisations are there before anybody keeps accounts for them.

    Raises:  RoleMissing, NotFound, MovedOn, WithdrawnForGood.
    """
    request = Request(node, caller, "participant", "open_accounts", id, request_id=request_id)
    return await once(request, lambda: _open_accounts(request))


async def _open_accounts(request: Request) -> Done:
    row = await LEDGER.row(request)
    if row["standing"] == "WITHDRAWN":
        raise WithdrawnForGood(name=row["name"])
    told = {"state": row["state"] or "ADMITTED", "standing": row["standing"] or "ADMITTED"}
    return await LEDGER.write(request, row, values=told)


async def _join(request: Request) -> Done:
    row = await LEDGER.row(request)
    changed = await letting_in.let_in(request, row)
    return await LEDGER.write(request, row, values=changed.values, beside=changed.told)


async def _leave(request: Request) -> Done:
    row = await LEDGER.row(request)
    changed = await letting_in.take_out(request, row)
    return await LEDGER.write(request, row, values=changed.values, beside=changed.told)
