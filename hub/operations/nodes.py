"""Nodes: the machinery that the city and its sub-spaces run, each under its own identifier."""

import json
from typing import Final

from dataspace.caller import Caller, Role
from dataspace.errors import NotFound
from dataspace.federation.standings import CUT_OFF
from dataspace.identifiers import IdentifierType
from dataspace.lifecycles.access import NODE, status_after
from dataspace.machine import decide
from dataspace.selection import Page, Row, Selection, Where
from dataspace.text import Text
from dataspace.validation import MISSING, Problem
from hub.node import Node
from hub.operations.accounts import denials
from hub.operations.links.beside import acting
from hub.operations.mechanism import allotting
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Done, Request, once
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.mechanism.ledger import Ledger
from hub.operations.mechanism.lifecycle import Lifecycle, Values
from hub.operations.mechanism.moving import decided_under, situation_of, told_of

KEYS: Final = ("public_keys", "signing_keys")
FIELDS: Final = ("name", "status", "address", "space", *KEYS, "stop_planned_at")
FIXED: Final = ("kind", "operator")  # its identifier says both, and never changes
# The members of a JWK that only its holder may know (RFC 7518, 6).
PRIVATE_PARTS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
NO_KEY_SET = Text('a JWKS is needed: {"keys": […]}', '须为 JWKS：{"keys": […]}')
NOT_PUBLIC = Text(
    "public keys are needed; a private or shared key never leaves its holder",
    "须为公钥；私钥或共享密钥不得外传",
)
TYPES: Final = {
    "REGIONAL": IdentifierType.REGIONAL_NODE,
    "INDUSTRY": IdentifierType.INDUSTRY_NODE,
    "BUSINESS": IdentifierType.BUSINESS_NODE,
    "CONNECTOR": IdentifierType.CONNECTOR,
}


async def _prepare(request: Request, values: Values, row: Row) -> Values:
    keys = {name: _public(name, values[name]) for name in KEYS if values.get(name)}
    if row:
        return keys
    if missing := [Problem(name, MISSING) for name in FIXED if not values.get(name)]:
        raise FieldsInvalid("node", missing)
    operator = await _operator(request, values["operator"])
    identifier = allotting.identifier(
        TYPES[values["kind"]], holder=operator, region=request.node.region
    )
    return {"identifier": identifier, "status": values.get("status") or "OFFLINE", **keys}


def _public(name: str, jwks: str) -> str:
    """The key set as it is kept, every key marked as one that signs: Keycloak asks for that.

    Raises:  FieldsInvalid, above all when somebody sends a private key.
    """
    try:
        keys = json.loads(jwks)["keys"]
        told = [{**key, "use": "sig"} for key in keys]
    except (ValueError, KeyError, TypeError) as error:
        raise FieldsInvalid("node", [Problem(name, NO_KEY_SET)]) from error
    if not told or any(not PRIVATE_PARTS.isdisjoint(key) for key in told):
        raise FieldsInvalid("node", [Problem(name, NOT_PUBLIC)])
    return json.dumps({"keys": told})


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
    accounts=True,
)
enter = LEDGER.enter
amend = LEDGER.amend


class Machinery(Desk):
    """Each move of the machine is told to the identity service too, as the ledger does."""

    async def move(
        self, node: Node, caller: Caller, id: str, name: str, *, reason: str = "",
        request_id: str = "",
    ) -> Done:  # fmt: skip
        """Raises:  what `moving.move` raises."""
        request = Request(node, caller, "node", name, id, reason, request_id)
        return await once(request, lambda: _move(request))


async def _move(request: Request) -> Done:
    situation = await situation_of(LIFECYCLE, request)
    step = decide(NODE, request.verb, situation)
    status = status_after(situation.row.get("state"), step.move.to)
    shown = {"status": status} if status else {}
    values = {**step.values, **shown, **decided_under(LIFECYCLE, situation)}
    told = told_of(LIFECYCLE, request, situation, values=values)
    done = await LEDGER.write(request, situation.row, values=values, beside=told)
    if not CUT_OFF.isdisjoint((status, situation.row["status"])):
        await denials.renew(request.node)
    return done


LIFECYCLE: Final = Lifecycle(
    NODE,
    (),
    related=(acting("operator"),),
    awaited={
        "APPLIED": "reject", "UNDER_REVIEW": "activate", "EXPERT_REVIEW": "activate",
        "CHANGING": "pass_change",
    },
)  # fmt: skip
DESK: Final = Machinery(LIFECYCLE)
