"""Participants: the organisations and departments that take part, and the spaces they are in."""

from typing import Final

from dataspace.caller import Caller, Role
from dataspace.identifiers import is_credit_code
from dataspace.selection import Row
from dataspace.text import Text
from dataspace.validation import Problem
from hub.node import Node
from hub.operations.mechanism.done import Done, Request, once
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.mechanism.ledger import Ledger
from hub.operations.mechanism.lifecycle import Values

FIELDS: Final = (
    "name", "short_name", "aliases", "kind", "credit_code", "region", "homepage", "contact",
    "parent", "spaces",
)  # fmt: skip
CHECK_DIGIT = Text("its check digit does not fit (GB 32100)", "校验位不符（GB 32100）")


async def _prepare(request: Request, values: Values, row: Row) -> Values:
    code = values.get("credit_code")
    if code and not is_credit_code(code):
        raise FieldsInvalid("participant", [Problem("credit_code", CHECK_DIGIT)])
    return {}


LEDGER: Final = Ledger(
    "participant",
    keepers=frozenset({Role.PLATFORM_ADMIN, Role.REGISTRAR}),
    fields=FIELDS,
    prepare=_prepare,
)
enter = LEDGER.enter
amend = LEDGER.amend


async def join(node: Node, caller: Caller, id: str, space: str, *, request_id: str = "") -> Done:
    """Makes the participant a member of the space; it may be one already.

    Raises:  RoleMissing, NotFound, ReferenceMissing, MovedOn.
    """
    request = Request(
        node, caller, "participant", "join", id, request_id=request_id, given={"space": space}
    )
    return await once(request, lambda: _change_spaces(request, joined={space}, left=set()))


async def leave(node: Node, caller: Caller, id: str, space: str, *, request_id: str = "") -> Done:
    """Ends the membership; it may have ended already. Raises:  RoleMissing, NotFound, MovedOn."""
    request = Request(
        node, caller, "participant", "leave", id, request_id=request_id, given={"space": space}
    )
    return await once(request, lambda: _change_spaces(request, joined=set(), left={space}))


async def _change_spaces(request: Request, *, joined: set[str], left: set[str]) -> Done:
    row = await LEDGER.row(request)
    spaces = sorted((set(row["spaces"]) | joined) - left)
    return await LEDGER.write(request, row, values={"spaces": spaces})
