"""Whether who asks the hub for something may: when it is asked, and again before it is sent.

A node knows who operates it, how an organisation stands and whether it is still there; the roles of
people only from the token with which somebody asked. Who has lost a role, or is no member of
anything any more, the hub knows, and says so when it is asked for the act (`doing`).
"""

from collections.abc import Mapping
from typing import Final

from dataspace.caller import Caller, Role
from dataspace.errors import DataSpaceError
from dataspace.federation.queue.acts import ACTS, HubAct
from dataspace.federation.queue.answers import HubAsked
from dataspace.federation.queue.refusals import AskerLacksRight, AskerShutOut, NoHub
from dataspace.refusals import RoleMissing
from dataspace.selection import Child, Page, Row, Selection, Where
from hub.node import Node
from hub.operations.mechanism.reading import ends, flat

SHUT_OUT: Final = ("SUSPENDED", "WITHDRAWN")


async def check_may(node: Node, caller: Caller, act: HubAct, named: Mapping[str, str]) -> None:
    """As the hub told this node who operates it; nobody's, before it did.

    Raises:  NoHub, RoleMissing.
    """
    if node.belonging is None:
        raise NoHub()
    if not act.may_be_asked_by(caller, await _operator(node, node.belonging.itself), named):
        raise RoleMissing(move=act.code, roles=", ".join(sorted(act.roles)))


def roles_asked_by(caller: Caller, act: HubAct) -> list[str]:
    """Those of the caller's roles that may have let them ask for the act."""
    return sorted(str(role) for role in caller.roles & (act.roles | {Role.ORG_ADMIN}))


async def lapsed(node: Node, row: Row) -> DataSpaceError | None:
    """Why a request is not done any more in the name of who asked, as far as this node knows."""
    act = ACTS[row["act"]]
    named = {each["name"]: each["value"] for each in row["given"] or ()}
    party = await _party(node, row["participant"])
    if party and party["standing"] in SHUT_OUT:
        return AskerShutOut(asked_by=row["asked_by"], status=party["standing"])
    itself = node.belonging.itself if node.belonging else ""
    operator = await _operator(node, itself)
    # One that was asked before its roles were kept is taken as asked by one that may.
    roles = frozenset(Role(each) for each in row["asked_roles"] or act.roles)
    # Who is unknown here asked for their own participant: who operates this node is known.
    caller = Caller(row["asked_by"], roles=roles,
                    participant=row["participant"] or named.get(act.own, ""))  # fmt: skip
    left = party and party["id"] != operator and not party["spaces"] and not roles & act.roles
    if left or not act.may_be_asked_by(caller, operator, named):
        return AskerLacksRight(asked_by=row["asked_by"], act=act.code)
    return None


async def lapsed_at_hub(node: Node, asked: HubAsked, *, operator: str) -> DataSpaceError | None:
    """The same, as the hub knows its people; nothing, of who is none of its members."""
    lacking = AskerLacksRight(asked_by=asked.asked_by, act=asked.act)
    if asked.lapsed:
        return lacking
    member = await _member(node, asked.asked_by)
    if member is None:
        return None
    party = member["participant"]
    if member["status"] != "ACTIVE" or party["standing"] in SHUT_OUT:
        status = member["status"] if member["status"] != "ACTIVE" else party["standing"]
        return AskerShutOut(asked_by=asked.asked_by, status=status)
    roles = frozenset(Role(each) for each in member["roles"] or ())
    caller = Caller(asked.asked_by, roles=roles, participant=party["id"])
    may = ACTS[asked.act].may_be_asked_by(caller, operator, asked.given)
    return None if may else lacking


async def _operator(node: Node, itself: str) -> str | None:
    operator = Child("operator", "operator", Selection("participant", ("id",), page=Page(1)))
    own = Where("id", "eq", itself)
    asked = Selection("node", ("id",), own, page=Page(1), children=(operator,))
    row = (await node.catalogue.select(asked)).first
    return row["operator"]["id"] if row and row["operator"] else None


async def _party(node: Node, participant: str | None) -> Row | None:
    if not participant:
        return None
    asked = Selection(
        "participant", ("id", "standing"), Where("id", "eq", participant), page=Page(1),
        children=(ends("spaces", "space"),),
    )  # fmt: skip
    row = (await node.catalogue.select(asked)).first
    return flat(row) if row else None


async def _member(node: Node, subject: str) -> Row | None:
    if not subject:
        return None
    asked = Selection(
        "member", ("status", "roles"), Where("subject", "eq", subject), page=Page(1),
        children=(ends("participant", "participant", "id", "standing"),),
    )  # fmt: skip
    return (await node.catalogue.select(asked)).first
