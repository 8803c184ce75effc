"""The catalogue on a real Neo4j keeps the contract of the port."""

from collections.abc import AsyncIterator

import pytest

from graph.neo4j_catalogue import Neo4jCatalogue
from hub.dev.process import Running
from tests.contract.catalogue import CatalogueContract
from tests.live import empty_neo4j


@pytest.mark.live
@pytest.mark.timeout(600)
class TestNeo4jCatalogue(CatalogueContract):
    # Neo4j plans every statement text anew, and random ones are all different.
    rounds = 30

    @pytest.fixture
    async def catalogue(self, neo4j_server: Running) -> AsyncIterator[Neo4jCatalogue]:
        await empty_neo4j(neo4j_server)
        facts = neo4j_server.facts
        opened = await Neo4jCatalogue.open(
            facts["address"], user=facts["user"], password=facts["password"], seconds_max=60
        )
        yield opened
        await opened.close()
