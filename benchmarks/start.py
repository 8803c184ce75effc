"""How soon does a node answer after its start, and how small does it stay?

`cityspace serve` on made-up cities that are there. Budget: ready within 2 s, 150 MiB resident when
idle.
"""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.corpora import Corpus, made_up_cities
from benchmarks.figures import Figure
from tests.e2e.running_hub import running_hub

READY_MOST_SECONDS, RESIDENT_MOST_MEBIBYTES = 2, 150
STARTS = 5
SETTLING_SECONDS = 1


def measure(data: Path, largest: int) -> list[Figure]:
    return [figure for corpus in made_up_cities(data, largest) for figure in _figures(corpus)]


def _figures(corpus: Corpus) -> Iterator[Figure]:
    ready, resident, stop = zip(*(_start(corpus.folder) for _ in range(STARTS)), strict=True)
    median = statistics.median
    yield Figure(corpus.name, "ready after", median(ready), "s", most=READY_MOST_SECONDS)
    yield Figure(
        corpus.name, "resident when idle", median(resident), "MiB", most=RESIDENT_MOST_MEBIBYTES
    )
    yield Figure(corpus.name, "stopped after", median(stop), "s")


def _start(folder: Path) -> tuple[float, float, float]:
    with running_hub(folder) as hub:
        time.sleep(SETTLING_SECONDS)
        resident = psutil.Process(hub.process.pid).memory_info().rss / 2**20
        began = time.monotonic()
        hub.stop()
        return hub.ready_after_seconds, resident, time.monotonic() - began
