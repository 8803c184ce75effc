"""Limiting a node by one action; cutting it off is the move `isolate` of its machine."""

from collections.abc import Mapping
from typing import Any, Final

from dataspace.caller import Caller, Role
from dataspace.change import Amend
from dataspace.quantity import written
from dataspace.refusals import ReasonMissing
from hub.node import Node
from hub.operations.mechanism.done import Done, Request, carry_out, check_caller, once
from hub.operations.mechanism.input import accepted
from hub.operations.mechanism.moving import after
from hub.operations.mechanism.reading import flat, seen

FIELDS: Final = ("requests_per_minute",)
LIMITERS: Final = frozenset({Role.PLATFORM_ADMIN, Role.SUPERVISOR})


async def limit(
    node: Node,
    caller: Caller,
    id: str,
    values: Mapping[str, Any],
    *,
    reason: str,
    request_id: str = "",
) -> Done:
    """How many requests a minute the node may make of any other; none or 0 lifts the limit.

    It holds at the hub within two seconds and at every other node with its next heartbeat.

    Raises:  RoleMissing, ReasonMissing, NotFound, FieldsInvalid, MovedOn.
    """
    request = Request(node, caller, "node", "limit", id, reason, request_id, values)
    return await once(request, lambda: _limit(request, values))


async def _limit(request: Request, values: Mapping[str, Any]) -> Done:
    check_caller(request.caller, request.verb, LIMITERS)
    if not request.reason.strip():
        raise ReasonMissing(move=request.verb)
    given = accepted("node", values, fields=FIELDS)
    row = flat(await seen(request.node, request.caller, "node", id=request.id))
    limited = {
        "requests_per_minute": given.get("requests_per_minute") or None,
        "decision_reason": request.reason.strip(),
        "changed_at": written(request.now),
    }
    change = Amend("node", request.id, limited, request.act, version=row["version"])
    return await carry_out(request, request.id, changes=(change,), values=after(row, limited))
