"""What an orchestrator asks: is the process alive, and can each part of the node answer.

Ready is told in three words: `ready`; `degraded`, when a part is away and the rest works; and
`down`, when the part is away without which nothing works. Only the last is a 503, for to take a
node out of service because samples cannot be read would take everything else along.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from dataspace.errors import DataSpaceError, Unavailable, advice_for
from dataspace.text import Language, preferred
from hub.node import Node
from hub.parts import ASSETS, CATALOGUE, DOWN, IDENTITY, READY, Part, readiness


@dataclass(frozen=True, slots=True)
class State:
    """What a part answered, and after how long; `error` is None when it is well."""

    part: Part
    milliseconds: float
    error: DataSpaceError | None = None


def health_routes(node: Node, *, seconds_max: float) -> list[Route]:
    async def live(_request: Request) -> JSONResponse:
        return JSONResponse({"status": "live"})

    async def ready(request: Request) -> JSONResponse:
        language = preferred(request.headers.get("accept-language", ""))
        states = await states_of(node, seconds_max=seconds_max)
        status = readiness([each.part for each in states if each.error])
        parts = {each.part.name: _told(each, language) for each in states}
        return JSONResponse(
            {"status": status, "parts": parts},
            status_code=503 if status == DOWN else 200,
            headers={"content-language": language, "cache-control": "no-store"},
        )

    return [Route("/health/live", live), Route("/health/ready", ready)]


async def states_of(node: Node, *, seconds_max: float) -> list[State]:
    """Asks all ports at the same time; a slow one costs its time limit and no more."""
    asked: Mapping[Part, Callable[[], Awaitable[None]]] = {
        CATALOGUE: node.catalogue.ready,
        IDENTITY: node.identity.ready,
        ASSETS: node.assets.ready,
    }
    return await asyncio.gather(
        *(_state(part, ready, seconds_max) for part, ready in asked.items())
    )


async def _state(part: Part, ready: Callable[[], Awaitable[None]], seconds_max: float) -> State:
    began = time.perf_counter()
    error: DataSpaceError | None = None
    try:
        await asyncio.wait_for(ready(), seconds_max)
    except DataSpaceError as raised:
        error = raised
    except TimeoutError:
        error = Unavailable(service=part.name, detail=f"> {seconds_max} s", retry_after_seconds=5)
    return State(part, round((time.perf_counter() - began) * 1000, 1), error)


def _told(state: State, language: Language) -> dict[str, Any]:
    told: dict[str, Any] = {
        "status": DOWN if state.error else READY,
        "milliseconds": state.milliseconds,
    }
    if state.error is None:
        return told
    lost = state.part.told(language)
    return told | {
        "code": state.error.code,
        "title": state.error.message(language),
        "advice": advice_for(state.error, language),
        "without": lost["without"],
        "stays": lost["stays"],
    }
