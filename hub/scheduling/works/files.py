"""Files that jobs leave: stored, then entered; removed from the store when their time is over."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from dataspace.change import Act, Amend, Change, ChangeSet, Create
from dataspace.errors import AssetNotFound, NotFound
from dataspace.identifiers import derived_id
from dataspace.ports import StoredAsset
from dataspace.quantity import written
from dataspace.selection import (
    PAGE_MAX,
    Condition,
    Every,
    Order,
    Page,
    Row,
    Selection,
    Where,
)
from dataspace.text import Text
from hub.node import Node
from hub.scheduling.context import Context

CHUNK_BYTES: Final = 1 << 20
FILE_BYTES_MAX: Final = 1 << 40
FIELDS: Final = (
    "id", "version", "key", "business_time", "records", "root", "sha256", "content_sha256",
)  # fmt: skip


class BackupMissing(NotFound):
    code = "backup.missing"
    title = Text("There is no backup to restore", "没有可恢复的备份")
    advice = Text("Run J-X-5 first.", "请先运行 J-X-5。")


@dataclass(frozen=True, slots=True)
class Left:
    """A file that a job leaves, and what is known of it."""

    kind: str
    key: str
    known: dict[str, Any] = field(default_factory=dict)


def stamp(context: Context) -> str:
    """The job's time as it stands in the key of a file."""
    return f"{context.at:%Y%m%dT%H%M%SZ}"


async def keep(
    node: Node, context: Context, left: Left, chunks: AsyncIterator[bytes], *others: Change
) -> StoredAsset:
    """Stores the file, then enters it in one change set with the other changes.

    Doing it again replaces the file and enters it once. Raises:  what the ports raise.
    """
    stored = await node.assets.put(left.key, chunks, bytes_max=FILE_BYTES_MAX)
    now = written(node.clock.now())
    values = {
        "kind": left.kind, "key": left.key, "job": context.job.code,
        "business_time": written(context.at), "bytes": stored.bytes, "sha256": stored.sha256,
        "created_at": now, **left.known,
    }  # fmt: skip
    act = Act(context.caller.subject, f"job_file.{left.kind.lower()}", now)
    create = Create("job_file", derived_id("jbf", left.key), values, act)
    set_id = derived_id("chs", left.key, stored.sha256)
    await node.catalogue.apply(ChangeSet(set_id, (*others, create)))
    return stored


async def remove_before(node: Node, context: Context, kind: str, moment: str) -> int:
    """Removes the files of a kind that are of before the moment from the store, and counts them.

    Their entries stay, and say when.
    """
    removed = 0
    older = Where("business_time", "lt", moment)
    while rows := await there(node, kind, older, size=PAGE_MAX):
        for row in rows:
            context.check()
            await _remove(node, context, row)
        removed += len(rows)
    return removed


async def _remove(node: Node, context: Context, row: Row) -> None:
    with suppress(AssetNotFound):
        await node.assets.remove(row["key"])
    now = written(node.clock.now())
    act = Act(context.caller.subject, "job_file.remove", now)
    change = Amend("job_file", row["id"], {"removed_at": now}, act, version=row["version"])
    await node.catalogue.apply(ChangeSet(derived_id("chs", "removed", row["key"]), (change,)))


async def last(node: Node, kind: str) -> Row:
    """The last file of a kind that is still there. Raises:  BackupMissing."""
    rows = await there(node, kind, size=1)
    if not rows:
        raise BackupMissing(kind="job_file", id=kind)
    return rows[0]


async def read_into(node: Node, key: str, path: Path) -> None:
    """Raises:  AssetNotFound, AssetsUnavailable."""
    with path.open("wb") as file:
        async for chunk in await node.assets.read(key):
            file.write(chunk)


async def chunks_of(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


async def whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def there(node: Node, kind: str, *conditions: Condition, size: int) -> list[Row]:
    """Those that are still in the store, the newest first."""
    is_there = (Where("kind", "eq", kind), Where("removed_at", "is_null", True))
    order = Order("business_time", descending=True)
    asked = Selection(
        "job_file", FIELDS, Every((*is_there, *conditions)), order=order, page=Page(size)
    )
    return (await node.catalogue.select(asked)).rows
