"""Faults of products: opened, asked for again and closed by the change set of the measurement.

They stand in the work-list of the product's owner. At most one of a product is not closed at a
time, which a unique field sees to.
"""

from datetime import timedelta
from typing import Any, Final

from dataspace.caller import Caller
from dataspace.change import Act, Amend, Change, Create
from dataspace.health.codes import HEALTH_GROUND
from dataspace.health.machine import ASKED_AGAIN_AFTER, PRODUCT_FAULT
from dataspace.identifiers import derived_id
from dataspace.machine import Situation, decide
from dataspace.quantity import read_moment
from dataspace.selection import Child, Page, Row, Selection, Where
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Deed
from hub.operations.mechanism.lifecycle import Lifecycle
from hub.operations.mechanism.reading import ends, flat
from hub.operations.tasks import docketing, following

DESK: Final = Desk(Lifecycle(
    PRODUCT_FAULT,
    (),
    allotted={"close": lambda situation, node: {"open_key": None}},
    awaited={"OPEN": "answer"},
))  # fmt: skip
NOT_CLOSED: Final = Where("state", "ne", "CLOSED")
FIELDS: Final = ("id", "version", "state", "ground", "title", "open_key", "answered_at")
STILL: Final = "It still fails a day after the answer 答复已满一日，仍未恢复"
OVER: Final = "It does not fail any more 故障已消除"


def open_faults() -> Child:
    """The fault of a product that is not closed, with its to-do."""
    selection = Selection(
        "product_fault", FIELDS, NOT_CLOSED, page=Page(1),
        children=(ends("owner", "participant"), docketing.BESIDE),
    )  # fmt: skip
    return Child("faults", "faults", selection)


def changes(
    product: Row, fault: Row | None, ground: str, *, detail: str, deed: Deed
) -> tuple[Change, ...]:
    """What becomes of the product's fault, with its to-do and whoever is told; `ground` is "" for
    a product that does not fail, and `fault` the one that is open."""
    if ground and fault is None:
        return _told(deed, _opened(product, ground, detail=detail, deed=deed), {})
    if fault is None:
        return ()
    known = flat(fault)
    if not ground:
        return _told(deed, _moved(known, "close", deed, OVER, open_key=None), known)
    if _is_due_again(known, deed):
        return _told(deed, _moved(known, "reopen", deed, STILL), known)
    return ()


def asks_again(fault: Row | None, deed: Deed) -> bool:
    """Whether something is to be written of a fault although the product fails as before."""
    return fault is not None and _is_due_again(fault, deed)


def _is_due_again(fault: Row, deed: Deed) -> bool:
    answered: timedelta = deed.now - read_moment(fault["answered_at"] or deed.act.at)
    return fault["state"] == "ANSWERED" and answered >= ASKED_AGAIN_AFTER


def _told(deed: Deed, change: Create | Amend, before: Row) -> tuple[Change, ...]:
    return (*following.entailed(DESK.lifecycle, deed, change, before=before), change)


def _opened(product: Row, ground: str, *, detail: str, deed: Deed) -> Create:
    text, act = HEALTH_GROUND.codes[ground].text, deed.act
    values = {
        "title": f"{product['name']}：{text.zh} {text.en}"[:400],
        "state": PRODUCT_FAULT.by_name["open"].to,
        "ground": ground,
        "detail": detail[:4000],
        "open_key": product["id"],
        "opened_at": act.at,
        "product": product["id"],
        "owner": product["owner"],
        "created_at": act.at,
        "changed_at": act.at,
    }
    return Create(
        "product_fault", derived_id("pft", deed.change_set), values, _act("open", act, detail)
    )


def _moved(fault: Row, verb: str, deed: Deed, reason: str, **values: Any) -> Amend:
    """As its machine has it; whoever measures acts as the scheduler."""
    act = deed.act
    caller = Caller(subject=act.actor, roles=PRODUCT_FAULT.by_name[verb].roles)
    step = decide(PRODUCT_FAULT, verb, Situation(caller, deed.now, fault, reason=reason))
    return Amend(
        "product_fault", fault["id"], {**step.values, **values, "changed_at": act.at},
        _act(verb, act, reason), guard=step.guard, version=fault["version"],
    )  # fmt: skip


def _act(verb: str, act: Act, reason: str) -> Act:
    return Act(act.actor, f"product_fault.{verb}", act.at, reason)
