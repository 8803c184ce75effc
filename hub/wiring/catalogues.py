"""Which catalogue a node has: SQLite in a file of its own, or a Neo4j."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dataspace.ports import Catalogue, Clock
from graph.sqlite_catalogue import SqliteCatalogue
from hub.data_folder import prepare
from hub.node import Books
from hub.setting_rules import NEO4J_SCHEMES, place_in, variable
from hub.settings import Settings
from hub.wiring.clock import SystemClock


@dataclass(frozen=True, slots=True)
class _Books:
    catalogue: Catalogue
    clock: Clock


@asynccontextmanager
async def open_books(settings: Settings) -> AsyncIterator[Books]:
    """The catalogue alone, for filling it. Raises:  what `open_node` raises of it."""
    prepare(settings.data)
    async with open_catalogue(settings) as catalogue:
        yield _Books(catalogue, SystemClock())


@asynccontextmanager
async def open_catalogue(settings: Settings) -> AsyncIterator[Catalogue]:
    place = place_in(variable("graph"), settings.graph_url, "sqlite", *NEO4J_SCHEMES)
    if is_neo4j(settings):
        catalogue: Catalogue = await _neo4j_catalogue(settings)
    else:
        catalogue = await SqliteCatalogue.open(Path(place))
    try:
        yield catalogue
    finally:
        await catalogue.close()


@asynccontextmanager
async def scratch(path: Path) -> AsyncIterator[Catalogue]:
    catalogue = await SqliteCatalogue.open(path)
    try:
        yield catalogue
    finally:
        await catalogue.close()


def is_neo4j(settings: Settings) -> bool:
    return settings.graph_url.partition(":")[0] in NEO4J_SCHEMES


async def _neo4j_catalogue(settings: Settings) -> Catalogue:
    # The vendor's driver takes a part of the time of a start: only where it is needed.
    from graph.neo4j_catalogue import DATABASE, Neo4jCatalogue

    place = urlsplit(settings.graph_url)
    return await Neo4jCatalogue.open(
        f"{place.scheme}://{place.netloc}",
        user=settings.graph_user,
        password=settings.graph_password,
        database=place.path.strip("/") or DATABASE,
    )
