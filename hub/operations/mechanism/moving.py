"""One move of one object: read once, decide by the machine, apply once."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

from dataspace import guards
from dataspace.change import Amend, Change
from dataspace.errors import NotUnique
from dataspace.machine import Situation, Step, decide
from dataspace.quantity import written
from dataspace.relations import RELATIONS
from dataspace.selection import POSITION, Condition, Every, Row, Selection
from hub.operations.documents.beside import PAPER, papers_beside, papers_of
from hub.operations.documents.issuing import PAPERS, certificates_for
from hub.operations.mechanism.done import Done, Request, carry_out, once
from hub.operations.mechanism.lifecycle import USER, Lifecycle, Values
from hub.operations.mechanism.reading import EDGE_COUNT_MAX, TASK, flat, related_of, rows_of, seen
from hub.operations.notices.telling import notices_for
from hub.operations.rulebooks.ruling import in_force
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
    found = await in_force(request.node.catalogue, _space_of(row), at=request.now)
    users = [each for key, found in row.items() if key.startswith(USER) for each in rows_of(found)]
    own = {key: value for key, value in row.items() if not key.startswith((USER, PAPER))}
    papers = papers_of(lifecycle.kind, request.verb, row)
    names = RELATIONS.by_name[lifecycle.kind].names
    situation = found.ruling(Situation(
        request.caller, request.now, flat({k: v for k, v in own.items() if k in names}),
        reason=request.reason, related={**related_of(own), "users": users, PAPERS: papers},
        calendar=request.node.calendar, kind=lifecycle.kind,
    ))  # fmt: skip
    looked_up = await _looked_up(lifecycle, request, situation)
    return replace(situation, related={**situation.related, **looked_up})


async def _looked_up(
    lifecycle: Lifecycle, request: Request, situation: Situation
) -> dict[str, list[Row]]:
    found = {}
    for name, look_up in lifecycle.looked_up.get(request.verb, {}).items():
        if (selection := look_up(situation)) is not None:
            rows = [row async for row in _pages(request, selection)]
            found[name] = [flat(each) for each in rows]
    return found


async def _pages(request: Request, selection: Selection) -> AsyncIterator[Row]:
    """All rows, however many: what falls with an object falls whole. A page that is smaller than
    the largest asks for the first few only."""
    more = True
    while more:
        found = await request.node.catalogue.select(selection)
        for row in found.rows:
            yield row
        more = found.more_after and selection.page.size == EDGE_COUNT_MAX
        if more:
            page = replace(selection.page, position=found.rows[-1][POSITION])
            selection = replace(selection, page=page)


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
    issued = await certificates_for(request, situation, values)
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
