"""Data objections (数据异议): users of a registered resource say what is wrong in its data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dataspace.caller import Caller
from dataspace.change import Act, Amend, ChangeSet, Create
from dataspace.errors import MovedOn, NotFound
from dataspace.identifiers import derived_id
from dataspace.machine import Situation, decide
from dataspace.quality.machines import CERTAIN_AFTER, DATA_OBJECTION
from dataspace.quantity import written
from dataspace.refusals import WrongState
from dataspace.selection import PAGE_MAX, POSITION, Every, Order, Page, Row, Selection, Where
from dataspace.visibility import visible
from hub.node import Node
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Deed, Done, Request, carry_out, once
from hub.operations.mechanism.input import accepted, check_whole
from hub.operations.mechanism.lifecycle import Lifecycle
from hub.operations.mechanism.reading import ends, flat
from hub.operations.tasks import docketing, following

FIELDS: Final = ("resource", "title", "detail", "columns")
DESK: Final = Desk(Lifecycle(
    DATA_OBJECTION,
    (),
    awaited={
        "FILED": "accept", "ACCEPTED": "correct", "CORRECTED": "confirm", "REFUSED": "confirm",
    },
))  # fmt: skip
decide_on = DESK.move
MOVES: Final = tuple(name for name in DATA_OBJECTION.by_name if name != "file")
OBJECTED_TO: Final = ("REGISTERED", "AUTHORISABLE")
FIELDS_CERTAIN: Final = ("id", "version", "state", "corrected_at", "title")


@dataclass
class LapseCounts:
    """What a sweep came to; `more` says that its limit left some out."""

    considered: int = 0
    done: int = 0
    failed: int = 0
    more: bool = False


async def file(
    node: Node, caller: Caller, values: Mapping[str, Any], *, request_id: str = ""
) -> Done:
    """An objection of the caller's participant to the data of a registered resource that they see.

    Raises:  RoleMissing, NotYours (the caller acts for no participant), FieldsInvalid, NotFound,
             WrongState of the resource.
    """
    request = Request(node, caller, "data_objection", "file", request_id=request_id, given=values)
    return await once(request, lambda: _file(request, values))


async def lapse_due(
    node: Node, caller: Caller, at: datetime, *, limit: int = 5000, dry_run: bool = False
) -> LapseCounts:
    """Closes the corrections that their objector has not contradicted in time.

    Raises:  Unavailable.
    """
    counts, position = LapseCounts(), None
    while True:
        found = await node.catalogue.select(_certain(at, position))
        for row in found.rows:
            if counts.considered >= limit:
                counts.more = True
                return counts
            counts.considered += 1
            if not dry_run:
                lapsed = await _lapse(node, caller, row, at)
                counts.done += lapsed
                counts.failed += not lapsed
        if not found.more_after:
            return counts
        position = found.rows[-1][POSITION]


async def _file(request: Request, values: Mapping[str, Any]) -> Done:
    objector = {"objector": request.caller.participant}
    step = decide(DATA_OBJECTION, "file", Situation(request.caller, request.now, objector))
    given = accepted("data_objection", values, fields=FIELDS)
    department = await _department(request, given.get("resource") or "")
    moment = written(request.now)
    kept = {
        **given, **objector, **step.values,
        "department": department, "created_at": moment, "changed_at": moment,
    }  # fmt: skip
    check_whole("data_objection", kept)
    id_ = request.own_id("obj")
    change = Create("data_objection", id_, kept, request.act)
    told = following.entailed(DESK.lifecycle, request.deed, change, before={})
    return await carry_out(
        request, id_, changes=(*told, change), values={**kept, "id": id_, "version": 1}
    )


async def _department(request: Request, resource: str) -> str:
    """Raises:  NotFound, WrongState."""
    where = Every((Where("id", "eq", resource), visible(request.caller)["resource"]))
    selection = Selection(
        "resource", ("id", "state"), where, page=Page(1),
        children=(ends("provider", "participant"),),
    )  # fmt: skip
    found = (await request.node.catalogue.select(selection)).first
    if found is None:
        raise NotFound(kind="resource", id=resource)
    if found["state"] not in OBJECTED_TO:
        states = ", ".join(OBJECTED_TO)
        raise WrongState(id=resource, state=found["state"], move=request.verb, sources=states)
    return str(found["provider"]["id"])


def _certain(at: datetime, position: tuple[Any, str] | None) -> Selection:
    until = Where("corrected_at", "lte", written(at - CERTAIN_AFTER))
    return Selection(
        "data_objection", FIELDS_CERTAIN, Every((Where("state", "eq", "CORRECTED"), until)),
        order=Order("corrected_at"), page=Page(PAGE_MAX, position),
        children=(
            ends("objector", "participant"), ends("department", "participant"), docketing.BESIDE,
        ),
    )  # fmt: skip


async def _lapse(node: Node, caller: Caller, row: Row, at: datetime) -> bool:
    """Whoever runs the job acts for the desk whose move it is."""
    desk = Caller(subject=caller.subject, roles=DATA_OBJECTION.by_name["lapse"].roles)
    step = decide(DATA_OBJECTION, "lapse", Situation(desk, at, row))
    act = Act(caller.subject, step.action, written(at))
    values = {**step.values, "changed_at": written(at)}
    change = Amend(
        "data_objection", row["id"], values, act, guard=step.guard, version=row["version"]
    )
    set_id = derived_id("chs", act.action, row["id"], str(row["version"]))
    deed = Deed(node, act, set_id)
    told = following.entailed(DESK.lifecycle, deed, change, before=flat(row))
    try:
        await node.catalogue.apply(ChangeSet(set_id, (*told, change)))
    except MovedOn:
        return False
    return True
