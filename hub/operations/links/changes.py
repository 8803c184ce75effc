"""Change registrations: what is proposed is written to its entry when it passes (L2, L5)."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from dataspace.change import Amend, Change
from dataspace.guards.changes import as_it_will_be, entry, proposed
from dataspace.lifecycles.changes import PRODUCT_CHANGE, RESOURCE_CHANGE
from dataspace.machine import Situation
from dataspace.nouns.items import told_by_items
from dataspace.nouns.proposals import (
    PRODUCT_PARTS,
    PRODUCT_VALUES,
    RESOURCE_PARTS,
    RESOURCE_VALUES,
)
from dataspace.quantity import written
from dataspace.relations import RELATIONS
from dataspace.selection import Child, Every, Linked, Page, Selection, Where
from hub.node import Node
from hub.operations.links.beside import act_of, acting, check_referred
from hub.operations.links.falls import ON_RECORD
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.lifecycle import Lifecycle, LookUp, Values
from hub.operations.mechanism.reading import EDGE_COUNT_MAX, ends, part_child

OWN: Final = ("title", "kind", "explanation")
LOWER_SHOWN: Final = 5


def _entry(kind: str, owner: str) -> Child:
    """The entry that is to change, whole but for the first value of a long part."""
    noun = RELATIONS.by_name[kind]
    selection = Selection(
        kind,
        fields=("id", "version", *noun.by_name),
        page=Page(1),
        children=(ends(owner, "participant"),),
        parts=tuple(part_child(each, whole=False) for each in noun.parts),
    )
    return Child(kind, kind, selection)


def _changed(request: Request, situation: Situation) -> tuple[Change, ...]:
    """The entry is what it was when the guards looked at it; else somebody was faster."""
    kind, values = _kind(situation), proposed(situation.row)
    if "items" in values:
        values |= told_by_items(values["items"])
    values["changed_at"] = written(situation.now)
    found = entry(situation)
    act = act_of(request, kind, "change")
    return (Amend(kind, found["id"], values, act, version=found["version"]),)


def _kind(situation: Situation) -> str:
    return "resource" if "resource" in situation.row else "product"


def _hashes(situation: Situation, node: Node) -> Values:
    """Of all values that a change may touch, before and after."""
    names = RESOURCE_VALUES if _kind(situation) == "resource" else PRODUCT_VALUES
    before, after = entry(situation), as_it_will_be(situation).row
    return {"before_sha256": _sha256(before, names), "after_sha256": _sha256(after, names)}


def _sha256(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    given = {name: row[name] for name in names if row.get(name) not in (None, "", [], ())}
    plain = json.dumps(given, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def _lower_products(situation: Situation) -> Selection | None:
    """Products that would be of a lower grade than what they are built from."""
    grade = situation.row.get("grade")
    if not grade:
        return None
    of = Linked("resources", Where("id", "eq", situation.row["resource"]))
    lower = Every((ON_RECORD, Where("grade", "lt", grade), of))
    return Selection("product", fields=("id", "grade"), where=lower, page=Page(LOWER_SHOWN))


def _of_product(kind: str, way: str, *fields: str) -> LookUp:
    """What the product that is to change rests on, or was reviewed by."""

    def look_up(situation: Situation) -> Selection:
        of = Linked(way, Where("id", "eq", situation.row["product"]))
        return Selection(kind, fields=("id", *fields), where=of, page=Page(EDGE_COUNT_MAX))

    return look_up


RESTS_ON: Final[Mapping[str, LookUp]] = {
    "resources": _of_product("resource", "products", "grade"),
    "source_products": _of_product("product", "derived_products", "grade"),
    "authorisations": _of_product("authorisation", "products", "price_cap_fen"),
    "compliance_reviews": _of_product(
        "compliance_review", "product", "state", "grade_proposed", "grade_ground"
    ),
}

RESOURCE_CHANGES: Final = Desk(Lifecycle(
    RESOURCE_CHANGE,
    (*OWN, *RESOURCE_VALUES, *RESOURCE_PARTS, "resource"),
    prepare=check_referred,
    related=(_entry("resource", "provider"),),
    looked_up={
        "submit": {"lower_products": _lower_products}, "pass": {"lower_products": _lower_products},
    },
    allotted={"pass": _hashes},
    consequences={"pass": _changed},
    reads_parts=True,
    awaited={"CHANGE_REVIEW": "pass", "CHANGE_FAILED": "submit"},
))  # fmt: skip

PRODUCT_CHANGES: Final = Desk(Lifecycle(
    PRODUCT_CHANGE,
    (*OWN, *PRODUCT_VALUES, *PRODUCT_PARTS, "product"),
    prepare=check_referred,
    related=(_entry("product", "owner"), acting("owner")),
    looked_up={"submit": RESTS_ON, "pass": RESTS_ON},
    allotted={"pass": _hashes},
    consequences={"pass": _changed},
    awaited={"CHANGE_REVIEW": "pass", "CHANGE_FAILED": "submit"},
))  # fmt: skip
