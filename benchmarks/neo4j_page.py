"""How long does Neo4j take for the pages that a city asks for, beside SQLite?

    python -m benchmarks.neo4j_page FOLDER 12000 120000

starts a Neo4j of its own in FOLDER for each size, puts the same made-up city into it and into a
SQLite file, and asks both. Times are by the clock, medians of 25 once the statement was planned,
and say something only beside one another and on an idle machine: look at the load. Budget: a page
within 3 times SQLite's, at 120,000 within 1.3 times 12,000's, a deep page within 1.2 times the
first; a search for two characters within 60 ms at 120,000.
"""

import asyncio
import json
import os
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import cast

from benchmarks.corpora import DEPARTMENTS
from dataspace.caller import ANYONE
from dataspace.ports import Assets, Catalogue, Identity
from dataspace.selection import POSITION, Child, FacetOf, Order, Page, PartChild, Selection
from dataspace.visibility import visible
from graph.neo4j_catalogue import Neo4jCatalogue
from graph.sqlite_catalogue import SqliteCatalogue
from hub.demo.seed import seed
from hub.dev import neo4j_server
from hub.node import Node
from hub.wiring import SystemClock

ASKED, SECONDS_MAX = 25, 120.0
SEEN = visible(ANYONE)
PAGE = Selection(
    "resource", ("id", "name", "state", "summary", "data_changed_at", "labels"),
    where=SEEN["resource"], order=Order("data_changed_at", descending=True), page=Page(50),
    children=(
        Child("provider", "provider", Selection("participant", ("id", "name"))),
        Child("topics", "topics", Selection("topic", ("id", "name"))),
        Child("products", "products", Selection(
            "product", ("id", "name"), where=SEEN["product"], page=Page(3))),
    ),
)  # fmt: skip


async def questions(catalogue: Catalogue) -> dict[str, Selection]:
    position = None
    for _ in range(50):
        found = await catalogue.select(replace(PAGE, page=Page(100, position), children=()))
        position = found.rows[-1][POSITION]
    search = replace(PAGE, search="交通", order=Order("rank", descending=True), page=Page(20))
    items = PartChild("items", "items", ("name", "meaning"))
    facets = tuple(FacetOf(name) for name in ("format", "grade", "provider", "topics"))
    return {
        "page": PAGE,
        "page deep": replace(PAGE, page=Page(50, position)),
        "page at the end": replace(PAGE, page=Page(50, backwards=True)),
        "page with items": replace(PAGE, parts=(items,)),
        "total": replace(PAGE, rows=False, total=True),
        "four facets": replace(PAGE, rows=False, facets=facets),
        "search, two characters": search,
        "search, with a total": replace(search, total=True),
    }


async def timed(catalogue: Catalogue) -> dict[str, list[float]]:
    """Median and nineteen in twenty, in milliseconds."""
    told = {}
    for name, selection in (await questions(catalogue)).items():
        await catalogue.select(selection)
        taken = []
        while len(taken) < ASKED and sum(taken) < 5:
            begun = time.perf_counter()
            await catalogue.select(selection)
            taken.append(time.perf_counter() - begun)
        p95 = sorted(taken)[len(taken) * 95 // 100]
        told[name] = [round(1000 * each, 2) for each in (statistics.median(taken), p95)]
    return told


async def filled(catalogue: Catalogue, count: int) -> float:
    """Rows a second, with their items, evidence and search."""
    node = Node(catalogue, cast("Identity", None), cast("Assets", None), SystemClock())
    each, begun = count // DEPARTMENTS, time.perf_counter()
    report = await seed(
        node, seed=1, departments=DEPARTMENTS, resources_per_department=each,
        progress=lambda _: None,
    )  # fmt: skip
    return round(report.written / (time.perf_counter() - begun), 1)


async def measure(folder: Path, count: int) -> dict[str, object]:
    own = folder / f"neo4j-{count}"
    own.mkdir(parents=True, exist_ok=True)
    running = neo4j_server.start(own)
    facts = running.facts
    neo4j = await Neo4jCatalogue.open(
        facts["address"], user=facts["user"], password=facts["password"], seconds_max=SECONDS_MAX
    )
    sqlite = await SqliteCatalogue.open(folder / f"neo4j-beside-{count}.sqlite")
    told: dict[str, object] = {"resources": count, "load": os.getloadavg()[0]}
    try:
        for name, catalogue in (("sqlite", sqlite), ("neo4j", neo4j)):
            told[f"{name}_rows_per_second"] = await filled(catalogue, count)
            told[f"{name}_milliseconds"] = await timed(catalogue)
    finally:
        await neo4j.close()
        await sqlite.close()
        running.stop()
    return told


async def main(folder: Path, counts: list[int]) -> None:
    for count in counts:
        print(json.dumps(await measure(folder, count), ensure_ascii=False, indent=1), flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), [int(each) for each in sys.argv[2:]]))
