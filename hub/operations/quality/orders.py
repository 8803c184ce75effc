"""Work orders: made and closed by the change set of the measurement that they follow from.

They stand in the work-lists of the department and, once answered, of the registrar.

At most one of a cause is not closed at a time for a resource, which a unique field sees to.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dataspace.caller import Caller
from dataspace.change import Act, Amend, Change, Create
from dataspace.identifiers import derived_id
from dataspace.machine import Situation, decide
from dataspace.quality.machines import WORK_ORDER
from dataspace.quantity import read_moment
from dataspace.selection import Row, Where
from dataspace.text import Text
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Deed
from hub.operations.mechanism.lifecycle import Lifecycle
from hub.operations.tasks import following

DESK: Final = Desk(Lifecycle(
    WORK_ORDER,
    (),
    allotted={"close": lambda situation, node: {"open_key": None}},
    awaited={"OPEN": "answer", "ANSWERED": "close"},
))  # fmt: skip
decide_on = DESK.move
TITLES: Final = {
    "QUALITY": Text("Quality below what is demanded", "数据质量未达要求"),
    "LATE_SUPPLY": Text("Supply is late", "数据更新超期"),
}
PASSED: Final = "下次评测已通过 The next measurement passes"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whether there has to be a work order of the cause, and what it says.

    `change_set` is the id of the change set that it is made in, from which it has its own.
    """

    cause: str
    is_wanted: bool
    change_set: str
    detail: str = ""


def changes(
    resource: Row, orders: Iterable[Row], wanted: Wanted, *, deed: Deed
) -> tuple[Change, ...]:
    """What makes the order that is wanted, or closes the one that is not wanted any more, with its
    to-do and whoever is told.

    `resource` has its id, name and provider; `orders` are those that are not closed.
    """
    act = deed.act
    own = next((each for each in orders if each["cause"] == wanted.cause), None)
    if wanted.is_wanted and own is None:
        return _with_to_do(deed, _opened(resource, wanted, act), {})
    if not wanted.is_wanted and own is not None:
        return _with_to_do(deed, _closed(own, act), own)
    return ()


def _with_to_do(deed: Deed, change: Create | Amend, before: Row) -> tuple[Change, ...]:
    return (*following.entailed(DESK.lifecycle, deed, change, before=before), change)


def _opened(resource: Row, wanted: Wanted, act: Act) -> Create:
    title = TITLES[wanted.cause]
    values = {
        "title": f"{resource['name']}：{title.zh} {title.en}"[:400],
        "cause": wanted.cause,
        "detail": wanted.detail[:4000],
        "open_key": f"{resource['id']}:{wanted.cause}",
        "resource": resource["id"],
        "department": resource["provider"],
        "state": WORK_ORDER.by_name["open"].to,
        "opened_at": act.at,
        "created_at": act.at,
        "changed_at": act.at,
    }
    id_ = derived_id("wko", wanted.change_set, values["open_key"])
    return Create("work_order", id_, values, _act("open", act))


def _closed(order: Row, act: Act) -> Amend:
    """As its machine has it; whoever runs the measurement acts for the hub's desk."""
    roles = WORK_ORDER.by_name["close"].roles
    caller = Caller(subject=act.actor, roles=roles)
    situation = Situation(caller, read_moment(act.at), order, reason=PASSED)
    step = decide(WORK_ORDER, "close", situation)
    values = {**step.values, "open_key": None, "changed_at": act.at}
    return Amend(
        "work_order", order["id"], values, _act("close", act, PASSED),
        guard=Where("state", "ne", "CLOSED"), version=order["version"],
    )  # fmt: skip


def _act(verb: str, act: Act, reason: str = "") -> Act:
    return Act(act.actor, f"work_order.{verb}", act.at, reason)
