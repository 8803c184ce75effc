"""Nodes: the machinery that the city and its sub-spaces run, each under its own identifier."""

from typing import Final

from dataspace.caller import Role
from dataspace.errors import NotFound
from dataspace.identifiers import IdentifierType
from dataspace.selection import Page, Row, Selection, Where
from dataspace.validation import MISSING, Problem
from hub.operations.mechanism import allotting
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.mechanism.ledger import Ledger
from hub.operations.mechanism.lifecycle import Values

FIELDS: Final = ("name", "status", "address", "space")
FIXED: Final = ("kind", "operator")  # its identifier says both, and never changes
TYPES: Final = {
    "REGIONAL": IdentifierType.REGIONAL_NODE,
    "INDUSTRY": IdentifierType.INDUSTRY_NODE,
    "BUSINESS": IdentifierType.BUSINESS_NODE,
    "CONNECTOR": IdentifierType.CONNECTOR,
}


async def _prepare(request: Request, values: Values, row: Row) -> Values:
    if row:
        return {}
    if missing := [Problem(name, MISSING) for name in FIXED if not values.get(name)]:
        raise FieldsInvalid("node", missing)
    operator = await _operator(request, values["operator"])
    identifier = allotting.identifier(
        TYPES[values["kind"]], holder=operator, region=request.node.region
    )
    return {"identifier": identifier, "status": values.get("status") or "OFFLINE"}


async def _operator(request: Request, id_: str) -> Row:
    selection = Selection(
        "participant",
        fields=("id", "credit_code", "region"),
        where=Where("id", "eq", id_),
        page=Page(1),
    )
    if (row := (await request.node.catalogue.select(selection)).first) is None:
        raise NotFound(kind="participant", id=id_)
    return row


LEDGER: Final = Ledger(
    "node",
    keepers=frozenset({Role.PLATFORM_ADMIN}),
    fields=FIELDS,
    fixed=FIXED,
    prepare=_prepare,
)
enter = LEDGER.enter
amend = LEDGER.amend
