"""Links of a folder, followed through an application that renders a refusal as its code."""

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response as Answer

from dataspace.errors import DataSpaceError
from storage.folder_assets import FolderAssets
from tests.contract.assets import Fetch, Response

BASE_URL = "http://127.0.0.1:8000"


def following(assets: FolderAssets) -> Fetch:
    async def refuse(_: Request, error: Exception) -> Answer:
        assert isinstance(error, DataSpaceError)
        return Answer(error.code, error.status)

    app = Starlette(routes=assets.routes, exception_handlers={DataSpaceError: refuse})

    async def fetch(link: str, method: str = "GET", **more: object) -> Response:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as client:
            response = await client.request(method, link, **more)
        return Response(response.status_code, dict(response.headers), response.content)

    return fetch
