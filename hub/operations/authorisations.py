"""Authorisations over resources: applied for, reviewed by two people, in force, ended (L3)."""

from typing import Final

from dataspace import guards
from dataspace.lifecycle import AUTHORISATION
from dataspace.machine import Situation
from dataspace.quantity import written
from dataspace.selection import Condition, Row, Where
from hub.node import Node
from hub.operations.mechanism import allotting
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.lifecycle import Lifecycle, Values, all_ends
from hub.operations.mechanism.reading import check_seen, ends

FIELDS: Final = (
    "title", "mode", "purpose", "scenario", "right_kind", "valid_from", "valid_until",
    "resources", "grantor",
)  # fmt: skip


async def _prepare(request: Request, values: Values, row: Row) -> Values:
    """The city's bureau authorises unless another grantor is named."""
    node, caller = request.node, request.caller
    await check_seen(node, caller, "resource", ids=values.get("resources") or ())
    grantor = values.get("grantor") or row.get("grantor") or node.bureau
    return {"grantor": grantor} if grantor else {}


def _code(situation: Situation, node: Node) -> Values:
    return {"code": allotting.authorisation_code(situation.now)}


def _start(situation: Situation, node: Node) -> Values:
    """In force from now on, when the application did not name a start."""
    return {"valid_from": situation.row.get("valid_from") or written(situation.now)}


def _still_authorisable(situation: Situation) -> Condition:
    return all_ends("resources", Where("state", "eq", "AUTHORISABLE"))


LIFECYCLE: Final = Lifecycle(
    AUTHORISATION,
    FIELDS,
    prepare=_prepare,
    related=(
        ends(
            "resources", "resource", "state", "grade", "classification", "secret", "name",
            "identifier",
            children=(ends("provider", "participant"),),
        ),
    ),
    holds={guards.RESOURCES_AUTHORISABLE.name: _still_authorisable},
    allotted={"draft": _code, "pass_second": _start},
    awaited={
        "REVIEW1": "pass_first", "REVIEW2": "pass_second", "REVIEW1_FAIL": "submit",
        "REVIEW2_FAIL": "submit",
    },
)  # fmt: skip

DESK: Final = Desk(LIFECYCLE)
draft = DESK.draft
amend = DESK.amend
remove = DESK.remove
move = DESK.move
waiting = DESK.waiting

submit = DESK.moving("submit")
pass_first = DESK.moving("pass_first")
fail_first = DESK.moving("fail_first")
pass_second = DESK.moving("pass_second")
fail_second = DESK.moving("fail_second")
suspend = DESK.moving("suspend")
resume = DESK.moving("resume")
revoke = DESK.moving("revoke")
expire = DESK.moving("expire")
