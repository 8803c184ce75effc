"""Deliveries that were given up, tried again by hand."""

from collections.abc import Collection
from typing import Any, Final

from dataspace.caller import Caller, Role
from dataspace.change import Act, Amend, ChangeSet
from dataspace.errors import NotFound
from dataspace.identifiers import new_id
from dataspace.quantity import written
from dataspace.refusals import WrongState
from dataspace.selection import PAGE_MAX, POSITION, Child, Found, Order, Page, Row, Selection, Where
from hub.node import Node
from hub.operations.mechanism.done import Done, Request, carry_out, check_caller, once
from hub.operations.mechanism.moving import after
from hub.operations.mechanism.reading import flat, seen
from hub.operations.notices.delivering import DEAD, WAITING

OPERATOR: Final = "cityspace"
KEEPERS: Final = frozenset({Role.SYSADMIN})


async def retry(
    node: Node, caller: Caller, id: str, *, reason: str = "", request_id: str = ""
) -> Done:
    """From now on it waits as if it were new. Raises:  RoleMissing, NotFound, WrongState."""
    request = Request(node, caller, "delivery", "retry", id, reason, request_id)
    return await once(request, lambda: _retry(request))


async def _retry(request: Request) -> Done:
    check_caller(request.caller, request.verb, KEEPERS)
    row = flat(await seen(request.node, request.caller, "delivery", id=request.id))
    if row["state"] != DEAD:
        raise WrongState(id=request.id, state=row["state"], move=request.verb, sources=DEAD)
    values = anew(written(request.now))
    change = Amend("delivery", request.id, values, request.act, version=row["version"])
    return await carry_out(request, request.id, changes=(change,), values=after(row, values))


async def dead(node: Node, *, position: tuple[Any, str] | None = None) -> Found:
    """What was given up, oldest first, a page at a time."""
    fields = (
        "id", "version", "channel", "address", "attempts", "last_error", "last_error_detail",
        "changed_at",
    )  # fmt: skip
    notice = Child("notice", "notice", Selection("notice", ("id", "code", "subject")))
    return await node.catalogue.select(Selection(
        "delivery", fields, where=Where("state", "eq", DEAD), order=Order("created_at"),
        page=Page(PAGE_MAX, position), children=(notice,),
    ))  # fmt: skip


async def retry_all(node: Node, ids: Collection[str] = ()) -> int:
    """Tries these again, or all that were given up, for whoever runs the node; how many.

    Raises:  NotFound for one that was not given up.
    """
    done, position, more = 0, None, True
    missing = set(ids)
    while more:
        found = await dead(node, position=position)
        chosen = [row for row in found.rows if not ids or row["id"] in missing]
        if chosen:
            await node.catalogue.apply(_anew_of(node, chosen))
        done, missing = done + len(chosen), missing - {row["id"] for row in chosen}
        more = found.more_after
        position = found.rows[-1][POSITION] if found.rows else None
    if missing:
        raise NotFound(kind="delivery", id=min(missing))
    return done


def _anew_of(node: Node, rows: list[Row]) -> ChangeSet:
    moment = written(node.clock.now())
    act = Act(OPERATOR, "delivery.retry", moment)
    return ChangeSet(new_id("chs"), tuple(
        Amend("delivery", row["id"], anew(moment), act, version=row["version"]) for row in rows
    ))  # fmt: skip


def anew(moment: str) -> Row:
    return {"state": WAITING, "attempts": 0, "next_attempt_at": moment, "changed_at": moment}
