"""J-L2-5 and J-L2-6: publicity that is over, and registrations at their end."""

from datetime import datetime
from typing import Final

from dataspace.clocks.ruled import ruled
from dataspace.clocks.standing import deadline
from dataspace.clocks.term import Entered, clock_of
from dataspace.clocks.terms import TERMS
from dataspace.jobs.tally import Tally
from dataspace.quantity import read_moment
from dataspace.selection import PAGE_MAX, POSITION, Order, Page, Row, Selection, Where
from hub.node import Node
from hub.operations import resources
from hub.operations.rulebooks.ruling import in_force
from hub.scheduling.context import Context

PUBLICITY: Final = next(term for term in TERMS if term.code == "resource.publicity")
PUBLISHED: Final = "It was in publicity for its time without an objection 公示期满，无异议"
RENEWAL: Final = "Its registration is about to end 登记即将到期，开放续期"
ENDED: Final = "Its registration has ended 登记有效期届满"


async def register(node: Node, context: Context) -> Tally:
    """Registers what has been in publicity to the end of its term, by its own history."""

    async def act(row: Row) -> bool:
        if not await _was_public(node, row["id"], context.at):
            return False
        await _move(node, context, row, name="register", reason=PUBLISHED)
        return True

    return await context.each(context.due(node), act)


async def end(node: Node, context: Context) -> Tally:
    """Opens the renewal of what is about to end, and closes what has ended and was not renewed."""

    async def act(row: Row) -> bool:
        if row["state"] != "EXPIRING":
            await _move(node, context, row, name="open_renewal", reason=RENEWAL)
            return True
        if read_moment(row["valid_until"]) > context.at:
            return False
        await _move(node, context, row, name="expire", reason=ENDED)
        return True

    return await context.each(context.due(node, "state", "valid_until"), act)


async def _move(node: Node, context: Context, row: Row, *, name: str, reason: str) -> None:
    await resources.move(
        node, context.caller, row["id"], name, reason=reason,
        request_id=context.request(row["id"]),
    )  # fmt: skip


async def _was_public(node: Node, id_: str, at: datetime) -> bool:
    """Whether the term of its publicity, as the city's rules have it, had ended then.

    It stands still for an objection.

    Raises:  YearMissing.
    """
    city = await in_force(node.catalogue, None, at=at)
    term = ruled(PUBLICITY, city.rules, row={})
    clock = clock_of(term, await _history(node, id_))
    due = deadline(clock, node.calendar) if clock else None
    return due is not None and due.moment <= at


async def _history(node: Node, id_: str) -> list[Entered]:
    """The states that it came into, in the order of the log."""
    entered: list[Entered] = []
    position, more = None, True
    while more:
        found = await node.catalogue.select(
            Selection(
                "evidence", ("state", "at"), Where("subject", "eq", id_),
                order=Order("sequence"), page=Page(PAGE_MAX, position),
            )
        )  # fmt: skip
        for row in found.rows:
            if row["state"] and (not entered or entered[-1].state != row["state"]):
                entered.append(Entered(row["state"], read_moment(row["at"])))
        more = found.more_after
        position = found.rows[-1][POSITION] if found.rows else None
    return entered
