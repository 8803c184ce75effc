"""A store on a live S3 server, set up as `cityspace assets setup` does it, and emptied."""

from collections.abc import Mapping
from datetime import UTC, datetime

import httpx2

from storage.s3.client import Keys
from storage.s3.place import Place
from storage.s3.setup import steps
from storage.s3_assets import S3Assets
from tests.contract.assets import Response

EVIDENCE_DAYS = 1


class RealClock:
    """The server's clock cannot be moved, so neither is ours."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def opened(facts: Mapping[str, str], prefix: str = "contract", address: str = "") -> S3Assets:
    place = Place.of(f"s3+{address or facts['address']}/{prefix}")
    return S3Assets(place, Keys(facts["user"], facts["password"]), clock=RealClock())


def set_up(assets: S3Assets) -> S3Assets:
    for step in steps(assets.s3, assets.place, evidence_days=EVIDENCE_DAYS):
        step.apply()
    return assets


async def fetched(link: str, method: str = "GET", **more: object) -> Response:
    async with httpx2.AsyncClient() as client:
        response = await client.request(method, link, **more)
    return Response(response.status_code, dict(response.headers), response.content)


async def emptied(assets: S3Assets) -> S3Assets:
    for listed in [each async for each in assets.listing("")]:
        await assets.remove(listed.key)
    return assets
