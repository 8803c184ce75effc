"""A participant whose admission is applied for through the node of a sub-space (L1-a).

The application lies at the same desk as one that the bureau prepared itself. Whoever handed it in
is the node, so that every person at the door may decide on it.
"""

from collections.abc import Mapping
from typing import Any, Final

from dataspace.change import Create
from dataspace.lifecycles.access import PARTICIPANT
from dataspace.machine import Situation, decide
from dataspace.notices.notice import Trigger
from dataspace.quantity import written
from dataspace.selection import Every, Where
from hub.operations import participants
from hub.operations.federation.queue.limits import check_open
from hub.operations.mechanism.done import Done, Request, carry_out, once
from hub.operations.mechanism.input import accepted, check_whole
from hub.operations.mechanism.moving import decided_under
from hub.operations.notices.telling import Event, notices_of
from hub.operations.rulebooks.ruling import in_force
from hub.operations.tasks import docketing

VERB: Final = "introduce"
FIELDS: Final = (
    "name", "kind", "credit_code", "contact", "short_name", "region", "homepage",
)  # fmt: skip


async def introduce(request: Request) -> Done:
    """Raises:  RoleMissing, FieldsInvalid, IdentityIncomplete, NotUnique, PapersMissing."""
    return await once(request, lambda: _introduce(request))


async def _introduce(request: Request) -> Done:
    waiting = Every((
        Where("submitted_by", "eq", request.caller.subject), Where("state", "eq", "SUBMITTED"),
    ))  # fmt: skip
    await check_open(request.node, "participant", waiting)
    given: Mapping[str, Any] = accepted("participant", request.given, fields=FIELDS)
    id_ = request.own_id("par")
    row = {**given, "id": id_}
    bare = Situation(
        request.caller, request.now, row, request.reason, calendar=request.node.calendar,
        kind="participant",
    )  # fmt: skip
    situation = (await in_force(request.node.catalogue, None, at=request.now)).ruling(bare)
    step = decide(PARTICIPANT, VERB, situation)
    prepared = await participants.LEDGER.prepare(request, given, {})
    moment = written(request.now)
    kept = {
        **given, **prepared, **step.values,
        **decided_under(participants.LIFECYCLE, situation),
        "created_at": moment, "changed_at": moment,
    }  # fmt: skip
    check_whole("participant", kept)
    values = {**kept, "id": id_, "version": 1}
    task = docketing.docketed(
        participants.LIFECYCLE, request.deed, values, verb=VERB, before=None,
        rules=situation.rules,
    )  # fmt: skip
    event = Event(Trigger("participant", VERB), values, request.reason)
    told = notices_of(event, request.deed, {})
    entered = Create("participant", id_, kept, request.act)
    return await carry_out(request, id_, changes=(*task, *told, entered), values=values)
