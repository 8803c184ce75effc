"""To-dos for what came in without a move, as imports and seeds do: nobody waits unseen."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from dataspace.change import Act, Amend, Change, ChangeSet, Create
from dataspace.clocks.terms import TERMS
from dataspace.errors import MovedOn
from dataspace.identifiers import derived_id
from dataspace.quantity import written
from dataspace.relations import RELATIONS
from dataspace.selection import POSITION, Every, Found, Linked, Not, Page, Row, Selection, Where
from dataspace.tasks.docket import OPEN, Docket
from hub.node import Node
from hub.operations.mechanism.lifecycle import Lifecycle
from hub.operations.mechanism.reading import ends, flat, rows_of
from hub.operations.rulebooks.ruling import in_force
from hub.operations.tasks.docketing import BESIDE, TASK, task_id

PAGE: Final = 100
KNOWN: Final = (
    "name", "title", "state", "form", "changed_at", "submitted_at", "submitted_by",
    "reviewed_by", "second_reviewed_by", "countersigned_by",
)  # fmt: skip


async def find(
    node: Node, actor: str, lifecycles: Iterable[Lifecycle], *, at: datetime, limit: int = 10_000
) -> int:
    """Makes the to-do of whatever waits for somebody and has none; how many were made.

    Since when it waits is told by when it was submitted, or else last changed.
    """
    made = 0
    for lifecycle in lifecycles:
        position: tuple[Any, str] | None = None
        while made < limit:
            found = await _without(node, lifecycle, Page(min(PAGE, limit - made), position))
            for row in found.rows:
                made += await _make(node, actor, lifecycle, row, at=at)
            if not found.more_after:
                break
            position = found.rows[-1][POSITION]
    return made


async def count(node: Node, lifecycles: Iterable[Lifecycle]) -> int:
    """How many wait for somebody and have no to-do."""
    found = 0
    for lifecycle in lifecycles:
        selection = Selection(
            lifecycle.kind, where=_unseen(lifecycle), page=Page(1), rows=False, total=True
        )
        found += (await node.catalogue.select(selection)).total or 0
    return found


def _unseen(lifecycle: Lifecycle) -> Every:
    return Every((
        Where("state", "in", tuple(lifecycle.awaited)),
        Not(Linked("tasks", Where("status", "eq", OPEN))),
    ))  # fmt: skip


async def _without(node: Node, lifecycle: Lifecycle, page: Page) -> Found:
    noun = RELATIONS.by_name[lifecycle.kind]
    parties = {
        lifecycle.machine.by_name[move].party for move in lifecycle.awaited.values()
    } & noun.edge_by_name.keys()
    edges = [name for name in ("space", *sorted(parties)) if name in noun.edge_by_name]
    selection = Selection(
        lifecycle.kind, ("id", "version", *(name for name in KNOWN if name in noun.by_name)),
        _unseen(lifecycle), page=page,
        children=(*(ends(name, noun.edge_by_name[name].target) for name in edges), BESIDE),
    )  # fmt: skip
    return await node.catalogue.select(selection)


async def _make(node: Node, actor: str, lifecycle: Lifecycle, found: Row, *, at: datetime) -> int:
    row = flat({name: value for name, value in found.items() if name != TASK})
    before = next(iter(rows_of(found[TASK])), None)
    since = row.get("submitted_at") or row.get("changed_at") or written(at)
    step = {"move": "find", "state": row["state"], "at": since, "actor": row.get("submitted_by")}
    docket = Docket(
        lifecycle.kind, lifecycle.machine.link, row,
        lifecycle.machine.by_name[lifecycle.awaited[row["state"]]],
        [{name: value for name, value in step.items() if value}],
    )  # fmt: skip
    ruling = await in_force(node.catalogue, row.get("space"), at=at)
    values = docket.values(TERMS, ruling.rules, calendar=node.calendar, now=at)
    act = Act(actor, "task.find", written(at))
    change: Change
    if before is None:
        kept = {**values, "created_at": written(at)}
        change = Create("task", task_id(row["id"]), kept, act)
    else:
        change = Amend("task", before["id"], values, act, version=before["version"])
    named = derived_id("chs", "task.find", row["id"], str(row["version"]))
    try:
        await node.catalogue.apply(ChangeSet(named, (change,)))
    except MovedOn:
        return 0
    return 1
