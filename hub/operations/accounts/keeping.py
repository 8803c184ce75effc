"""The turns of a running node: errands done, shut-outs renewed, keys and reports fetched."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from hub.node import Node
from hub.operations.accounts import denials, errands, occurrences
from hub.operations.accounts.outbox import FAILED, WAITING

TURN_SECONDS: Final = 5
# Every so many turns: what costs more, or matters less at once.
RARE_TURNS: Final = 12

Report = Callable[[str, Exception], None]


async def keep(node: Node, report: Report, *, refresh: Callable[[], Awaitable[None]]) -> None:
    """Turns until it is cancelled. What fails is reported and comes again with the next turn.

    Several processes may turn beside each other: everything here may be done twice.
    """
    for turn in itertools.count():
        rare = turn % RARE_TURNS == 0
        await _try(report, "denials", lambda: denials.renew(node))
        await _try(report, "errands", partial(_work_off, node, refused_too=rare))
        if rare:
            await _try(report, "keys", refresh)
            await _try(report, "occurrences", lambda: _take_in(node))
        await asyncio.sleep(TURN_SECONDS)


async def _work_off(node: Node, *, refused_too: bool) -> None:
    """What was refused is tried again too, now and then: what stood in its way may be gone.

    Raises:  Unavailable when errands wait because nobody is there.
    """
    states = (WAITING, FAILED) if refused_too else (WAITING,)
    if unavailable := (await errands.work_off(node, states=states)).unavailable:
        raise unavailable


async def _take_in(node: Node) -> None:
    await occurrences.take_in(node)


async def _try(report: Report, what: str, do: Callable[[], Awaitable[None]]) -> None:
    """A mistake of ours in one part must not stop the others, so nothing gets out of here."""
    try:
        await do()
    except Exception as error:
        report(what, error)
