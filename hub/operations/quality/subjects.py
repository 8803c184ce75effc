"""A resource with all that a measurement of it rests on, read in one selection."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any, Final

from dataspace.caller import Caller
from dataspace.errors import NotFound, SelectionTooLarge
from dataspace.nouns.items import ITEMS
from dataspace.quality.rules import (
    WEIGHT_DEFAULT,
    QualityRule,
    personal_columns,
    rules_of_every_file,
    rules_of_metadata,
)
from dataspace.rulebooks.rulebook import chain, effective
from dataspace.selection import (
    PAGE_MAX,
    Child,
    Condition,
    Every,
    Page,
    PartChild,
    Row,
    Selection,
    Where,
)
from dataspace.visibility import visible
from hub.node import Node
from hub.operations.mechanism.reading import ends, flat, rows_of, whole
from hub.operations.rulebooks.places import FIELDS as PLACE_FIELDS
from hub.operations.rulebooks.places import children, place_of
from hub.operations.tasks import docketing

DEMANDED: Final = "resource.quality_grade_min"
# Until a rulebook says otherwise: a request was seen to be refused below 80 points (domain
# reference, section 6.8), and what is B has 80.
DEMANDED_DEFAULT: Final = "B"
RULES_STATED_MAX: Final = PAGE_MAX
# Rules that follow from metadata, after which further columns are not asked about.
RULES_OF_METADATA_MAX: Final = 800
NOT_CLOSED: Final = Where("state", "ne", "CLOSED")
BESIDE: Final = ("quality_rules", "work_orders")
RULE_FIELDS: Final = (
    "id", "kind", "column", "columns", "values", "pattern", "minimum", "maximum", "comparison",
    "other_column", "weight",
)  # fmt: skip
SAMPLE_FIELDS: Final = ("file_name", "media_type", "bytes", "sha256")


class Subject:
    """One resource as it was read."""

    def __init__(self, row: Row) -> None:
        self.row = row

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def values(self) -> Row:
        """The resource with its edges as ids."""
        return flat({name: value for name, value in self.row.items() if name not in BESIDE})

    @property
    def department(self) -> str:
        return str(self.row["provider"]["id"])

    @property
    def sample(self) -> Row | None:
        found: Row | None = self.row["sample"]
        return found

    @property
    def items(self) -> list[Row]:
        return list(self.row["items"])

    @property
    def personal(self) -> frozenset[str]:
        return personal_columns(self.items)

    @property
    def rules(self) -> list[QualityRule]:
        """What is asked of every resource, what its metadata demand, and what was stated for it."""
        demanded = rules_of_metadata(self.items, record_count=self.row["record_count"])
        stated = self.row["quality_rules"]
        if stated.more_after:
            raise SelectionTooLarge(
                what="quality_rules", limit=RULES_STATED_MAX, asked=f"> {RULES_STATED_MAX}"
            )
        return [
            *rules_of_every_file(),
            *islice(demanded, RULES_OF_METADATA_MAX),
            *(rule_of(each) for each in stated.rows),
        ]

    @property
    def orders(self) -> list[Row]:
        """The work orders that are not closed."""
        return [flat(each) for each in rows_of(self.row["work_orders"])]

    def demanded_grade(self, at: datetime) -> str:
        """What the rules of its space demand. Raises:  RulebookCyclic."""
        if (space := self.row["space"]) is None:
            return DEMANDED_DEFAULT
        place = place_of(space)
        found = effective(chain(place.code, place.parents, place.rulebooks), at)
        return str(found[DEMANDED].value) if DEMANDED in found else DEMANDED_DEFAULT


def rule_of(row: Row) -> QualityRule:
    """A rule as the catalogue keeps it."""
    other = row.get("other")
    stated: dict[str, Any] = {
        name: row.get(name) or ""
        for name in ("column", "pattern", "minimum", "maximum", "comparison", "other_column")
    }
    stated |= {name: tuple(row.get(name) or ()) for name in ("columns", "values")}
    stated["other"] = (other["id"] if isinstance(other, dict) else other) or ""
    weight = row.get("weight")
    return QualityRule(
        row["kind"], **stated,
        weight=WEIGHT_DEFAULT if weight is None else weight, source=row.get("id") or "",
    )  # fmt: skip


async def subject(node: Node, caller: Caller, id_: str) -> Subject:
    """Raises:  NotFound, also for what the caller may not see."""
    return await read(node, Every((Where("id", "eq", id_), visible(caller)["resource"])), id_)


async def read(node: Node, where: Condition, id_: str) -> Subject:
    """Raises:  NotFound."""
    found = await node.catalogue.select(_selection(where, node.clock.now()))
    if found.first is None:
        raise NotFound(kind="resource", id=id_)
    return Subject(found.first)


def _selection(where: Condition, at: datetime) -> Selection:
    items = PartChild("items", "items", tuple(f.name for f in ITEMS.fields), first=ITEMS.count_max)
    return replace(whole("resource", where, related=tuple(_beside(at))), parts=(items,))


def _beside(at: datetime) -> Iterator[Child]:
    place = Selection("space", PLACE_FIELDS, page=Page(1), children=children(at=at))
    yield Child("space", "space", place)
    yield Child("sample", "sample", Selection("asset", ("id", *SAMPLE_FIELDS), page=Page(1)))
    other = Child("other", "other", Selection("resource", ("id",), page=Page(1)))
    stated = Selection("quality_rule", RULE_FIELDS, page=Page(RULES_STATED_MAX), children=(other,))
    yield Child("quality_rules", "quality_rules", stated)
    yield open_orders()


def open_orders(*more: Where) -> Child:
    """The work orders of a resource that are not closed."""
    where = Every((NOT_CLOSED, *more))
    fields = ("id", "cause", "state", "open_key", "version", "title")
    selection = Selection(
        "work_order", fields, where, page=Page(PAGE_MAX),
        children=(ends("department", "participant"), docketing.BESIDE),
    )  # fmt: skip
    return Child("work_orders", "work_orders", selection)
