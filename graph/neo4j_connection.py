"""A connection to Neo4j: the driver, its retries and times, its errors in the words of the port."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any, Self, TypeVar

from neo4j import (
    READ_ACCESS,
    WRITE_ACCESS,
    AsyncDriver,
    AsyncGraphDatabase,
    AsyncManagedTransaction,
    AsyncResult,
    AsyncSession,
    Query,
    unit_of_work,
)
from neo4j.exceptions import AuthError, ClientError, DatabaseError, DriverError, Neo4jError

from dataspace.errors import (
    CatalogueBroken,
    CatalogueFull,
    CatalogueUnavailable,
    DataSpaceError,
    Unavailable,
)
from dataspace.parts.certificates import ADVICE, certificate_fault
from dataspace.text import Text
from graph.connections import TookTooLong

RETRY_AFTER_SECONDS = 5
CONNECT_SECONDS = 2.0
# How long a transaction is tried again: a deadlock's victim, a leader that changed, a restart.
RETRY_SECONDS = 5.0
RETRY_DELAY_SECONDS = 0.05
# A server that does not stop a transaction in its time is not answering at all.
SILENCE_SECONDS = 2.0
POOL_SIZE = 50
VERSION_MIN = (5, 20)
TIMED_OUT = "Neo.ClientError.Transaction.TransactionTimedOut"
READ_ONLY = ("ForbiddenOnReadOnlyDatabase", "AccessMode", "WriteOnReadOnlyAccessDatabase")
# What the server says when it stops, restarts, or elects another leader.
PASSING = ("DatabaseUnavailable", "DatabaseNotFound", "NotALeader", "Transaction.Terminated")

# `IF NOT EXISTS` looks before it waits for its lock.
MADE_MEANWHILE = (
    "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists",
    "Neo.ClientError.Schema.ConstraintAlreadyExists",
    "Neo.ClientError.Schema.IndexAlreadyExists",
)

T = TypeVar("T")
Records = list[dict[str, Any]]


class CatalogueRefusesLogin(Unavailable):
    """Neo4j does not know the user or the password that the settings name."""

    code = "catalogue.login_refused"
    title = Text("Neo4j refuses the login: {detail}", "Neo4j 拒绝登录：{detail}")
    advice = Text(
        "Set CITYSPACE_GRAPH_USER and CITYSPACE_GRAPH_PASSWORD to those of its user.",
        "请将 CITYSPACE_GRAPH_USER 与 CITYSPACE_GRAPH_PASSWORD 设为其用户名与口令。",
    )


class CatalogueCertificateRefused(CatalogueUnavailable):
    """Neo4j shows a certificate that does not hold; nothing was sent to it."""

    code = "catalogue.certificate_refused"
    title = Text(
        "The certificate of {service} does not hold: {detail}", "{service} 的证书无效：{detail}"
    )
    advice = ADVICE


class CatalogueReadOnly(Unavailable):
    """Neo4j takes no changes now; nothing was done."""

    code = "catalogue.read_only"
    title = Text("Neo4j takes no changes: {detail}", "Neo4j 当前不接受写入：{detail}")
    advice = Text(
        "Nothing was done. Let its operator make the database writable again, or name the"
        " cluster's address with neo4j:// so that its leader is found.",
        "未做任何改动。请由运维人员恢复数据库写入，或以 neo4j:// 填写集群地址以便找到主节点。",
    )


class CatalogueTooOld(Unavailable):
    """The server's version lacks what statements are made of."""

    code = "catalogue.server_too_old"
    title = Text(
        "Neo4j is version {found}; {needed} or later of Neo4j 5 is needed",
        "Neo4j 版本为 {found}；需要 Neo4j 5 的 {needed} 或更高版本",
    )
    advice = Text("Upgrade the server; its data stay as they are.", "请升级服务器，数据保持不变。")


@dataclass(frozen=True, slots=True)
class Running:
    """A transaction of the driver's, as reading and writing need it."""

    transaction: AsyncManagedTransaction

    async def read(self, statement: str, parameters: Mapping[str, Any]) -> Records:
        result = await self.transaction.run(statement, dict(parameters))
        return await _values(result)


async def _asked(
    session: AsyncSession, query: Query, parameters: Mapping[str, Any], *, until: float
) -> Records | None:
    """None when it failed in a way that may pass, and there is time to try again."""
    try:
        return await _values(await session.run(query, dict(parameters)))
    except (DriverError, Neo4jError) as error:
        if error.is_retryable() and monotonic() < until:
            return None
        raise


async def _values(result: AsyncResult) -> Records:
    """Statements give values only and no nodes: nothing of a record has to be taken apart."""
    return [dict(zip(record.keys(), record.values(), strict=True)) async for record in result]


Work = Callable[[Running], Awaitable[T]]


