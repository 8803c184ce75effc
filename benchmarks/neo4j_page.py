"""How long does Neo4j take for the pages that a city asks for, beside SQLite?

The same made-up cities are loaded into a Neo4j from their dumps and asked on both sides, in this
process; each question is asked for some seconds beforehand, for a server of a running city has
planned and compiled what it answers all day. Budget: a page within 3 times SQLite's, at 120,000
within 1.3 times 12,000's, a deep page within 1.2 times the first; a search for two characters
within 60 ms nineteen times in twenty at 120,000; into either city 150 data sets a second come in,
in whole commands. Into an empty server that has just started they come more slowly, which is told
without a budget. The server has a gigabyte for pages and one for the rest, as ours for tests does
not. Asked for by name.
"""

import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.corpora import CITIES, SIZES, Corpus, cities, cityspace, made_up_cities
from benchmarks.figures import Figure
from dataspace.caller import ANYONE
from dataspace.ports import Catalogue
from dataspace.selection import POSITION, Child, FacetOf, Order, Page, PartChild, Selection
from dataspace.visibility import visible
from graph.neo4j_catalogue import Neo4jCatalogue
from graph.sqlite_catalogue import SqliteCatalogue
from hub.dev import keeper, neo4j_server
from hub.dev.process import Running
from tests.conftest import CATALOGUES

BESIDE_MOST, GROWTH_MOST, DEEP_MOST = 3.0, 1.3, 1.2
SEARCH_MILLISECONDS_MOST, RATE_LEAST = 60.0, 150.0
ASKED, SECONDS_MAX = 25, 120.0
WARMED, WARMED_SECONDS_MAX = 1000, 6.0
SIZE = neo4j_server.Size(1024, lasting=True)
EMPTY = "empty"
SEARCH = "search, two characters"
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
        SEARCH: search,
        "search, with a total": replace(search, total=True),
    }


async def timed(catalogue: Catalogue) -> dict[str, list[float]]:
    """Median and nineteen in twenty, in milliseconds."""
    told = {}
    for name, selection in (await questions(catalogue)).items():
        await _warmed(catalogue, selection)
        taken = []
        while len(taken) < ASKED and sum(taken) < 5:
            begun = time.perf_counter()
            await catalogue.select(selection)
            taken.append(time.perf_counter() - begun)
        p95 = sorted(taken)[len(taken) * 95 // 100]
        told[name] = [round(1000 * each, 2) for each in (statistics.median(taken), p95)]
    return told


async def _warmed(catalogue: Catalogue, selection: Selection) -> None:
    until = time.perf_counter() + WARMED_SECONDS_MAX
    for _ in range(WARMED):
        await catalogue.select(selection)
        if time.perf_counter() > until:
            return


@contextmanager
def server(folder: Path) -> Iterator[Running]:
    folder.mkdir(parents=True, exist_ok=True)
    running = neo4j_server.start(folder, size=SIZE)
    try:
        yield running
    finally:
        running.stop()


def measure(data: Path, largest: int) -> list[Figure]:
    taken: dict[tuple[str, str], dict[str, list[float]]] = {}
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as made, server(Path(made) / "neo4j") as running:
        begun = time.perf_counter()
        asyncio.run(_laid_out(running))
        figures.append(Figure(EMPTY, "laid out, Neo4j", time.perf_counter() - begun, "s"))
        figures += _imports(running, EMPTY)
    for corpus in made_up_cities(data, largest):
        folder = data / f"neo4j-{corpus.folder.name}"
        with server(folder) as running:
            figures += _loaded(running, corpus)
        with _as_it_was(folder), server(folder) as running:
            for name, told in asyncio.run(_both(running, corpus)).items():
                taken[corpus.name, name] = told
            figures += _imports(running, corpus.name)
    return [*figures, *_figures(taken)]


def _imports(running: Running, of: str) -> Iterator[Figure]:
    """Whole commands with their start, one real city after the other."""
    if not cities():
        return
    environ, own = _environ(running), ("--data", str(running.folder / "data"))
    files = [str(CATALOGUES / file) for file in CITIES.values()]
    spent = [cityspace("import", *own, file, environ=environ) for file in files]
    rows, seconds = sum(each.told["read"] for each in spent), sum(each.seconds for each in spent)
    least = None if of == EMPTY else RATE_LEAST
    yield Figure(of, f"three cities in, {rows:,} data sets", seconds, "s")
    yield Figure(of, "rate of the import", rows / seconds, "/s", least=least)


@contextmanager
def _as_it_was(folder: Path) -> Iterator[None]:
    """What comes into a city meanwhile is gone afterwards."""
    kept = folder.with_name(f"{folder.name}-kept")
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(folder, kept)
    try:
        yield
    finally:
        shutil.rmtree(folder)
        kept.rename(folder)


def _loaded(running: Running, corpus: Corpus) -> Iterator[Figure]:
    """The first time; a Neo4j that has the city keeps it."""
    mark, dump = running.folder / "loaded", running.folder / "dump.jsonl.gz"
    if not mark.exists():
        cityspace("catalogue", "dump", str(dump), "--data", str(corpus.folder))
        own = ("--data", str(running.folder / "data"))
        spent = cityspace("catalogue", "load", str(dump), *own, environ=_environ(running))
        mark.write_text(f"{spent.told['records']} {spent.seconds}")
    records, seconds = mark.read_text().split()
    yield Figure(corpus.name, f"{int(records):,} records loaded", float(seconds), "s")
    yield Figure(corpus.name, "records loaded", int(records) / float(seconds), "/s")


async def _laid_out(running: Running) -> None:
    await (await _opened(running)).close()


async def _opened(running: Running) -> Neo4jCatalogue:
    facts = running.facts
    return await Neo4jCatalogue.open(
        facts["address"], user=facts["user"], password=facts["password"], seconds_max=SECONDS_MAX
    )


def _environ(running: Running) -> dict[str, str]:
    return keeper.environment({"neo4j": running.facts})


async def _both(running: Running, corpus: Corpus) -> dict[str, dict[str, list[float]]]:
    neo4j = await _opened(running)
    sqlite = await SqliteCatalogue.open(corpus.folder / "catalogue.sqlite")
    try:
        return {"SQLite": await timed(sqlite), "Neo4j": await timed(neo4j)}
    finally:
        await neo4j.close()
        await sqlite.close()


def _figures(taken: Mapping[tuple[str, str], dict[str, list[float]]]) -> Iterator[Figure]:
    for (city, name), told in taken.items():
        for asked, (median, p95) in told.items():
            yield Figure(city, f"{asked}, {name}", median, "ms")
            if name == "Neo4j" and asked == SEARCH:
                large = city == f"{SIZES[-1]:,}"
                most = SEARCH_MILLISECONDS_MOST if large else None
                yield Figure(city, f"{asked}, {name}, p95", p95, "ms", most=most)
    for (city, name), told in taken.items():
        if name == "Neo4j":
            page, beside = told["page"][0], taken[city, "SQLite"]["page"][0]
            yield Figure(city, "page, Neo4j / SQLite", page / beside, most=BESIDE_MOST)
            yield Figure(city, "page deep / page", told["page deep"][0] / page, most=DEEP_MOST)
    small, large = (taken.get((f"{size:,}", "Neo4j")) for size in SIZES)
    if small and large:
        growth = large["page"][0] / small["page"][0]
        yield Figure("120,000 / 12,000", "page, Neo4j", growth, most=GROWTH_MOST)
