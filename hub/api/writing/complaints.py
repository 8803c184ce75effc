"""How complaints come in, and are given to somebody; all else are moves of their machine."""

from typing import Final

from dataspace.caller import Caller
from dataspace.text import Text
from hub.api.writing.operation import Given, Operation, reason_of, request_of
from hub.node import Node
from hub.operations.complaints import lodging
from hub.operations.complaints.desk import ASSIGN
from hub.operations.complaints.desk import COMPLAINTS as DESK
from hub.operations.mechanism.done import Done


async def _lodge(node: Node, caller: Caller, given: Given) -> Done:
    return await lodging.lodge(node, caller, given["values"], request_id=request_of(given))


async def _assign(node: Node, caller: Caller, given: Given) -> Done:
    return await DESK.assign(
        node, caller, given["id"], given["member"],
        reason=reason_of(given), request_id=request_of(given),
    )  # fmt: skip


COMPLAINTS: Final = (
    Operation(
        "complaint", lodging.VERB,
        Text(
            "Lodge a complaint, or enter one for somebody who called or wrote",
            "提交投诉，或代录电话、来信投诉",
        ),
        ("values",), _lodge, lodging.FIELDS,
    ),
    Operation(
        "complaint", ASSIGN, Text("Assign it to a colleague who handles it", "派办投诉"),
        ("id", "member", "reason"), _assign,
    ),
)  # fmt: skip
