"""One move of one object: read once, decide by the machine, apply once."""

from collections.abc import Awaitable, Callable

from dataspace import guards
from dataspace.change import Amend
from dataspace.errors import NotUnique
from dataspace.machine import Situation, Step, decide
from dataspace.quantity import written
from dataspace.relations import RELATIONS
from dataspace.selection import Condition, Every, Row
from hub.operations.documents.issuing import certificates_for
from hub.operations.mechanism.done import Done, Request, carry_out, once
from hub.operations.mechanism.lifecycle import USER, Lifecycle, Values
from hub.operations.mechanism.reading import flat, related_of, rows_of, seen
from hub.operations.notices.telling import notices_for
from hub.operations.rulebooks.ruling import in_force
from hub.operations.tasks import docketing

ALLOTMENTS_MAX = 5


async def move(lifecycle: Lifecycle, request: Request) -> Done:
    """Raises:  NotFound for what the caller may not see, whatever `machine.decide` raises, and
    MovedOn when somebody else was faster."""
    return await once(request, lambda: _move(lifecycle, request))


async def situation_of(lifecycle: Lifecycle, request: Request) -> Situation:
    """The object as it is now, with all that the guards of its moves need."""
    related = (*lifecycle.beside, docketing.BESIDE)
    row = await seen(request.node, request.caller, lifecycle.kind, id=request.id, related=related)
    found = await in_force(request.node.catalogue, _space_of(row), at=request.now)
    users = [each for key, found in row.items() if key.startswith(USER) for each in rows_of(found)]
    beside = {key: value for key, value in row.items() if not key.startswith(USER)}
    own = {key: value for key, value in beside.items() if key != docketing.TASK}
    return Situation(
        request.caller, request.now, flat(own),
        reason=request.reason, related={**related_of(beside), "users": users},
        rules=found.rules, editions=found.editions,
    )  # fmt: skip


def _space_of(row: Row) -> str | None:
    space = row.get("space")
    return str(space["id"]) if space else None


async def allotting(attempt: Callable[[], Awaitable[Done]]) -> Done:
    """Tries again, with other values, when one that was allotted is taken already."""
    for _ in range(ALLOTMENTS_MAX - 1):
        try:
            return await attempt()
        except NotUnique:
            continue
    return await attempt()


async def _move(lifecycle: Lifecycle, request: Request) -> Done:
    situation = await situation_of(lifecycle, request)
    step = decide(lifecycle.machine, request.verb, situation)
    allot = lifecycle.allotted.get(request.verb)
    if allot is None:
        return await _apply(lifecycle, request, situation=situation, step=step, allotted={})
    return await allotting(
        lambda: _apply(
            lifecycle, request,
            situation=situation, step=step, allotted=allot(situation, request.node),
        )
    )  # fmt: skip


async def _apply(
    lifecycle: Lifecycle, request: Request, *, situation: Situation, step: Step, allotted: Values
) -> Done:
    values = {**step.values, **allotted, **_editions(lifecycle, situation)}
    values["changed_at"] = written(situation.now)
    row = after(situation.row, values)
    change = Amend(
        lifecycle.kind, request.id, values, request.act,
        guard=_guard(lifecycle, step, situation), version=situation.row["version"],
    )  # fmt: skip
    task = docketing.docketed(lifecycle, request, situation, row=row)
    told = notices_for(request, situation, values)
    issued = await certificates_for(request, situation, values)
    changes = (*task, *told, *issued, change)
    return await carry_out(request, request.id, changes=changes, values=row)


def _editions(lifecycle: Lifecycle, situation: Situation) -> Values:
    """What was decided under a version of the rules says so, where the noun keeps it."""
    if "decided_under" not in RELATIONS.by_name[lifecycle.kind].by_name:
        return {}
    return {"decided_under": situation.editions or None}


def after(row: Values, values: Values) -> Row:
    """The row as it is once the values are written."""
    return {**row, **values, "version": row["version"] + 1}


def _guard(lifecycle: Lifecycle, step: Step, situation: Situation) -> Condition:
    """The version guards the object itself; this guards also what its guards read beside it."""
    holds = {guards.UNUSED.name: lifecycle.unused, **lifecycle.holds}
    return Every((
        step.guard,
        *(holds[guard.name](situation) for guard in step.move.guards if guard.name in holds),
    ))  # fmt: skip
