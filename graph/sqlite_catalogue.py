"""The Catalogue port on one SQLite file, which several processes may hold open at once."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self, TypeVar

from dataspace.change import Applied, ChangeSet, Recorded
from dataspace.evidence import Divergence
from dataspace.selection import Found, Selection, check_size
from graph import reading, writing
from graph.audit import divergences
from graph.connections import (
    WRITER_CACHE_KIB,
    Connection,
    Deadline,
    Readers,
    connected,
    looking,
    translated,
)
from graph.log import changes_since
from graph.migration import bring_up_to_date
from graph.sql.selecting import select_sql

READERS_MAX = 4
SELECT_SECONDS_MAX = 10.0

T = TypeVar("T")


class SqliteCatalogue:
    """Statements run in worker threads: readers side by side, writers one after another.

    `statements` counts the statements that selections were answered by.
    """

    def __init__(self, path: Path, writer: Connection, *, seconds_max: float) -> None:
        self.statements = 0
        self._path = path
        self._seconds_max = seconds_max
        self._writer = writer
        self._readers = Readers(path)
        self._reading = ThreadPoolExecutor(READERS_MAX, thread_name_prefix="catalogue-read")
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="catalogue-write")

    @classmethod
    async def open(cls, path: Path, *, seconds_max: float = SELECT_SECONDS_MAX) -> Self:
        """Makes the file, or brings it up to date.

        Raises:  CatalogueBroken, CatalogueUnavailable.
        """
        writer = await asyncio.to_thread(_opened, path)
        return cls(path, writer, seconds_max=seconds_max)

    async def select(self, selection: Selection) -> Found:
        """Raises:  SelectionTooLarge, TookTooLong, and what the port says."""
        check_size(selection)
        sql, parameters = select_sql(selection)

        def answer(connection: Connection) -> list[reading.Answer]:
            self.statements += 1
            return connection.execute(sql, parameters).fetchall()

        return reading.found(selection, await self._read(answer, self._seconds_max))

    async def apply(self, change_set: ChangeSet) -> Applied:
        loop = asyncio.get_running_loop()
        # A change that has begun is finished even when whoever asked for it has gone away.
        return await asyncio.shield(
            loop.run_in_executor(self._writing, _applied, self._writer, change_set)
        )

    async def changes_since(self, revision: int, limit: int) -> list[Recorded]:
        return await self._look(lambda connection: changes_since(connection, revision, limit))

    async def divergences(self, first: int = 20) -> list[Divergence]:
        """Reads the whole file: about two minutes for 120,000 resources with their items."""
        return await self._look(lambda connection: divergences(connection, first))

    async def ready(self) -> None:
        await self._read(
            lambda connection: connection.execute("SELECT 1 FROM layout").fetchone(),
            self._seconds_max,
        )

    async def close(self) -> None:
        await asyncio.to_thread(self._reading.shutdown)
        await asyncio.to_thread(self._writing.shutdown)
        self._readers.close()
        self._writer.close()

    async def _look(self, work: Callable[[Connection], T]) -> T:
        def run() -> T:
            with translated(), looking(self._path) as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._reading, run)

    async def _read(self, work: Callable[[Connection], T], seconds_max: float) -> T:
        deadline = Deadline(seconds_max)

        def run() -> T:
            with translated(deadline), self._readers.borrowed(deadline) as connection:
                return work(connection)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._reading, run)
        except asyncio.CancelledError:
            deadline.abandon()
            raise


def _opened(path: Path) -> Connection:
    with translated():
        connection = connected(path, cache_kib=WRITER_CACHE_KIB)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            bring_up_to_date(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def _applied(connection: Connection, change_set: ChangeSet) -> Applied:
    with translated():
        connection.execute("BEGIN IMMEDIATE")
        try:
            applied = writing.apply(connection, change_set)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return applied
