"""Closing a logical space for good, with its reason (TC-040).

Its row and its evidence stay, and its members stay whom they are, everywhere else too. What is in
it is shown to its members no longer (`dataspace.visibility`), and nothing is published into it.
"""

from typing import Final

from dataspace.caller import Caller
from dataspace.errors import Conflict
from dataspace.guards.access import SpaceNotLogical
from dataspace.notices.notice import Trigger
from dataspace.quantity import written
from dataspace.refusals import ReasonMissing
from dataspace.selection import PAGE_MAX, Every, Linked, Not, Page, Selection, Where
from dataspace.text import Text
from hub.node import Node
from hub.operations import spaces
from hub.operations.mechanism.done import Done, Request, once
from hub.operations.membership.keeping import LOGICAL, OPEN, check_open
from hub.operations.notices.telling import Event, notices_of

VERB: Final = "close"


class SpaceHoldsOthers(Conflict):
    """What lies within a space is closed before it."""

    code = "space.holds_others"
    title = Text("Spaces within {space} are open: {within}", "{space} 内仍有未关闭的空间：{within}")
    advice = Text("Close those first.", "请先关闭下级空间。")


async def close(
    node: Node, caller: Caller, id: str, *, reason: str = "", request_id: str = ""
) -> Done:
    """Raises:  RoleMissing, NotFound, ReasonMissing, SpaceClosed, SpaceNotLogical,
    SpaceHoldsOthers, MovedOn."""
    request = Request(node, caller, "space", VERB, id, reason, request_id)
    return await once(request, lambda: _close(request))


async def _close(request: Request) -> Done:
    row = await spaces.LEDGER.row(request)
    if not request.reason.strip():
        raise ReasonMissing(move=VERB)
    if row["kind"] != LOGICAL:
        raise SpaceNotLogical(space=row["name"])
    check_open(row)
    if within := await _open_within(request):
        raise SpaceHoldsOthers(space=row["name"], within=", ".join(within))
    values = {"closed_at": written(request.now), "close_reason": request.reason.strip()}
    told = {**row, "members": await _members(request)}
    event = Event(Trigger("space", VERB), told, request.reason)
    return await spaces.LEDGER.write(
        request, row, values=values, guard=Every((OPEN, Not(Linked("sub_spaces", OPEN)))),
        beside=notices_of(event, request.deed, {}),
    )  # fmt: skip


async def _open_within(request: Request) -> list[str]:
    where = Every((Where("part_of", "eq", request.id), OPEN))
    found = await request.node.catalogue.select(Selection("space", ("name",), where, page=Page(5)))
    return [each["name"] for each in found.rows]


async def _members(request: Request) -> list[str]:
    """Ids of its members; of more than PAGE_MAX the first are told."""
    where = Where("spaces", "has", request.id)
    asked = Selection("participant", ("id",), where, page=Page(PAGE_MAX))
    return [each["id"] for each in (await request.node.catalogue.select(asked)).rows]
