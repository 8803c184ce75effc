"""A node that leaves: what is live through it, and how long its records are kept (TC-176)."""

from typing import Final

from dataspace.change import Act, Change, Create
from dataspace.machine import Situation
from dataspace.quantity import written
from dataspace.selection import Child, Condition, Either, Linked, Not, Page, Selection, Where
from dataspace.text import Text
from hub.operations.mechanism import allotting
from hub.operations.mechanism.done import Request

KEPT_YEARS: Final = 3
SHOWN: Final = 5
GROUNDS: Final = Text(
    "what a node reported is kept for three years after it left (TC-176)",
    "节点注销后其上报数据至少留存三年（TC-176）",
)
LISTED: Final = Where("state", "in", ("LIST_REVIEW", "LISTED", "DELIST_REVIEW"))
GRANTED: Final = Linked("authorisations", Where("state", "in", ("EFFECTIVE", "SUSPENDED")))
# What the guard G-DRAINED asks for: a few of each, to be named.
LIVE: Final = (
    Child("listed", "published_products",
          Selection("product", ("id", "name"), LISTED, page=Page(SHOWN))),
    Child("granted", "published_resources",
          Selection("resource", ("id", "name"), GRANTED, page=Page(SHOWN))),
)  # fmt: skip


def still_drained(situation: Situation) -> Condition:
    """What the guard G-DRAINED has found must go on holding."""
    granted = Linked("published_resources", GRANTED)
    if situation.row.get("state") == "ISOLATED":
        return Not(granted)
    return Not(Either((Linked("published_products", LISTED), granted)))


def records_kept(request: Request) -> tuple[Change, ...]:
    """A hold on the node, which J-X-3 respects for all that names it."""
    act = Act(request.caller.subject, "hold.enter", written(request.now), request.reason.strip())
    values = {
        "subject": request.id,
        "grounds": f"{GROUNDS.zh} {GROUNDS.en}",
        "ends_at": written(allotting.years_after(request.now, KEPT_YEARS)),
        "created_at": act.at,
        "changed_at": act.at,
    }
    return (Create("hold", request.own_id("hld"), values, act),)
