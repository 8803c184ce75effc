"""Authorisations over resources: applied for, reviewed by two people, in force, ended (L3)."""

from typing import Final

from dataspace import guards
from dataspace.lifecycle import AUTHORISATION
from dataspace.machine import Situation
from dataspace.quantity import written
from dataspace.selection import EVERYTHING, Condition, Every, Linked, Not, Row, Where
from hub.node import Node
from hub.operations.links import falls
from hub.operations.links.beside import acting, check_referred, those
from hub.operations.links.scenarios import CASES, SCENARIOS
from hub.operations.mechanism import allotting
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.lifecycle import Lifecycle, Values, all_ends
from hub.operations.mechanism.reading import ends
from hub.operations.tasks.following import concerned

FIELDS: Final = (
    "title", "mode", "purpose", "scenario", "right_kind", "valid_from", "valid_until",
    "resources", "grantor", "approved_scenario", "agreement", "renews", "personal_route", "papers",
)  # fmt: skip
# Not closed in favour of the holder.
UNSETTLED: Final = Where("state", "in", ("OPENED", "ANSWERED", "CLOSED_REVOKED"))


async def _prepare(request: Request, values: Values, row: Row) -> Values:
    """The city's bureau authorises unless another grantor is named."""
    await check_referred(request, values, row)
    grantor = values.get("grantor") or row.get("grantor") or request.node.bureau
    return {"grantor": grantor} if grantor else {}


def _code(situation: Situation, node: Node) -> Values:
    return {"code": allotting.authorisation_code(situation.now)}


def _start(situation: Situation, node: Node) -> Values:
    """In force from now on, or from the end of what it renews, unless the application named a
    start; the ceiling of prices is that of its agreement."""
    row, related = situation.row, situation.related
    renewed = [each["valid_until"] for each in related["renews"]]
    start = row.get("valid_from") or (renewed[0] if renewed else written(situation.now))
    limits = [each["price_cap_fen"] for each in related["agreement"]]
    return {"valid_from": start, "price_cap_fen": limits[0] if limits else None}


def _count_anew(situation: Situation, node: Node) -> Values:
    return {"out_of_scope_calls": None, "over_limit_at": None}


def _still_authorisable(situation: Situation) -> Condition:
    return all_ends("resources", Where("state", "eq", "AUTHORISABLE"))


def _agreement_still_filed(situation: Situation) -> Condition:
    if not situation.row.get("agreement"):
        return EVERYTHING
    filed = (Where("state", "eq", "ARCHIVED"), Where("filing_code", "is_null", False))
    return Linked("agreement", Every(filed))


LIFECYCLE: Final = Lifecycle(
    AUTHORISATION,
    FIELDS,
    prepare=_prepare,
    related=(
        ends(
            "resources", "resource", "state", "grade", "classification", "secret",
            "open_attribute", "name", "identifier", "personal",
            children=(ends("provider", "participant"),),
        ),
        ends("approved_scenario", "scenario", "state", "personal_route",
             children=(ends("applicant", "participant"),)),
        ends("renews", "authorisation", "state", "valid_until",
             children=(ends("grantee", "participant"),)),
        ends("agreement", "agreement", "state", "filing_code", "valid_until", "price_cap_fen",
             children=(ends("grantor", "participant"), ends("grantee", "participant"))),
        those("cases", "accountability_case", "state", where=UNSETTLED),
        acting("grantee"),
    ),
    holds={
        guards.RESOURCES_AUTHORISABLE.name: _still_authorisable,
        guards.AGREEMENT.name: _agreement_still_filed,
        guards.CASES_CLOSED.name: lambda situation: Not(Linked("cases", UNSETTLED)),
    },
    looked_up={
        "pass_second": {"renewing": falls.resting_on_the_renewed},
        "suspend": {"falling": falls.resting},
        "revoke": {"falling": falls.resting},
        "expire": {"falling": falls.resting_still},
        "resume": {"falling": falls.suspended},
    },
    consequences={
        "pass_second": falls.take_effect,
        "suspend": falls.suspend,
        "revoke": falls.revoke,
        "expire": falls.fall,
        "resume": falls.restore,
    },
    concerned={
        "pass_second": (
            concerned("approved_scenario", "scenario", ("title", "code"), parties=("applicant",)),
        ),
        "revoke": (
            concerned("cases", "accountability_case", (), parties=("holder",), where=UNSETTLED),
        ),
    },
    touches=(CASES.lifecycle, SCENARIOS.lifecycle),
    foreseen={
        "suspend": falls.nothing_else_rests,
        "revoke": falls.nothing_else_rests,
        "expire": falls.nothing_else_rests_still,
    },
    allotted={"draft": _code, "pass_second": _start, "resume": _count_anew},
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
countersign = DESK.moving("countersign")
pass_second = DESK.moving("pass_second")
fail_second = DESK.moving("fail_second")
suspend = DESK.moving("suspend")
resume = DESK.moving("resume")
revoke = DESK.moving("revoke")
expire = DESK.moving("expire")
