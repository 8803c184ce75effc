"""What a node does in its own name, by its signing key: asks how it stands, changes its keys,
announces a stop, stops, runs again, leaves.

It acts for its operator, on itself and on nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dataspace.caller import Caller, Role
from dataspace.change import Change
from dataspace.errors import Conflict, NotFound
from dataspace.lifecycles.access import NODE
from dataspace.machine import Situation
from dataspace.quantity import written
from dataspace.refusals import MoveUnknown, ReasonMissing, WrongState
from dataspace.selection import Child, Page, Row, Selection, Where
from dataspace.text import Text
from hub.node import Node
from hub.operations.federation.draining import LIVE
from hub.operations.mechanism.done import Done, Request, once
from hub.operations.mechanism.reading import flat, rows_of
from hub.operations.nodes import DESK, LEDGER, credential_until, public
from hub.operations.notices.telling import notices_for

MOVES: Final = frozenset({"stop", "report_outage", "recover", "change", "exit"})
# Who has been refused or has left changes nothing any more; who was cut off has to ask the city.
NO_MORE: Final = frozenset({
    "ISOLATED", *(state.code for state in NODE.states if state.final),
})  # fmt: skip
FIELDS: Final = (
    "id", "version", "identifier", "name", "state", "status", "profile", "address", "public_keys",
    "signing_keys", "credential_until", "stop_planned_at", "decision_reason", "submitted_at",
)  # fmt: skip


class StopInThePast(Conflict):
    code = "node.stop_in_the_past"
    title = Text("{at} is over: a stop is announced ahead", "{at} 已过：停服须提前公告")
    advice = Text(
        "Name a later moment, or report an outage when it has stopped already.",
        "请填写之后的时间；若已停止，请报告故障。",
    )


@dataclass(frozen=True, slots=True)
class Known:
    """A node as it is on record, with its to-do when it has one, and a few of what is live through
    it, by the names of `draining.LIVE`."""

    row: Row
    task: Row
    live: Mapping[str, list[Row]]

    @property
    def caller(self) -> Caller:
        id_, roles = self.row["id"], frozenset({Role.ORG_ADMIN})
        return Caller(id_, self.row["name"], roles, self.row["operator"], client=id_)


async def known(node: Node, id: str) -> Known:
    """Raises:  NotFound."""
    task = Selection("task", ("id", "since", "due_at", "term", "awaited"), page=Page(1))
    operator = Selection("participant", ("id",), page=Page(1))
    space = Selection("space", ("id",), page=Page(1))
    selection = Selection(
        "node", FIELDS, Where("id", "eq", id), page=Page(1),
        children=(Child("task", "tasks", task), Child("operator", "operator", operator),
                  Child("space", "space", space), *LIVE),
    )  # fmt: skip
    row = (await node.catalogue.select(selection)).first
    if row is None or not row["signing_keys"]:
        raise NotFound(kind="node", id=id)
    tasks = rows_of(row["task"])
    live = {child.key: rows_of(row.pop(child.key)) for child in LIVE}
    own = flat({k: v for k, v in row.items() if k != "task"})
    return Known(own, tasks[0] if tasks else {}, live)


async def move(node: Node, who: Known, name: str, *, reason: str, nonce: str) -> Done:
    """One of its own moves. Raises:  MoveUnknown, and what `moving.move` raises."""
    if name not in MOVES:
        raise MoveUnknown(kind="node", move=name[:40], moves=", ".join(sorted(MOVES)))
    return await DESK.move(node, who.caller, who.row["id"], name, reason=reason, request_id=nonce)


async def announce_stop(node: Node, who: Known, at: datetime, *, reason: str, nonce: str) -> Done:
    """A planned stop becomes known to the city. Raises:  WrongState, StopInThePast, MovedOn."""
    given = {"stop_planned_at": written(at)}
    request = Request(
        node, who.caller, "node", "announce_stop", who.row["id"], reason, nonce, given
    )
    return await once(request, lambda: _announce(request, who, at))


async def renew_keys(node: Node, who: Known, keys: Mapping[str, str], *, nonce: str) -> Done:
    """Other public keys, which the identity service is told too; they hold for a year from now.

    Raises:  WrongState, FieldsInvalid, MovedOn.
    """
    request = Request(node, who.caller, "node", "renew_keys", who.row["id"], "", nonce, keys)
    return await once(request, lambda: _renew(request, who, keys))


async def _announce(request: Request, who: Known, at: datetime) -> Done:
    if who.row["state"] != "ACTIVE":
        raise _wrong_state(request, who, "ACTIVE")
    if not request.reason.strip():
        raise ReasonMissing(move=request.verb, limit=4000)
    if at <= request.now:
        raise StopInThePast(at=written(at))
    values = {"stop_planned_at": written(at), "stop_announced_at": written(request.now)}
    return await _written(request, who, values)


async def _renew(request: Request, who: Known, keys: Mapping[str, str]) -> Done:
    if who.row["state"] in NO_MORE:
        raise _wrong_state(request, who, ", ".join(sorted(NODE.by_code.keys() - NO_MORE)))
    values = {name: public(jwks, field=name) for name, jwks in keys.items()}
    until = {"credential_until": credential_until(request)} if who.row["identifier"] else {}
    return await _written(request, who, {**values, **until})


async def _written(request: Request, who: Known, values: Mapping[str, Any]) -> Done:
    situation = Situation(request.caller, request.now, who.row, reason=request.reason)
    told: tuple[Change, ...] = notices_for(request, situation, values)
    return await LEDGER.write(request, who.row, values=values, beside=told)


def _wrong_state(request: Request, who: Known, sources: str) -> WrongState:
    return WrongState(id=request.id, state=who.row["state"], move=request.verb, sources=sources)
