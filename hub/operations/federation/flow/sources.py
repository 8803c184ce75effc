"""What the products that a node tells of are built from, as it is here."""

from collections.abc import Sequence

from dataspace.federation.batches import Entry
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.federation.flow.publishing import UPWARDS
from dataspace.federation.flow.sources import SOURCES, Sources
from dataspace.federation.flow.taking_over import Key, named
from dataspace.selection import (
    PAGE_MAX,
    POSITION,
    Every,
    Linked,
    Not,
    Order,
    Page,
    Row,
    Selection,
    Where,
)
from hub.operations.federation.flow.feeds import Following
from hub.operations.mechanism.reading import ends, flat


async def read(following: Following, entries: Sequence[Entry]) -> Sources:
    """Nothing is read for what the hub tells: what a node may see is for the hub to say."""
    products = [each for each in entries if each.kind == "product" and each.values]
    named_ = {key for each in products for key in named(each) if key[0] in SOURCES}
    if following.release.flow is not UPWARDS or not named_:
        return Sources(following.node, {})
    rows: dict[Key, Row] = {}
    elsewhere = Not(Where(ORIGIN, "eq", following.node))
    for kind in sorted(SOURCES):
        ids = sorted(id_ for named_kind, id_ in named_ if named_kind == kind)
        for row in await _all(following, kind, ids, where=elsewhere):
            rows[kind, row["id"]] = row
    sources = Sources(following.node, rows)
    wanted = {key[1] for each in products for key in sources.foreign(each) if key[0] == "resource"}
    owners = sorted({str(each.values["owner"]) for each in products if each.values})
    return Sources(following.node, rows, await _granted(following, sorted(wanted), owners))


async def _all(following: Following, kind: str, ids: Sequence[str], *, where: Not) -> list[Row]:
    rows: list[Row] = []
    for at in range(0, len(ids), PAGE_MAX):
        some = Where("id", "in", tuple(ids[at : at + PAGE_MAX]))
        asked = Selection(
            kind, ("id", "grade"), Every((some, where)), page=Page(PAGE_MAX),
            children=(ends(ORIGIN, "node"),),
        )  # fmt: skip
        rows += map(flat, (await following.books.catalogue.select(asked)).rows)
    return rows


async def _granted(
    following: Following, resources: Sequence[str], owners: Sequence[str]
) -> frozenset[tuple[str, str]]:
    """By authorisations that are in force here."""
    found: set[tuple[str, str]] = set()
    for at in range(0, len(resources), PAGE_MAX):
        covering = Linked("resources", Where("id", "in", tuple(resources[at : at + PAGE_MAX])))
        where = Every((
            Where("state", "eq", "EFFECTIVE"), Where("grantee", "in", tuple(owners)), covering,
        ))  # fmt: skip
        position = None
        while True:
            asked = Selection(
                "authorisation", where=where, order=Order("id"), page=Page(PAGE_MAX, position),
                children=(ends("resources", "resource"), ends("grantee", "participant")),
            )  # fmt: skip
            page = await following.books.catalogue.select(asked)
            for row in map(flat, page.rows):
                found |= {(each, row["grantee"]) for each in row["resources"]}
            if not page.more_after:
                break
            position = page.rows[-1][POSITION]
    return frozenset(found)
