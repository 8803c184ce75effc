"""Whom the rules want to countersign, found anew where they changed since a to-do was written.

A move writes it with its to-do. Rules that change later ask for more, or for nobody any more, of
what waits already: a sweep corrects those to-dos, and tells whom it had not told.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from dataspace.change import Act, Amend, ChangeSet
from dataspace.errors import MovedOn
from dataspace.guards.rules.reviewers import ENOUGH_EYES
from dataspace.identifiers import derived_id
from dataspace.notices.addressing import NOTHING
from dataspace.quantity import written
from dataspace.selection import Either, Every, Order, Page, Row, Selection, Where
from dataspace.tasks.docket import OPEN, Docket
from dataspace.tasks.nouns import STEPS
from hub.node import Node
from hub.operations.mechanism.lifecycle import Lifecycle
from hub.operations.mechanism.reading import flat
from hub.operations.rulebooks.ruling import Everywhere, rules_everywhere
from hub.operations.tasks.docketing import wanted
from hub.operations.tasks.finding import first_rows, with_objects

VERB: Final = "want"


async def want_anew(
    node: Node, actor: str, lifecycles: Iterable[Lifecycle], *, at: datetime, limit: int = 10_000
) -> tuple[int, int]:
    """How many to-dos were looked at, and of how many somebody else is wanted than they said."""
    considered = done = 0
    since = await _last_change_of_rules(node, at)
    if not since:
        return considered, done
    ruling = await rules_everywhere(node.catalogue, at=at)
    for lifecycle in lifecycles:
        async for row in first_rows(node, _before(lifecycle, since), limit - considered):
            considered += 1
            done += await _corrected(node, actor, lifecycle, row, at=at, ruling=ruling)
    return considered, done


async def count(node: Node, lifecycles: Iterable[Lifecycle], *, at: datetime) -> int:
    """How many to-dos were written before the rules last changed, and may want somebody."""
    since, found = await _last_change_of_rules(node, at), 0
    for lifecycle in lifecycles if since else ():
        asked = replace(_before(lifecycle, since), rows=False, total=True, children=(), parts=())
        found += (await node.catalogue.select(asked)).total or 0
    return found


async def _last_change_of_rules(node: Node, at: datetime) -> str:
    """When a rulebook last took effect; "" when none ever did."""
    decided = (Where("status", "eq", "DECIDED"), Where("takes_effect_at", "lte", written(at)))
    asked = Selection(
        "rulebook", ("takes_effect_at",), Every(decided),
        order=Order("takes_effect_at", descending=True), page=Page(1),
    )  # fmt: skip
    row = (await node.catalogue.select(asked)).first
    return str(row["takes_effect_at"]) if row else ""


def _before(lifecycle: Lifecycle, since: str) -> Selection:
    """Open to-dos, with their objects, that await a decision which the rules may want more eyes
    for, and for which the rules were not asked since."""
    moves = lifecycle.machine.by_name
    states = [
        state for state, name in lifecycle.awaited.items() if ENOUGH_EYES in moves[name].guards
    ]
    where = Every((
        Where("status", "eq", OPEN), Where("kind", "eq", lifecycle.kind.upper()),
        Where("state", "in", tuple(states)),
        Either((Where("ruled_at", "lt", since), Where("ruled_at", "is_null", True))),
    ))  # fmt: skip
    return with_objects(lifecycle, where)


async def _corrected(
    node: Node, actor: str, lifecycle: Lifecycle, task: Row, *, at: datetime, ruling: Everywhere
) -> int:
    """Notes that the rules were asked, so that the next sweep goes on behind it. What moved on by
    itself meanwhile says whom it wants already."""
    row = flat(task[lifecycle.kind])
    awaited = lifecycle.machine.by_name[lifecycle.awaited[task["state"]]]
    docket = Docket(lifecycle.kind, lifecycle.machine.link, row, awaited, task[STEPS.name])
    if row["state"] != task["state"]:
        return 0
    rules = ruling.of(row.get("space")).rules
    moment, lying = written(at), docket.lying(awaited, rules, now=at)
    roles = lying["countersigners"]
    act = Act(actor, f"task.{VERB}", moment, ", ".join(roles) or NOTHING)
    values = {**lying, "ruled_at": moment, "changed_at": moment}
    named = derived_id("chs", act.action, task["id"], str(task["version"]))
    told = wanted(docket, values, before=task, key=named, act=act)
    change = Amend("task", task["id"], values, act, version=task["version"])
    try:
        await node.catalogue.apply(ChangeSet(named, (*told, change)))
    except MovedOn:
        return 0
    return int(roles != list(task["countersigners"] or ()))
