"""What is asked of the hub at a node that has joined it, and taken back while it waits."""

from typing import Final

from dataspace.caller import Caller
from dataspace.text import Text
from hub.api.writing.operation import Given, Gives, Operation, reason_of, request_of
from hub.node import Node
from hub.operations.federation.inviting import Issued
from hub.operations.federation.queue import asking
from hub.operations.mechanism.done import Done


async def _ask(node: Node, caller: Caller, given: Given) -> Issued:
    return await asking.ask(
        node, caller, given["values"], reason=reason_of(given), request_id=request_of(given)
    )


async def _withdraw(node: Node, caller: Caller, given: Given) -> Done:
    return await asking.withdraw(
        node, caller, given["id"], reason=reason_of(given), request_id=request_of(given)
    )


QUEUE: Final = (
    Operation(
        asking.KIND, "ask",
        Text("Ask the hub for an act, which waits while the hub is away",
             "向枢纽报送事项（枢纽中断时排队等待）"),
        ("values", "reason"), _ask, asking.FIELDS, needs_reason=True, gives=Gives.CODE,
    ),
    Operation(
        asking.KIND, "withdraw", Text("Take back what has not been sent", "撤回尚未报送的事项"),
        ("id", "reason"), _withdraw,
    ),
)  # fmt: skip
