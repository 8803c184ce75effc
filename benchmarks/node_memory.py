"""How much memory does a node take that has joined a city?

The demonstration as `make run` has it: a city of 12,000 resources with a finance and an energy
node, each a process, after a minute; and again when the finance node has published 10,000 products
and the city has taken over all of them. Resident, and what of it no other process shares. Budget:
200 MB (190 MiB) resident for a node that has joined.
"""

import asyncio
import json
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2
import psutil

from benchmarks.figures import Figure
from benchmarks.following import product
from dataspace.change import ChangeSet
from hub.settings import Settings
from hub.wiring import open_books
from tests.e2e.running_hub import COMMAND, ROOT, free_port

RESIDENT_MOST_MEBIBYTES: Final = 190
SETTLING_SECONDS, TAKEN_OVER_SECONDS_MAX = 60, 900
ROWS, BATCH = 10_000, 500
NODES: Final = ("city", "finance", "energy")
PUBLISHED: Final = "{ products(filter: {hasOriginNode: true}) { totalCount } }"
# Of the node's own: it is told of the other space's products too.
SELLER: Final = """{ products(first: 1, filter: {state: {eq: "LISTED"}, hasOriginNode: false}) {
  nodes { owner { id } space { id } } } }"""


@dataclass(frozen=True)
class Demo:
    told: dict[str, Any]
    data: Path

    def ask(self, query: str, *, at: str = "city") -> Any:
        address = self.told["city"] if at == "city" else self.told["spaces"][at]
        answer = httpx2.post(f"{address}/graphql", json={"query": query}, timeout=60)
        return answer.json()["data"]

    def process(self, name: str) -> psutil.Process:
        """The one that serves; beside it there is the one that ends it with its starter."""
        data = str(self.data / name)
        return next(
            each for each in psutil.process_iter(["cmdline"])
            if {"serve", data} <= {*(each.info["cmdline"] or ())}
            and "hub.dev.guardian" not in each.info["cmdline"]
        )  # fmt: skip


def measure(data: Path, _largest: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(dir=data) as folder, _running(Path(folder)) as demo:
        time.sleep(SETTLING_SECONDS)
        idle = [*_figures(demo, "after a minute")]
        began = time.monotonic()
        _publish(demo)
        time.sleep(SETTLING_SECONDS)
        return [
            *idle, *_figures(demo, f"after {ROWS:,} rows"),
            Figure("finance", f"{ROWS:,} rows at the city after", time.monotonic() - began, "s"),
        ]  # fmt: skip


@contextmanager
def _running(data: Path) -> Iterator[Demo]:
    words = [*COMMAND, "demo", "--json", "--data", str(data), "--port", str(free_port())]
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    try:
        yield Demo(json.loads(process.stdout.readline()), data)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        process.stdout.close()


def _figures(demo: Demo, when: str) -> Iterator[Figure]:
    for name in NODES:
        used = demo.process(name).memory_full_info()
        most = None if name == "city" else RESIDENT_MOST_MEBIBYTES
        yield Figure(name, f"resident, {when}", used.rss / 2**20, "MiB", most=most)
        yield Figure(name, f"its own, {when}", used.uss / 2**20, "MiB")


def _publish(demo: Demo) -> None:
    """Rows of the finance node's own, until the city shows every one of them."""
    [seller] = demo.ask(SELLER, at="finance")["products"]["nodes"]
    before = demo.ask(PUBLISHED)["products"]["totalCount"]
    asyncio.run(_enter(demo.data / "finance", seller["owner"]["id"], seller["space"]["id"]))
    until = time.monotonic() + TAKEN_OVER_SECONDS_MAX
    while demo.ask(PUBLISHED)["products"]["totalCount"] < before + ROWS:
        assert time.monotonic() < until, "the city did not take them over in time"
        time.sleep(1)


async def _enter(folder: Path, owner: str, space: str) -> None:
    async with open_books(Settings.read({}, data=folder)) as books:
        for first in range(0, ROWS, BATCH):
            rows = tuple(
                product(f"prd_made_{at}", at, owner=owner, space=space, synthetic=True)
                for at in range(first, first + BATCH)
            )
            await books.catalogue.apply(ChangeSet(f"benchmark-{first}", rows))
