"""A complaint comes in: lodged by whoever has signed in, or entered for whoever called or wrote."""

from collections.abc import Mapping
from typing import Any, Final

from dataspace.caller import Caller
from dataspace.change import Create
from dataspace.complaints.codes import ONLINE, SERVICE
from dataspace.complaints.machine import COMPLAINT, OPEN
from dataspace.complaints.refusals import TooManyOpen
from dataspace.errors import NotFound
from dataspace.machine import Situation, decide
from dataspace.notices.notice import Trigger
from dataspace.quantity import written
from dataspace.selection import Every, Page, Row, Selection, Where
from dataspace.text import Text
from dataspace.validation import MISSING, Problem
from dataspace.visibility import visible
from hub.node import Node
from hub.operations.complaints.desk import COMPLAINTS
from hub.operations.mechanism import allotting
from hub.operations.mechanism.done import Done, Request, carry_out, once
from hub.operations.mechanism.input import FieldsInvalid, accepted, check_whole
from hub.operations.mechanism.lifecycle import Values
from hub.operations.mechanism.moving import allotting as allotting_anew
from hub.operations.mechanism.reading import ends
from hub.operations.notices.telling import Event, notices_of
from hub.operations.rulebooks.ruling import InForce, in_force
from hub.operations.tasks import docketing

# By what it may be about: the edge to the participant that answers for it, "id" for itself.
RESPONDENTS: Final[Mapping[str, str]] = {
    "node": "operator", "participant": "id", "product": "owner", "resource": "provider",
    "authorisation": "grantee",
}  # fmt: skip
IN_SPACES: Final = frozenset({"node", "product", "resource"})
OF_SOMEBODY: Final = ("complainant_name", "complainant_contact")
FIELDS: Final = ("channel", "matter", "detail", *RESPONDENTS, *OF_SOMEBODY)
OPEN_MAX: Final = 20  # of one person, so that nobody buries the desk
ONE_ONLY: Final = Text("a complaint is about one object at most", "一件投诉至多针对一个对象")
VERB: Final = "lodge"


async def lodge(
    node: Node, caller: Caller, values: Mapping[str, Any], *, request_id: str = ""
) -> Done:
    """A complaint about what the caller sees, or about the service when it names no object.

    Online it is the caller's own. By another channel it is entered for somebody, of whom name and
    contact are needed; they stay with whoever entered it and whoever handles it.

    Raises:  NotSignedIn, RoleMissing (for somebody else), FieldsInvalid, NotFound, TooManyOpen.
    """
    request = Request(node, caller, COMPLAINT.kind, VERB, request_id=request_id, given=values)
    return await once(request, lambda: allotting_anew(lambda: _lodge(request, values)))


async def _lodge(request: Request, values: Values) -> Done:
    given = {"channel": ONLINE, **accepted(COMPLAINT.kind, values, fields=FIELDS)}
    in_person = given["channel"] == ONLINE
    whose = {"complained_by": request.caller.subject if in_person else None}
    step = decide(COMPLAINT, VERB, Situation(request.caller, request.now, whose))
    if problems := _problems(given, in_person=in_person):
        raise FieldsInvalid(COMPLAINT.kind, problems)
    concerns = await _concerned(request, given)
    if in_person:
        await _check_room(request)
    ruling = await in_force(request.node.catalogue, concerns["space"], at=request.now)
    moment = written(request.now)
    kept = {
        **given, **whose, **step.values, **concerns, "code": _code(request),
        "complainant": (request.caller.participant or None) if in_person else None,
        "decided_under": ruling.editions or None, "created_at": moment, "changed_at": moment,
    }  # fmt: skip
    check_whole(COMPLAINT.kind, kept)
    return await _carry_out(request, kept, ruling)


async def _carry_out(request: Request, kept: Values, ruling: InForce) -> Done:
    id_ = request.own_id("cpl")
    row = {**kept, "id": id_, "version": 1}
    event = Event(Trigger(request.kind, request.verb), row, "")
    told = (
        *docketing.docketed(
            COMPLAINTS.lifecycle, request.deed, row, verb=request.verb, before=None,
            rules=ruling.rules,
        ),
        *notices_of(event, request.deed, {}),
    )  # fmt: skip
    change = Create(COMPLAINT.kind, id_, kept, request.act)
    return await carry_out(request, id_, changes=(*told, change), values=row)


def _problems(given: Values, *, in_person: bool) -> list[Problem]:
    about = [kind for kind in RESPONDENTS if given.get(kind)]
    lacking = () if in_person else OF_SOMEBODY
    return [
        *(Problem(kind, ONE_ONLY) for kind in about[1:]),
        *(Problem(name, MISSING) for name in lacking if not str(given.get(name) or "").strip()),
    ]


async def _concerned(request: Request, given: Values) -> Row:
    """What it is about, who answers for that, and in which space. Raises:  NotFound."""
    kind = next((each for each in RESPONDENTS if given.get(each)), "")
    if not kind:
        return {"about": SERVICE, "respondent": None, "space": None}
    edge, id_ = RESPONDENTS[kind], given[kind]
    where = Every((Where("id", "eq", id_), visible(request.caller)[kind]))
    beside = [] if edge == "id" else [ends(edge, "participant")]
    beside += [ends("space", "space")] if kind in IN_SPACES else []
    selection = Selection(kind, ("id",), where, page=Page(1), children=tuple(beside))
    found = (await request.node.catalogue.select(selection)).first
    if found is None:
        raise NotFound(kind=kind, id=id_)
    respondent = found if edge == "id" else found[edge]
    space = found.get("space")
    return {
        "about": kind.upper(),
        "respondent": respondent["id"] if respondent else None,
        "space": space["id"] if space else None,
    }


async def _check_room(request: Request) -> None:
    """Raises:  TooManyOpen."""
    own = Where("complained_by", "eq", request.caller.subject)
    where = Every((own, Where("state", "in", OPEN)))
    selection = Selection(COMPLAINT.kind, where=where, rows=False, total=True)
    count = (await request.node.catalogue.select(selection)).total or 0
    if count >= OPEN_MAX:
        raise TooManyOpen(count=count, limit=OPEN_MAX)


def _code(request: Request) -> str:
    """`TS-<year>-<serial>` (投诉)."""
    return f"TS-{allotting.authorisation_code(request.now).removeprefix('SQ-')}"
