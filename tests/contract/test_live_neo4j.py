"""The catalogue on a real Neo4j keeps the contract of the port."""

from collections.abc import AsyncIterator

import pytest
from neo4j import AsyncGraphDatabase

from graph.neo4j_catalogue import Neo4jCatalogue
from hub.dev.process import Running
from tests.contract.catalogue import CatalogueContract


@pytest.mark.live
class TestNeo4jCatalogue(CatalogueContract):
    @pytest.fixture
    async def catalogue(self, neo4j_server: Running) -> AsyncIterator[Neo4jCatalogue]:
        facts = neo4j_server.facts
        login = (facts["user"], facts["password"])
        async with AsyncGraphDatabase.driver(facts["address"], auth=login) as driver:
            await driver.execute_query("MATCH (n) DETACH DELETE n")
        opened = await Neo4jCatalogue.open(facts["address"], user=login[0], password=login[1])
        yield opened
        await opened.close()
