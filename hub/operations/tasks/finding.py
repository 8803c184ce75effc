"""To-dos for what came in, or moved on, without a move: nobody waits unseen, or in vain.

Imports and seeds make what waits; what is set past the moves leaves a to-do behind.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from dataspace.change import Act, Amend, Change, ChangeSet, Create
from dataspace.clocks.terms import TERMS
from dataspace.errors import MovedOn
from dataspace.federation.flow.publishing import own
from dataspace.identifiers import derived_id
from dataspace.notices.addressing import at_desk
from dataspace.notices.notice import Clock
from dataspace.quantity import written
from dataspace.relations import RELATIONS
from dataspace.selection import (
    EVERYTHING,
    POSITION,
    Child,
    Condition,
    Either,
    Every,
    Linked,
    Not,
    Page,
    Row,
    Selection,
    Where,
)
from dataspace.tasks.docket import OPEN, Docket
from dataspace.tasks.nouns import STEPS
from hub.node import Node
from hub.operations.mechanism.lifecycle import Lifecycle
from hub.operations.mechanism.reading import TASK, ends, flat
from hub.operations.notices.telling import notice_of_clock
from hub.operations.rulebooks.ruling import Everywhere, rules_everywhere
from hub.operations.tasks.docketing import BESIDE, confided, task_id

PAGE: Final = 100
KNOWN: Final = (
    "name", "title", "code", "state", "form", "changed_at", "submitted_at", "submitted_by",
    "reviewed_by", "second_reviewed_by", "countersigned_by",
    "countersigned_roles", "answered_by",
)  # fmt: skip


async def find(
    node: Node, actor: str, lifecycles: Iterable[Lifecycle], *, at: datetime, limit: int = 10_000
) -> int:
    """Makes the to-do of whatever waits for somebody and has none, hands on those whose object
    waits for somebody else, and closes those whose object waits for nobody any more; how many.

    Since when it waits is told by when it was submitted, or else last changed. What is closed is
    told at the desk where it lay.
    """
    done, ruling = 0, await rules_everywhere(node.catalogue, at=at)
    for lifecycle in lifecycles:
        for selection, act in ((_unseen(lifecycle), _make), (_astray(lifecycle), _settle)):
            async for row in first_rows(node, selection, limit - done):
                done += await act(node, actor, lifecycle, row, ruling=ruling)
    return done


async def count(node: Node, lifecycles: Iterable[Lifecycle]) -> int:
    """How many wait for somebody and have no to-do, or have one that is not theirs any more."""
    found = 0
    for lifecycle in lifecycles:
        for selection in (_unseen(lifecycle), _astray(lifecycle)):
            counted = replace(selection, page=Page(1), rows=False, total=True, children=())
            found += (await node.catalogue.select(counted)).total or 0
    return found


async def first_rows(node: Node, selection: Selection, limit: int) -> AsyncIterator[Row]:
    """One pass over the first `limit`, so that what moves on by itself does not hide the rest."""
    position: tuple[Any, str] | None = None
    while limit > 0:
        page = Page(min(PAGE, limit), position)
        found = await node.catalogue.select(replace(selection, page=page))
        for row in found.rows:
            yield row
        if not found.more_after:
            return
        limit -= len(found.rows)
        position = found.rows[-1][POSITION]


def _unseen(lifecycle: Lifecycle) -> Selection:
    """Objects that wait, and have no open to-do."""
    where = Every((
        Where("state", "in", tuple(lifecycle.awaited)),
        Not(Linked("tasks", Where("status", "eq", OPEN))),
    ))  # fmt: skip
    return _objects(lifecycle, own(lifecycle.kind, where), BESIDE)


def _astray(lifecycle: Lifecycle) -> Selection:
    """Open to-dos that tell another state than their object is in, or one that awaits nobody.

    Open ones are few beside the objects, so that they are what is looked through.
    """
    kind = lifecycle.kind
    right = tuple(
        Every((Where("state", "eq", state), Linked(kind, Where("state", "eq", state))))
        for state in lifecycle.awaited
    )
    where = Every((
        Where("status", "eq", OPEN), Where("kind", "eq", kind.upper()), Not(Either(right)),
    ))  # fmt: skip
    return with_objects(lifecycle, where)


def with_objects(lifecycle: Lifecycle, where: Condition) -> Selection:
    """To-dos with their objects, of which all is read that a to-do is made of."""
    about = Child(lifecycle.kind, lifecycle.kind, _objects(lifecycle, EVERYTHING))
    to_do = BESIDE.selection
    return replace(to_do, where=where, children=(*to_do.children, about))


def _objects(lifecycle: Lifecycle, where: Condition, *beside: Child) -> Selection:
    noun = RELATIONS.by_name[lifecycle.kind]
    parties = {
        lifecycle.machine.by_name[move].party for move in lifecycle.awaited.values()
    } & noun.edge_by_name.keys()
    edges = [n for n in ("space", "respondent", *sorted(parties)) if n in noun.edge_by_name]
    people = {lifecycle.machine.by_name[move].person for move in lifecycle.awaited.values()}
    names = [name for name in (*KNOWN, *sorted(people)) if name in noun.by_name]
    return Selection(
        lifecycle.kind, ("id", "version", *names), where,
        children=(*(ends(name, noun.edge_by_name[name].target) for name in edges), *beside),
    )  # fmt: skip


async def _make(
    node: Node, finder: str, lifecycle: Lifecycle, found: Row, *, ruling: Everywhere
) -> int:
    row, at = flat(found), ruling.at
    before = next(iter(row[TASK]), None)
    since = row.get("submitted_at") or row.get("changed_at") or written(at)
    actor = None if confided(lifecycle.kind, "submitted_by") else row.get("submitted_by")
    step = {"move": "find", "state": row["state"], "at": since, "actor": actor}
    values = _values(node, lifecycle, row, [_filled(step)], ruling=ruling)
    act = Act(finder, "task.find", written(at))
    change: Change
    if before is None:
        kept = {**values, "created_at": written(at)}
        change = Create("task", task_id(row["id"]), kept, act)
    else:
        change = Amend("task", before["id"], values, act, version=before["version"])
    return await _applied(node, row, "task.find", change)


async def _settle(
    node: Node, actor: str, lifecycle: Lifecycle, found: Row, *, ruling: Everywhere
) -> int:
    """As the move would have done it, had it known of the to-do; its history goes on."""
    row, task, at = flat(found[lifecycle.kind]), found, ruling.at
    state = lifecycle.machine.by_code[row["state"]].text
    reason = f"{task['state']} → {row['state']} {state.zh} {state.en}"
    step = {"move": "find", "state": row["state"], "at": written(at), "actor": actor,
            "reason": reason}  # fmt: skip
    steps = [*map(_filled, task[STEPS.name]), step]
    values = _values(node, lifecycle, row, steps, ruling=ruling)
    verb = "task.close" if values["status"] != OPEN else "task.move"
    act = Act(actor, verb, written(at), reason)
    change = Amend("task", task["id"], values, act, version=task["version"])
    party = task["party"]["id"] if task["party"] else ""
    notice = notice_of_clock(
        Clock.MOVED_ON, (lifecycle.kind, row["id"]),
        at_desk(task["roles"] or (), party=party, person=task["person"] or ""),
        key=f"{task['version']} {verb}", told={"object": values["title"], "reason": reason},
        act=replace(act, action="notice.tell"),
    )  # fmt: skip
    return await _applied(node, row, f"{verb} {task['version']}", notice, change)


def _values(
    node: Node, lifecycle: Lifecycle, row: Row, steps: list[Row], *, ruling: Everywhere
) -> dict[str, Any]:
    awaited = lifecycle.awaited.get(row["state"])
    docket = Docket(
        lifecycle.kind, lifecycle.machine.link, row,
        lifecycle.machine.by_name[awaited] if awaited else None, steps,
    )  # fmt: skip
    rules = ruling.of(row.get("space")).rules
    return docket.values(TERMS, rules, calendar=node.calendar, now=ruling.at)


async def _applied(node: Node, row: Row, what: str, *changes: Change) -> int:
    """What moved on by itself meanwhile is met again by the next sweep, if it has to be."""
    named = derived_id("chs", what, row["id"], str(row["version"]))
    try:
        await node.catalogue.apply(ChangeSet(named, changes))
    except MovedOn:
        return 0
    return 1


def _filled(step: Row) -> Row:
    return {name: value for name, value in step.items() if value}
