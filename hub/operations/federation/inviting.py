"""Invitations: issued and revoked by whoever runs the platform, and tried by whoever applies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from dataspace import guards
from dataspace.caller import Caller, Role
from dataspace.change import Act, Amend, ChangeSet, Create
from dataspace.codes import NODE_KIND
from dataspace.errors import MovedOn, NotFound
from dataspace.federation.joining import invitations
from dataspace.federation.joining.invitations import (
    HOURS_MAX,
    OPEN,
    TRIES_MAX,
    InvitationCode,
    NamedCode,
)
from dataspace.federation.joining.refusals import (
    InvitationClosed,
    InvitationWrong,
    ProfileUnknown,
)
from dataspace.federation.queue.refusals import NotForNodes
from dataspace.identifiers import new_id
from dataspace.machine import Situation
from dataspace.quantity import written
from dataspace.selection import Every, Page, Row, Selection, Where
from hub.node import Node
from hub.operations.federation.queue.limits import check_open
from hub.operations.mechanism.done import Done, Request, carry_out, check_caller, once
from hub.operations.mechanism.input import accepted, check_whole
from hub.operations.mechanism.moving import after
from hub.operations.mechanism.reading import flat, seen, whole
from hub.operations.rulebooks.ruling import in_force

FIELDS: Final = ("participant", "profile", "kind", "space")
KEEPERS: Final = frozenset({Role.PLATFORM_ADMIN})
ENDERS: Final = KEEPERS | {Role.SCHEDULER}
HOURS_RULE: Final = "participant.invitation_hours_max"
TRIES_RULE: Final = "participant.invitation_tries_max"
INDUSTRY: Final = "INDUSTRY"
CONNECTOR: Final = "CONNECTOR"
TRIER: Final = "invitation"
ROUNDS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Issued:
    """The code is here and nowhere else: what is kept of it is a hash."""

    done: Done
    code: InvitationCode | None


async def issue(
    node: Node, caller: Caller, values: dict[str, Any], *, request_id: str = ""
) -> Issued:
    """Invites an admitted participant to join with one node.

    Asked again under the same request id, the invitation is the same and its code is not shown
    again: nobody knows it any more.

    Raises:  RoleMissing, FieldsInvalid, ProfileUnknown, NotFound, PartyNotAdmitted.
    """
    code = invitations.random_code()
    request = Request(node, caller, "invitation", "issue", request_id=request_id, given=values)
    done = await once(request, lambda: _issue(request, values, code))
    return Issued(done, code if done.values["code"] == code.public else None)


async def issue_for(
    node: Node, caller: Caller, own: Row, given: Mapping[str, str], *, request_id: str
) -> Done:
    """An invitation that a node, whose row is `own`, asks for: for its operator or a member of the
    space that it serves, to join that space with a connector. Others are the platform's to invite.

    The node made the code and shows it to whoever asked; `code` and `secret_hash` are what of it
    the city keeps.

    Raises:  InvitationMistyped, NotForNodes, TooManyOpen, ProfileUnknown, NotFound,
             PartyNotAdmitted, NotUnique.
    """
    request = Request(node, caller, "invitation", "issue", request_id=request_id, given=given)
    return await once(request, lambda: _issue_for(request, own))


async def revoke(
    node: Node, caller: Caller, id: str, *, reason: str = "", request_id: str = ""
) -> Done:
    """Takes an open invitation back. Raises:  RoleMissing, NotFound, InvitationClosed, MovedOn."""
    request = Request(node, caller, "invitation", "revoke", id, reason, request_id)
    return await once(request, lambda: _end(request, KEEPERS, invitations.REVOKED))


async def expire(
    node: Node, caller: Caller, id: str, *, reason: str = "", request_id: str = ""
) -> Done:
    """Closes what nobody used in time. Raises:  as `revoke`."""
    request = Request(node, caller, "invitation", "expire", id, reason, request_id)
    return await once(request, lambda: _end(request, ENDERS, invitations.EXPIRED))


async def opened(node: Node, code: InvitationCode) -> Row:
    """The invitation that the code opens, used or not; every wrong try is counted exactly.

    Raises:  InvitationWrong, InvitationVoid, InvitationRevoked, InvitationExpired.
    """
    for _ in range(ROUNDS_MAX):
        row = await _by_public_part(node, code)
        try:
            invitations.judge(row, code, node.clock.now())
        except InvitationWrong:
            if row["state"] != OPEN:
                raise
            if await _counted(node, row):
                raise
            continue
        return row
    raise MovedOn(kind="invitation", id=row["id"])


def applicant(invitation: Row) -> Caller:
    """Who applies: nobody that an identity service knows yet, with the authority of the invitation
    for the one organisation that was invited."""
    name = f"Invitation 邀请 {invitation['code']}"
    roles = frozenset({Role.ORG_ADMIN})
    return Caller(invitation["id"], name, roles, invitation["participant"])


async def _issue_for(request: Request, own: Row) -> Done:
    given, space = request.given, own.get("space")
    named = NamedCode(given.get("code", ""), given.get("secret_hash", ""))
    named.check()
    participant = given["participant"]
    if not space or not await is_served(request.node, own, participant):
        raise NotForNodes(node=own["id"], participant=participant[:40])
    unused = Every((
        Where("issued_by", "eq", request.caller.subject), Where("state", "eq", OPEN),
    ))  # fmt: skip
    await check_open(request.node, "invitation", unused)
    values = {
        "participant": participant, "profile": given["profile"], "kind": CONNECTOR, "space": space,
    }  # fmt: skip
    return await _kept(request, values, named)


async def is_served(node: Node, own: Row, participant: str) -> bool:
    """Whether it is the operator of the node, or a member of the space that the node serves."""
    if participant == own["operator"]:
        return True
    if not own.get("space"):
        return False
    where = Every((Where("id", "eq", participant), Where("spaces", "has", own["space"])))
    found = await node.catalogue.select(Selection("participant", where=where, page=Page(1)))
    return found.first is not None


async def _issue(request: Request, values: dict[str, Any], code: InvitationCode) -> Done:
    check_caller(request.caller, request.verb, KEEPERS)
    return await _kept(request, values, code)


async def _kept(request: Request, values: Row, code: InvitationCode | NamedCode) -> Done:
    given = accepted("invitation", values, fields=FIELDS)
    await _check_may_join(request, given)
    rules = (await in_force(request.node.catalogue, given.get("space"), at=request.now)).rules
    until = request.now + timedelta(hours=rules.get(HOURS_RULE, HOURS_MAX))
    moment = written(request.now)
    kept = {
        "kind": INDUSTRY, **given, "code": code.public, "secret_hash": code.hashed, "state": OPEN,
        "valid_until": written(until), "wrong_tries": 0,
        "tries_max": rules.get(TRIES_RULE, TRIES_MAX), "issued_by": request.caller.subject,
        "created_at": moment, "changed_at": moment,
    }  # fmt: skip
    check_whole("invitation", kept)
    id_ = request.own_id("inv")
    change = Create("invitation", id_, kept, request.act)
    return await carry_out(
        request, id_, changes=(change,), values={**kept, "id": id_, "version": 1}
    )


async def _check_may_join(request: Request, given: Row) -> None:
    """Raises:  ProfileUnknown, NotFound, PartyNotAdmitted."""
    node, profile = request.node, given.get("profile")
    if profile and profile not in node.profiles:
        raise ProfileUnknown(profile=profile, known=", ".join(sorted(node.profiles)))
    assert given.get("kind", INDUSTRY) in NODE_KIND.codes
    if not (participant := given.get("participant")):
        return
    fields = ("id", "state", "standing")
    selection = Selection("participant", fields, Where("id", "eq", participant), page=Page(1))
    if (row := (await node.catalogue.select(selection)).first) is None:
        raise NotFound(kind="participant", id=participant)
    situation = Situation(request.caller, request.now, related={"acting": [row]})
    guards.ADMITTED.check(situation)


async def _end(request: Request, roles: frozenset[Role], state: str) -> Done:
    check_caller(request.caller, request.verb, roles)
    row = flat(await seen(request.node, request.caller, "invitation", id=request.id))
    if row["state"] != OPEN:
        raise InvitationClosed(code=row["code"], state=row["state"])
    values = {"state": state, "changed_at": written(request.now)}
    change = Amend(
        "invitation", request.id, values, request.act,
        guard=Where("state", "eq", OPEN), version=row["version"],
    )  # fmt: skip
    return await carry_out(request, request.id, changes=(change,), values=after(row, values))


async def _by_public_part(node: Node, code: InvitationCode) -> Row:
    """Raises:  InvitationWrong, so that nobody learns which public parts there are."""
    selection = whole("invitation", Where("code", "eq", code.public))
    if (row := (await node.catalogue.select(selection)).first) is None:
        raise InvitationWrong(code=code.public)
    return flat(row)


async def _counted(node: Node, row: Row) -> bool:
    """Whether this try was counted, or another one at the same moment in its place.

    The version is the guard: of many at once each is counted on its own, and none twice.
    """
    values = invitations.tried_wrongly(row)
    moment = written(node.clock.now())
    verb = "void" if values["state"] != OPEN else "try_wrongly"
    act = Act(TRIER, f"invitation.{verb}", moment)
    amend = Amend(
        "invitation", row["id"], {**values, "changed_at": moment}, act,
        guard=Where("state", "eq", OPEN), version=row["version"],
    )  # fmt: skip
    try:
        # Named anew each time, since two that are alike are two tries.
        await node.catalogue.apply(ChangeSet(new_id("chs"), (amend,)))
    except MovedOn:
        return False
    return True


def use_of(invitation: Row, node_id: str, act: Act) -> Amend:
    """The change by which the invitation is used for this node and for no other."""
    values = {"state": invitations.USED, "used_at": act.at, "node": node_id, "changed_at": act.at}
    return Amend(
        "invitation", invitation["id"], values, act,
        guard=Where("state", "eq", OPEN), version=invitation["version"],
    )  # fmt: skip
