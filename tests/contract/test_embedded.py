"""The embedded adapters keep the contracts of the ports."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graph.sqlite_catalogue import SqliteCatalogue
from tests.contract.catalogue import CatalogueContract
from tests.made_catalogue import a_catalogue


class TestSqliteCatalogue(CatalogueContract):
    @pytest.fixture
    async def catalogue(self, tmp_path: Path) -> AsyncIterator[SqliteCatalogue]:
        opened = await a_catalogue(tmp_path / "catalogue.sqlite")
        yield opened
        await opened.close()
