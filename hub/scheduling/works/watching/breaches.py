"""J-L3-3: the circuit breaker of authorisations that are used out of their scope."""

from typing import Final

from dataspace.errors import MovedOn
from dataspace.jobs.tally import Tally
from dataspace.selection import Row
from hub.node import Node
from hub.operations import authorisations
from hub.scheduling.context import Context

TRIES_MAX: Final = 3
BROKEN: Final = "Uses out of its scope 越权使用次数："


async def suspend(node: Node, context: Context) -> Tally:
    """What was used out of its scope as often as the rules tolerate no more.

    What falls with it may be written by somebody else just then: it is tried again at once, for
    whoever uses it out of its scope does not wait for the next minute.
    """

    async def act(row: Row) -> bool:
        for left in reversed(range(TRIES_MAX)):
            try:
                await _suspend(node, context, row)
            except MovedOn:
                if not left:
                    raise
            else:
                break
        return True

    return await context.each(context.due(node, "out_of_scope_calls"), act)


async def _suspend(node: Node, context: Context, row: Row) -> None:
    await authorisations.suspend(
        node, context.caller, row["id"], reason=f"{BROKEN}{row['out_of_scope_calls']}",
        request_id=context.request(row["id"]),
    )  # fmt: skip
