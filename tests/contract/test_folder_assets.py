"""The folder keeps the contract of the Assets port."""

from pathlib import Path

import pytest

from storage.folder_assets import FolderAssets
from tests.clock import FrozenClock
from tests.contract.assets import AssetsContract, Fetch
from tests.contract.following import BASE_URL, following
from tests.contract.uploads import UploadsContract


class TestFolderAssets(AssetsContract, UploadsContract):
    @pytest.fixture
    def assets(self, tmp_path: Path, clock: FrozenClock) -> FolderAssets:
        return FolderAssets(tmp_path / "assets", clock=clock, base_url=BASE_URL)

    @pytest.fixture
    def fetch(self, assets: FolderAssets) -> Fetch:
        return following(assets)
