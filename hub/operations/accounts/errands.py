"""Errands: what the identity service has still to be told, told until it has heard.

An errand is done by making the account what the catalogue says now, reading that again, and only
then noting it as done: a crash anywhere leaves an errand that waits, and doing it twice is
harmless.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dataspace.accounts.port import Accounts, Organisation, Person, Program, Standing
from dataspace.caller import Role
from dataspace.change import Act, Amend, Change, ChangeSet
from dataspace.errors import DataSpaceError, MovedOn, Unavailable
from dataspace.identifiers import derived_id
from dataspace.quantity import written
from dataspace.selection import POSITION, Found, Order, Page, Row, Selection, Where
from hub.node import Node
from hub.operations.accounts.outbox import DONE, FAILED, KINDS, WAITING
from hub.operations.mechanism.reading import flat, whole

JOB: Final = "identity.errands"
PAGE_ERRANDS: Final = 100
ROUNDS_MAX: Final = 20
ATTEMPT_SECONDS_MAX: Final = 3
DETAIL_CHARACTERS_MAX: Final = 1000
STANDINGS: Final = {
    "ADMITTED": Standing.LET_IN, "ACTIVE": Standing.LET_IN, "ONLINE": Standing.LET_IN,
    "OFFLINE": Standing.LET_IN, "SUSPENDED": Standing.KEPT_OUT, "DISABLED": Standing.KEPT_OUT,
    "ISOLATED": Standing.KEPT_OUT, "WITHDRAWN": Standing.FORGOTTEN,
    "REMOVED": Standing.FORGOTTEN, "RETIRED": Standing.FORGOTTEN,
    "MAINTENANCE": Standing.LET_IN, "OUTAGE": Standing.LET_IN, "REVOKED": Standing.FORGOTTEN,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WorkedOff:
    """How many errands were done, still wait, were refused; `unavailable` says why they wait."""

    done: int
    waiting: int
    failed: int
    unavailable: Unavailable | None = None


async def work_off(node: Node, *, states: tuple[str, ...] = (WAITING,)) -> WorkedOff:
    """Does all errands in these states, oldest first, until one finds nobody there."""
    unavailable: Unavailable | None = None
    done, position, more = 0, None, node.accounts is not None
    while more and unavailable is None:
        found = await _errands(node, states, position)
        for row in found.rows:
            try:
                done += await attempt(node, row["id"])
            except Unavailable as error:
                unavailable = error
                break
        more = found.more_after
        position = found.rows[-1][POSITION] if found.rows else None
    return WorkedOff(done, await _count(node, WAITING), await _count(node, FAILED), unavailable)


async def attempt(node: Node, id_: str) -> bool:
    """Tries one errand; whether it is done now.

    Raises:  Unavailable when the service, or the catalogue, does not answer.
    """
    errand = await _row(node, "errand", id_)
    if node.accounts is None or errand is None or errand["state"] == DONE:
        return False
    kind = next(each for each in KINDS if errand.get(each))
    try:
        changes = await _settle(node, kind, id_=errand[kind])
    except DataSpaceError as error:
        await _note(node, errand, error)
        if isinstance(error, Unavailable):
            raise
        return False
    note = {"state": DONE, "last_error": None, "last_error_detail": None}
    return await _apply(node, errand, changes=changes, note=note)


async def attempt_soon(node: Node, id_: str) -> None:
    """A first try within the call that made it, so that most are done when it answers.

    Whatever comes in the way, the errand waits and is done later; its state says so.
    """
    try:
        await asyncio.wait_for(attempt(node, id_), ATTEMPT_SECONDS_MAX)
    except (DataSpaceError, TimeoutError):
        return


async def settle_everything(node: Node) -> int:
    """Makes every account what the catalogue says, errand or not; how many there were.

    For a service that was set up anew or restored from an older copy.

    Raises:  Unavailable, AccountRefused.
    """
    count = 0
    for kind in KINDS:
        position, more = None, True
        while more:
            page = Page(PAGE_ERRANDS, position)
            found = await node.catalogue.select(Selection(kind, ("id",), page=page))
            for row in found.rows:
                count += await _settle_one(node, kind, id_=row["id"])
            more = found.more_after
            position = found.rows[-1][POSITION] if found.rows else None
    return count


async def _settle_one(node: Node, kind: str, *, id_: str) -> bool:
    row = await _row(node, kind, id_)
    if row is None or not has_account(kind, row):
        return False
    if changes := await _settle(node, kind, id_=id_):
        set_id = derived_id("chs", JOB, id_, str(row["version"]))
        await node.catalogue.apply(ChangeSet(set_id, changes))
    return True


def has_account(kind: str, row: Mapping[str, Any]) -> bool:
    """An organisation that is merely listed in the catalogue has none."""
    return kind != "participant" or bool(row.get("standing"))


async def _settle(node: Node, kind: str, *, id_: str) -> tuple[Change, ...]:
    """Tells the service until the catalogue says afterwards what it said before.

    Another process may tell it something newer in between, which our older word would undo.

    Raises:  Unavailable, AccountRefused, MovedOn when it never comes to rest.
    """
    assert node.accounts is not None
    row = await _row(node, kind, id_)
    if kind == "node" and row is not None and row["operator"]:
        await _settle_operator(node, row["operator"])
    for _ in range(ROUNDS_MAX):
        if row is None or not has_account(kind, row):
            return ()
        learned = await SETTLERS[kind](node.accounts, row)
        again = await _row(node, kind, id_)
        if again is not None and again["version"] == row["version"]:
            if all(row.get(name) == value for name, value in learned.items()):
                return ()
            act = Act(JOB, f"{kind}.settle", written(node.clock.now()))
            return (Amend(kind, id_, learned, act),)
        row = again
    raise MovedOn(kind=kind, id=id_)


async def _settle_operator(node: Node, id_: str) -> None:
    """An admitted operator of whom the service was never told, as it came in with the catalogue:
    without its organisation no node of it can sign in."""
    row = await _row(node, "participant", id_)
    if row is None or has_account("participant", row) or row["state"] != "ADMITTED":
        return
    assert node.accounts is not None
    organisation = Organisation(id_, row["name"], Standing.LET_IN, tuple(row["spaces"]))
    await node.accounts.settle_organisation(organisation)
    await _settle(node, "participant", id_=id_)  # should it have been frozen meanwhile


async def _organisation(accounts: Accounts, row: Row) -> Row:
    spaces = tuple(row["spaces"])
    standing = STANDINGS[row["standing"]]
    await accounts.settle_organisation(Organisation(row["id"], row["name"], standing, spaces))
    return {}


async def _person(accounts: Accounts, row: Row) -> Row:
    """What is learned is the subject of their tokens, by which they are known from then on."""
    roles = frozenset(Role(each) for each in row["roles"] or ())
    person = Person(
        row["id"], row["username"], row["name"], roles, row["participant"],
        STANDINGS[row["status"]], row["handler"] or "",
    )  # fmt: skip
    subject = await accounts.settle_person(person)
    return {"subject": subject} if subject else {}


async def _program(accounts: Accounts, row: Row) -> Row:
    standing = STANDINGS[row["status"]] if row.get("operator") else Standing.FORGOTTEN
    await accounts.settle_program(
        Program(
            row["id"],
            row["name"],
            row.get("operator") or "",
            row.get("public_keys") or "",
            standing,
            row.get("address") or "",
        )
    )
    return {}


SETTLERS: Final[Mapping[str, Callable[[Accounts, Row], Awaitable[Row]]]] = {
    "participant": _organisation,
    "member": _person,
    "node": _program,
}


async def _note(node: Node, errand: Row, error: DataSpaceError) -> None:
    """A service that stays away is noted once, so that waiting leaves no trail of records."""
    state = WAITING if isinstance(error, Unavailable | MovedOn) else FAILED
    told = {"state": state, "last_error": error.code}
    if all(errand.get(name) == value for name, value in told.items()):
        return
    detail = error.message("en")[:DETAIL_CHARACTERS_MAX]
    await _apply(node, errand, changes=(), note={**told, "last_error_detail": detail})


async def _apply(node: Node, errand: Row, *, changes: tuple[Change, ...], note: Row) -> bool:
    """Whether it was we who noted it, and not another process at the same time."""
    moment = written(node.clock.now())
    values = {**note, "attempts": errand["attempts"] + 1, "changed_at": moment}
    act = Act(JOB, f"errand.{str(note['state']).lower()}", moment)
    amend = Amend("errand", errand["id"], values, act, version=errand["version"])
    set_id = derived_id("chs", JOB, errand["id"], str(errand["version"]), str(note["state"]))
    try:
        await node.catalogue.apply(ChangeSet(set_id, (*changes, amend)))
    except MovedOn:
        return False
    return True


async def _row(node: Node, kind: str, id_: str) -> Row | None:
    row = (await node.catalogue.select(whole(kind, Where("id", "eq", id_)))).first
    return None if row is None else flat(row)


async def _errands(node: Node, states: tuple[str, ...], position: tuple[Any, str] | None) -> Found:
    return await node.catalogue.select(
        Selection(
            "errand", ("id",), where=Where("state", "in", states), order=Order("created_at"),
            page=Page(PAGE_ERRANDS, position),
        )
    )  # fmt: skip


async def _count(node: Node, state: str) -> int:
    counted = Selection("errand", where=Where("state", "eq", state), rows=False, total=True)
    return (await node.catalogue.select(counted)).total or 0
