"""One move of one object: read once, decide by the machine, apply once."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

from dataspace import guards
from dataspace.change import Amend, Change
from dataspace.errors import NotUnique
from dataspace.machine import Situation, Step, decide
from dataspace.quantity import written
from dataspace.relations import RELATIONS
from dataspace.selection import POSITION, Condition, Every, Found, Row, Selection
from hub.operations.documents.beside import (
    PAPER,
    issued_by,
    papers_beside,
    papers_of,
    the_bureau,
)
from hub.operations.documents.issuing import PAPERS, certificates_for
from hub.operations.mechanism.done import Done, Request, carry_out, once
from hub.operations.mechanism.lifecycle import USER, Lifecycle, Values
from hub.operations.mechanism.reading import EDGE_COUNT_MAX, TASK, flat, related_of, rows_of, seen
from hub.operations.notices.telling import notices_for
from hub.operations.rulebooks.ruling import in_force_of, of_space
from hub.operations.tasks import docketing, following

ALLOTMENTS_MAX = 5


async def move(lifecycle: Lifecycle, request: Request) -> Done:
    """Raises:  NotFound for what the caller may not see, whatever `machine.decide` raises, and
    MovedOn when somebody else was faster."""
    return await once(request, lambda: _move(lifecycle, request))


async def situation_of(lifecycle: Lifecycle, request: Request) -> Situation:
    """The object as it is now, with all that the guards of its moves need."""
    row = await seen(
        request.node, request.caller, lifecycle.kind, id=request.id,
        related=(
            *lifecycle.beside, docketing.BESIDE, *papers_beside(lifecycle.kind, request.verb),
            *lifecycle.concerned.get(request.verb, ()),
        ),
        whole_parts=lifecycle.reads_parts,
    )  # fmt: skip
    users = [each for key, found in row.items() if key.startswith(USER) for each in rows_of(found)]
    own = {key: value for key, value in row.items() if not key.startswith((USER, PAPER))}
    papers = papers_of(lifecycle.kind, request.verb, row)
    names = RELATIONS.by_name[lifecycle.kind].names
    situation = Situation(
        request.caller, request.now, flat({k: v for k, v in own.items() if k in names}),
        reason=request.reason, related={**related_of(own), "users": users, PAPERS: papers},
        calendar=request.node.calendar, kind=lifecycle.kind, profile=request.node.profile,
    )  # fmt: skip
    return await _beyond_the_row(lifecycle, request, situation, space=_space_of(row))


async def _beyond_the_row(
    lifecycle: Lifecycle, request: Request, situation: Situation, *, space: str | None
) -> Situation:
    """With what the row had to be known for, in one statement: the rules in force, what the move
    looks up, and the bureau where it issues a document."""
    looked_up = {
        name: selection
        for name, look_up in lifecycle.looked_up.get(request.verb, {}).items()
        if (selection := look_up(situation)) is not None
    }
    bureau = the_bureau(request, situation.related[PAPERS])
    beside = (*looked_up.values(), *bureau)
    asked = replace(of_space(space, at=request.now), beside=beside)
    found = await request.node.catalogue.select(asked)
    related: dict[str, Any] = {
        name: [flat(row) async for row in _pages(request, selection, first)]
        for (name, selection), first in zip(looked_up.items(), found.beside, strict=False)
    }
    if bureau:
        related[PAPERS] = issued_by(situation.related[PAPERS], found.beside[-1].first)
    ruled = in_force_of(found.first, at=request.now).ruling(situation)
    return replace(ruled, related={**situation.related, **related})


async def _pages(request: Request, selection: Selection, found: Found) -> AsyncIterator[Row]:
    """All rows from the page that was found on, however many: what falls with an object falls
    whole. A page that is smaller than the largest asks for the first few only."""
    while True:
        for row in found.rows:
            yield row
        if not found.more_after or selection.page.size != EDGE_COUNT_MAX:
            return
        page = replace(selection.page, position=found.rows[-1][POSITION])
        found = await request.node.catalogue.select(replace(selection, page=page))


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
        return await made(lifecycle, request, situation=situation, step=step, allotted={})
    return await allotting(
        lambda: made(
            lifecycle, request,
            situation=situation, step=step, allotted=allot(situation, request.node),
        )
    )  # fmt: skip


async def made(
    lifecycle: Lifecycle, request: Request, *, situation: Situation, step: Step, allotted: Values
) -> Done:
    """The move that was decided, with what is allotted with it and all that follows from it."""
    values = {**step.values, **allotted, **decided_under(lifecycle, situation)}
    values["changed_at"] = written(situation.now)
    row = after(situation.row, values)
    change = Amend(
        lifecycle.kind, request.id, values, request.act,
        guard=_guard(lifecycle, step, situation), version=situation.row["version"],
    )  # fmt: skip
    follows = lifecycle.consequences.get(request.verb)
    others = follows(request, situation) if follows else ()
    told = (
        *following.told(lifecycle, request, situation, changes=others),
        *told_of(lifecycle, request, situation, values=values),
    )
    issued = certificates_for(request, situation, values)
    changes = (*others, *told, *issued, change)
    return await carry_out(request, request.id, changes=changes, values=row)


def told_of(
    lifecycle: Lifecycle, request: Request, situation: Situation, *, values: Values
) -> tuple[Change, ...]:
    """The to-do and the notices of a move that writes these values, for its change set."""
    row = after(situation.row, values)
    before = next(iter(situation.related.get(TASK, ())), None)
    task = docketing.docketed(
        lifecycle, request.deed, row, verb=request.verb, before=before, rules=situation.rules
    )
    return (*task, *notices_for(request, situation, values))


def decided_under(lifecycle: Lifecycle, situation: Situation) -> Values:
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
    foreseen = lifecycle.foreseen.get(step.move.name)
    return Every((
        step.guard,
        *((foreseen(situation),) if foreseen else ()),
        *(holds[guard.name](situation) for guard in step.move.guards if guard.name in holds),
    ))  # fmt: skip
