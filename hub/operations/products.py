"""Data products: built from what their owner is authorised for, registered and listed (L5)."""

from typing import Final

from dataspace import guards
from dataspace.identifiers import IdentifierType
from dataspace.lifecycle import PRODUCT
from dataspace.machine import Situation
from dataspace.quantity import written
from dataspace.selection import Condition, Either, Every, Linked, Not, Row, Where
from hub.node import Node
from hub.operations.mechanism import allotting
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.lifecycle import Lifecycle, Values, all_ends
from hub.operations.mechanism.reading import check_seen, ends

FIELDS: Final = (
    "name", "code", "summary", "audience", "form", "use_kind", "update_cycle", "grade",
    "price_fen", "price_unit", "usage_policy", "labels", "resources", "source_products",
    "authorisations", "topics", "space",
)  # fmt: skip
LOWEST_GRADE = 1


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
    if values.get("grade") or row.get("grade"):
        return {}
    return {"grade": max((each["grade"] or LOWEST_GRADE for each in sources), default=LOWEST_GRADE)}


def _registration(situation: Situation, node: Node) -> Values:
    """An identifier never changes once it is allotted, so one that is there stays."""
    row, (owner,) = situation.row, situation.related["owner"]
    return {
        "identifier": row.get("identifier")
        or allotting.identifier(IdentifierType.PRODUCT, holder=owner, region=node.region),
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
        all_ends("resources", Linked("authorisations", covering)),
        all_ends("source_products", Where("state", "eq", "LISTED")),
    ))  # fmt: skip


def _grade_still_inherited(situation: Situation) -> Condition:
    higher = Where("grade", "gt", situation.row["grade"])
    return Not(Either((Linked("resources", higher), Linked("source_products", higher))))


LIFECYCLE: Final = Lifecycle(
    PRODUCT,
    FIELDS,
    prepare=_prepare,
    related=(
        ends("owner", "participant", "credit_code", "region"),
        ends(
            "resources", "resource", "state", "grade", children=(ends("provider", "participant"),)
        ),
        ends("source_products", "product", "state", "grade"),
        ends(
            "authorisations", "authorisation", "state", "valid_from", "valid_until",
            children=(ends("grantee", "participant"), ends("resources", "resource")),
        ),
    ),
    users={"derived_products": ("LIST_REVIEW", "LISTED")},
    holds={
        guards.SOURCES_GRANTED.name: _still_granted,
        guards.GRADE_INHERITED.name: _grade_still_inherited,
    },
    allotted={"register": _registration},
    awaited={
        "REG_REVIEW": "register", "REG_FAILED": "submit", "REGISTERED": "request_listing",
        "LIST_REVIEW": "list", "LIST_FAILED": "request_listing",
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
list_ = DESK.moving("list")
fail_listing = DESK.moving("fail_listing")
delist = DESK.moving("delist")
take_down = DESK.moving("take_down")
withdraw = DESK.moving("withdraw")
