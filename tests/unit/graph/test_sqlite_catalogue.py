"""What is the SQLite catalogue's own, beside the contract that it keeps."""

import asyncio
import re
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from dataspace.change import Amend
from dataspace.errors import CatalogueUnavailable
from dataspace.selection import Child, FacetOf, Linked, Not, Page, Selection, Where
from graph import connections
from graph.audit import divergences
from graph.connections import TookTooLong, looking
from graph.sqlite_catalogue import SqliteCatalogue
from tests.build import a_change_set, a_resource, an_act, the_bureau

# Every resource is compared with every other of its department, and those with all others again.
ENDLESS = Selection(
    "resource",
    where=Linked("provider", Linked("resources", Linked("provider", Linked(
        "resources", Not(Where("state", "ne", "x")))))),
    page=Page(1),
)  # fmt: skip


@pytest.fixture
async def catalogue(tmp_path: Path) -> AsyncIterator[SqliteCatalogue]:
    opened = await SqliteCatalogue.open(tmp_path / "catalogue.sqlite", seconds_max=0.3)
    rows = [a_resource(f"res_{at:03d}") for at in range(400)]
    await opened.apply(a_change_set(the_bureau(), *rows))
    yield opened
    await opened.close()


async def test_a_tree_with_counts_is_one_statement(catalogue: SqliteCatalogue) -> None:
    resources = Selection("resource", ("name",), total=True, facets=(FacetOf("state"),))
    asked = Selection("participant", children=(Child("resources", "resources", resources),))
    before = catalogue.statements
    found = await catalogue.select(asked)
    assert found.rows[0]["resources"].total == 400
    assert catalogue.statements == before + 1


async def test_a_selection_that_takes_too_long_is_stopped_and_says_so(
    catalogue: SqliteCatalogue,
) -> None:
    begun = time.monotonic()
    with pytest.raises(TookTooLong) as refused:
        await catalogue.select(ENDLESS)
    assert time.monotonic() - begun < 3
    assert refused.value.facts["limit"] == 0.3
    assert (await catalogue.select(Selection("resource", page=Page(1)))).more_after


async def test_the_loop_goes_on_while_a_selection_runs(catalogue: SqliteCatalogue) -> None:
    running = asyncio.create_task(catalogue.select(ENDLESS))
    turns = 0
    while not running.done():
        await asyncio.sleep(0.01)
        turns += 1
    assert turns > 5
    assert isinstance(running.exception(), TookTooLong)


async def test_a_selection_that_nobody_waits_for_any_more_is_stopped(tmp_path: Path) -> None:
    catalogue = await SqliteCatalogue.open(tmp_path / "catalogue.sqlite", seconds_max=60)
    rows = [a_resource(f"res_{at:03d}") for at in range(400)]
    await catalogue.apply(a_change_set(the_bureau(), *rows))
    running = asyncio.create_task(catalogue.select(ENDLESS))
    await asyncio.sleep(0.1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    begun = time.monotonic()
    await catalogue.close()  # waits for the thread
    assert time.monotonic() - begun < 3


async def test_two_catalogues_on_one_file_see_each_others_changes(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    one, other = await SqliteCatalogue.open(path), await SqliteCatalogue.open(path)
    await one.apply(a_change_set(the_bureau()))
    applied = await asyncio.gather(
        *(each.apply(a_change_set(a_resource())) for each in (one, other) * 10)
    )
    assert sorted(each.revision for each in applied) == list(range(2, 22))
    for each in (one, other):
        assert (await each.select(Selection("resource", rows=False, total=True))).total == 20
        await each.close()


async def test_a_catalogue_that_another_process_holds_is_unavailable(
    catalogue: SqliteCatalogue, tmp_path: Path
) -> None:
    catalogue._writer.execute("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(tmp_path / "catalogue.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CatalogueUnavailable) as refused:
            await catalogue.apply(a_change_set(a_resource()))
        assert refused.value.facts["retry_after_seconds"] == connections.RETRY_AFTER_SECONDS
        assert (await catalogue.select(Selection("resource", page=Page(1)))).rows
        other.execute("ROLLBACK")
    await catalogue.apply(a_change_set(a_resource()))


async def test_an_amendment_names_the_columns_that_change_and_no_others(
    catalogue: SqliteCatalogue,
) -> None:
    """SQLite writes every index of a column that is named, and a resource has some thirty."""
    said: list[str] = []
    amended = {"supply_status": "LATE", "state": "PUBLISHED"}  # the state is what it was
    catalogue._writer.set_trace_callback(said.append)
    await catalogue.apply(a_change_set(Amend("resource", "res_000", amended, an_act())))
    catalogue._writer.set_trace_callback(None)
    [update] = [each for each in said if each.startswith("UPDATE")]
    assert re.findall(r'"(\w+)" = ', update) == ["version", "revision", "supply_status"]


async def test_looking_for_damage_takes_as_long_as_the_log_is(tmp_path: Path) -> None:
    """And not as the square of how often one row has changed: a job's changes with every run."""
    path = tmp_path / "catalogue.sqlite"
    catalogue = await SqliteCatalogue.open(path)
    await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1")))
    ticking, ticks = count(), []
    for changes in (100, 300):
        for at in range(changes):
            amended = Amend("resource", "res_1", {"name": f"{at}"}, an_act("resource.amend"))
            await catalogue.apply(a_change_set(amended))
        with looking(path) as connection:
            begun = next(ticking)
            connection.set_progress_handler(lambda: next(ticking) < 0, 100)
            assert divergences(connection, 1) == []
            ticks.append(next(ticking) - begun)
    await catalogue.close()
    assert ticks[1] < 5 * ticks[0]
