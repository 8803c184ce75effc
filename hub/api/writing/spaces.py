"""What is done about spaces and their members, beside entering and amending them."""

from typing import Final

from dataspace.caller import Caller
from dataspace.text import Text
from hub.api.writing.operation import Given, Operation, reason_of, request_of
from hub.node import Node
from hub.operations import participants
from hub.operations.mechanism.done import Done
from hub.operations.membership import closing


async def _join(node: Node, caller: Caller, given: Given) -> Done:
    return await participants.join(
        node, caller, given["id"], given["space"], role=given.get("role") or "",
        reason=reason_of(given), request_id=request_of(given),
    )  # fmt: skip


async def _leave(node: Node, caller: Caller, given: Given) -> Done:
    return await participants.leave(
        node, caller, given["id"], given["space"],
        reason=reason_of(given), request_id=request_of(given),
    )  # fmt: skip


async def _close(node: Node, caller: Caller, given: Given) -> Done:
    return await closing.close(
        node, caller, given["id"], reason=reason_of(given), request_id=request_of(given)
    )


SPACES: Final = (
    Operation(
        "participant", "join", Text("Make it a member of a space", "加入数据空间"),
        ("id", "space", "role", "reason"), _join,
    ),
    Operation(
        "participant", "leave", Text("End its membership of a space", "退出数据空间"),
        ("id", "space", "reason"), _leave,
    ),
    Operation(
        "space", closing.VERB, Text("Close a logical space for good", "关闭逻辑空间（不再开放）"),
        ("id", "reason"), _close, needs_reason=True,
    ),
)  # fmt: skip
