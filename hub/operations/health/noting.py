"""Writing a card: with the fault that it opens or closes, in one change set."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dataspace.change import Act, Amend, Change, ChangeSet, Create
from dataspace.health.codes import CALL_FAILURE, HEALTH_GROUND, HEALTH_VERDICT
from dataspace.health.noting import is_due
from dataspace.health.verdict import FAILING
from dataspace.identifiers import derived_id
from dataspace.quantity import written
from dataspace.selection import Row
from hub.node import Node
from hub.operations.health import faults
from hub.operations.mechanism.done import Deed
from hub.operations.mechanism.reading import flat, rows_of

ACTION: Final = "product_health.note"


async def note(node: Node, actor: str, product: Row, values: Mapping[str, Any]) -> bool:
    """Writes what was measured, when it is due; whether it was.

    `product` was read by `cards.products`; the first card of a product is made its own.

    Raises:  MovedOn when somebody else was faster.
    """
    row = flat(product)
    card = next(iter(rows_of(product["health"])), None)
    before = flat(card) if card else None
    fault = next(iter(rows_of(product["faults"])), None)
    reason = _reason(before, values)
    act = Act(actor, ACTION, written(node.clock.now()), reason)
    version = before["version"] if before else 0
    named = derived_id("chs", ACTION, row["id"], str(version), act.at)
    deed = Deed(node, act, named)
    if not is_due(before, values, at=deed.now) and not faults.asks_again(fault, deed):
        return False
    ground = str(values["ground"]) if values["verdict"] == FAILING else ""
    told = faults.changes(row, fault, ground, detail=_detail(values), deed=deed)
    await node.catalogue.apply(ChangeSet(named, (*told, *_card(row, before, values, act))))
    return True


def _card(
    product: Row, before: Row | None, values: Mapping[str, Any], act: Act
) -> Iterator[Change]:
    since = act.at
    if before is not None and before["verdict"] == values["verdict"]:
        since = before["since"]
    kept = {**values, "since": since, "noted_at": act.at, "changed_at": act.at}
    if before is not None:
        yield Amend("product_health", before["id"], kept, act, version=before["version"])
        return
    own = derived_id("hlt", product["id"])
    yield Create("product_health", own, {**kept, "created_at": act.at}, act)
    shown = Act(act.actor, "product.show_health", act.at)
    yield Amend("product", product["id"], {"health": own}, shown, version=product["version"])


def _reason(before: Row | None, values: Mapping[str, Any]) -> str:
    """Why it is written: the verdict that it came to, and from which."""
    text = HEALTH_VERDICT.codes[values["verdict"]].text
    said = f"{text.zh} {text.en}: {_ground(values)}"
    if before is None or before["verdict"] == values["verdict"]:
        return said
    former = HEALTH_VERDICT.codes[before["verdict"]].text
    return f"{former.zh} {former.en} → {said}"


def _detail(values: Mapping[str, Any]) -> str:
    """Of a fault: the ground, how many calls failed, and what went wrong at the last."""
    said = [_ground(values)]
    if values["calls"]:
        said.append(f"{values['failed']}/{values['calls']}")
    if values["last_failure"]:
        text = CALL_FAILURE.codes[values["last_failure"]].text
        said.append(f"{text.zh} {text.en} ({values['last_failure_at']})")
    return "; ".join(said)


def _ground(values: Mapping[str, Any]) -> str:
    text = HEALTH_GROUND.codes[values["ground"]].text
    return f"{text.zh} {text.en}"
