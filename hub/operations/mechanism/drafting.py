"""Drafting, amending and removing what its own party may still change."""

from dataspace.caller import Role
from dataspace.change import Amend, Create, Remove
from dataspace.errors import MovedOn
from dataspace.machine import REASON_CHARACTERS_MAX, Situation, decide
from dataspace.nouns.reviewed import PAPERS
from dataspace.papers.keeping import files_of
from dataspace.quantity import written
from dataspace.refusals import NotYours, ReasonMissing, StillInUse, WrongState
from dataspace.relations import RELATIONS
from dataspace.selection import Child, Row, Where
from hub.operations.mechanism.done import Done, Request, carry_out, check_caller, once
from hub.operations.mechanism.input import accepted, check_whole
from hub.operations.mechanism.lifecycle import Lifecycle, Values
from hub.operations.mechanism.moving import after, allotting
from hub.operations.mechanism.reading import TASK, flat, seen
from hub.operations.papers.keeping import papers_settled, remove_dropped, remove_files
from hub.operations.tasks import docketing


async def draft(lifecycle: Lifecycle, request: Request, values: Values) -> Done:
    """A new object of the caller's participant.

    Raises:  RoleMissing, NotYours (the caller acts for no participant), FieldsInvalid, NotFound
             for what it refers to and the caller may not see.
    """
    return await once(request, lambda: _draft(lifecycle, request, values))


async def amend(
    lifecycle: Lifecycle, request: Request, values: Values, *, version: int | None = None
) -> Done:
    """New values for what is open to change; None takes a value away.

    `version` is the one that the caller looked at, when that matters to them.

    Raises:  NotFound, RoleMissing, NotYours, WrongState, FieldsInvalid, MovedOn.
    """
    return await once(request, lambda: _amend(lifecycle, request, values, version))


async def remove(lifecycle: Lifecycle, request: Request) -> Done:
    """Takes back a draft; its versions and its evidence stay.

    Raises:  NotFound, RoleMissing, NotYours, WrongState, StillInUse, StillReferenced.
    """
    return await once(request, lambda: _remove(lifecycle, request))


async def open_row(
    lifecycle: Lifecycle,
    request: Request,
    *,
    states: tuple[str, ...],
    related: tuple[Child, ...] = (),
    roles: frozenset[Role] = frozenset(),
) -> Row:
    """The object, when the caller's participant may change it and it is in one of the states; who
    has one of the `roles` may, or else who may draft it."""
    caller, party = request.caller, lifecycle.party
    check_caller(caller, request.verb, roles or lifecycle.drafters)
    row = flat(await seen(request.node, caller, lifecycle.kind, id=request.id, related=related))
    if row[party] != caller.participant:
        raise NotYours(move=request.verb, party=party, id=request.id)
    if row["state"] not in states:
        raise WrongState(
            id=request.id, state=row["state"], move=request.verb, sources=", ".join(states)
        )
    return row


async def _draft(lifecycle: Lifecycle, request: Request, values: Values) -> Done:
    party = {lifecycle.party: request.caller.participant}
    situation = Situation(request.caller, request.now, party)
    step = decide(lifecycle.machine, "draft", situation)
    given = accepted(lifecycle.kind, values, fields=lifecycle.fields)
    moment = written(request.now)
    prepared = await lifecycle.prepare(request, given, {})
    kept = {
        **given,
        **prepared,
        **party,
        **step.values,
        "created_at": moment,
        "changed_at": moment,
    }
    if (allot := lifecycle.allotted.get("draft")) is None:
        return await _create(lifecycle, request, kept)
    return await allotting(
        lambda: _create(lifecycle, request, {**kept, **allot(situation, request.node)})
    )


async def _create(lifecycle: Lifecycle, request: Request, values: Values) -> Done:
    check_whole(lifecycle.kind, values)
    id_ = request.own_id(RELATIONS.by_name[lifecycle.kind].prefix)
    change = Create(lifecycle.kind, id_, values, request.act)
    written_values = {**values, "id": id_, "version": 1}
    return await carry_out(request, id_, changes=(change,), values=written_values)


async def _amend(
    lifecycle: Lifecycle, request: Request, values: Values, version: int | None
) -> Done:
    row = await open_row(lifecycle, request, states=lifecycle.open_states)
    if version not in (None, row["version"]):
        raise MovedOn(kind=lifecycle.kind, id=request.id)
    given = papers_settled(accepted(lifecycle.kind, values, fields=lifecycle.fields), row)
    prepared = await lifecycle.prepare(request, given, row)
    return await rewritten(lifecycle, request, row, values={**given, **prepared})


async def rewritten(lifecycle: Lifecycle, request: Request, row: Row, *, values: Values) -> Done:
    """New values for the row as it was read, if it is still so.

    Raises:  MovedOn, AssetsUnavailable for a file that is left over; the row is written all the
             same.
    """
    changed = {**values, "changed_at": written(request.now)}
    change = Amend(
        lifecycle.kind, request.id, changed, request.act,
        guard=Where("state", "eq", row["state"]), version=row["version"],
    )  # fmt: skip
    done = await carry_out(request, request.id, changes=(change,), values=after(row, changed))
    await remove_dropped(request.node, done, before=row, values=changed)
    return done


async def _remove(lifecycle: Lifecycle, request: Request) -> Done:
    if len(request.reason) > REASON_CHARACTERS_MAX:
        raise ReasonMissing(move=request.verb, limit=REASON_CHARACTERS_MAX)
    draft = lifecycle.machine.by_name["draft"].to
    row = await open_row(lifecycle, request, states=(draft,), related=(docketing.BESIDE,))
    if kept := [row[edge] for edge in lifecycle.belongings if row[edge]]:
        raise StillInUse(id=request.id, users=", ".join(kept))
    change = Remove(
        lifecycle.kind, request.id, request.act,
        guard=Where("state", "eq", row["state"]), version=row["version"],
    )  # fmt: skip
    task = docketing.undocketed(request, [each["id"] for each in row[TASK]])
    done = await carry_out(request, request.id, changes=(*task, change), values={})
    await remove_files(request.node, files_of(row.get(PAPERS.name)))
    return done
