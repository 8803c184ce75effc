"""J-X-3: what has been kept long enough goes into an archive, and only then out of the catalogue.

An archive holds one page of rows and is entered in the change set that removes them, so there is no
moment at which a row is in neither. Records of evidence are never removed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from dataspace.change import Act, Remove
from dataspace.evidence import canonical
from dataspace.identifiers import derived_id
from dataspace.jobs.table import KEPT_DAYS
from dataspace.jobs.tally import Tally
from dataspace.quantity import written
from dataspace.relations import RELATIONS
from dataspace.selection import PAGE_MAX, POSITION, Order, Page, Row, Selection, Where
from hub.node import Node
from hub.operations.jobs import holds, runs
from hub.operations.mechanism.reading import ends, flat
from hub.scheduling.context import LIMIT_REACHED, Context
from hub.scheduling.works import files
from hub.scheduling.works.files import Left

# The field of each kind that says how old a row is.
ARCHIVED: Final[Mapping[str, str]] = {"job_run": "finished", "occurrence": "at"}
HELD: Final = "hold.held"
Position = tuple[object, str]


async def archive(node: Node, context: Context) -> Tally:
    """Both kinds, page by page, up to the limit of a run."""
    for kind in ARCHIVED:
        await _archive_kind(node, context, kind)
    return context.tally


async def count(node: Node, at: datetime) -> int:
    total = 0
    for kind, field in ARCHIVED.items():
        asked = Selection(kind, where=_old(field, at), rows=False, total=True)
        total += (await node.catalogue.select(asked)).total or 0
    return total


def _old(field: str, at: datetime) -> Where:
    return Where(field, "lte", written(at - timedelta(days=KEPT_DAYS)))


async def _archive_kind(node: Node, context: Context, kind: str) -> None:
    position: Position | None = None
    while context.tally.considered < context.job.limit:
        context.check()
        found = await node.catalogue.select(_page(kind, context.at, position))
        if not found.rows:
            return
        position = found.rows[-1][POSITION]
        await _archive_rows(node, context, kind, await _free(node, context, found.rows))
        if not found.more_after:
            return
    context.tally.remark = LIMIT_REACHED


def _page(kind: str, at: datetime, position: Position | None) -> Selection:
    noun, field = RELATIONS.by_name[kind], ARCHIVED[kind]
    return Selection(
        kind, ("id", "version", *noun.by_name), _old(field, at), order=Order(field),
        page=Page(PAGE_MAX, position),
        children=tuple(ends(edge.name, edge.target) for edge in noun.edges),
    )  # fmt: skip


async def _free(node: Node, context: Context, rows: Sequence[Row]) -> list[Row]:
    """Without what is held, and without each job's last firing, from which the next is counted."""
    named = sorted({id_ for row in rows for id_ in _named(row)})
    held = set[str]()
    for start in range(0, len(named), PAGE_MAX):
        held |= await holds.held(node, named[start : start + PAGE_MAX], context.at)
    jobs = {row["job"] for row in rows if "job" in row}
    last = {job: await runs.last_firing(node, job) for job in jobs}
    free = []
    for row in rows:
        if not held.isdisjoint(_named(row)):
            context.tally.was_refused(HELD)
        elif "job" in row and row["business_time"] == _told(last[row["job"]]):
            context.tally.passed_over()
        else:
            free.append(flat(row))
    return free


def _named(row: Row) -> set[str]:
    """What a hold on it, or on who did it and through what, keeps it by."""
    return {str(row[each]) for each in ("id", "actor", "client", "target") if row.get(each)}


def _told(at: datetime | None) -> str:
    return written(at) if at else ""


async def _archive_rows(node: Node, context: Context, kind: str, rows: list[Row]) -> None:
    if not rows:
        return
    name = derived_id("arc", *(row["id"] for row in rows))
    content = b"".join(canonical({"kind": kind, **row}) + b"\n" for row in rows)
    act = Act(context.caller.subject, f"{kind}.archive", written(node.clock.now()), name)
    gone = (Remove(kind, row["id"], act, version=row["version"]) for row in rows)
    left = Left("ARCHIVE", f"archives/{kind}/{files.stamp(context)}-{name}", {"records": len(rows)})
    await files.keep(node, context, left, files.whole(content), *gone)
    for _ in rows:
        context.tally.did()
