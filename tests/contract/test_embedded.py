"""The embedded adapters keep the contracts of the ports."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graph.sqlite_catalogue import SqliteCatalogue
from tests.contract.catalogue import CatalogueContract


class TestSqliteCatalogue(CatalogueContract):
    @pytest.fixture
    async def catalogue(self, tmp_path: Path) -> AsyncIterator[SqliteCatalogue]:
        opened = await SqliteCatalogue.open(tmp_path / "catalogue.sqlite")
        yield opened
        await opened.close()
