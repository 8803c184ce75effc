"""Real servers for the live suites: one of each for a whole run, in this run's own folder.

`CITYSPACE_TEST_SERVERS` names a folder in which a keeper already keeps them
(`make live-servers`), which saves their start.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from neo4j import AsyncGraphDatabase

from dataspace.evidence import GENESIS
from graph.neo4j_catalogue import Neo4jCatalogue
from hub.dev.keeper import STARTERS, servers_up
from hub.dev.process import Running

KEPT = "CITYSPACE_TEST_SERVERS"


def _server(name: str, factory: pytest.TempPathFactory) -> Iterator[Running]:
    kept = os.environ.get(KEPT)
    if kept and (facts := servers_up(Path(kept)).get(name)):
        yield Running(name, 0, Path(kept), facts)
        return
    running = STARTERS[name](factory.mktemp(name))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    yield from _server("neo4j", tmp_path_factory)


@pytest.fixture(scope="session")
def keycloak_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    yield from _server("keycloak", tmp_path_factory)


@pytest.fixture(scope="session", params=["minio", "seaweedfs"])
def s3_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    yield from _server(request.param, tmp_path_factory)


async def empty_neo4j(server: Running) -> None:
    """Takes everything out but the indexes, whose making costs a second."""
    login = (server.facts["user"], server.facts["password"])
    async with AsyncGraphDatabase.driver(server.facts["address"], auth=login) as driver:
        async with driver.session() as session:
            emptied = await session.run(
                "MATCH (n) WHERE NOT n:CatalogueHead CALL (n) { DETACH DELETE n } "
                "IN TRANSACTIONS OF 2000 ROWS"
            )
            await emptied.consume()
        await driver.execute_query(
            "MATCH (h:CatalogueHead) SET h.sequence = 0, h.leaf = $leaf", leaf=GENESIS
        )


async def opened_neo4j(server: Running) -> Neo4jCatalogue:
    """With time to plan, for a machine that runs other tests too."""
    facts = server.facts
    return await Neo4jCatalogue.open(
        facts["address"], user=facts["user"], password=facts["password"], seconds_max=60
    )
