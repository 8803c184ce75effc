"""An application to join with a node: taken once, in one change set with its invitation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from dataspace.change import Create
from dataspace.errors import ChangeSetDiffers, MovedOn
from dataspace.federation.joining import invitations
from dataspace.federation.joining.application import Application
from dataspace.federation.joining.invitations import read_code
from dataspace.federation.joining.refusals import (
    InvitationUsed,
    OperatorDiffers,
    ProfileDiffers,
    ProfileUnknown,
)
from dataspace.lifecycles.access import NODE, STATUS
from dataspace.machine import Situation, decide
from dataspace.notices.notice import Trigger
from dataspace.quantity import written
from dataspace.rulebooks.adopting import check, read_rules, written_rules
from dataspace.rulebooks.rulebook import Rulebook
from dataspace.selection import Order, Page, Row, Selection, Where
from hub.node import Node
from hub.operations.federation.inviting import ROUNDS_MAX, applicant, opened, use_of
from hub.operations.links.beside import act_of
from hub.operations.mechanism.done import Done, Request, carry_out, once
from hub.operations.mechanism.input import accepted, check_whole
from hub.operations.mechanism.moving import decided_under
from hub.operations.nodes import HOLDER, LIFECYCLE, public
from hub.operations.notices.telling import Event, notices_of
from hub.operations.rulebooks.places import FIELDS as PLACE_FIELDS
from hub.operations.rulebooks.places import Place, children, latest, place_of
from hub.operations.rulebooks.ruling import in_force
from hub.operations.tasks import docketing

FIELDS: Final = (
    "name", "kind", "operator", "space", "profile", "address", "capabilities", "public_keys",
    "signing_keys", "purpose", "participant_limits", "resources_declared", "usage_policies",
    "own_rules",
)  # fmt: skip
SUBSPACE: Final = "SUBSPACE"


async def apply(node: Node, application: Application) -> Done:
    """Enters the node as one that has applied, and uses the invitation up: both, or neither.

    The same application sent again, its keys and all, is answered as the first time.

    Raises:  InvitationMistyped, InvitationWrong, InvitationVoid, InvitationRevoked,
             InvitationExpired, InvitationUsed, OperatorDiffers, ProfileUnknown, ProfileDiffers,
             FieldsInvalid, PartyNotAdmitted, RuleUnknown, RuleValueWrong, RulebookLoosens,
             ChangeSetDiffers when the same keys apply for something else.
    """
    code = read_code(application.code)
    for _ in range(ROUNDS_MAX):
        invitation = await opened(node, code)
        request = Request(
            node, applicant(invitation), "node", "apply",
            request_id=application.kid, given=application.given,
        )  # fmt: skip
        try:
            return await _once(request, invitation, application)
        except ChangeSetDiffers:
            raise
        except MovedOn:  # somebody used it, or tried it, at the same moment
            continue
    raise MovedOn(kind="invitation", id=invitation["id"])


async def _once(request: Request, invitation: Row, application: Application) -> Done:
    return await once(request, lambda: _apply(request, invitation, application))


async def _apply(request: Request, invitation: Row, application: Application) -> Done:
    if invitation["state"] == invitations.USED:
        raise InvitationUsed(code=invitation["code"])
    operator = await _operator(request.node, invitation["participant"])
    _check_invited(request.node, invitation, application, operator)
    rules = await _own_rules(request, invitation["space"], application)
    id_ = request.own_id("nod")
    situation = await _situation(request, invitation, operator, id_)
    step = decide(NODE, request.verb, situation)
    given = accepted("node", _given(invitation, application, rules), fields=FIELDS)
    moment = written(request.now)
    kept = {
        **given, **step.values, **decided_under(LIFECYCLE, situation),
        "status": STATUS[step.move.to], "created_at": moment, "changed_at": moment,
    }  # fmt: skip
    check_whole("node", kept)
    row = {**kept, "id": id_, "version": 1}
    task = docketing.docketed(
        LIFECYCLE, request.deed, row, verb=request.verb, before=None, rules=situation.rules
    )
    event = Event(Trigger("node", request.verb), row, request.reason)
    told = notices_of(event, request.deed, situation.related)
    used = use_of(invitation, id_, act_of(request, "invitation", "use"))
    entered = Create("node", id_, kept, request.act)
    return await carry_out(request, id_, changes=(*task, *told, used, entered), values=row)


def _check_invited(node: Node, invitation: Row, application: Application, operator: Row) -> None:
    """Raises:  OperatorDiffers, ProfileUnknown, ProfileDiffers."""
    if application.credit_code != operator["credit_code"]:
        raise OperatorDiffers(credit_code=application.credit_code[:40])
    profile = application.profile
    if profile not in node.profiles:
        raise ProfileUnknown(profile=profile[:40], known=", ".join(sorted(node.profiles)))
    if profile != invitation["profile"]:
        raise ProfileDiffers(profile=profile, invited=invitation["profile"])


def _given(
    invitation: Row, application: Application, rules: list[dict[str, str]]
) -> dict[str, Any]:
    space = {"space": invitation["space"]} if invitation["space"] else {}
    return {
        "name": application.name, "kind": invitation["kind"],
        "operator": invitation["participant"], **space, "profile": application.profile,
        "address": application.address, "capabilities": list(application.capabilities),
        "public_keys": public(application.public_keys),
        "signing_keys": public(application.signing_keys, field="signing_keys"),
        **application.declarations, **({"own_rules": rules} if rules else {}),
    }  # fmt: skip


async def _situation(request: Request, invitation: Row, operator: Row, id_: str) -> Situation:
    node = request.node
    party = {"id": id_, "operator": invitation["participant"]}
    situation = Situation(
        request.caller, request.now, party, related={"acting": [operator]},
        calendar=node.calendar, kind="node",
    )  # fmt: skip
    return (await in_force(node.catalogue, invitation["space"], at=request.now)).ruling(situation)


async def _own_rules(
    request: Request, space: str | None, application: Application
) -> list[dict[str, str]]:
    """The rules that it came with, as they are kept; tighter than all above, or refused."""
    if not application.rules:
        return []
    rules = read_rules(application.profile, application.rules)
    place = await _place(request.node, space)
    if place is not None:
        _check_tighter(application.profile, rules, place, own=bool(space), now=request.now)
    return [{"name": name, "value": value} for name, value in written_rules(rules)]


def _check_tighter(
    profile: str, rules: Mapping[str, Any], place: Place, *, own: bool, now: datetime
) -> None:
    """As a version that is to take effect now, in its own space or in one right below the city.

    Raises:  RulebookLoosens, TierWrong, ParentUnknown.
    """
    code = place.code if own else profile
    parent = place.parent if own else place.code
    version = latest(place.rulebooks, code) + 1
    rulebook = Rulebook(code, SUBSPACE, parent, version, now, rules)
    check(rulebook, place.rulebooks, parents=place.parents, now=now)


async def _place(node: Node, space: str | None) -> Place | None:
    """The space that the node is to serve, or else the city's, with the rulebooks above it."""
    where = Where("id", "eq", space) if space else Where("tier", "eq", "CITY")
    selection = Selection(
        "space", PLACE_FIELDS, where, order=Order("code"), page=Page(1), children=children()
    )
    row = (await node.catalogue.select(selection)).first
    return place_of(row) if row else None


async def _operator(node: Node, participant: str) -> Row:
    selection = Selection("participant", HOLDER, Where("id", "eq", participant), page=Page(1))
    [row] = (await node.catalogue.select(selection)).rows
    return row
