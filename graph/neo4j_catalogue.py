"""The Catalogue port on Neo4j: the driver, its retries, and what is asked through it."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import neo4j
from neo4j import AsyncGraphDatabase, AsyncManagedTransaction

from dataspace.change import Applied, ChangeSet, Recorded
from dataspace.evidence import GENESIS, Divergence
from dataspace.selection import Found, Selection
from graph.cypher import audit, reading, writing
from graph.cypher.layout import HEAD, indexes
from graph.cypher.log import changes_since
from graph.cypher.selecting import select_cypher
from graph.neo4j_errors import check_version, translated
from graph.sql.selecting import check_size

CONNECT_SECONDS = 2.0
RETRY_SECONDS = 5.0
RETRY_DELAY_SECONDS = 0.05
# A server that does not stop a transaction in its time is not answering at all.
SILENCE_SECONDS = 2.0
# The first time that a statement is asked, planning it can take seconds.
SELECT_SECONDS_MAX = 20.0
READY_SECONDS_MAX = 3.0
APPLY_SECONDS_MAX = 30.0
AUDIT_SECONDS_MAX = 3600.0
INDEX_SECONDS_MAX = 300.0
POOL_SIZE = 50

T = TypeVar("T")
VERSION = (
    "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0]"
)


@dataclass(frozen=True, slots=True)
class Running:
    """A transaction of the driver's, as the writing and the log need it."""

    transaction: AsyncManagedTransaction

    async def read(self, statement: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        result = await self.transaction.run(statement, dict(parameters))
        return [record.data() async for record in result]


class Neo4jCatalogue:
    """`statements` counts the statements that selections were answered by.

    `version` is the server's.
    """

    def __init__(self, driver: neo4j.AsyncDriver, *, database: str, seconds_max: float) -> None:
        self.statements = 0
        self.version = ""
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

        Raises:  CatalogueUnavailable, CatalogueRefusesLogin, CatalogueTooOld.
        """
        driver = AsyncGraphDatabase.driver(
            address, auth=(user, password), connection_timeout=CONNECT_SECONDS,
            max_transaction_retry_time=RETRY_SECONDS, initial_retry_delay=RETRY_DELAY_SECONDS,
            max_connection_pool_size=POOL_SIZE, notifications_min_severity="OFF",
        )  # fmt: skip
        catalogue = cls(driver, database=database, seconds_max=seconds_max)
        try:
            await catalogue._check_version()
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

        return reading.level(selection, await self._read(answer, self._seconds_max))

    async def apply(self, change_set: ChangeSet) -> Applied:
        # A change that has begun is finished even when whoever asked for it has gone away.
        return await asyncio.shield(asyncio.ensure_future(self._applied(change_set)))

    async def changes_since(self, revision: int, limit: int) -> list[Recorded]:
        return await self._read(
            lambda running: changes_since(running, revision, limit), APPLY_SECONDS_MAX
        )

    async def divergences(self, first: int = 20) -> list[Divergence]:
        """Reads the whole graph: about a second for 1,000 records, and half a minute to begin."""
        return await self._read(
            lambda running: audit.divergences(running, first), AUDIT_SECONDS_MAX
        )

    async def ready(self) -> None:
        async def head(running: Running) -> None:
            await running.read(f"MATCH (h:{HEAD} {{id: 'head'}}) RETURN h.sequence", {})

        await self._read(head, READY_SECONDS_MAX)

    async def close(self) -> None:
        await self._driver.close()

    async def _applied(self, change_set: ChangeSet) -> Applied:
        @neo4j.unit_of_work(timeout=APPLY_SECONDS_MAX)
        async def write(transaction: AsyncManagedTransaction) -> Applied:
            return await writing.apply(Running(transaction), change_set)

        async with self._session(APPLY_SECONDS_MAX) as session:
            return await session.execute_write(write)

    async def _read(self, work: Callable[[Running], Awaitable[T]], seconds_max: float) -> T:
        @neo4j.unit_of_work(timeout=seconds_max)
        async def read(transaction: AsyncManagedTransaction) -> T:
            return await work(Running(transaction))

        async with self._session(seconds_max) as session:
            return await session.execute_read(read)

    @asynccontextmanager
    async def _session(self, seconds_max: float) -> AsyncIterator[neo4j.AsyncSession]:
        """A session within a time: the driver itself waits for a silent server for ever."""
        with translated(seconds_max):
            async with (
                asyncio.timeout(seconds_max + SILENCE_SECONDS),
                self._driver.session(database=self._database) as session,
            ):
                yield session

    async def _check_version(self) -> None:
        async def read(running: Running) -> str:
            return str((await running.read(VERSION, {}))[0]["versions[0]"])

        self.version = await self._read(read, READY_SECONDS_MAX)
        check_version(self.version)

    async def _bring_up_to_date(self) -> None:
        """Constraints and indexes first; they are made one by one, each at most once."""
        wanted = list(indexes())
        fingerprint = hashlib.sha256(
            repr([index.statement for index in wanted]).encode()
        ).hexdigest()
        async with self._session(INDEX_SECONDS_MAX) as session:
            if await self._layout(session) == fingerprint:
                return
            for index in wanted:
                await (await session.run(index.statement)).consume()
            await (await session.run(f"CALL db.awaitIndexes({int(INDEX_SECONDS_MAX)})")).consume()
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
