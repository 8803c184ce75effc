"""Processes on one catalogue: killed half way, paused past their lease, two beside each other."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dataspace import evidence
from dataspace.selection import Page, Row, Selection
from graph.sqlite_catalogue import SqliteCatalogue
from hub.node import Node
from hub.operations.jobs import runs
from hub.operations.jobs.leases import an_act
from hub.wiring import SystemClock
from tests.build import a_change_set, a_participant
from tests.faults.jobs_child import JOB, LEASE_SECONDS
from tests.unit.operations.city import DictionaryAssets, NobodyKnown

OBJECTS = 30
WAIT_SECONDS = 40.0


class Child:
    """A process with a scheduler; `said` grows as it speaks."""

    def __init__(self, path: Path) -> None:
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.jobs_child", str(path)],
            stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in iter(self.process.stdout.readline, ""):
            self.said.append(line.strip())

    def count(self, word: str) -> int:
        return sum(line.split()[0] == word for line in list(self.said))

    def tell(self, what: signal.Signals) -> None:
        os.kill(self.process.pid, what)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def a_child(path: Path) -> Iterator[Child]:
    child = Child(path)
    try:
        yield child
    finally:
        child.close()


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Node]:
    """A catalogue of its own, in which there is something to do."""
    catalogue = await SqliteCatalogue.open(tmp_path / "catalogue.sqlite")
    there = (a_participant(f"par_{at:02d}") for at in range(OBJECTS))
    await catalogue.apply(a_change_set(*there))
    yield Node(catalogue, NobodyKnown(), DictionaryAssets(), SystemClock())
    await catalogue.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.sqlite"


async def until(holds: Callable[[], bool]) -> None:
    for _ in range(int(WAIT_SECONDS / 0.02)):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came to that")


async def stop(child: Child, path: Path) -> None:
    """Between two of its writes: within one it would hold the file's lock and stop all others."""
    while True:
        child.tell(signal.SIGSTOP)
        await asyncio.sleep(0.02)
        connection = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            child.tell(signal.SIGCONT)
        else:
            return
        finally:
            connection.close()


async def asked(node: Node) -> None:
    now = node.clock.now().replace(microsecond=0)
    await runs.ask(node, JOB.code, now, act=an_act("job_run.ask", now))


async def the_run(node: Node) -> Row:
    fields = ("state", "attempts", "holder", "done", "failed")
    rows = (await node.catalogue.select(Selection("job_run", fields, page=Page(10)))).rows
    assert len(rows) == 1
    return rows[0]


async def ended(node: Node) -> Row:
    for _ in range(int(WAIT_SECONDS / 0.1)):
        row = await the_run(node)
        if row["state"] not in (runs.WAITING, runs.RUNNING):
            return row
        await asyncio.sleep(0.1)
    raise AssertionError(f"it never ended: {await the_run(node)}")


async def check_each_once(node: Node) -> None:
    """Every object was touched once, nothing else, and the whole evidence holds."""
    log = await node.catalogue.changes_since(0, 10_000)
    touched = Counter(each.id for each in log if each.evidence["action"] == "test.touch")
    assert touched == dict.fromkeys((f"par_{at:02d}" for at in range(OBJECTS)), 1)
    assert list(evidence.verify(log)) == []


async def test_a_run_that_is_killed_half_way_is_made_up_for_and_each_object_done_once(
    node: Node, path: Path
) -> None:
    await asked(node)
    with a_child(path) as killed:
        await until(lambda: killed.count("done") >= 5)
        killed.tell(signal.SIGKILL)
    assert (await the_run(node))["state"] == runs.RUNNING
    with a_child(path) as next_:
        row = await ended(node)
        assert next_.count("done") > 0
    assert (row["state"], row["attempts"], row["failed"]) == (runs.DONE, 2, 0)
    await check_each_once(node)


@pytest.mark.slow
async def test_a_leader_that_is_paused_past_its_lease_acts_no_more_when_it_wakes(
    node: Node, path: Path
) -> None:
    """It wakes in the middle of its run, which somebody else has taken over and ended."""
    with a_child(path) as paused:
        await until(lambda: paused.count("leads") == 1)
        await asked(node)
        await until(lambda: paused.count("done") >= 3)
        await stop(paused, path)
        with a_child(path) as other:
            await until(lambda: other.count("leads") == 1)
            row = await ended(node)
            before = paused.count("done")
            paused.tell(signal.SIGCONT)
            await asyncio.sleep(1.5 * LEASE_SECONDS)
            assert paused.count("done") <= before
            assert other.count("leads") == 1
            assert other.count("lost") == 0
    assert (row["state"], row["attempts"]) == (runs.DONE, 2)
    assert await the_run(node) == row
    await check_each_once(node)


@pytest.mark.slow
async def test_two_schedulers_on_one_catalogue_run_it_once(node: Node, path: Path) -> None:
    with a_child(path) as first, a_child(path) as second:
        await until(lambda: first.count("leads") + second.count("leads") == 1)
        await asked(node)
        row = await ended(node)
        await asyncio.sleep(0.5)
        assert sorted((first.count("at"), second.count("at"))) == [0, OBJECTS]
    assert (row["state"], row["attempts"], row["done"]) == (runs.DONE, 1, OBJECTS)
    await check_each_once(node)
