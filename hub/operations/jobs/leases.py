"""Taking, renewing and giving back a lease, each by one change that the catalogue decides on."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from dataspace.change import Act, Amend, Change, ChangeSet, Create
from dataspace.errors import AlreadyThere, MovedOn, NotUnique
from dataspace.identifiers import new_id
from dataspace.jobs.lease import Lease, lease_id
from dataspace.jobs.refusals import LeaseLost
from dataspace.quantity import read_moment, written
from dataspace.selection import Page, Row, Selection, Where
from hub.node import Books

ACTOR: Final = "system:scheduler"
FIELDS: Final = ("id", "version", "name", "holder", "epoch", "expires_at", "created_at")


def an_act(action: str, now: datetime, reason: str = "") -> Act:
    return Act(ACTOR, action, written(now), reason)


def lease_of(row: Row) -> Lease:
    return Lease(
        row["name"], row["holder"] or "", row["epoch"], read_moment(row["expires_at"]),
        row["version"], read_moment(row["created_at"]),
    )  # fmt: skip


async def read(books: Books, name: str) -> Lease | None:
    where = Where("id", "eq", lease_id(name))
    row = (await books.catalogue.select(Selection("lease", FIELDS, where, page=Page(1)))).first
    return None if row is None else lease_of(row)


async def take(
    books: Books, name: str, *, holder: str, seconds: float, over: Lease | None
) -> Lease | None:
    """The lease, taken from nobody or over from one that is at its end; None when another process
    was faster. Whether it is at its end is for the caller to tell, and `over` is as it was then.

    Raises:  CatalogueUnavailable.
    """
    now = books.clock.now()
    ends, epoch = now + timedelta(seconds=seconds), over.epoch + 1 if over else 1
    values = {"holder": holder, "epoch": epoch, "expires_at": written(ends)}
    change: Change
    if over is None:
        first = {"name": name, "created_at": written(now)}
        change = Create("lease", lease_id(name), {**first, **values}, an_act("lease.take", now))
    else:
        change = Amend("lease", over.id, values, an_act("lease.take", now), version=over.version)
    try:
        await books.catalogue.apply(ChangeSet(new_id("chs"), (change,)))
    except (AlreadyThere, NotUnique, MovedOn):
        return None
    version, since = (over.version + 1, over.since) if over else (1, now)
    return Lease(name, holder, epoch, ends, version, since)


async def renew(books: Books, lease: Lease, *, seconds: float) -> Lease:
    """Raises:  LeaseLost, CatalogueUnavailable."""
    change, renewed = renewal(books, lease, seconds=seconds)
    await _apply(books, lease, change)
    return renewed


async def give_back(books: Books, lease: Lease) -> None:
    """Ends it now, so that nobody need wait for it. Raises:  LeaseLost, CatalogueUnavailable."""
    now = books.clock.now()
    values = {"holder": None, "expires_at": written(now)}
    act = an_act("lease.give_back", now)
    await _apply(books, lease, Amend("lease", lease.id, values, act, guard=lease.held))


def renewal(books: Books, lease: Lease, *, seconds: float) -> tuple[Amend, Lease]:
    """The change that renews it if it is still held, and the lease as it is then.

    In one change set with others it fences them: all are applied, or none.
    """
    now = books.clock.now()
    ends = now + timedelta(seconds=seconds)
    act = an_act("lease.renew", now)
    change = Amend("lease", lease.id, {"expires_at": written(ends)}, act, guard=lease.held)
    return change, replace(lease, expires_at=ends, version=lease.version + 1)


async def _apply(books: Books, lease: Lease, change: Amend) -> None:
    try:
        await books.catalogue.apply(ChangeSet(new_id("chs"), (change,)))
    except MovedOn as error:
        raise LeaseLost(lease=lease.name) from error
