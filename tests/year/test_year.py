"""A year and some weeks of a city's life, as its staff live it: on SQLite, and on Neo4j."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graph.sqlite_catalogue import SqliteCatalogue
from tests.unit.notices.receivers import mail_server
from tests.year import story
from tests.year.staffed import StaffedCity, staffed

pytestmark = [pytest.mark.anyio, pytest.mark.long, pytest.mark.catalogues, pytest.mark.timeout(900)]


@pytest.fixture
async def city(tmp_path: Path) -> AsyncIterator[StaffedCity]:
    catalogue = await SqliteCatalogue.open(tmp_path / "catalogue.sqlite")
    with mail_server() as mail:
        yield await staffed(catalogue, tmp_path, mail)
    await catalogue.close()


async def test_a_year_of_the_city(city: StaffedCity, catalogues: Path, tmp_path: Path) -> None:
    await story.lived(city, catalogues / "data.cityofnewyork.us.jsonl", tmp_path)
