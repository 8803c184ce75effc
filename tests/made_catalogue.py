"""New SQLite catalogues for tests that are not about how one is made or survives a power cut."""

import asyncio
import tempfile
from functools import cache
from pathlib import Path

from graph.connections import READERS_CACHE_KIB, connected
from graph.migration import bring_up_to_date
from graph.sqlite_catalogue import SqliteCatalogue


async def a_catalogue(path: Path) -> SqliteCatalogue:
    """As `SqliteCatalogue.open` makes it where there is no file, in a tenth of the time.

    The tables are those of a file that was made once for all tests of the process, and no test
    waits for the disk: what one has written outlives its process, and need not outlive more.
    """
    path.write_bytes(await asyncio.to_thread(_made))
    opened = await SqliteCatalogue.open(path)
    opened._writer.execute("PRAGMA synchronous = OFF")
    return opened


@cache
def _made() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.sqlite"
        connection = connected(path, cache_kib=READERS_CACHE_KIB)
        connection.execute("PRAGMA journal_mode = WAL")
        bring_up_to_date(connection)
        connection.close()
        return path.read_bytes()
