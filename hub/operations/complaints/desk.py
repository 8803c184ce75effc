"""The desk of complaints: their moves, who is given one, and what becomes of the answer."""

from dataclasses import replace
from typing import Final

from dataspace.caller import Caller
from dataspace.complaints.guards import ASSIGNEE
from dataspace.complaints.machine import COMPLAINT
from dataspace.machine import decide
from dataspace.selection import Every, Page, Row, Selection, Where
from dataspace.visibility import visible
from hub.node import Node
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Done, Request, once
from hub.operations.mechanism.lifecycle import Lifecycle
from hub.operations.mechanism.moving import made, situation_of
from hub.operations.mechanism.reading import ends, flat

ASSIGN: Final = "assign"
MEMBER: Final = ("id", "subject", "handler", "roles", "status")


class Complaints(Desk):
    """Every move but one is made with a reason alone; to assign one somebody has to be named."""

    async def move(
        self, node: Node, caller: Caller, id: str, name: str, *, reason: str = "",
        request_id: str = "",
    ) -> Done:  # fmt: skip
        """Raises:  what `moving.move` raises; NotAssignable, as nobody is named here."""
        if name == ASSIGN:
            return await self.assign(node, caller, id, "", reason=reason, request_id=request_id)
        return await super().move(node, caller, id, name, reason=reason, request_id=request_id)

    async def assign(
        self, node: Node, caller: Caller, id: str, member: str, *, reason: str = "",
        request_id: str = "",
    ) -> Done:  # fmt: skip
        """To a colleague whom the caller sees, who answers it from then on.

        Raises:  NotFound, NotAssignable, and what `machine.decide` raises.
        """
        request = Request(
            node, caller, self.lifecycle.kind, ASSIGN, id, reason, request_id,
            given={"member": member},
        )  # fmt: skip
        return await once(request, lambda: self._assign(request, member))

    async def _assign(self, request: Request, member: str) -> Done:
        situation = await situation_of(self.lifecycle, request)
        named = await _member(request, member)
        situation = replace(situation, related={**situation.related, ASSIGNEE: named})
        step = decide(COMPLAINT, ASSIGN, situation)
        given = {"handled_by": named[0]["subject"]}
        return await made(
            self.lifecycle, request, situation=situation, step=step, allotted=given
        )


async def _member(request: Request, id_: str) -> list[Row]:
    where = Every((Where("id", "eq", id_), visible(request.caller)["member"]))
    selection = Selection(
        "member", MEMBER, where, page=Page(1), children=(ends("participant", "participant"),)
    )
    return [flat(row) for row in (await request.node.catalogue.select(selection)).rows]


COMPLAINTS: Final = Complaints(Lifecycle(
    COMPLAINT,
    (),
    allotted={
        "answer_founded": lambda situation, node: {"outcome": "FOUNDED"},
        "answer_unfounded": lambda situation, node: {"outcome": "UNFOUNDED"},
    },
    asks_more=frozenset({ASSIGN}),
    awaited={
        "LODGED": "accept", "ACCEPTED": "take", "HANDLING": "answer_founded",
        "ANSWERED": "confirm",
    },
))  # fmt: skip
