"""One SQLite file is shared by several openings and several processes."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dataspace.ports import Catalogue
from graph.sqlite_catalogue import SqliteCatalogue
from tests.contract.catalogue_shared import Another, Processes, SharedCatalogueContract

WORK = """
import asyncio, sys
from pathlib import Path
from graph.sqlite_catalogue import SqliteCatalogue
from tests.contract import catalogue_shared

async def main(path, work, number):
    catalogue = await SqliteCatalogue.open(Path(path))
    print(await getattr(catalogue_shared, work)(catalogue, int(number)))
    await catalogue.close()

asyncio.run(main(*sys.argv[1:]))
"""


class TestSharedSqliteCatalogue(SharedCatalogueContract):
    @pytest.fixture
    async def another(self, tmp_path: Path) -> AsyncIterator[Another]:
        opened: list[Catalogue] = []

        async def open_one() -> Catalogue:
            opened.append(await SqliteCatalogue.open(tmp_path / "catalogue.sqlite"))
            return opened[-1]

        yield open_one
        for each in opened:
            await each.close()

    @pytest.fixture
    def processes(self, tmp_path: Path) -> Processes:
        async def run(work: str, count: int) -> list[int]:
            path = str(tmp_path / "catalogue.sqlite")
            started = [
                await asyncio.create_subprocess_exec(
                    sys.executable, "-c", WORK, path, work, str(number),
                    stdout=asyncio.subprocess.PIPE,
                )
                for number in range(count)
            ]  # fmt: skip
            answers = await asyncio.gather(*(each.communicate() for each in started))
            assert [each.returncode for each in started] == [0] * count
            return [int(output) for output, _ in answers]

        return run
