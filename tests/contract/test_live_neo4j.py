"""The catalogue on a real Neo4j keeps the contract of the port."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from neo4j import AsyncGraphDatabase

from dataspace import evidence
from dataspace.ports import Catalogue
from dataspace.selection import Selection
from graph.cypher.layout import indexes
from graph.neo4j_catalogue import Neo4jCatalogue
from graph.sqlite_catalogue import SqliteCatalogue
from hub.dev import neo4j_server
from hub.dev.process import Running
from hub.operations import backups
from tests.build import a_change_set, a_resource, the_bureau
from tests.contract.answers import a_corpus, done
from tests.contract.catalogue import CatalogueContract
from tests.contract.catalogue_random import SHARED, same
from tests.contract.catalogue_shared import (
    UNITS,
    Another,
    Processes,
    SharedCatalogueContract,
    take_units,
)
from tests.contract.dice import Dice
from tests.contract.reading import read
from tests.live import empty_neo4j, opened_neo4j

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

WORK = """
import asyncio, sys
from graph.neo4j_catalogue import Neo4jCatalogue
from tests.contract import catalogue_shared

async def main(address, user, password, work, number):
    catalogue = await Neo4jCatalogue.open(address, user=user, password=password)
    print(await getattr(catalogue_shared, work)(catalogue, int(number)))
    await catalogue.close()

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
async def catalogue(neo4j_server: Running) -> AsyncIterator[Neo4jCatalogue]:
    await empty_neo4j(neo4j_server)
    opened = await opened_neo4j(neo4j_server)
    yield opened
    await opened.close()


class TestNeo4jCatalogue(CatalogueContract):
    # Neo4j plans every statement text anew, and random ones are all different.
    rounds = 30


class TestSharedNeo4jCatalogue(SharedCatalogueContract):
    @pytest.fixture
    async def another(self, neo4j_server: Running) -> AsyncIterator[Another]:
        await empty_neo4j(neo4j_server)
        opened: list[Catalogue] = []

        async def open_one() -> Catalogue:
            opened.append(await opened_neo4j(neo4j_server))
            return opened[-1]

        yield open_one
        for each in opened:
            await each.close()

    @pytest.fixture
    def processes(self, neo4j_server: Running) -> Processes:
        async def run(work: str, count: int) -> list[int]:
            facts = neo4j_server.facts
            login = (facts["address"], facts["user"], facts["password"])
            started = [
                await asyncio.create_subprocess_exec(
                    sys.executable, "-c", WORK, *login, work, str(number),
                    stdout=asyncio.subprocess.PIPE,
                )
                for number in range(count)
            ]  # fmt: skip
            answers = await asyncio.gather(*(each.communicate() for each in started))
            assert [each.returncode for each in started] == [0] * count
            return [int(output) for output, _ in answers]

        return run


async def test_sixteen_writers_never_take_more_of_a_quota_than_there_is(
    catalogue: Neo4jCatalogue,
) -> None:
    """And none of them sees a deadlock: its victim is tried again."""
    await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1", record_count=UNITS)))
    got = await asyncio.gather(*(take_units(catalogue, number) for number in range(16)))
    assert sum(got) == UNITS
    row = await read(catalogue, "res_1", "record_count", "version")
    assert (row["record_count"], row["version"]) == (0, UNITS + 1)
    assert list(evidence.verify(await catalogue.changes_since(0, 1000))) == []


@pytest.mark.slow
async def test_hubs_that_start_at_once_on_an_empty_neo4j_all_open(tmp_path: Path) -> None:
    server = await asyncio.to_thread(neo4j_server.start, tmp_path)
    try:
        opened = await asyncio.gather(*(opened_neo4j(server) for _ in range(6)))
        await opened[0].apply(a_change_set(the_bureau()))
        for each in opened:
            assert len((await each.select(Selection("participant", ("name",)))).rows) == 1
            assert await each.divergences() == []
            await each.close()
    finally:
        await asyncio.to_thread(server.stop)


async def test_indexes_of_a_former_map_are_dropped_and_an_operators_own_stay(
    neo4j_server: Running,
) -> None:
    await (await opened_neo4j(neo4j_server)).close()
    facts = neo4j_server.facts
    login = (facts["user"], facts["password"])
    async with AsyncGraphDatabase.driver(facts["address"], auth=login) as driver:
        for name in ("resource_former", "my_own"):
            await driver.execute_query(f"CREATE INDEX {name} FOR (n:Resource) ON (n.{name})")
        await driver.execute_query("MATCH (h:CatalogueHead) SET h.layout = 'a former one'")
        await (await opened_neo4j(neo4j_server)).close()
        found = await driver.execute_query("SHOW INDEXES YIELD name RETURN name")
        names = {each["name"] for each in found.records}
        await driver.execute_query("DROP INDEX my_own")
    assert "my_own" in names
    assert "resource_former" not in names
    assert {index.name for index in indexes()} <= names


@pytest.fixture
async def twins(
    catalogue: Neo4jCatalogue, tmp_path: Path
) -> AsyncIterator[tuple[Neo4jCatalogue, SqliteCatalogue, Dice]]:
    """Both after the same changes, and the dice that threw them."""
    sqlite = await SqliteCatalogue.open(tmp_path / "catalogue.sqlite")
    dice, change_sets = a_corpus(seed=5)
    for each in change_sets:
        assert await done(catalogue, each) == await done(sqlite, each), each
    yield catalogue, sqlite, dice
    await sqlite.close()


@pytest.mark.slow
@SHARED
@given(st.integers(0, 2**32))
async def test_any_selection_is_answered_as_sqlite_answers_it(
    twins: tuple[Neo4jCatalogue, SqliteCatalogue, Dice], seed: int
) -> None:
    neo4j, sqlite, dice = twins
    await same(neo4j, sqlite, Dice(Random(seed), dice.ids, dice.thrown).selection(depth=2))


async def test_from_sqlite_to_neo4j_and_back_the_dump_is_the_same_to_the_last_byte(
    twins: tuple[Neo4jCatalogue, SqliteCatalogue, Dice], neo4j_server: Running, tmp_path: Path
) -> None:
    neo4j, sqlite, _ = twins
    first = await _dumped(sqlite, tmp_path / "sqlite.jsonl")
    assert await _dumped(neo4j, tmp_path / "neo4j.jsonl") == first
    await empty_neo4j(neo4j_server)
    await _loaded(neo4j, tmp_path / "sqlite.jsonl")
    assert await _dumped(neo4j, tmp_path / "again.jsonl") == first
    back = await SqliteCatalogue.open(tmp_path / "back.sqlite")
    await _loaded(back, tmp_path / "again.jsonl")
    assert await _dumped(back, tmp_path / "back.jsonl") == first
    for each in (neo4j, back):
        assert list(evidence.verify(await each.changes_since(0, 10_000))) == []
        assert await each.divergences() == []
    await back.close()


async def _dumped(catalogue: Catalogue, path: Path) -> bytes:
    with path.open("wb") as file:
        await backups.dump(catalogue, file, lambda *_: None)
    return path.read_bytes()


async def _loaded(catalogue: Catalogue, path: Path) -> None:
    with path.open("rb") as file:
        await backups.load(catalogue, file, lambda *_: None)
