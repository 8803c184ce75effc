"""Neo4j by routing, and when it takes no changes: reads go on, nothing is half done."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.to_thread
import pytest

from dataspace.change import Amend, Change, Remove
from dataspace.errors import advice_for
from dataspace.selection import Selection
from dataspace.text import LANGUAGES
from graph.neo4j_catalogue import Neo4jCatalogue
from graph.neo4j_connection import CatalogueReadOnly
from hub.dev import neo4j_server
from tests.build import a_change_set, a_participant, a_resource, an_act, the_bureau
from tests.contract.reading import read
from tests.faults.test_live_neo4j import log_of, soon
from tests.live import empty_neo4j, start_laid_out

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

READ_ONLY = "server.databases.read_only=neo4j\n"


class Lockable:
    """A server of the tests' own whose database can be made read-only."""

    def __init__(self, folder: Path, laid_out: Path) -> None:
        self.folder = folder
        self.running = start_laid_out(folder, laid_out)

    @property
    def host(self) -> str:
        return self.running.facts["address"].partition("://")[2]

    def restart(self, more: str) -> None:
        self.running.stop()
        port = int(self.host.rpartition(":")[2])
        self.running = neo4j_server.start(self.folder, port=port, more=more)

    @asynccontextmanager
    async def opened(self, scheme: str) -> AsyncIterator[Neo4jCatalogue]:
        login = {"user": "neo4j", "password": self.running.facts["password"]}
        catalogue = await Neo4jCatalogue.open(f"{scheme}://{self.host}", **login)
        yield catalogue
        await catalogue.close()


@pytest.fixture(scope="module")
def lockable(tmp_path_factory: pytest.TempPathFactory, laid_out: Path) -> Iterator[Lockable]:
    made = Lockable(tmp_path_factory.mktemp("lockable"), laid_out)
    yield made
    made.running.stop()


async def test_by_routing_it_takes_changes_and_answers(lockable: Lockable) -> None:
    async with lockable.opened("neo4j") as catalogue:
        await empty_neo4j(lockable.running)
        await catalogue.apply(a_change_set(the_bureau(), a_resource("res_water")))
        amended = Amend("resource", "res_water", {"name": "水价 Water price"}, an_act("amend"))
        await catalogue.apply(a_change_set(amended))
        assert (await read(catalogue, "res_water", "name"))["name"] == "水价 Water price"
        assert await log_of(catalogue) == 3
        assert await catalogue.divergences() == []


@pytest.mark.slow
async def test_read_only_it_answers_reads_refuses_every_write_and_goes_on_afterwards(
    lockable: Lockable,
) -> None:
    async with lockable.opened("bolt") as direct, lockable.opened("neo4j") as routed:
        await empty_neo4j(lockable.running)
        await direct.apply(a_change_set(the_bureau(), a_resource("res_water")))
        await anyio.to_thread.run_sync(lockable.restart, READ_ONLY)
        await soon(direct.ready)
        await soon(routed.ready)
        for catalogue in (direct, routed):
            for change in _one_of_each():
                with pytest.raises(CatalogueReadOnly) as refused:
                    await catalogue.apply(a_change_set(a_participant("par_late"), change))
                _check_told(refused.value)
            assert (await read(catalogue, "res_water", "version"))["version"] == 1
            found = await catalogue.select(Selection("participant", total=True))
            assert found.total == 1
            assert await log_of(catalogue) == 2
        async with lockable.opened("neo4j") as started_now:
            assert await log_of(started_now) == 2
        await anyio.to_thread.run_sync(lockable.restart, "")
        await soon(direct.ready)
        await soon(routed.ready)
        _, amended, removed = _one_of_each()
        await direct.apply(a_change_set(amended))
        await routed.apply(a_change_set(removed))
        assert await log_of(routed) == 4
        assert await direct.divergences() == []


def _one_of_each() -> list[Change]:
    return [
        a_participant("par_other"),
        Amend("resource", "res_water", {"name": "水价 Water price"}, an_act("amend")),
        Remove("resource", "res_water", an_act("remove")),
    ]


def _check_told(error: CatalogueReadOnly) -> None:
    assert (error.code, error.status) == ("catalogue.read_only", 503)
    assert all(error.message(language) for language in LANGUAGES)
    assert "不接受写入" in error.message("zh")
    assert all(advice_for(error, language) for language in LANGUAGES)
