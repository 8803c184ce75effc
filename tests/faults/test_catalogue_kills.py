"""A writing process is killed at any moment, or its disk is full: what was promised is there."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dataspace import evidence
from dataspace.change import Amend, ChangeSet
from dataspace.errors import CatalogueFull, NotFound
from dataspace.selection import Page, Selection
from graph.sqlite_catalogue import SqliteCatalogue
from tests.build import a_change_set, a_resource, an_act, the_bureau

ROWS = 5
WRITER = """
import asyncio, sys
from pathlib import Path
from dataspace.change import Amend, ChangeSet
from graph.sqlite_catalogue import SqliteCatalogue
from tests.build import a_resource, an_act

async def write(path, name):
    catalogue = await SqliteCatalogue.open(Path(path))
    for at in range(100_000):
        rows = [
            a_resource(f"res_{name}_{at}_{n}", name="用水量" * 40, items=[{"name": "吨"}] * 9)
            for n in range(5)
        ]
        again = [Amend("resource", row.id, {"grade": 2}, an_act()) for row in rows[:2]]
        print("asked", at, flush=True)
        await catalogue.apply(ChangeSet(f"{name}-{at}", (*rows, *again)))
        print("done", at, flush=True)

asyncio.run(write(sys.argv[1], sys.argv[2]))
"""


def started(path: Path, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name], stdout=subprocess.PIPE, text=True
    )


def killed(writer: subprocess.Popen[str], lines: int, dice: random.Random) -> list[str]:
    """What the writer said until it was killed, somewhere within its next step."""
    assert writer.stdout is not None
    said = [writer.stdout.readline() for _ in range(lines)]
    try:
        writer.wait(dice.random() * 0.02)
    except subprocess.TimeoutExpired:
        os.kill(writer.pid, signal.SIGKILL)
    said += writer.stdout.readlines()
    writer.wait()
    writer.stdout.close()
    return said


async def check(path: Path, promised: set[str]) -> None:
    """Everything promised is there, whole; what else is there is whole too; all of it verified."""
    catalogue = await SqliteCatalogue.open(path)
    try:
        log = await catalogue.changes_since(0, 1_000_000)
        assert list(evidence.verify(log)) == []
        assert await catalogue.divergences() == []
        sets: dict[str, int] = {}
        for each in log[1:]:
            name = each.evidence["change_set"]
            sets[name] = sets.get(name, 0) + 1
        assert promised <= set(sets)
        assert set(sets.values()) <= {ROWS + 2}
        found = await catalogue.select(Selection("resource", ("id",), page=Page(1), total=True))
        assert found.total == ROWS * len(sets)
    finally:
        await catalogue.close()


async def an_empty_one(path: Path) -> None:
    catalogue = await SqliteCatalogue.open(path)
    await catalogue.apply(a_change_set(the_bureau()))
    await catalogue.close()


@pytest.mark.slow
async def test_a_killed_writer_leaves_whole_change_sets_and_all_that_it_promised(
    tmp_path: Path,
) -> None:
    path, dice, promised = tmp_path / "catalogue.sqlite", random.Random(3), set[str]()
    await an_empty_one(path)
    for attempt in range(12):
        writer = started(path, f"w{attempt}")
        said = await asyncio.to_thread(killed, writer, 1 + dice.randrange(12), dice)
        promised |= {f"w{attempt}-{line.split()[1]}" for line in said if line.startswith("done")}
    assert promised
    await check(path, promised)


@pytest.mark.slow
async def test_one_of_two_writers_is_killed_and_the_other_goes_on(tmp_path: Path) -> None:
    path, dice = tmp_path / "catalogue.sqlite", random.Random(5)
    await an_empty_one(path)
    first, second = started(path, "a"), started(path, "b")
    said_first = await asyncio.to_thread(killed, first, 7, dice)
    said_second = await asyncio.to_thread(killed, second, 21, dice)
    promised = {f"a-{line.split()[1]}" for line in said_first if line.startswith("done")}
    promised |= {f"b-{line.split()[1]}" for line in said_second if line.startswith("done")}
    assert len(promised) > 10
    await check(path, promised)


async def test_a_full_disk_refuses_the_change_and_keeps_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    catalogue = await SqliteCatalogue.open(path)
    await catalogue.apply(a_change_set(the_bureau()))
    # SQLite's own limit stands in for the disk's: the error and the way back are the same.
    catalogue._writer.execute("PRAGMA max_page_count = 320")
    with pytest.raises(CatalogueFull) as refused:
        for at in range(500):
            rows = [a_resource(f"res_{at}_{n}", summary="水" * 4000) for n in range(20)]
            await catalogue.apply(ChangeSet(f"fill-{at}", tuple(rows)))
    assert refused.value.code == "catalogue.full"
    log = await catalogue.changes_since(0, 100_000)
    assert list(evidence.verify(log)) == []
    assert (await catalogue.select(Selection("resource", rows=False, total=True))).total == (
        len(log) - 1
    )
    catalogue._writer.execute("PRAGMA max_page_count = 1000000")
    await catalogue.apply(ChangeSet("fill-again", tuple(rows)))
    assert await catalogue.divergences() == []
    await catalogue.close()


async def test_a_refused_change_leaves_nothing_behind(tmp_path: Path) -> None:
    catalogue = await SqliteCatalogue.open(tmp_path / "catalogue.sqlite")
    await catalogue.apply(a_change_set(the_bureau()))
    with pytest.raises(NotFound):
        await catalogue.apply(
            a_change_set(a_resource("res_1"), Amend("resource", "res_2", {"grade": 1}, an_act()))
        )
    assert len(await catalogue.changes_since(0, 10)) == 1
    assert await catalogue.divergences() == []
    await catalogue.close()
