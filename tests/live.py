"""Real servers for the live suites: one of each for a whole run, in this run's own folder.

`CITYSPACE_TEST_SERVERS` names a folder in which a keeper already keeps them
(`make live-servers`), which saves their start. `CITYSPACE_TEST_S3` names one more S3 store:
https://KEY:SECRET@HOST[:PORT]; the suite makes two buckets there.
"""

import asyncio
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from neo4j import AsyncGraphDatabase

from dataspace.evidence import GENESIS
from graph.cypher.layout import indexes
from graph.neo4j_catalogue import Neo4jCatalogue
from hub.dev import neo4j_server as neo4j_servers
from hub.dev.cache import kept
from hub.dev.keeper import STARTERS, servers_up
from hub.dev.process import Running

KEPT = "CITYSPACE_TEST_SERVERS"
GIVEN_S3 = "CITYSPACE_TEST_S3"
S3_STORES = ["minio", "seaweedfs", *(["given"] if GIVEN_S3 in os.environ else [])]


@contextmanager
def one_server(name: str, factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One that is kept already, or one for the time of the block."""
    kept = os.environ.get(KEPT)
    if kept and (facts := servers_up(Path(kept)).get(name)):
        yield Running(name, 0, Path(kept), facts)
        return
    folder = factory.mktemp(name)
    if name == "neo4j":
        lay_out(folder, laid_out_neo4j())
    running = STARTERS[name](folder)
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def laid_out() -> Path:
    """The folder of a Neo4j that has stopped, its indexes made: for `start_laid_out`."""
    return laid_out_neo4j()


def laid_out_neo4j() -> Path:
    """Made once for each layout, and kept among the servers: it takes as long as many tests."""
    wanted = [neo4j_servers.VERSION, *(index.statement for index in indexes())]
    layout = hashlib.sha256("\n".join(wanted).encode()).hexdigest()[:12]
    return kept(f"neo4j-laid-out-{layout}", _make_laid_out)


def _make_laid_out(folder: Path) -> None:
    running = neo4j_servers.start(folder)
    try:
        asyncio.run(_lay_out(running))
    finally:
        running.stop()
    _drop_those_of_former_days(folder.parent)


def _drop_those_of_former_days(cache: Path) -> None:
    for former in cache.glob("neo4j-laid-out-*"):
        if former.stat().st_mtime < time.time() - 86_400:
            shutil.rmtree(former)


async def _lay_out(server: Running) -> None:
    await (await opened_neo4j(server)).close()


def start_laid_out(folder: Path, template: Path, *, certificate: Path | None = None) -> Running:
    """A Neo4j of a test's own. Making its indexes anew would take longer than all else it does."""
    lay_out(folder, template)
    return neo4j_servers.start(folder, certificate=certificate)


def lay_out(folder: Path, template: Path) -> None:
    """The folder of a Neo4j that is yet to be started, as the template's was left."""
    shutil.copytree(template / "home" / "data", folder / "home" / "data")
    shutil.copy2(template / "secret", folder / "secret")


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with one_server("neo4j", tmp_path_factory) as running:
        yield running


@pytest.fixture(scope="session")
def keycloak_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with one_server("keycloak", tmp_path_factory) as running:
        yield running


@pytest.fixture(scope="session", params=S3_STORES)
def s3_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    if request.param == "given":
        yield _given_s3()
    else:
        with one_server(request.param, tmp_path_factory) as running:
            yield running


def _given_s3() -> Running:
    given = urlsplit(os.environ[GIVEN_S3])
    address = f"{given.scheme}://{given.netloc.rpartition('@')[2]}"
    facts = {"address": address, "user": given.username or "", "password": given.password or ""}
    return Running("given", 0, Path(), facts)


@pytest.fixture(scope="session")
def kubernetes_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with one_server("kubernetes", tmp_path_factory) as running:
        yield running


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
