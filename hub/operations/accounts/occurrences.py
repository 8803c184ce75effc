"""What the identity service reports, taken into the catalogue and so into the evidence."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from dataspace.accounts.port import Accounts, Occurrence
from dataspace.change import Act, ChangeSet, Create
from dataspace.codes import OCCURRENCE_SOURCE
from dataspace.errors import AlreadyThere
from dataspace.identifiers import derived_id
from dataspace.quantity import read_moment, written
from dataspace.relations import RELATIONS
from dataspace.selection import Order, Page, Row, Selection, Where
from hub.node import Node

JOB: Final = "identity.occurrences"
PAGE: Final = 100
# An event may be written a little after its moment; what is read twice is told by its id.
OVERLAP_SECONDS: Final = 60


async def take_in(node: Node) -> int:
    """Takes in all that was reported since the last time; how many were new.

    Page by page, each applied before the next is read, so an interruption loses nothing.

    Raises:  Unavailable.
    """
    if node.accounts is None:
        return 0
    return sum([await _from(node, node.accounts, source) for source in OCCURRENCE_SOURCE.codes])


async def _from(node: Node, accounts: Accounts, source: str) -> int:
    since = await _latest(node, source)
    count, skip = 0, 0
    while told := await accounts.occurrences(source, since=since, skip=skip, first=PAGE):
        count += await _keep(node, told)
        skip += len(told)
    return count


async def _latest(node: Node, source: str) -> datetime | None:
    latest = Selection(
        "occurrence", ("at",), where=Where("source", "eq", source),
        order=Order("at", descending=True), page=Page(1),
    )  # fmt: skip
    row = (await node.catalogue.select(latest)).first
    return read_moment(row["at"]) - timedelta(seconds=OVERLAP_SECONDS) if row else None


async def _keep(node: Node, told: Sequence[Occurrence]) -> int:
    by_id = {derived_id("occ", each.source, each.id): each for each in told if not each.routine}
    known = Selection("occurrence", where=Where("id", "in", sorted(by_id)), page=Page(PAGE))
    there = {row["id"] for row in (await node.catalogue.select(known)).rows} if by_id else set()
    fresh = {id_: each for id_, each in by_id.items() if id_ not in there}
    if not fresh:
        return 0
    act = Act(JOB, "occurrence.take_in", written(node.clock.now()))
    changes = tuple(Create("occurrence", id_, _row(each), act) for id_, each in fresh.items())
    try:
        await node.catalogue.apply(ChangeSet(derived_id("chs", JOB, *fresh), changes))
    except AlreadyThere:  # another process takes in the same page; it will be looked at again
        return 0
    return len(fresh)


def _row(told: Occurrence) -> Row:
    """As much of each text as its field holds."""
    lengths = {each.name: each.length_max for each in RELATIONS.by_name["occurrence"].fields}
    texts = {
        name: getattr(told, name)[: lengths[name]]
        for name in ("source", "action", "actor", "client", "address", "target", "error")
    }
    return {"at": written(told.at), **texts}
