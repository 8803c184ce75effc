"""How long Neo4j takes for the pages that a city asks for, beside SQLite.

    python -m benchmarks.neo4j_page FOLDER 12000 120000

starts a Neo4j of its own in FOLDER for each size, fills it and a SQLite file with the same city,
and asks both everything that `benchmarks.catalogue_page` asks. Times are of the clock, medians of
15 after the statement was planned: compare them with one another, on a machine that does nothing
else. Budget: a page within 3 times SQLite's, at 120,000 within 1.3 times 12,000's.
"""

import asyncio
import json
import os
import statistics
import sys
import time
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from benchmarks.catalogue_page import BATCH, PAGE, changes, questions
from dataspace.change import ChangeSet
from dataspace.identifiers import derived_id
from dataspace.ports import Catalogue
from dataspace.selection import Page, Selection
from graph.neo4j_catalogue import Neo4jCatalogue
from graph.sqlite_catalogue import SqliteCatalogue
from hub.dev import neo4j_server

ASKED = 15
SECONDS_MAX = 120.0


async def fill(catalogue: Catalogue, count: int) -> float:
    """Resources a second, with their items, versions, evidence and search."""
    sets, resources_seconds = 0, 0.0
    for kind, of_kind in groupby(changes(count), lambda change: change.kind):
        started = time.perf_counter()
        waiting = list(of_kind)
        for at in range(0, len(waiting), BATCH):
            await catalogue.apply(ChangeSet(f"fill-{sets}", tuple(waiting[at : at + BATCH])))
            sets += 1
        if kind == "resource":
            resources_seconds = time.perf_counter() - started
    return round(count / resources_seconds, 1)


async def ask(catalogue: Catalogue) -> dict[str, float]:
    middle = replace(PAGE, page=Page(1, ("2020-06-15T08:00:00.000Z", "")), children=())
    row = (await catalogue.select(middle)).rows[0]
    asked = questions({"middle": row["_position"], "one": (0, derived_id("par", "1"))})
    return {name: await _median(catalogue, each) for name, each in asked.items()}


async def _median(catalogue: Catalogue, selection: Selection) -> float:
    await catalogue.select(selection)
    taken = []
    for _ in range(ASKED):
        begun = time.perf_counter()
        await catalogue.select(selection)
        taken.append(time.perf_counter() - begun)
        if sum(taken) > 3:
            break
    return round(statistics.median(taken) * 1000, 2)


async def measure(folder: Path, count: int) -> dict[str, object]:
    own = folder / f"neo4j-{count}"
    own.mkdir(parents=True, exist_ok=True)
    running = neo4j_server.start(own)
    facts = running.facts
    neo4j = await Neo4jCatalogue.open(
        facts["address"], user=facts["user"], password=facts["password"], seconds_max=SECONDS_MAX
    )
    sqlite = await SqliteCatalogue.open(folder / f"wall-{count}.sqlite")
    try:
        told: dict[str, object] = {"resources": count, "load": os.getloadavg()[0]}
        for name, catalogue in (("sqlite", sqlite), ("neo4j", neo4j)):
            if not await catalogue.changes_since(0, 1):
                told[f"{name}_resources_per_second"] = await fill(catalogue, count)
            told[f"{name}_milliseconds"] = await ask(catalogue)
        return told
    finally:
        await neo4j.close()
        await sqlite.close()
        running.stop()


async def main(folder: Path, counts: list[int]) -> None:
    for count in counts:
        print(json.dumps(await measure(folder, count), ensure_ascii=False, indent=1), flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), [int(each) for each in sys.argv[2:]]))
