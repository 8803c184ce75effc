"""J-L3-3: the circuit breaker of authorisations that are used out of their scope."""

from typing import Final

from dataspace.jobs.tally import Tally
from dataspace.selection import Row
from hub.node import Node
from hub.operations import authorisations
from hub.scheduling.context import Context

BROKEN: Final = "Uses out of its scope 越权使用次数："


async def suspend(node: Node, context: Context) -> Tally:
    """What was used out of its scope as often as the rules tolerate no more."""

    async def act(row: Row) -> bool:
        await authorisations.suspend(
            node, context.caller, row["id"], reason=f"{BROKEN}{row['out_of_scope_calls']}",
            request_id=context.request(row["id"]),
        )  # fmt: skip
        return True

    return await context.each(context.due(node, "out_of_scope_calls"), act)
