"""What is done about invitations, and about nodes beside the moves of their machine."""

from typing import Final

from dataspace.caller import Caller
from dataspace.text import Text
from hub.api.writing.operation import Given, Gives, Operation, reason_of, request_of
from hub.node import Node
from hub.operations.federation import cutting_off, inviting
from hub.operations.federation.inviting import Issued
from hub.operations.mechanism.done import Done


async def _limit(node: Node, caller: Caller, given: Given) -> Done:
    return await cutting_off.limit(
        node, caller, given["id"], given["values"],
        reason=reason_of(given), request_id=request_of(given),
    )  # fmt: skip


async def _issue(node: Node, caller: Caller, given: Given) -> Issued:
    return await inviting.issue(node, caller, given["values"], request_id=request_of(given))


async def _revoke(node: Node, caller: Caller, given: Given) -> Done:
    return await inviting.revoke(
        node, caller, given["id"], reason=reason_of(given), request_id=request_of(given)
    )


FEDERATION: Final = (
    Operation(
        "node", "limit",
        Text("Limit how many requests a minute a node may make", "对节点限流（每分钟请求数）"),
        ("id", "values", "reason"), _limit, cutting_off.FIELDS, needs_reason=True,
    ),
    Operation(
        "invitation", "issue",
        Text("Invite a participant to join with a node", "邀请主体以节点接入"),
        ("values",), _issue, inviting.FIELDS, gives=Gives.CODE,
    ),
    Operation(
        "invitation", "revoke", Text("Take an open invitation back", "撤销待使用的邀请"),
        ("id", "reason"), _revoke,
    ),
)  # fmt: skip