class Neo4jConnection:
    """Everything asked of one database, each within a time, tried again when that may help."""

    def __init__(self, driver: AsyncDriver, database: str) -> None:
        self._driver = driver
        self._database = database

    @classmethod
    def to(cls, address: str, *, user: str, password: str, database: str) -> Self:
        """Nothing is asked yet."""
        driver = AsyncGraphDatabase.driver(
            address, auth=(user, password), connection_timeout=CONNECT_SECONDS,
            connection_acquisition_timeout=RETRY_SECONDS,
            max_transaction_retry_time=RETRY_SECONDS, initial_retry_delay=RETRY_DELAY_SECONDS,
            max_connection_pool_size=POOL_SIZE, notifications_min_severity="OFF",
            # What it would tell the server of how it is used costs a message a session.
            telemetry_disabled=True,
        )  # fmt: skip
        return cls(driver, database)

    async def ask(
        self, statement: str, parameters: Mapping[str, Any], seconds_max: float
    ) -> Records:
        """One statement that reads, in a transaction that the server begins and ends with it: one
        round trip in place of three. It is tried again as the driver would."""
        query = Query(statement, timeout=seconds_max)
        until, delay = monotonic() + min(RETRY_SECONDS, seconds_max / 2), RETRY_DELAY_SECONDS
        async with self._session(seconds_max, READ_ACCESS) as session:
            while (found := await _asked(session, query, parameters, until=until - delay)) is None:
                await asyncio.sleep(delay)
                delay *= 2
        return found

    async def read(self, work: Work[T], seconds_max: float) -> T:
        @unit_of_work(timeout=seconds_max)
        async def read(transaction: AsyncManagedTransaction) -> T:
            return await work(Running(transaction))

        async with self._session(seconds_max) as session:
            return await session.execute_read(read)

    async def write(self, work: Work[T], seconds_max: float) -> T:
        """`work` may be run more than once, and only the last time counts."""

        @unit_of_work(timeout=seconds_max)
        async def write(transaction: AsyncManagedTransaction) -> T:
            return await work(Running(transaction))

        async with self._session(seconds_max) as session:
            return await session.execute_write(write)

    async def make(self, statement: str, seconds_max: float) -> None:
        """An index or a constraint, which somebody else may be making at the same moment."""
        try:
            await self.write(lambda running: running.read(statement, {}), seconds_max)
        except CatalogueBroken as error:
            code = getattr(error.__cause__, "code", None)
            if code not in MADE_MEANWHILE:
                raise

    async def close(self) -> None:
        await self._driver.close()

    @asynccontextmanager
    async def _session(
        self, seconds_max: float, access: str = WRITE_ACCESS
    ) -> AsyncIterator[AsyncSession]:
        """A session within a time: the driver itself waits for a silent server for ever."""
        with translated(seconds_max):
            # Tried again for no longer than leaves time to say what stands in the way.
            retry_seconds = min(RETRY_SECONDS, seconds_max / 2)
            async with (
                asyncio.timeout(seconds_max + SILENCE_SECONDS),
                self._driver.session(
                    database=self._database, max_transaction_retry_time=retry_seconds,
                    default_access_mode=access,
                ) as session,
            ):
                yield session


@contextmanager
def translated(seconds_max: float) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise _unavailable(f"silent for {seconds_max:g} s") from error
    except (DriverError, Neo4jError) as error:
        raise _said(error, seconds_max) from error


def check_version(found: str) -> None:
    """Raises:  CatalogueTooOld."""
    numbers = tuple(int(each) for each in re.findall(r"\d+", found)[:2])
    if numbers < VERSION_MIN:
        needed = ".".join(map(str, VERSION_MIN))
        raise CatalogueTooOld(found=found, needed=needed, retry_after_seconds=RETRY_AFTER_SECONDS)


def _said(error: DriverError | Neo4jError, seconds_max: float) -> DataSpaceError:
    code, detail = str(getattr(error, "code", "")), _detail(error)
    if fault := certificate_fault(error):
        return CatalogueCertificateRefused(
            service="Neo4j", detail=fault, retry_after_seconds=RETRY_AFTER_SECONDS
        )
    if isinstance(error, AuthError):
        return CatalogueRefusesLogin(detail=detail, retry_after_seconds=RETRY_AFTER_SECONDS)
    if code.startswith(TIMED_OUT):
        return TookTooLong(limit=seconds_max)
    if any(each in code for each in READ_ONLY):
        return CatalogueReadOnly(detail=detail, retry_after_seconds=RETRY_AFTER_SECONDS)
    if "No space left" in str(error):
        return CatalogueFull(detail=detail, retry_after_seconds=RETRY_AFTER_SECONDS)
    if isinstance(error, ClientError | DatabaseError) and not any(each in code for each in PASSING):
        return CatalogueBroken(detail=detail)
    return _unavailable(detail)


def _unavailable(detail: str) -> CatalogueUnavailable:
    return CatalogueUnavailable(
        service="Neo4j", detail=detail, retry_after_seconds=RETRY_AFTER_SECONDS
    )


def _detail(error: Exception) -> str:
    """The vendor's own code and how its message begins."""
    code = getattr(error, "code", None) or type(error).__name__
    return f"{code}: {' '.join(str(error).split())[:200]}" if str(error) else str(code)
