"""Nodes: the machinery that the city and its sub-spaces run, each under its own identifier.

What the platform enters by hand is allotted its identifier at once; what applies gets one when it
is admitted, and none before.
"""

import json
from typing import Final

from dataspace import guards
from dataspace.caller import Caller, Role
from dataspace.errors import NotFound
from dataspace.federation.standings import CUT_OFF
from dataspace.identifiers import IdentifierType
from dataspace.lifecycles.access import NODE, status_after
from dataspace.machine import Situation, Step, decide
from dataspace.quantity import written
from dataspace.selection import EVERYTHING, Child, Page, Row, Selection, Where
from dataspace.text import Text
from dataspace.validation import MISSING, Problem
from hub.node import Node
from hub.operations.accounts import denials
from hub.operations.federation.draining import LIVE, records_kept, still_drained
from hub.operations.mechanism import allotting
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Done, Request, once
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.mechanism.ledger import Ledger
from hub.operations.mechanism.lifecycle import Lifecycle, Values
from hub.operations.mechanism.moving import allotting as allotting_anew
from hub.operations.mechanism.moving import decided_under, situation_of, told_of

KEYS: Final = ("public_keys", "signing_keys")
FIELDS: Final = ("name", "status", "address", "space", *KEYS, "stop_planned_at")
FIXED: Final = ("kind", "operator")  # its identifier says both, and never changes
ADMITTING: Final = frozenset({"activate", "register"})
CREDENTIAL_YEARS: Final = 1
HOLDER: Final = ("id", "state", "standing", "credit_code", "region")
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
    keys = {name: public(values[name], field=name) for name in KEYS if values.get(name)}
    if row:
        return keys
    if missing := [Problem(name, MISSING) for name in FIXED if not values.get(name)]:
        raise FieldsInvalid("node", missing)
    operator = await _operator(request, values["operator"])
    identifier = allotting.identifier(TYPES[values["kind"]], holder=operator, node=request.node)
    return {"identifier": identifier, "status": values.get("status") or "OFFLINE", **keys}


def public(jwks: str, *, field: str = "public_keys") -> str:
    """The key set as it is kept, every key marked as one that signs: Keycloak asks for that.

    Raises:  FieldsInvalid, above all when somebody sends a private key.
    """
    try:
        keys = json.loads(jwks)["keys"]
        told = [{**key, "use": "sig"} for key in keys]
    except (ValueError, KeyError, TypeError) as error:
        raise FieldsInvalid("node", [Problem(field, NO_KEY_SET)]) from error
    if not told or any(not PRIVATE_PARTS.isdisjoint(key) for key in told):
        raise FieldsInvalid("node", [Problem(field, NOT_PUBLIC)])
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
    if step.move.name in ADMITTING:
        return await allotting_anew(lambda: _write(request, situation, step))
    return await _write(request, situation, step)


async def _write(request: Request, situation: Situation, step: Step) -> Done:
    status = status_after(situation.row.get("state"), step.move.to)
    shown = {"status": status} if status else {}
    admitted = _admitted(request, situation) if step.move.name in ADMITTING else {}
    values = {**step.values, **shown, **admitted, **decided_under(LIFECYCLE, situation)}
    told = told_of(LIFECYCLE, request, situation, values=values)
    leaves = guards.DRAINED in step.move.guards
    guard = still_drained(situation) if leaves else EVERYTHING
    kept = records_kept(request) if leaves else ()
    done = await LEDGER.write(
        request, situation.row, values=values, guard=guard, beside=(*told, *kept)
    )
    if not CUT_OFF.isdisjoint((status, situation.row["status"])):
        await denials.renew(request.node)
    return done


def _admitted(request: Request, situation: Situation) -> Values:
    """What a node gets with its admission: its identifier, and a time for which its keys hold."""
    row, [holder] = situation.row, situation.related["acting"]
    identifier = row.get("identifier") or allotting.identifier(
        TYPES[row["kind"]], holder=holder, node=request.node
    )
    return {"identifier": identifier, "credential_until": credential_until(request)}


def credential_until(request: Request) -> str:
    return written(allotting.years_after(request.now, CREDENTIAL_YEARS))


LIFECYCLE: Final = Lifecycle(
    NODE,
    (),
    related=(Child("acting", "operator", Selection("participant", HOLDER, page=Page(1))), *LIVE),
    reads_parts=True,
    weighs_parts=True,
    awaited={
        "APPLIED": "reject", "UNDER_REVIEW": "activate", "EXPERT_REVIEW": "activate",
        "CHANGING": "pass_change",
    },
)  # fmt: skip
DESK: Final = Machinery(LIFECYCLE)
