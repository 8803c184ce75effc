"""Data products: built from what their owner is authorised for, registered and listed (L5)."""

from typing import Final

from dataspace import guards
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.identifiers import IdentifierType
from dataspace.lifecycle import PRODUCT
from dataspace.machine import Situation
from dataspace.quantity import written
from dataspace.selection import Condition, Either, Every, Linked, Not, Row, Where
from hub.node import Node
from hub.operations.federation.profiled import fitted
from hub.operations.links.beside import acting, those
from hub.operations.mechanism import allotting
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.lifecycle import Lifecycle, Values, all_ends
from hub.operations.mechanism.reading import check_seen, ends
from hub.operations.membership.keeping import SPACE, in_an_open_space

FIELDS: Final = (
    "name", "code", "summary", "audience", "form", "use_kind", "update_cycle", "grade",
    "price_fen", "price_unit", "usage_policy", "purposes", "template", "labels", "resources",
    "source_products", "authorisations", "topics", "space", "papers", "extra",
)  # fmt: skip
LOWEST_GRADE = 1
PASSED: Final = Where("state", "eq", "PASSED")


async def _prepare(request: Request, values: Values, row: Row) -> Values:
    """The grade is proposed from the sources when a draft does not name one."""
    node, caller = request.node, request.caller
    await check_seen(node, caller, "authorisation", ids=values.get("authorisations") or ())
    sources = [
        *await check_seen(
            node, caller, "resource", ids=values.get("resources") or (), fields=("grade",)
        ),
        *await check_seen(
            node, caller, "product", ids=values.get("source_products") or (), fields=("grade",)
        ),
    ]
    made = await fitted(request, values, row)
    if values.get("grade") or row.get("grade"):
        return made
    grades = (each["grade"] or LOWEST_GRADE for each in sources)
    return {**made, "grade": max(grades, default=LOWEST_GRADE)}


def _registration(situation: Situation, node: Node) -> Values:
    """An identifier never changes once it is allotted, so one that is there stays."""
    row, (owner,) = situation.row, situation.related["owner"]
    return {
        "availability": "AVAILABLE",
        "identifier": row.get("identifier")
        or allotting.identifier(IdentifierType.PRODUCT, holder=owner, node=node),
        "registration_code": row.get("registration_code") or allotting.registration_code(),
    }


def _still_granted(situation: Situation) -> Condition:
    """Every resource is covered by one of the product's authorisations, in force for the owner."""
    row, now = situation.row, written(situation.now)
    covering = Every((
        Where("id", "in", tuple(row["authorisations"])),
        Where("state", "eq", "EFFECTIVE"),
        Where("grantee", "eq", row["owner"]),
        Either((Where("valid_from", "is_null", True), Where("valid_from", "lte", now))),
        Either((Where("valid_until", "is_null", True), Where("valid_until", "gt", now))),
    ))  # fmt: skip
    return Every((
        all_ends("resources", Every((
            Linked("authorisations", covering), Not(Where("state", "eq", "CANCELLED")),
        ))),
        all_ends("source_products", Where("state", "eq", "LISTED")),
    ))  # fmt: skip


def _grade_still_inherited(situation: Situation) -> Condition:
    grade = situation.row["grade"]
    higher = Where("grade", "gt", grade)
    lowered = Every((
        PASSED, Where("grade_proposed", "lte", grade), Where("grade_ground", "is_null", False)
    ))  # fmt: skip
    foreign = Every((higher, Where(ORIGIN, "is_null", False)))
    reviewed = Every((Linked("compliance_reviews", lowered), _no_source_is(foreign)))
    return Either((_no_source_is(higher), reviewed))


def _no_source_is(condition: Condition) -> Condition:
    return Not(Either((Linked("resources", condition), Linked("source_products", condition))))


LIFECYCLE: Final = Lifecycle(
    PRODUCT,
    FIELDS,
    prepare=_prepare,
    related=(
        ends("owner", "participant", "credit_code", "region"),
        ends(
            "resources", "resource", "state", "grade",
            children=(ends("provider", "participant"), ends(ORIGIN, "node")),
        ),
        ends("source_products", "product", "state", "grade", children=(ends(ORIGIN, "node"),)),
        ends(
            "authorisations", "authorisation", "state", "valid_from", "valid_until",
            "price_cap_fen",
            children=(ends("grantee", "participant"), ends("resources", "resource")),
        ),
        those("security_reviews", "security_review", "state", where=PASSED),
        those("compliance_reviews", "compliance_review", "state", "grade_proposed", "grade_ground",
              where=PASSED),
        acting("owner"),
        SPACE,
    ),
    belongings=("sample",),
    users={"derived_products": ("LIST_REVIEW", "LISTED", "DELIST_REVIEW")},
    holds={
        guards.SOURCES_GRANTED.name: _still_granted,
        guards.GRADE_INHERITED.name: _grade_still_inherited,
        guards.SPACE_OPEN.name: in_an_open_space,
    },
    allotted={"register": _registration},
    awaited={
        "REG_REVIEW": "register", "REG_FAILED": "submit", "REGISTERED": "request_listing",
        "LIST_REVIEW": "list", "LIST_FAILED": "request_listing", "DELIST_REVIEW": "delist",
        "WITHDRAW_REVIEW": "withdraw",
    },
)  # fmt: skip

DESK: Final = Desk(LIFECYCLE)
draft = DESK.draft
amend = DESK.amend
remove = DESK.remove
move = DESK.move
waiting = DESK.waiting

submit = DESK.moving("submit")
register = DESK.moving("register")
fail_registration = DESK.moving("fail_registration")
request_listing = DESK.moving("request_listing")
countersign = DESK.moving("countersign")
list_ = DESK.moving("list")
fail_listing = DESK.moving("fail_listing")
delist = DESK.moving("delist")
take_down = DESK.moving("take_down")
keep_listed = DESK.moving("keep_listed")
request_withdrawal = DESK.moving("request_withdrawal")
fail_withdrawal = DESK.moving("fail_withdrawal")
withdraw = DESK.moving("withdraw")
