"""What an orchestrator asks: is the process alive, and can each part of the node answer."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from dataspace.errors import DataSpaceError, Unavailable
from dataspace.text import Language, preferred
from hub.node import Node


def health_routes(node: Node, *, seconds_max: float) -> list[Route]:
    async def live(_request: Request) -> JSONResponse:
        return JSONResponse({"status": "live"})

    async def ready(request: Request) -> JSONResponse:
        language = preferred(request.headers.get("accept-language", ""))
        parts = await parts_of(node, seconds_max=seconds_max, language=language)
        all_ready = all(part["status"] == "ready" for part in parts.values())
        return JSONResponse(
            {"status": "ready" if all_ready else "not_ready", "parts": parts},
            status_code=200 if all_ready else 503,
        )

    return [Route("/health/live", live), Route("/health/ready", ready)]


async def parts_of(
    node: Node, *, seconds_max: float, language: Language
) -> dict[str, dict[str, Any]]:
    """Asks all ports at the same time; a slow one costs its time limit and no more."""
    asked: dict[str, Callable[[], Awaitable[None]]] = {
        "catalogue": node.catalogue.ready,
        "identity": node.identity.ready,
        "assets": node.assets.ready,
    }
    answers = await asyncio.gather(
        *(_answer(name, ready, seconds_max, language) for name, ready in asked.items())
    )
    return dict(zip(asked, answers, strict=True))


async def _answer(
    name: str, ready: Callable[[], Awaitable[None]], seconds_max: float, language: Language
) -> dict[str, Any]:
    began = time.perf_counter()
    try:
        await asyncio.wait_for(ready(), seconds_max)
        told: dict[str, Any] = {"status": "ready"}
    except DataSpaceError as error:
        told = _not_ready(error, language)
    except TimeoutError:
        late = Unavailable(service=name, detail=f"> {seconds_max} s", retry_after_seconds=5)
        told = _not_ready(late, language)
    return told | {"milliseconds": round((time.perf_counter() - began) * 1000, 1)}


def _not_ready(error: DataSpaceError, language: Language) -> dict[str, Any]:
    return {"status": "not_ready", "code": error.code, "title": error.message(language)}
