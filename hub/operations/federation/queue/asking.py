"""Asking the hub for an act, and taking it back while it has not been sent.

What is asked waits in the node's own catalogue until the hub has answered, for as long as it is
away. It is tried at once, so that with a hub that is there most is done when it is asked.
"""

from collections.abc import Mapping
from typing import Any, Final

from dataspace.caller import Caller, Role
from dataspace.change import Amend, Create
from dataspace.federation.joining import invitations
from dataspace.federation.joining.invitations import InvitationCode
from dataspace.federation.queue.acts import ACTS, INVITATION, HubAct, problems, rests_on
from dataspace.federation.queue.codes import REFUSED, WAITING, WITHDRAWN
from dataspace.federation.queue.refusals import (
    InDoubt,
    NotWaiting,
    QueueFull,
    RestsOnUnknown,
)
from dataspace.quantity import written
from dataspace.refusals import ReasonMissing, RoleMissing
from dataspace.selection import Order, Page, Selection, Where
from dataspace.validation import MISSING, Problem
from hub.node import Node
from hub.operations.federation.inviting import Issued
from hub.operations.federation.queue import asker, delivering
from hub.operations.mechanism.done import Done, Request, carry_out, once
from hub.operations.mechanism.input import FieldsInvalid, accepted, check_whole
from hub.operations.mechanism.lifecycle import Values
from hub.operations.mechanism.moving import after
from hub.operations.mechanism.reading import flat, seen

KIND: Final = "hub_request"
FIELDS: Final = ("act", "given")
WAITING_MAX: Final = 1000
TITLE_CHARACTERS_MAX: Final = 400
NAME_CHARACTERS_MAX: Final = 120
# Whoever runs the node may take back what anybody asked there.
WITHDRAWERS: Final = frozenset({Role.PLATFORM_ADMIN})


async def ask(
    node: Node, caller: Caller, values: Values, *, reason: str = "", request_id: str = ""
) -> Issued:
    """Puts an act into the queue. The code is that of an invitation, shown here and nowhere else:
    it opens the invitation once the hub has issued it, and what is sent and kept is its hash.

    Raises:  NoHub, FieldsInvalid, RoleMissing, ReasonMissing, RestsOnUnknown, QueueFull.
    """
    code = invitations.random_code() if values.get("act") == INVITATION else None
    request = Request(node, caller, KIND, "ask", "", reason, request_id, values)
    done = await once(request, lambda: _ask(request, code))
    await delivering.deliver_soon(node)
    is_ours = code is not None and done.values.get("secret_hash") == code.hashed
    return Issued(done, code if is_ours else None)


async def withdraw(
    node: Node, caller: Caller, id: str, *, reason: str = "", request_id: str = ""
) -> Done:
    """Takes back what waits and has not left this node; whoever asked for it may, and whoever runs
    the node. Those alone give up what the hub may have done, with a reason: it stays in doubt.

    Raises:  NotFound, RoleMissing, NotWaiting, InDoubt, MovedOn.
    """
    request = Request(node, caller, KIND, "withdraw", id, reason, request_id)
    return await once(request, lambda: _withdraw(request))


async def _ask(request: Request, code: InvitationCode | None) -> Done:
    given = accepted(KIND, request.given, fields=FIELDS)
    act = ACTS.get(given.get("act") or "")
    if act is None:
        raise FieldsInvalid(KIND, [Problem("act", MISSING)])
    pairs = list(given.get("given") or ())
    named = {each["name"]: each["value"].strip() for each in pairs}
    await asker.check_may(request.node, request.caller, act, named)
    if found := problems(act, pairs):
        raise FieldsInvalid(KIND, found)
    if not request.reason.strip():
        raise ReasonMissing(move=request.verb)
    await _check_room(request.node)
    await _check_rests(request.node, rests_on(named))
    kept = {**await _kept(request, act, named), **_sealed(code)}
    if code is not None:
        kept["given"].append({"name": "code", "value": code.public})
    check_whole(KIND, kept)
    id_ = request.own_id("hrq")
    change = Create(KIND, id_, kept, request.act)
    values = {**kept, "id": id_, "version": 1}
    return await carry_out(request, id_, changes=(change,), values=values)


