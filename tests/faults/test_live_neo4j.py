"""Neo4j fails in every way that it can: the error says so, nothing is half done, and it goes on."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from dataspace import evidence
from dataspace.change import Amend
from dataspace.errors import CatalogueUnavailable, DataSpaceError
from dataspace.ports import Catalogue
from dataspace.selection import Selection, Where
from graph.connections import TookTooLong
from graph.neo4j_catalogue import Neo4jCatalogue
from graph.neo4j_connection import CatalogueRefusesLogin, CatalogueTooOld, check_version
from graph.sqlite_catalogue import SqliteCatalogue
from hub.dev import go_binaries, neo4j_server
from hub.dev.go_binaries import Proxy
from hub.dev.process import Running
from hub.imports import run as importing
from tests.build import a_change_set, a_participant, a_resource, an_act, the_bureau
from tests.contract.reading import read
from tests.importing import a_file, a_node, a_portal_row, rows_of
from tests.live import empty_neo4j, opened_neo4j, start_laid_out

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

RECOVERY_SECONDS = 10.0
ROWS = 120
REVIEWS = 20
T = TypeVar("T")


class Killable:
    """A server of the tests' own, which may be killed and started again at its old port."""

    def __init__(self, folder: Path, laid_out: Path) -> None:
        self.folder = folder
        self.running = start_laid_out(folder, laid_out)
        self.port = int(self.running.facts["address"].rpartition(":")[2])

    def kill(self) -> None:
        self.running.kill()

    def start(self) -> None:
        self.running = neo4j_server.start(self.folder, port=self.port)


@pytest.fixture(scope="module")
def killable(tmp_path_factory: pytest.TempPathFactory, laid_out: Path) -> Iterator[Killable]:
    made = Killable(tmp_path_factory.mktemp("killable"), laid_out)
    yield made
    made.running.stop()


@pytest.fixture
async def catalogue(killable: Killable) -> AsyncIterator[Neo4jCatalogue]:
    opened = await opened_neo4j(killable.running)
    await empty_neo4j(killable.running)
    yield opened
    await opened.close()


async def log_of(catalogue: Catalogue) -> int:
    """How many records there are; all of them hold."""
    log = await catalogue.changes_since(0, 100_000)
    assert [each.revision for each in log] == list(range(1, len(log) + 1))
    assert list(evidence.verify(log)) == []
    return len(log)


async def soon(ask: Callable[[], Awaitable[T]]) -> T:
    """The answer, which must come within the time of recovery."""
    until = time.monotonic() + RECOVERY_SECONDS
    while True:
        try:
            return await ask()
        except (CatalogueUnavailable, TookTooLong):
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.2)


