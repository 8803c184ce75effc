"""The turns of a running node: errands done, shut-outs renewed, keys and reports fetched."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from dataspace.errors import DataSpaceError
from hub.node import Node
from hub.operations.accounts import denials, errands, occurrences

TURN_SECONDS: Final = 5
# Every so many turns: what costs more, or matters less at once.
RARE_TURNS: Final = 12

Report = Callable[[str, DataSpaceError], None]


async def keep(node: Node, report: Report, *, refresh: Callable[[], Awaitable[None]]) -> None:
    """Turns until it is cancelled. What fails is reported and comes again with the next turn.

    Several processes may turn beside each other: everything here may be done twice.
    """
    turn = 0
    while True:
        await _try(report, "denials", lambda: denials.renew(node))
        await _try(report, "errands", lambda: _work_off(node))
        if turn % RARE_TURNS == 0:
            await _try(report, "keys", refresh)
            await _try(report, "occurrences", lambda: _take_in(node))
        turn += 1
        await asyncio.sleep(TURN_SECONDS)


async def _work_off(node: Node) -> None:
    """Raises:  Unavailable when errands wait because nobody is there."""
    if unavailable := (await errands.work_off(node)).unavailable:
        raise unavailable


async def _take_in(node: Node) -> None:
    await occurrences.take_in(node)


async def _try(report: Report, what: str, do: Callable[[], Awaitable[None]]) -> None:
    try:
        await do()
    except DataSpaceError as error:
        report(what, error)
