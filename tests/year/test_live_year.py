"""The same year on a Neo4j."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.dev.process import Running
from tests.live import empty_neo4j, opened_neo4j
from tests.unit.notices.receivers import mail_server
from tests.year import story
from tests.year.staffed import StaffedCity, staffed

pytestmark = [
    pytest.mark.anyio, pytest.mark.live, pytest.mark.long, pytest.mark.catalogues,
    pytest.mark.timeout(1800),
]  # fmt: skip


@pytest.fixture
async def city(tmp_path: Path, neo4j_server: Running) -> AsyncIterator[StaffedCity]:
    await empty_neo4j(neo4j_server)
    catalogue = await opened_neo4j(neo4j_server)
    with mail_server() as mail:
        yield await staffed(catalogue, tmp_path, mail)
    await catalogue.close()


async def test_a_year_of_the_city(city: StaffedCity, catalogues: Path, tmp_path: Path) -> None:
    await story.lived(city, catalogues / "data.cityofchicago.org.jsonl", tmp_path)
