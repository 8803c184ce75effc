"""What becomes of the products of a node that is cut off, or has left, by the machine of products.

While it is cut off they are suspended: they stay on record, and nobody is told that they could be
had. When it has left for good they are delisted, and stay as the record of what was offered. When
it is let in again, all that it publishes is compared first; then what it offers itself is offered
again, and nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dataspace.change import Act, Amend, Change
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.federation.flow.refusals import FeedCutOff
from dataspace.identifiers import derived_id
from dataspace.lifecycle import PRODUCT
from dataspace.notices.notice import Trigger
from dataspace.nouns.suspenders import reason_of
from dataspace.selection import (
    Condition,
    Every,
    Not,
    Order,
    Page,
    Row,
    Selection,
    Where,
)
from dataspace.text import Text
from hub.operations.federation.flow import feeds, losing
from hub.operations.federation.flow.feeds import ACTOR, Feed, Following
from hub.operations.mechanism.reading import ends, flat
from hub.operations.notices.telling import Event, notices_of

AT_ONCE: Final = 50
PAGES_MAX: Final = 20  # in one turn; the rest is done by the next
CUT_OFF: Final = Text("the node that publishes it is cut off", "发布节点已被隔离")
LEFT: Final = Text("the node that published it has left", "发布节点已退出")
BACK: Final = Text("the node that publishes it is let in again", "发布节点已解除隔离")
NOT_FOLLOWED: Final = FeedCutOff()
OFFERED: Final = Where("state", "in", PRODUCT.by_name["delist"].sources)
SUSPENDED: Final = Where("availability", "eq", "SUSPENDED")
# What suspends it elsewhere its node does not tell: here its reason is that the node is cut off.
MARKED: Final = Where("availability_reason", "is_null", False)
FIELDS: Final = (
    "id", "version", "name", "identifier", "code", "state", "grade", "availability",
)  # fmt: skip
SUSPEND, RESTORE, LIFT, DELIST = (
    "suspend_availability", "restore_availability", "lift_suspension", "delist",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Told:
    act: Act
    change_set: str


async def suspend(following: Following) -> None:
    """Of a node that is cut off; its feed says so once all are. What it publishes is compared in
    full before it is followed again, so that nothing comes back that it does not offer itself.

    Raises:  FeedBusy.
    """
    feed = await feeds.opened(following)
    reason = reason_of(None, {following.node: _said(CUT_OFF)})
    values = {"availability": "SUSPENDED", "availability_reason": reason}
    for _ in range(PAGES_MAX):
        rows = await _of_node(following, Every((OFFERED, Not(Every((SUSPENDED, MARKED))))))
        if not rows:
            await feeds.went_wrong(following, feed, NOT_FOLLOWED)
            return
        changes = _changes(following, rows, verb=SUSPEND, values=values, why=CUT_OFF)
        await _keep(following, feed, {"suspect": True}, changes, of=rows, verb=SUSPEND)


async def delist(following: Following) -> None:
    """Of a node that has left for good. Raises:  FeedBusy."""
    feed = await feeds.opened(following)
    values = {"state": PRODUCT.by_name["delist"].to, "decision_reason": _said(LEFT)}
    for _ in range(PAGES_MAX):
        rows = await _of_node(following, OFFERED)
        if not rows:
            return
        changes = _changes(following, rows, verb=DELIST, values=values, why=LEFT)
        entries = max(0, feed.entries - len(rows))
        await _keep(following, feed, {"entries": entries}, changes, of=rows, verb=DELIST)
        feed.entries = entries


async def come_back(following: Following, feed: Feed) -> None:
    """After a node that was cut off was compared in full: what it offers is available again, and
    what it has itself suspended is so for its own reason. Raises:  FeedBusy."""
    while rows := await _of_node(following, MARKED):
        available = [row for row in rows if row["availability"] != "SUSPENDED"]
        others = [row for row in rows if row["availability"] == "SUSPENDED"]
        values = {"availability_reason": None}
        changes = (
            *_changes(following, available, verb=RESTORE, values=values, why=BACK),
            *_changes(following, others, verb=LIFT, values=values, why=BACK),
        )
        await _keep(following, feed, {}, changes, of=rows, verb=RESTORE)


async def _of_node(following: Following, where: Condition) -> list[Row]:
    own = Every((Where(ORIGIN, "eq", following.node), where))
    asked = Selection(
        "product", FIELDS, own, order=Order("id"), page=Page(AT_ONCE),
        children=(ends("owner", "participant"),),
    )  # fmt: skip
    return [flat(row) for row in (await following.books.catalogue.select(asked)).rows]


def _changes(
    following: Following, rows: Iterable[Row], *, verb: str, values: Mapping[str, Any], why: Text
) -> tuple[Change, ...]:
    """Of each product its change, and before it who is told of it."""
    moment = following.moment
    act = Act(ACTOR, f"product.{verb}", moment, _said(why))
    changed = {**values, "as_of": moment}
    found: list[Change] = []
    for row in rows:
        event = Event(Trigger("product", verb), {**row, **changed}, _said(why))
        told_in = derived_id("chs", following.node, row["id"], str(row["version"]), verb)
        found += notices_of(event, _Told(act, told_in), {})
        found.append(Amend(
            "product", row["id"], changed, act, guard=Where(ORIGIN, "eq", following.node),
            version=row["version"],
        ))  # fmt: skip
    return tuple(found)


async def _keep(
    following: Following, feed: Feed, values: Mapping[str, Any], changes: Sequence[Change],
    *, of: Iterable[Row], verb: str,
) -> None:  # fmt: skip
    """With what follows for the products here that are built from these."""
    before = {("product", row["id"]): row for row in of}
    follows = await losing.followed(following, feed, changes, before=before)
    await losing.keep(following, feed, follows, values=values, verb=verb, named=(verb,))


def _said(text: Text) -> str:
    return f"{text.zh} {text.en}"
