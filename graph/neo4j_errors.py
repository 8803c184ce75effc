"""Neo4j's errors in the words of the port."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import AuthError, ClientError, DatabaseError, DriverError, Neo4jError

from dataspace.errors import (
    CatalogueBroken,
    CatalogueFull,
    CatalogueUnavailable,
    DataSpaceError,
    Unavailable,
)
from dataspace.text import Text
from graph.connections import TookTooLong

RETRY_AFTER_SECONDS = 5
VERSION_MIN = (5, 20)
TIMED_OUT = "Neo.ClientError.Transaction.TransactionTimedOut"
READ_ONLY = ("ForbiddenOnReadOnlyDatabase", "AccessMode", "WriteOnReadOnlyAccessDatabase")
# What the server says when it stops, restarts, or elects another leader.
PASSING = ("DatabaseUnavailable", "DatabaseNotFound", "NotALeader", "Transaction.Terminated")


class CatalogueRefusesLogin(Unavailable):
    """Neo4j does not know the user or the password that the settings name."""

    code = "catalogue.login_refused"
    title = Text("Neo4j refuses the login: {detail}", "Neo4j 拒绝登录：{detail}")
    advice = Text(
        "Set CITYSPACE_GRAPH_USER and CITYSPACE_GRAPH_PASSWORD to those of its user.",
        "请将 CITYSPACE_GRAPH_USER 与 CITYSPACE_GRAPH_PASSWORD 设为其用户名与口令。",
    )


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
    """The vendor's own code and its first line."""
    code = getattr(error, "code", None) or type(error).__name__
    return f"{code}: {str(error).splitlines()[0][:200]}" if str(error) else str(code)
