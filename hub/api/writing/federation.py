"""What is done about nodes beside the moves of their machine."""

from typing import Final

from dataspace.caller import Caller
from dataspace.text import Text
from hub.api.writing.operation import Given, Operation, reason_of, request_of
from hub.node import Node
from hub.operations.federation import cutting_off
from hub.operations.mechanism.done import Done


async def _limit(node: Node, caller: Caller, given: Given) -> Done:
    return await cutting_off.limit(
        node, caller, given["id"], given["values"],
        reason=reason_of(given), request_id=request_of(given),
    )  # fmt: skip


FEDERATION: Final = (
    Operation(
        "node", "limit",
        Text("Limit how many requests a minute a node may make", "对节点限流（每分钟请求数）"),
        ("id", "values", "reason"), _limit, cutting_off.FIELDS, needs_reason=True,
    ),
)  # fmt: skip
