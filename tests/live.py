"""Real servers for the live suites: one of each for a whole run, in this run's own folder.

`CITYSPACE_TEST_SERVERS` names a folder in which a keeper already keeps them
(`make live-servers`), which saves their start.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

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
