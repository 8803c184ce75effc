"""The console: its page, and the built files that it loads."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

import console

HASHED = re.compile(r"[-.][A-Za-z0-9_-]{8}\.\w+$")
A_YEAR = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


def console_page(config: Mapping[str, Any]) -> Callable[[], Response]:
    """The page is the same for everybody, so it is made once, when it is first asked for."""
    made: list[str] = []
    policy = console.content_security_policy(config.get("issuer"))

    def page() -> Response:
        if not made:
            made.append(console.page(config))
        return Response(
            made[0],
            media_type="text/html",
            headers={
                "content-security-policy": policy,
                "cache-control": ASK_AGAIN,
                "vary": "accept",
            },
        )

    return page


def console_routes() -> list[BaseRoute]:
    return [Mount("/console", Built(directory=console.BUILT, check_dir=False))]


class Built(StaticFiles):
    """A file whose name holds a hash of its content never changes."""

    async def get_response(self, path: str, scope: Any) -> Response:
        response = await super().get_response(path, scope)
        hashed = HASHED.search(Path(path).name)
        response.headers["cache-control"] = A_YEAR if hashed else ASK_AGAIN
        return response
