"""Quality rules of a resource: stated and amended by its department, or by the registrar."""

from typing import Final

from dataspace.caller import Caller, Role
from dataspace.change import Remove
from dataspace.errors import NotFound
from dataspace.quality.rules import check
from dataspace.refusals import NotYours
from dataspace.selection import Every, Page, Row, Selection, Where
from dataspace.validation import MISSING, Problem
from dataspace.visibility import is_staff, visible
from hub.node import Node
from hub.operations.mechanism.done import Done, Request, carry_out, once
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.mechanism.ledger import Ledger
from hub.operations.mechanism.lifecycle import Values
from hub.operations.mechanism.reading import ends
from hub.operations.quality.subjects import rule_of

KEEPERS: Final = frozenset({Role.DATA_STEWARD, Role.REGISTRAR})
FIELDS: Final = (
    "column", "columns", "values", "pattern", "minimum", "maximum", "comparison", "other_column",
    "other", "weight",
)  # fmt: skip
FIXED: Final = ("kind", "resource")


async def _prepare(request: Request, values: Values, row: Row) -> Values:
    """That it is whole, and that its department, or the registrar, states it."""
    resource = row.get("resource") or values.get("resource")
    if not resource or not (row or values.get("kind")):
        lacking = [each for each in FIXED if not values.get(each)]
        raise FieldsInvalid("quality_rule", [Problem(each, MISSING) for each in lacking])
    check(rule_of({**row, **values}))
    if other := values.get("other"):
        await _seen(request, other)
    department = await _seen(request, resource)
    if not is_staff(request.caller) and department != request.caller.participant:
        raise NotYours(move=request.verb, party="provider", id=resource)
    return {} if row else {"department": department}


async def _seen(request: Request, resource: str) -> str:
    """The provider of a resource that the caller may see. Raises:  NotFound."""
    where = Every((Where("id", "eq", resource), visible(request.caller)["resource"]))
    selection = Selection(
        "resource", ("id",), where, page=Page(1), children=(ends("provider", "participant"),)
    )
    found = (await request.node.catalogue.select(selection)).first
    if found is None:
        raise NotFound(kind="resource", id=resource)
    return str(found["provider"]["id"])


async def remove(
    node: Node, caller: Caller, id: str, *, reason: str = "", request_id: str = ""
) -> Done:
    """Takes a rule back; runs that applied it keep what they found.

    Raises:  RoleMissing, NotFound, NotYours, MovedOn.
    """
    request = Request(node, caller, "quality_rule", "remove", id, reason, request_id)
    return await once(request, lambda: _remove(request))


async def _remove(request: Request) -> Done:
    row = await LEDGER.row(request)
    if not is_staff(request.caller) and row["department"] != request.caller.participant:
        raise NotYours(move=request.verb, party="department", id=request.id)
    change = Remove("quality_rule", request.id, request.act, version=row["version"])
    return await carry_out(request, request.id, changes=(change,), values={})


LEDGER: Final = Ledger(
    "quality_rule", keepers=KEEPERS, fields=FIELDS, fixed=FIXED, prepare=_prepare
)
enter = LEDGER.enter
amend = LEDGER.amend
