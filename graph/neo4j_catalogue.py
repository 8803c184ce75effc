"""The Catalogue port on Neo4j: the driver, its retries, its errors in our words."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import neo4j
from neo4j import AsyncGraphDatabase, AsyncManagedTransaction
from neo4j.exceptions import (
    ClientError,
    DatabaseError,
    DriverError,
    Neo4jError,
)

from dataspace.change import Applied, ChangeSet, Recorded
from dataspace.errors import CatalogueBroken, CatalogueUnavailable
from dataspace.evidence import GENESIS
from dataspace.selection import Found, Selection, check_size
from graph import neo4j_reading, neo4j_writing
from graph.connections import TookTooLong
from graph.cypher.layout import HEAD, indexes
from graph.cypher.selecting import select_cypher
from graph.neo4j_log import changes_since

CONNECT_SECONDS = 2.0
RETRY_SECONDS = 5.0
SELECT_SECONDS_MAX = 10.0
APPLY_SECONDS_MAX = 60.0
INDEX_SECONDS_MAX = 300
POOL_SIZE = 50
RETRY_AFTER_SECONDS = 5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Running:
    """A transaction of the driver's, as the writing and the log need it."""

    transaction: AsyncManagedTransaction

    async def read(self, statement: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        result = await self.transaction.run(statement, dict(parameters))
        return [record.data() async for record in result]


class Neo4jCatalogue:
    """`statements` counts the statements that selections were answered by."""

    def __init__(self, driver: neo4j.AsyncDriver, *, database: str, seconds_max: float) -> None:
        self.statements = 0
        self._driver = driver
        self._database = database
        self._seconds_max = seconds_max

    @classmethod
    async def open(
        cls,
        address: str,
        *,
        user: str,
        password: str,
        database: str = "neo4j",
        seconds_max: float = SELECT_SECONDS_MAX,
    ) -> Self:
        """Connects, and makes what the catalogue is found by where it is not there yet.

        Raises:  CatalogueUnavailable.
        """
        driver = AsyncGraphDatabase.driver(
            address, auth=(user, password), connection_timeout=CONNECT_SECONDS,
            max_transaction_retry_time=RETRY_SECONDS, max_connection_pool_size=POOL_SIZE,
            notifications_min_severity="OFF",
        )  # fmt: skip
        catalogue = cls(driver, database=database, seconds_max=seconds_max)
        try:
            await catalogue._bring_up_to_date()
        except BaseException:
            await driver.close()
            raise
        return catalogue

    async def select(self, selection: Selection) -> Found:
        """Raises:  SelectionTooLarge, TookTooLong, and what the port says."""
        check_size(selection)
        statement, parameters = select_cypher(selection)

        async def answer(running: Running) -> Any:
            self.statements += 1
            return (await running.read(statement, parameters))[0]["answer"]

        return neo4j_reading.level(selection, await self._read(answer, self._seconds_max))

    async def apply(self, change_set: ChangeSet) -> Applied:
        # A change that has begun is finished even when whoever asked for it has gone away.
        return await asyncio.shield(asyncio.ensure_future(self._applied(change_set)))

    async def changes_since(self, revision: int, limit: int) -> list[Recorded]:
        return await self._read(
            lambda running: changes_since(running, revision, limit), APPLY_SECONDS_MAX
        )

    async def ready(self) -> None:
        async def one(running: Running) -> None:
            await running.read("RETURN 1 AS one", {})

        await self._read(one, self._seconds_max)

    async def close(self) -> None:
        await self._driver.close()

    async def _applied(self, change_set: ChangeSet) -> Applied:
        async def write(transaction: AsyncManagedTransaction) -> Applied:
            return await neo4j_writing.apply(Running(transaction), change_set)

        async with self._session(APPLY_SECONDS_MAX) as session:
            return await session.execute_write(write)

    async def _read(self, work: Callable[[Running], Awaitable[T]], seconds_max: float) -> T:
        async def read(transaction: AsyncManagedTransaction) -> T:
            return await work(Running(transaction))

        async with self._session(seconds_max) as session:
            return await session.execute_read(read)

    @asynccontextmanager
    async def _session(self, seconds_max: float) -> AsyncIterator[neo4j.AsyncSession]:
        """A session within a time: the driver itself waits for a silent server for ever."""
        try:
            async with asyncio.timeout(seconds_max):
                async with self._driver.session(database=self._database) as session:
                    yield session
        except TimeoutError as error:
            raise TookTooLong(limit=seconds_max) from error
        except (ClientError, DatabaseError) as error:
            raise CatalogueBroken(detail=_said(error)) from error
        except (DriverError, Neo4jError) as error:
            raise CatalogueUnavailable(
                service="Neo4j", detail=_said(error), retry_after_seconds=RETRY_AFTER_SECONDS
            ) from error

    async def _bring_up_to_date(self) -> None:
        """Constraints and indexes first; they are made one by one, each at most once."""
        wanted = list(indexes())
        fingerprint = hashlib.sha256(repr(wanted).encode()).hexdigest()
        async with self._session(INDEX_SECONDS_MAX) as session:
            if await self._layout(session) == fingerprint:
                return
            for index in wanted:
                await (await session.run(index.statement)).consume()
            await (await session.run(f"CALL db.awaitIndexes({INDEX_SECONDS_MAX})")).consume()
            statement = (
                f"MERGE (h:{HEAD} {{id: 'head'}}) "
                f"ON CREATE SET h.sequence = 0, h.leaf = $genesis SET h.layout = $layout"
            )
            told = {"genesis": GENESIS, "layout": fingerprint}
            await (await session.run(statement, told)).consume()

    async def _layout(self, session: neo4j.AsyncSession) -> str:
        result = await session.run(f"MATCH (h:{HEAD} {{id: 'head'}}) RETURN h.layout AS layout")
        record = await result.single()
        return str(record["layout"]) if record else ""


def _said(error: Exception) -> str:
    """The vendor's own code and its first line."""
    code = getattr(error, "code", None) or type(error).__name__
    return f"{code}: {str(error).splitlines()[0][:200]}" if str(error) else str(code)
