"""Public data resources: compiled by their department, reviewed, registered and offered (L2)."""

from collections.abc import Iterator
from typing import Final

from dataspace import guards
from dataspace.errors import Conflict
from dataspace.guards.limits import REGISTRATION_YEARS
from dataspace.identifiers import IdentifierType
from dataspace.lifecycle import RESOURCE
from dataspace.machine import Situation
from dataspace.nouns.items import told_by_items
from dataspace.quantity import read_moment, written
from dataspace.selection import Condition, Either, Every, Page, Row, Selection, Where
from dataspace.text import Text
from hub.node import Node
from hub.operations.federation.profiled import fitted
from hub.operations.mechanism import allotting
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.lifecycle import Lifecycle, Values
from hub.operations.mechanism.reading import check_seen, ends
from hub.operations.membership.keeping import SPACE, in_an_open_space

FIELDS: Final = (
    "name", "code", "summary", "audience", "catalogue_kind", "resource_class", "format", "origin",
    "share_type", "share_condition", "share_method", "open_attribute", "open_condition",
    "update_cycle", "classification", "grade", "quality_grade", "secret", "authorisable",
    "not_authorisable_reason", "source_system", "update_mechanism", "quality_standard",
    "usage_method", "spatial_coverage", "temporal_coverage", "record_count", "labels",
    "related_codes", "published_on", "data_changed_at", "source", "source_record",
    "source_address", "contact", "source_department", "topics", "space", "derived_from", "items",
    "papers", "extra",
)  # fmt: skip


ON_RECORD: Final = (
    "SUBMITTED", "FORM_REVIEW", "PUBLICITY", "OBJECTED", "REGISTERED", "AUTHORISABLE", "EXPIRING",
)  # fmt: skip


class AlreadyListed(Conflict):
    """The same item of the same source is in the catalogue: one item, one source (一数一源)."""

    code = "resource.already_listed"
    title = Text(
        "This is listed already as {id}, provided by {provider}",
        "该资源已由 {provider} 编目为 {id}",
    )
    advice = Text(
        "Use what is there, or ask its provider to complete it.",
        "请使用已有资源，或联系其提供方补充。",
    )


async def _prepare(request: Request, values: Values, row: Row) -> Values:
    await check_seen(request.node, request.caller, "resource", ids=values.get("derived_from") or ())
    if conditions := tuple(_same_item(values, row)):
        await _check_not_listed(request, conditions)
    told = told_by_items(values["items"] or ()) if "items" in values else {}
    return {**told, **await fitted(request, values, row)}


def _same_item(values: Values, row: Row) -> Iterator[Condition]:
    """What another entry for the same item would fulfil; nothing when none of this is set."""
    if code := values.get("code"):
        yield Where("code", "eq", code)
    source = {name: values.get(name, row.get(name)) for name in ("source", "source_record")}
    if all(source.values()) and not values.keys().isdisjoint(source):
        yield Every(tuple(Where(name, "eq", value) for name, value in source.items()))


async def _check_not_listed(request: Request, conditions: tuple[Condition, ...]) -> None:
    where = Every((Either(conditions), Where("id", "ne", request.id)))
    children = (ends("provider", "participant", "name"),)
    selection = Selection("resource", where=where, page=Page(1), children=children)
    if found := (await request.node.catalogue.select(selection)).first:
        raise AlreadyListed(id=found["id"], provider=found["provider"]["name"])


def _years(situation: Situation) -> int:
    """For how long a registration is valid by the rules in force."""
    return int(situation.rule("resource.validity_years_max", REGISTRATION_YEARS))


def _registration(situation: Situation, node: Node) -> Values:
    """An identifier never changes once it is allotted, so one that is there stays."""
    row, (provider,) = situation.row, situation.related["provider"]
    end = allotting.years_after(situation.now, _years(situation))
    return {
        "identifier": row.get("identifier")
        or allotting.identifier(IdentifierType.RESOURCE, holder=provider, node=node),
        "registration_code": row.get("registration_code") or allotting.registration_code(),
        "valid_until": written(end),
    }


def _renewed(situation: Situation, node: Node) -> Values:
    """From the old end on, or from now when that has passed."""
    end = situation.row.get("valid_until")
    start = max(read_moment(end), situation.now) if end else situation.now
    return {"valid_until": written(allotting.years_after(start, _years(situation)))}


def _was_listed(situation: Situation, node: Node) -> Values:
    return {"was_authorisable": situation.state == "AUTHORISABLE"}


def _same_source(situation: Situation) -> Selection | None:
    """What others have on record under the same name in the same source system, or the code."""
    row = situation.row
    same: list[Condition] = [Where("code", "eq", row["code"])] if row.get("code") else []
    if row.get("source_system"):
        named = ("name", "source_system")
        same.append(Every(tuple(Where(name, "eq", row[name]) for name in named)))
    if not same:
        return None
    others = (Where("provider", "ne", row["provider"]), Where("state", "in", ON_RECORD))
    return Selection(
        "resource", where=Every((Either(tuple(same)), *others)), page=Page(1),
        children=(ends("provider", "participant"),),
    )  # fmt: skip


LIFECYCLE: Final = Lifecycle(
    RESOURCE,
    FIELDS,
    prepare=_prepare,
    related=(ends("provider", "participant", "credit_code", "region"), SPACE),
    users={
        "authorisations": ("EFFECTIVE", "SUSPENDED"),
        "products": ("LIST_REVIEW", "LISTED", "DELIST_REVIEW"),
    },
    belongings=("sample",),
    holds={guards.SPACE_OPEN.name: in_an_open_space},
    allotted={
        "register": _registration,
        "declare_authorisable": lambda situation, node: {"authorisable": True},
        "open_renewal": _was_listed,
        "renew": _renewed,
        "renew_listed": _renewed,
    },
    looked_up={"submit": {"same_source": _same_source}},
    reads_steps=True,
    awaited={
        "SUBMITTED": "take_in", "FORM_REVIEW": "pass", "PUBLICITY": "register",
        "OBJECTED": "dismiss_objection", "EXPIRING": "renew",
        "RETURNED": "submit",
    },
)  # fmt: skip


DESK: Final = Desk(LIFECYCLE)
draft = DESK.draft
amend = DESK.amend
remove = DESK.remove
move = DESK.move
waiting = DESK.waiting

submit = DESK.moving("submit")
withdraw = DESK.moving("withdraw")
take_in = DESK.moving("take_in")
return_ = DESK.moving("return")
pass_ = DESK.moving("pass")
refuse = DESK.moving("refuse")
register = DESK.moving("register")
declare_authorisable = DESK.moving("declare_authorisable")
offer = DESK.moving("offer")
unlist = DESK.moving("unlist")
object_ = DESK.moving("object")
uphold_objection = DESK.moving("uphold_objection")
dismiss_objection = DESK.moving("dismiss_objection")
open_renewal = DESK.moving("open_renewal")
countersign = DESK.moving("countersign")
renew = DESK.moving("renew")
renew_listed = DESK.moving("renew_listed")
expire = DESK.moving("expire")
reopen = DESK.moving("reopen")
cancel = DESK.moving("cancel")
