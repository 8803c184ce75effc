"""The S3 store keeps the contract of the Assets port, on every server that there is."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from hub.dev.process import Running
from storage.s3_assets import S3Assets
from tests.contract.assets import AssetsContract, Fetch
from tests.contract.opened_s3 import emptied, fetched, opened, set_up
from tests.contract.uploads import UploadsContract


@pytest.fixture(scope="module")
def store(s3_server: Running) -> S3Assets:
    return set_up(opened(s3_server.facts))


@pytest.mark.live
class TestS3Assets(AssetsContract, UploadsContract):
    @pytest.fixture
    async def assets(self, store: S3Assets) -> S3Assets:
        return await emptied(store)

    @pytest.fixture
    def fetch(self) -> Fetch:
        return fetched

    @pytest.fixture
    def pass_time(self) -> Callable[[float], Awaitable[None]]:
        return asyncio.sleep
