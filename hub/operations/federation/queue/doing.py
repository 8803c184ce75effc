"""What the hub does of that which a node asks of it: once for each request, by its own rules.

The node speaks for its operator, as in all that it does in its own name. Whether the node may ask
it is checked here, by the operation that people use for the same act. Who asked at the node is for
the node to check, and for the hub what it alone knows: whether they are there still, and as what.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

from dataspace.errors import Broken, ChangeSetDiffers, DataSpaceError, MovedOn, Unavailable
from dataspace.federation.queue.acts import ACTS, INVITATION, problems
from dataspace.federation.queue.answers import HubAnswer, HubAsked
from dataspace.federation.queue.codes import DONE
from dataspace.federation.queue.refusals import ActUnknown, NotForNodes
from dataspace.quantity import read_moment
from hub.node import Node
from hub.operations import participants
from hub.operations.federation import in_its_own_name, inviting
from hub.operations.federation.in_its_own_name import Known, known
from hub.operations.federation.queue import asker, introducing
from hub.operations.federation.queue.looking_back import LookingBack
from hub.operations.mechanism.done import Done, Request
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.membership import applying

SEALED: Final = ("code", "secret_hash")  # what a node adds to an invitation that it asks for
ROUNDS_MAX: Final = 3

Doing = Callable[[Node, Known, HubAsked], Awaitable[Done]]


async def do(node: Node, sender: str, asked: HubAsked) -> HubAnswer:
    """Does it, or says why not; the same request again is answered as the first time.

    Raises:  Unavailable and Broken, when nobody can say; MovedOn when somebody else was faster
             again and again. The node asks again.
    """
    try:
        done = await _settled(node, sender, asked)
    except ChangeSetDiffers as error:
        return HubAnswer.refused(error)
    except (Unavailable, Broken, MovedOn):
        raise
    except DataSpaceError as error:
        return HubAnswer.refused(error)
    return HubAnswer(DONE, done.kind, done.id, done.revision)


async def _settled(node: Node, sender: str, asked: HubAsked) -> Done:
    if asked.act not in DOING:
        raise ActUnknown(act=asked.act)
    own = SEALED if asked.act == INVITATION else ()
    pairs: list[Mapping[str, str]] = [
        {"name": n, "value": v} for n, v in asked.given.items() if n not in own
    ]
    if found := problems(ACTS[asked.act], pairs):
        raise FieldsInvalid("hub_request", found)
    for _ in range(ROUNDS_MAX - 1):
        try:
            return await _attempt(node, sender, asked)
        except ChangeSetDiffers:
            raise
        except MovedOn:
            continue
    return await _attempt(node, sender, asked)


async def _attempt(node: Node, sender: str, asked: HubAsked) -> Done:
    """What was done before its asker's right lapsed is told as it was; nothing is done after."""
    who = await known(node, sender)
    lapsed = await asker.lapsed_at_hub(node, asked, operator=who.row["operator"])
    if lapsed is None:
        return await DOING[asked.act](node, who, asked)
    before = replace(node, catalogue=LookingBack(node.catalogue, lapsed))
    try:
        return await DOING[asked.act](before, who, asked)
    except (Unavailable, Broken, ChangeSetDiffers):
        raise
    except DataSpaceError:  # whatever else stands in its way
        raise lapsed from None


def _moving(name: str) -> Doing:
    async def move(node: Node, who: Known, asked: HubAsked) -> Done:
        return await in_its_own_name.move(node, who, name, reason=asked.reason, nonce=asked.id)

    return move


async def _announce(node: Node, who: Known, asked: HubAsked) -> Done:
    at = read_moment(asked.given["stop_at"])
    return await in_its_own_name.announce_stop(
        node, who, at, reason=asked.reason, nonce=asked.id
    )


async def _introduce(node: Node, who: Known, asked: HubAsked) -> Done:
    request = Request(
        node, who.caller, "participant", introducing.VERB, "", asked.reason, asked.id, asked.given
    )
    return await introducing.introduce(request)


async def _join(node: Node, who: Known, asked: HubAsked) -> Done:
    return await participants.join(
        node, who.caller, asked.given["participant"], asked.given["space"],
        role=asked.given.get("role", ""), reason=asked.reason, request_id=asked.id,
    )  # fmt: skip


async def _leave(node: Node, who: Known, asked: HubAsked) -> Done:
    return await participants.leave(
        node, who.caller, asked.given["participant"], asked.given["space"],
        reason=asked.reason, request_id=asked.id,
    )  # fmt: skip


async def _apply(node: Node, who: Known, asked: HubAsked) -> Done:
    """For its operator or a member of the space that it serves, who are told what is decided.

    Raises:  NotForNodes, and what people meet who apply.
    """
    participant = asked.given["participant"]
    if not await inviting.is_served(node, who.row, participant):
        raise NotForNodes(node=who.row["id"], participant=participant[:40])
    caller = replace(who.caller, participant=participant)
    values = {name: asked.given[name] for name in applying.LIFECYCLE.fields if name in asked.given}
    drafted = await applying.DESK.draft(node, caller, values, request_id=f"{asked.id}.draft")
    return await applying.DESK.move(
        node, caller, drafted.id, "submit", reason=asked.reason, request_id=asked.id
    )


async def _invite(node: Node, who: Known, asked: HubAsked) -> Done:
    return await inviting.issue_for(node, who.caller, who.row, asked.given, request_id=asked.id)


DOING: Final[Mapping[str, Doing]] = {
    "NODE_ANNOUNCE_STOP": _announce,
    "NODE_STOP": _moving("stop"),
    "NODE_REPORT_OUTAGE": _moving("report_outage"),
    "NODE_RECOVER": _moving("recover"),
    "NODE_CHANGE": _moving("change"),
    "NODE_EXIT": _moving("exit"),
    "PARTICIPANT_APPLY": _introduce,
    "MEMBER_JOIN": _join,
    "MEMBER_LEAVE": _leave,
    INVITATION: _invite,
    "MEMBERSHIP_APPLY": _apply,
}
