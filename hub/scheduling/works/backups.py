"""J-X-5: the whole catalogue as a file in the store, and the drill that restores the last."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final, cast

from dataspace.evidence import canonical
from dataspace.jobs.tally import Tally
from dataspace.selection import Row
from hub.node import Node
from hub.operations import backups, evidence
from hub.operations.backups import DumpBroken
from hub.scheduling.context import Context
from hub.scheduling.works import files
from hub.scheduling.works.evidence import count_all
from hub.scheduling.works.files import Left

KEPT: Final = 14
GZIP_LEVEL: Final = 6
HOLDS, DIFFERS = "HOLDS", "DIFFERS"
DRILL_FAILED: Final = "backup.differs"

count_records = count_all


async def back_up(node: Node, context: Context) -> Tally:
    """A compressed dump, read back nowhere yet: that is what the drill is for."""
    tally = context.tally
    with TemporaryDirectory(prefix="job-", dir=context.workshop.folder) as folder:
        path = Path(folder) / "catalogue.jsonl.gz"
        with _compressed(path) as file:
            copied = await backups.dump(node.catalogue, file, lambda *_: context.check())
        known = {
            "records": copied.records, "root": copied.root, "content_sha256": copied.sha256,
        }  # fmt: skip
        left = Left("BACKUP", f"backups/{files.stamp(context)}", known)
        await files.keep(node, context, left, files.chunks_of(path))
    if len(kept := await files.there(node, "BACKUP", size=KEPT)) == KEPT:
        await files.remove_before(node, context, "BACKUP", kept[-1]["business_time"])
    tally.considered = tally.done = copied.records
    tally.remark = left.key
    return tally


async def drill(node: Node, context: Context) -> Tally:
    """Restores the last backup into an empty catalogue elsewhere, verifies and compares it, and
    keeps the record of that for good.

    Raises:  BackupMissing, AssetNotFound.
    """
    tally, backup = context.tally, await files.last(node, "BACKUP")
    with TemporaryDirectory(prefix="job-", dir=context.workshop.folder) as folder:
        found = await _restored(node, context, backup, Path(folder))
    outcome = HOLDS if all(found.values()) else DIFFERS
    told = {
        "backup": backup["key"], "business_time": backup["business_time"], "outcome": outcome,
        "records": backup["records"], "root": backup["root"], "found": found,
    }  # fmt: skip
    known = {"records": backup["records"], "root": backup["root"], "outcome": outcome}
    left = Left("DRILL", f"drills/{files.stamp(context)}", known)
    await files.keep(node, context, left, files.whole(canonical(told)))
    tally.remark = f"{outcome} {backup['key']} {json.dumps(found)}"
    if outcome == HOLDS:
        tally.did()
    else:
        tally.was_failing(DRILL_FAILED)
    return tally


async def count_backups(node: Node, at: datetime) -> int:
    return len(await files.there(node, "BACKUP", size=1))


async def _restored(node: Node, context: Context, backup: Row, folder: Path) -> dict[str, bool]:
    """What was compared, and whether it was as it must be."""
    packed, plain = folder / "backup.gz", folder / "backup.jsonl"
    await files.read_into(node, backup["key"], packed)
    try:
        _unpack(packed, plain)
        async with context.workshop.scratch(folder / "restored.sqlite") as scratch:
            with plain.open("rb") as file:
                loaded = await backups.load(scratch, file, lambda *_: context.check())
            verified = await evidence.verify(scratch, lambda _: context.check())
            with (folder / "again.jsonl").open("wb") as file:
                again = await backups.dump(scratch, file, lambda *_: None)
    except (DumpBroken, OSError, EOFError):
        return {"whole": False}
    return {
        "whole": True,
        "evidence": verified.holds and verified.root == backup["root"],
        "records": loaded.records == backup["records"],
        "content": bool(again.sha256 == backup["content_sha256"]),
    }


@contextmanager
def _compressed(path: Path) -> Iterator[BinaryIO]:
    """Without a time in its head, so that the same catalogue gives the same file."""
    with path.open("wb") as raw, _packing(raw) as file:
        yield cast("BinaryIO", file)


def _packing(raw: BinaryIO) -> gzip.GzipFile:
    """At a level that takes a third of the time of the highest, for a hundredth more bytes."""
    return gzip.GzipFile("", "wb", GZIP_LEVEL, fileobj=raw, mtime=0)


def _unpack(packed: Path, plain: Path) -> None:
    with gzip.open(packed) as file, plain.open("wb") as to:
        while chunk := file.read(files.CHUNK_BYTES):
            to.write(chunk)
