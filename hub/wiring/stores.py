"""Where assets lie: in a folder, or in any S3 store."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from starlette.routing import BaseRoute

from dataspace.ports import Assets
from hub.setting_rules import place_in, variable
from hub.settings import Settings
from hub.wiring.clock import SystemClock
from storage.folder_assets import FolderAssets
from storage.s3.place import SCHEMES as S3_SCHEMES
from storage.s3.place import Place
from storage.s3.policies import hub_policy

if TYPE_CHECKING:
    from storage.s3.setup import Step
    from storage.s3_assets import S3Assets


class ServedAssets(Assets, Protocol):
    """Assets with the routes that serve their links, if any."""

    @property
    def routes(self) -> Sequence[BaseRoute]: ...


@asynccontextmanager
async def open_assets(settings: Settings) -> AsyncIterator[ServedAssets]:
    folder = place_in(variable("assets"), settings.assets_url, "folder", *S3_SCHEMES)
    if is_s3(settings):
        yield _s3_assets(settings)
    else:
        yield FolderAssets(Path(folder), clock=SystemClock(), base_url=settings.address)


def assets_steps(settings: Settings, *, evidence_days: int) -> "Sequence[Step]":
    """What the store of the files lacks; a folder lacks nothing.

    Raises:  AdapterUnknown, AssetsAddressInvalid, AssetsUnavailable.
    """
    place_in(variable("assets"), settings.assets_url, "folder", *S3_SCHEMES)
    if not is_s3(settings):
        return ()
    from storage.s3.setup import steps

    assets = _s3_assets(settings)
    return steps(assets.s3, assets.place, evidence_days=evidence_days)


def assets_policy(settings: Settings) -> str:
    """What the hub's key must be allowed in the S3 store, as JSON. Raises:  AdapterUnknown."""
    place_in(variable("assets"), settings.assets_url, *S3_SCHEMES)
    return hub_policy(Place.of(settings.assets_url))


def is_s3(settings: Settings) -> bool:
    return settings.assets_url.partition(":")[0] in S3_SCHEMES


def _s3_assets(settings: Settings) -> "S3Assets":
    # The vendor's client takes a third of the time of a start: only where it is needed.
    from storage.s3.client import Keys
    from storage.s3_assets import S3Assets

    place = Place.of(settings.assets_url)
    return S3Assets(place, Keys(settings.assets_key, settings.assets_secret), clock=SystemClock())
