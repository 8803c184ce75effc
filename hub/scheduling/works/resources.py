"""J-L2-5 and J-L2-6: publicity that is over, and registrations at their end."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from dataspace.guards.limits import REGISTRATION_RENEWAL_DAYS
from dataspace.guards.rules.publicity import is_published
from dataspace.jobs.tally import Tally
from dataspace.quantity import read_moment
from dataspace.selection import Row
from hub.node import Node
from hub.operations import resources
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.moving import situation_of
from hub.operations.mechanism.reading import ends, flat
from hub.operations.rulebooks.ruling import rules_everywhere
from hub.scheduling.context import Context

WINDOW: Final = "resource.renewal_days_max"
PUBLISHED: Final = "It was in publicity for its time without an objection 公示期满，无异议"
RENEWAL: Final = "Its registration is about to end 登记即将到期，开放续期"
ENDED: Final = "Its registration has ended 登记有效期届满"


async def register(node: Node, context: Context) -> Tally:
    """Registers what has been in publicity to the end of its term, by its own history."""

    async def act(row: Row) -> bool:
        if not await _was_public(node, context, row["id"]):
            return False
        await _move(node, context, row, name="register", reason=PUBLISHED)
        return True

    return await context.each(context.due(node), act)


async def end(node: Node, context: Context) -> Tally:
    """Opens the renewal of what is about to end, as early as the rules of its space have it, and
    closes what has ended and was not renewed."""
    ruling = await rules_everywhere(node.catalogue, at=context.at)
    days = max(ruling.all_of(WINDOW, REGISTRATION_RENEWAL_DAYS))

    async def act(found: Row) -> bool:
        row = flat(found)
        if row["state"] != "EXPIRING":
            own = ruling.of(row["space"]).rules.get(WINDOW, REGISTRATION_RENEWAL_DAYS)
            if read_moment(row["valid_until"]) - context.at > timedelta(days=own):
                return False
            await _move(node, context, row, name="open_renewal", reason=RENEWAL)
            return True
        if read_moment(row["valid_until"]) > context.at:
            return False
        await _move(node, context, row, name="expire", reason=ENDED)
        return True

    due = context.within(days).due(node, "state", "valid_until", beside=(ends("space", "space"),))
    return await context.each(due, act)


async def _move(node: Node, context: Context, row: Row, *, name: str, reason: str) -> None:
    await resources.move(
        node, context.caller, row["id"], name, reason=reason,
        request_id=context.request(row["id"]),
    )  # fmt: skip


async def _was_public(node: Node, context: Context, id_: str) -> bool:
    """Whether its publicity had lasted as long as the rules say. Raises:  YearMissing."""
    request = Request(node, context.caller, "resource", "register", id_)
    situation = await situation_of(resources.LIFECYCLE, request)
    return is_published(replace(situation, now=context.at))