async def _kept(request: Request, act: HubAct, named: Mapping[str, str]) -> dict[str, Any]:
    moment, caller = written(request.now), request.caller
    return {
        "act": act.code, "title": _title(act, named), "state": WAITING,
        "place": await _next_place(request.node), "reason": request.reason.strip(),
        "asked_by": caller.subject, "asked_by_name": caller.name[:NAME_CHARACTERS_MAX] or None,
        "asked_roles": asker.roles_asked_by(caller, act),
        "participant": await _known(request.node, caller.participant),
        "after": list(rests_on(named)), "attempts": 0,
        "given": [{"name": name, "value": value} for name, value in named.items()],
        "created_at": moment, "changed_at": moment,
    }  # fmt: skip


async def _known(node: Node, participant: str) -> str | None:
    """The participant that the asker acts for, where the hub told this node of it."""
    if not participant:
        return None
    asked = Selection("participant", where=Where("id", "eq", participant), page=Page(1))
    return participant if (await node.catalogue.select(asked)).first else None


def _sealed(code: InvitationCode | None) -> Values:
    return {} if code is None else {"secret_hash": code.hashed}


def _title(act: HubAct, named: Mapping[str, str]) -> str:
    first = next(iter(named.values()), "")
    said = f"{act.text.zh} {act.text.en}" + (f" ({first})" if first else "")
    return said[:TITLE_CHARACTERS_MAX]


async def _check_room(node: Node) -> None:
    waiting = Selection(KIND, where=Where("state", "eq", WAITING), rows=False, total=True)
    count = (await node.catalogue.select(waiting)).total or 0
    if count >= WAITING_MAX:
        raise QueueFull(what=KIND, limit=WAITING_MAX, asked=count + 1)


async def _check_rests(node: Node, ids: tuple[str, ...]) -> None:
    """What it rests on was asked before, and has not come to nothing. Raises:  RestsOnUnknown."""
    if not ids:
        return
    asked = Selection(KIND, ("id", "state"), Where("id", "in", ids), page=Page(len(ids)))
    found = {row["id"]: row["state"] for row in (await node.catalogue.select(asked)).rows}
    for id_ in ids:
        if (state := found.get(id_, "–")) in ("–", REFUSED, WITHDRAWN):
            raise RestsOnUnknown(id=id_[:40], state=state)


async def _next_place(node: Node) -> int:
    """Two that are asked for at one moment may have the same: neither was before the other."""
    last = Selection(KIND, ("place",), order=Order("place", descending=True), page=Page(1))
    row = (await node.catalogue.select(last)).first
    return int(row["place"]) + 1 if row else 1


async def _withdraw(request: Request) -> Done:
    row = flat(await seen(request.node, request.caller, KIND, id=request.id))
    own = row["asked_by"] == request.caller.subject
    if not own and not request.caller.holds(*WITHDRAWERS):
        raise RoleMissing(move=request.verb, roles=", ".join(sorted(WITHDRAWERS)))
    if row["state"] != WAITING:
        raise NotWaiting(id=request.id, state=row["state"])
    gives_up = request.caller.holds(*WITHDRAWERS) and request.reason.strip()
    if row["in_doubt"] and not gives_up:
        raise InDoubt(id=request.id, tried_at=row["tried_at"])
    values = {"state": WITHDRAWN, "next_try_at": None, "changed_at": written(request.now)}
    change = Amend(
        KIND, request.id, values, request.act,
        guard=Where("state", "eq", WAITING), version=row["version"],
    )  # fmt: skip
    return await carry_out(request, request.id, changes=(change,), values=after(row, values))
