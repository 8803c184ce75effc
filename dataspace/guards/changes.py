"""Guards on change registrations: what the entry will be must hold as what it was did."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dataspace.guards.entries import COMPLETE, LISTABLE, REGISTRABLE
from dataspace.guards.products import GRADE_INHERITED, PRICE_CAPPED, WELFARE_IS_FREE
from dataspace.guards.refusals import NotChangeable, NothingProposed
from dataspace.guards.rules.profiled import PROFILED
from dataspace.machine import Guard, Situation
from dataspace.nouns.proposals import (
    PRODUCT_PARTS,
    PRODUCT_VALUES,
    RESOURCE_PARTS,
    RESOURCE_VALUES,
)
from dataspace.refusals import GradeTooLow
from dataspace.text import Text

RESOURCE_STATES = ("REGISTERED", "AUTHORISABLE")
PRODUCT_STATES = ("REGISTERED", "LISTED", "DELISTED")


def proposed(row: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a change sets; what it leaves out, or blank, stays as it is."""
    of_resource, of_product = (
        (*RESOURCE_VALUES, *RESOURCE_PARTS), (*PRODUCT_VALUES, *PRODUCT_PARTS),
    )  # fmt: skip
    names = of_resource if "resource" in row else of_product
    return {name: row[name] for name in names if row.get(name) not in (None, "", [], ())}


def entry(situation: Situation) -> Mapping[str, Any]:
    kind = "resource" if "resource" in situation.row else "product"
    found: Mapping[str, Any] = situation.related[kind][0]
    return found


def as_it_will_be(situation: Situation) -> Situation:
    """The entry with the proposed values, amid what it rests on."""
    return replace(situation, row={**entry(situation), **proposed(situation.row)})


def _changeable(situation: Situation) -> None:
    row, found = situation.row, entry(situation)
    of_resource = "resource" in row
    owner = "provider" if of_resource else "owner"
    states = RESOURCE_STATES if of_resource else PRODUCT_STATES
    if found.get("state") not in states or found.get(owner) != row.get(owner):
        raise NotChangeable(entry=found["id"], state=found.get("state"), id=row.get("id", ""))
    if not proposed(row):
        raise NothingProposed(id=row.get("id", ""))


def _changed_resource(situation: Situation) -> None:
    will_be = as_it_will_be(situation)
    COMPLETE.check(will_be)
    PROFILED.check(will_be)
    listed = entry(situation).get("state") == "AUTHORISABLE"
    (LISTABLE if listed else REGISTRABLE).check(will_be)
    for product in situation.related.get("lower_products", ()):
        raise GradeTooLow(
            id=product["id"], grade=product.get("grade"), needed=will_be.row.get("grade")
        )


def _changed_product(situation: Situation) -> None:
    """What it rests on is looked up for the move itself only, and not for an offer of it."""
    will_be = as_it_will_be(situation)
    sources = "authorisations" in situation.related
    own = (LISTABLE, WELFARE_IS_FREE, PROFILED)
    for guard in (*own, *((GRADE_INHERITED, PRICE_CAPPED) if sources else ())):
        guard.check(will_be)


CHANGEABLE = Guard(  # related: resource or product, the entry as it is
    "G-CHANGEABLE",
    Text(
        "One's own entry is registered, and something changes", "条目为本单位已登记条目且确有变更"
    ),
    _changeable,
)
CHANGED_RESOURCE = Guard(  # related: resource, lower_products
    "G-CHANGED-RESOURCE",
    Text("The entry as it will be may be registered", "变更后的条目符合登记条件"),
    _changed_resource,
)
CHANGED_PRODUCT = Guard(  # related: product, resources, source_products, authorisations
    "G-CHANGED-PRODUCT",
    Text("The product as it will be may be listed", "变更后的产品符合上架条件"),
    _changed_product,
)
