"""The operation by which complaints come in; what is done with them are moves of their machine."""

from typing import Final

from dataspace.caller import Caller
from dataspace.text import Text
from hub.api.writing.operation import Given, Operation, request_of
from hub.node import Node
from hub.operations.complaints import lodging
from hub.operations.mechanism.done import Done


async def _lodge(node: Node, caller: Caller, given: Given) -> Done:
    return await lodging.lodge(node, caller, given["values"], request_id=request_of(given))


COMPLAINTS: Final = (
    Operation(
        "complaint", lodging.VERB,
        Text(
            "Lodge a complaint, or enter one for somebody who called or wrote",
            "提交投诉，或代录电话、来信投诉",
        ),
        ("values",), _lodge, lodging.FIELDS,
    ),
)  # fmt: skip
