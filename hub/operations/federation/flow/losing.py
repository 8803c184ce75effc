"""The products of this node that rest on what is taken over: suspended, restored, or handed on to
a renewal, in the change set that takes it over.

What was found must still be all that rests on it when that is applied; if somebody was faster, the
batch is asked for again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dataspace.change import Act, Amend, Change, Create
from dataspace.errors import MovedOn
from dataspace.federation.flow import losing
from dataspace.federation.flow.losing import DECIDING, EDGES, Source
from dataspace.federation.flow.publishing import OWN
from dataspace.federation.flow.refusals import FeedBusy
from dataspace.federation.flow.taking_over import Key
from dataspace.notices.notice import Trigger
from dataspace.relations import RELATIONS
from dataspace.selection import (
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
from hub.operations.federation.flow import feeds
from hub.operations.federation.flow.feeds import Feed, Following
from hub.operations.links.falls import ON_RECORD
from hub.operations.mechanism.reading import EDGE_COUNT_MAX, ends, flat
from hub.operations.notices.telling import Event, Occasion, notices_of

HERE = Every((OWN, ON_RECORD))


@dataclass(frozen=True, slots=True)
class Followed:
    """All that is written, and the rows that a faster one may have moved on."""

    changes: Sequence[Change]
    concerned: frozenset[str] = frozenset()


async def followed(
    following: Following, feed: Feed, changes: Sequence[Change], *, before: Mapping[Key, Row]
) -> Followed:
    """The changes of what is taken over, with what follows from them for the products here."""
    sources = [each for change in changes if (each := _source(change, before)) is not None]
    if not sources:
        return Followed(changes)
    products = {each["id"]: each for each in await _products(following, sources)}
    occasion = Occasion(following.act("take_over"), f"{feed.id}.{feed.version}")
    follows = [
        each
        for product in products.values()
        for each in _of_product(product, sources, occasion)
    ]  # fmt: skip
    guarded = {each.id: _alone(each, products) for each in sources}
    kept = [
        replace(each, guard=Every((each.guard, guarded[each.id])))
        if isinstance(each, Amend) and each.id in guarded else each
        for each in changes
    ]  # fmt: skip
    return Followed([*kept, *follows], frozenset({*products, *guarded}))


async def keep(
    following: Following,
    feed: Feed,
    follows: Followed,
    *,
    values: Mapping[str, Any],
    named: tuple[str, ...] = (),
    verb: str = "take_over",
) -> None:
    """The feed with these values, and all that follows.

    Raises:  FeedBusy, also when one of the rows concerned has moved on; and as `feeds.keep`.
    """
    try:
        await feeds.keep(
            following, feed, values, changes=follows.changes, named=named, verb=verb
        )
    except MovedOn as error:
        if error.facts.get("id") in follows.concerned:
            raise FeedBusy(node=following.node) from error
        raise


def _source(change: Change, before: Mapping[Key, Row]) -> Source | None:
    """What something here may rest on, when it is no longer as it was, or is a renewal."""
    if change.kind not in EDGES or not isinstance(change, Amend | Create):
        return None
    old = before.get((change.kind, change.id), {})
    row = {**old, **change.values}
    moved = isinstance(change, Amend) and any(row.get(n) != old.get(n) for n in DECIDING)
    return Source(change.kind, change.id, row) if moved or row.get("renews") else None


async def _products(following: Following, sources: Iterable[Source]) -> list[Row]:
    found: dict[str, Row] = {}
    for kind, (edge, _) in EDGES.items():
        ids = {each.id for each in sources if each.kind == kind}
        renewals = [each for each in sources if each.kind == kind and each.row.get("renews")]
        ids |= {each.row["renews"] for each in renewals}
        if not ids:
            continue
        position = None
        while True:
            asked = _resting(edge, sorted(ids), Page(EDGE_COUNT_MAX, position))
            page = await following.books.catalogue.select(asked)
            found |= {row["id"]: _flat(row) for row in page.rows}
            if not page.more_after:
                break
            position = page.rows[-1][POSITION]
    return list(found.values())


def _resting(edge: str, ids: Sequence[str], page: Page) -> Selection:
    return Selection(
        "product",
        ("id", "version", "state", "name", "identifier", "grade", "availability",
         "availability_reason"),
        Every((HERE, Linked(edge, Where("id", "in", tuple(ids))))), order=Order("id"), page=page,
        children=(
            *(ends(name, kind) for kind, names in EDGES.items() if kind != "authorisation"
              for name in names),
            ends("authorisations", "authorisation", "state",
                 children=(ends("renews", "authorisation"),)),
            ends("suspended_by", "authorisation"), ends("owner", "participant"),
        ),
    )  # fmt: skip


def _flat(row: Row) -> Row:
    authorised = [flat(each) for each in row["authorisations"].rows]
    return {**flat(row), "authorised": authorised}


def _of_product(
    product: Row, sources: Sequence[Source], occasion: Occasion
) -> Iterable[Change]:
    """A renewal first, so that what it renews may end."""
    renewals = [each for each in sources if _hands_on(each, product)]
    handed = sorted({*product["authorisations"], *(each.id for each in renewals)})
    now = {each.id: each.row for each in sources}
    authorised = [
        {**each, **now.get(each["id"], {})}
        for each in (*product["authorised"], *({"id": each.id, **each.row} for each in renewals))
    ]
    resting = {**product, "authorisations": handed, "authorised": authorised}
    if renewals:
        yield from _change(product, {"authorisations": handed}, "renew_authorisation", occasion)
    if values := losing.becomes(resting, sources):
        yield from _change(
            {**product, "version": product["version"] + bool(renewals)},
            values, losing.verb_of(values), occasion,
        )  # fmt: skip


def _hands_on(source: Source, product: Row) -> bool:
    return (
        source.kind == "authorisation" and source.row.get("state") == "EFFECTIVE"
        and source.row.get("renews") in product["authorisations"]
        and source.id not in product["authorisations"]
    )  # fmt: skip


def _change(product: Row, values: Row, verb: str, occasion: Occasion) -> Iterable[Change]:
    reason = str(values.get("availability_reason") or "")
    act = Act(occasion.act.actor, f"product.{verb}", occasion.act.at, reason)
    written: dict[str, Any] = {**values, "changed_at": act.at}
    yield Amend("product", product["id"], written, act, version=product["version"])
    yield from notices_of(Event(Trigger("product", verb), {**product, **values}, reason),
                          occasion, {})  # fmt: skip


def _alone(source: Source, products: Mapping[str, Row]) -> Not:
    """No other product came to rest on it meanwhile."""
    way = RELATIONS.by_name["product"].edge_by_name[EDGES[source.kind][0]].inverse
    others = (Not(Where("id", "in", tuple(sorted(products)))),) if products else ()
    return Not(Linked(way, Every((HERE, *others))))