async def test_killed_during_an_import_it_goes_on_and_ends_as_if_never_killed(
    killable: Killable, catalogue: Neo4jCatalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH_ROWS_MAX", 10)
    path = a_file(tmp_path / "portal.jsonl", *(a_portal_row(f"r{n}") for n in range(ROWS)))
    options = importing.ImportOptions(folder=tmp_path / "imports")

    def kill_at_half(progress: importing.Progress) -> None:
        if progress.report.created >= ROWS // 2 and killable.running.alive:
            killable.kill()

    with pytest.raises(CatalogueUnavailable):
        await importing.run_import(a_node(catalogue), path, options, kill_at_half)
    await asyncio.to_thread(killable.start)
    before = await soon(lambda: log_of(catalogue))
    assert before > 0
    report = await importing.run_import(a_node(catalogue), path, options, lambda _: None)
    assert report.created + report.unchanged == ROWS
    assert report.created > 0
    sqlite = await SqliteCatalogue.open(tmp_path / "never-killed.sqlite")
    apart = importing.ImportOptions(folder=tmp_path / "apart")
    await importing.run_import(a_node(sqlite), path, apart, lambda _: None)
    assert await came_in(catalogue) == await came_in(sqlite)
    await sqlite.close()
    await log_of(catalogue)


async def came_in(catalogue: Catalogue) -> object:
    """What must be the same however often an import was stopped."""
    fields = ("name", "provider", "source_fingerprint", "item_count", "topics")
    return [await rows_of(catalogue, "resource", *fields), await rows_of(catalogue, "participant")]


@pytest.mark.slow
async def test_killed_during_reviews_every_one_is_done_or_not_done_at_all(
    killable: Killable, catalogue: Neo4jCatalogue
) -> None:
    rows = [a_resource(f"res_{n}", state="SUBMITTED") for n in range(REVIEWS)]
    await catalogue.apply(a_change_set(the_bureau(), *rows))
    reviewed: list[str] = []
    failed: list[str] = []

    async def review(id_: str) -> None:
        change = Amend("resource", id_, {"state": "REGISTERED", "grade": 2}, an_act("review"))
        try:
            await catalogue.apply(a_change_set(change))
            reviewed.append(id_)
            if len(reviewed) == REVIEWS // 2:
                killable.kill()
        except DataSpaceError as error:
            assert error.code == "catalogue.unavailable"
            failed.append(id_)

    for at in range(0, REVIEWS, 4):
        await asyncio.gather(*(review(f"res_{n}") for n in range(at, at + 4)))
    assert failed
    await asyncio.to_thread(killable.start)
    await soon(catalogue.ready)
    records = await log_of(catalogue)
    done = await catalogue.select(
        Selection("resource", where=Where("state", "eq", "REGISTERED"), rows=False, total=True)
    )
    assert records == 1 + REVIEWS + (done.total or 0)
    for id_ in reviewed:
        row = await read(catalogue, id_, "state", "grade")
        assert (row["state"], row["grade"]) == ("REGISTERED", 2)
    assert await catalogue.divergences() == []


@pytest.mark.slow
async def test_killed_between_reads_it_says_so_and_answers_again_when_it_is_back(
    killable: Killable, catalogue: Neo4jCatalogue
) -> None:
    await catalogue.apply(a_change_set(the_bureau()))
    killable.kill()
    for ask in (lambda: catalogue.select(Selection("participant")), catalogue.ready):
        begun = time.monotonic()
        with pytest.raises(CatalogueUnavailable) as refused:
            await ask()
        assert refused.value.code == "catalogue.unavailable"
        assert time.monotonic() - begun < 15
    await asyncio.to_thread(killable.start)
    found = await soon(lambda: catalogue.select(Selection("participant", total=True)))
    assert found.total == 1


async def test_a_change_set_whose_answer_was_lost_is_not_applied_twice(
    killable: Killable, catalogue: Neo4jCatalogue
) -> None:
    change_set = a_change_set(the_bureau())
    applied = await catalogue.apply(change_set)
    killable.kill()
    await asyncio.to_thread(killable.start)
    again = await soon(lambda: catalogue.apply(change_set))
    assert (again.revision, again.repeated) == (applied.revision, True)


async def test_a_wrong_password_is_said_to_be_one(killable: Killable) -> None:
    with pytest.raises(CatalogueRefusesLogin) as refused:
        await Neo4jCatalogue.open(
            killable.running.facts["address"], user="neo4j", password="guessed"
        )
    assert "guessed" not in refused.value.message("en")


async def test_nobody_at_the_address_is_said_within_seconds() -> None:
    begun = time.monotonic()
    with pytest.raises(CatalogueUnavailable):
        await Neo4jCatalogue.open("bolt://127.0.0.1:1", user="neo4j", password="x")
    assert time.monotonic() - begun < 15


@pytest.mark.parametrize("version", ["4.4.38", "5.19.0"])
def test_a_server_that_is_too_old_is_refused(version: str) -> None:
    with pytest.raises(CatalogueTooOld) as refused:
        check_version(version)
    assert refused.value.facts["needed"] == "5.20"


@pytest.fixture(scope="module")
def toxiproxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = go_binaries.start_toxiproxy(tmp_path_factory.mktemp("toxiproxy"))
    yield running
    running.stop()


@pytest.fixture
async def through(
    killable: Killable, toxiproxy: Running
) -> AsyncIterator[tuple[Neo4jCatalogue, Proxy]]:
    """A catalogue behind a proxy that can be told to misbehave."""
    server = killable.running.facts["address"].partition("://")[2]
    proxy = Proxy.to(server, through=toxiproxy, name=f"neo4j-{time.monotonic_ns()}")
    opened = await Neo4jCatalogue.open(
        f"bolt://127.0.0.1:{proxy.port}", user="neo4j",
        password=killable.running.facts["password"], seconds_max=15,
    )  # fmt: skip
    await opened.select(Selection("participant"))
    yield opened, proxy
    proxy.heal()
    await opened.close()


@pytest.mark.parametrize("milliseconds", [1000, 2000])
async def test_over_a_slow_connection_it_answers(
    through: tuple[Neo4jCatalogue, Proxy], milliseconds: int
) -> None:
    catalogue, proxy = through
    before = await log_of(catalogue)
    proxy.slow(milliseconds)
    begun = time.monotonic()
    await catalogue.select(Selection("participant"))
    assert time.monotonic() - begun > milliseconds / 1000
    await catalogue.apply(a_change_set(a_participant()))
    proxy.heal()
    assert await log_of(catalogue) == before + 1


async def test_what_is_too_slow_to_be_opened_is_refused_in_time(
    through: tuple[Neo4jCatalogue, Proxy], killable: Killable
) -> None:
    _, proxy = through
    proxy.slow(6000)
    begun = time.monotonic()
    password = killable.running.facts["password"]
    with pytest.raises(CatalogueUnavailable) as refused:
        await Neo4jCatalogue.open(f"bolt://127.0.0.1:{proxy.port}", user="neo4j", password=password)
    assert refused.value.code == "catalogue.unavailable"
    assert time.monotonic() - begun < 15


@pytest.mark.parametrize("how", ["hang", "reset", "refuse"])
async def test_over_a_broken_connection_it_says_so_in_time_and_recovers_by_itself(
    through: tuple[Neo4jCatalogue, Proxy], how: str
) -> None:
    catalogue, proxy = through
    getattr(proxy, how)()
    begun = time.monotonic()
    with pytest.raises(CatalogueUnavailable):
        await catalogue.ready()
    assert time.monotonic() - begun < 15
    proxy.heal()
    await soon(lambda: catalogue.select(Selection("participant")))
