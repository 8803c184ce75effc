"""What may leave a node, and for whom: rules as conditions, read by the catalogue and by hand.

Upwards a node tells the hub of its listed products and registered resources, with the people and
classes that they name. Downwards the hub tells a node of the rules, spaces, members, scenarios and
entries that this node may see, and of what is granted to whom the node serves, with the resources
of that, whichever node published them. Nobody is told what they published themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from dataspace.federation.flow.feeds import AS_OF, ORIGIN
from dataspace.federation.heard import HEARD
from dataspace.nouns.memberships import MEMBERSHIPS
from dataspace.relations import RELATIONS
from dataspace.selection import (
    EVERYTHING,
    NOTHING,
    Condition,
    Either,
    Every,
    Linked,
    Not,
    Row,
    Where,
)
from dataspace.shape import Part, Reader

REGISTERED: Final = ("REGISTERED", "AUTHORISABLE", "EXPIRING")
LISTED: Final = ("LISTED", "DELIST_REVIEW")
APPROVED: Final = ("APPROVED", "ACTIVE")
# Once granted, an authorisation is told with whatever becomes of it.
GRANTED: Final = ("EFFECTIVE", "SUSPENDED", "REVOKED", "EXPIRED")
FOR_ALL_MEMBERS: Final = ("PUBLIC", "MEMBERS")
FOR_ITS_SPACE: Final = (*FOR_ALL_MEMBERS, "SPACE")
# What decides whether a row may be told: when one changes, so does what refers to it.
DECISIVE: Final = frozenset({"state", "audience", "grade", "secret", "space", "spaces"})
# Of these that is all that decides: what is not told now, and did not change in it, was not before.
DECIDED: Final = frozenset({"resource", "product", "authorisation"})
OWN: Final = Where(ORIGIN, "is_null", True)
FOREIGN: Final = Where(ORIGIN, "is_null", False)

_ENTRIES: Final[Mapping[str, tuple[str, ...]]] = {
    "resource": ("provider", "source_department", "topics", "space", "derived_from"),
    "product_health": (),
    "product": ("owner", "resources", "source_products", "topics", "space", "health"),
}


@dataclass(frozen=True, slots=True, eq=False)  # there are two, and each is itself
class Flow:
    """One direction.

    `edges`       the kinds that are told, each behind those that it refers to, with the edges
    `companions`  kinds that are also told because something else names them
    `withheld`    fields that are not told although anybody may read them
    """

    edges: Mapping[str, tuple[str, ...]]
    companions: frozenset[str]
    withheld: Mapping[str, frozenset[str]]

    def fields(self, kind: str) -> tuple[str, ...]:
        """Those that anybody may read, and none beside."""
        held = {AS_OF.name, *self.withheld.get(kind, ())}
        return tuple(
            field.name for field in RELATIONS.by_name[kind].fields
            if field.reader is Reader.ANYONE and field.name not in held
        )  # fmt: skip

    def parts(self, kind: str) -> tuple[Part, ...]:
        """Not who is in which other spaces: a node knows those that it serves."""
        held = self.withheld.get(kind, ())
        return tuple(
            part for part in RELATIONS.by_name[kind].parts
            if part.reader is Reader.ANYONE and part.name not in held
        )  # fmt: skip

    def names(self, kind: str) -> frozenset[str]:
        """All that an entry of the kind may hold."""
        return _names(self, kind)


@cache
def _names(flow: Flow, kind: str) -> frozenset[str]:
    """Every entry is asked about, several times."""
    parts = (part.name for part in flow.parts(kind))
    return frozenset((*flow.fields(kind), *flow.edges[kind], *parts))


# Whether a participant is admitted is for the hub to say, and who is a member of what as well.
UPWARDS: Final = Flow(
    {"topic": (), "space": (), "participant": (), **_ENTRIES},
    frozenset({"topic", "space", "participant", "product_health"}),
    {"participant": frozenset({"standing", "state", MEMBERSHIPS.name})},
)
DOWNWARDS: Final = Flow(
    {
        "code_table": (), "topic": ("broader",), "space": ("part_of",), "participant": ("spaces",),
        "node": ("operator", "space"), "rulebook": ("space",), **_ENTRIES,
        "authorisation": ("resources", "grantor", "grantee", "renews"),
        "scenario": ("applicant", "space"), "feed_refusal": ("operator",),
    },
    frozenset({"topic", "participant", "product_health"}),
    {"node": frozenset(each.name for each in HEARD),
     "participant": frozenset({MEMBERSHIPS.name}),
     # Of a grant what a product has to know of it.
     "authorisation": frozenset({"out_of_scope_calls", "over_limit_at"})},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recipient:
    """A node that the hub tells: its id, its operator, its space and those within it."""

    node: str
    operator: str
    spaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """What may be told in one direction to one reader: of each kind, the rows for which the
    condition holds; of a kind without one, what something else names.

    `across` is the part of a condition that leads to other rows. `untold` are the rows that the
    reader does not have from itself, and `readers` those that it has already.
    """

    flow: Flow
    conditions: Mapping[str, Condition]
    grade_max: int
    across: Mapping[str, Linked] = field(default_factory=dict)
    untold: Condition = OWN
    readers: Condition = FOREIGN

    def ends(self, kind: str) -> Condition:
        """Rows that an entry may refer to: what is told too, and what the reader has already."""
        if kind in self.flow.companions:
            return EVERYTHING
        condition = self.conditions.get(kind, EVERYTHING)
        followed = ORIGIN in RELATIONS.by_name[kind].edge_by_name
        return Either((condition, self.readers)) if followed else condition


def upwards(grade_max: int) -> Release:
    """What a node tells the hub."""
    return Release(UPWARDS, _entries(Where("audience", "in", FOR_ALL_MEMBERS), grade_max),
                   grade_max)  # fmt: skip


def downwards(to: Recipient, *, city: tuple[str, ...], grade_max: int) -> Release:
    """What the hub tells a node; `city` are the spaces of the city itself.

    Of the entries those of its own space, and the resources that are granted to whom it serves:
    the city's whole catalogue is asked for at the hub, and not kept once more by every node.
    """
    within = Where("space", "in", to.spaces)
    audience = Every((Where("audience", "in", FOR_ITS_SPACE), within))
    known = (*city, *to.spaces)
    member = tuple(Where("spaces", "has", space) for space in to.spaces)
    served = Linked("grantee", Either((Where("id", "eq", to.operator), *member)))
    granted = Every((OWN, Where("state", "in", GRANTED), served))
    covered = Linked("authorisations", granted)
    untold, readers = Not(Where(ORIGIN, "eq", to.node)), Where(ORIGIN, "eq", to.node)
    entries = _entries(audience, grade_max)
    for_all = Where("audience", "in", FOR_ALL_MEMBERS)
    elsewhere = _resource(untold, for_all, covered, grade_max=grade_max)
    # A grant over nothing that may be told says nothing to the node.
    shown = (entries["resource"], readers, _resource(untold, for_all, grade_max=grade_max))
    home = Linked("resources", elsewhere)
    return Release(
        DOWNWARDS,
        {
            "code_table": OWN,
            "topic": OWN,
            "space": Every((OWN, Either((Where("id", "in", known), home)))),
            "participant": Every((OWN, Either((Where("id", "eq", to.operator), *member)))),
            "node": Every((OWN, Where("id", "eq", to.node))),
            "rulebook": Every((
                OWN, Where("status", "eq", "DECIDED"), Where("space", "in", known),
            )),
            "authorisation": Every((granted, Linked("resources", Either(shown)))),
            "scenario": Every((
                OWN, Where("state", "in", APPROVED),
                Either((Where("applicant", "eq", to.operator), within)),
            )),
            "feed_refusal": Every((OWN, Where("node", "eq", to.node))),
            **entries,
            "resource": Either((entries["resource"], elsewhere)),
        },
        grade_max,
        across={"authorisation": served, "resource": covered, "space": home},
        untold=untold,
        readers=readers,
    )  # fmt: skip


def _entries(audience: Condition, grade_max: int) -> Mapping[str, Condition]:
    """Published, of a grade that may leave, and not a secret; a row without a grade stays."""
    graded = (audience, Where("grade", "lte", grade_max))
    return {
        "resource": _resource(OWN, audience, grade_max=grade_max),
        "product": Every((OWN, Where("state", "in", LISTED), *graded)),
    }


def _resource(*conditions: Condition, grade_max: int) -> Condition:
    return Every((
        Where("state", "in", REGISTERED), Not(Where("secret", "eq", True)), *conditions,
        Where("grade", "lte", grade_max),
    ))  # fmt: skip


def own(kind: str, condition: Condition) -> Condition:
    """The condition, for rows of the kind that this node itself keeps."""
    followed = ORIGIN in RELATIONS.by_name[kind].edge_by_name
    return Every((condition, OWN)) if followed else condition


def told(release: Release, kind: str, row: Mapping[str, Any]) -> Row:
    """The values of an entry, from a row whose edges hold only ends that may be told.

    An item of a higher grade than may leave stays, whatever the grade of its resource.
    """
    may = release.flow.names(kind)
    values = {name: value for name, value in row.items() if name in may}
    if "items" in values:
        values["items"] = [
            each for each in values["items"] or () if (each.get("grade") or 0) <= release.grade_max
        ]
    return {name: _plain(value) for name, value in values.items() if value not in (None, "", [])}


def _plain(value: Any) -> Any:
    """A part without the values that it does not have."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [{n: v for n, v in each.items() if v not in (None, "", [])} for each in value]
    return value


def holds(condition: Condition, row: Mapping[str, Any], *, leads: bool | None = None) -> bool:
    """Whether a condition on fields and edges holds of one row, as a catalogue would decide it.

    What leads to other rows is as `leads` says. Raises:  TypeError when that is not known.
    """
    match condition:
        case Every(each):
            return all(holds(one, row, leads=leads) for one in each)
        case Either(each):
            return any(holds(one, row, leads=leads) for one in each)
        case Not(one):
            return not holds(one, row, leads=leads)
        case Where(name, operator, value):
            return _compares(row.get(name), operator, value)
        case Linked() if leads is not None:
            return leads
        case _:
            raise TypeError(type(condition).__name__)


def settled(condition: Condition, *, leads: bool) -> Condition:
    """The condition, with what leads to other rows decided."""
    match condition:
        case Every(each):
            return Every(tuple(settled(one, leads=leads) for one in each))
        case Either(each):
            return Either(tuple(settled(one, leads=leads) for one in each))
        case Not(one):
            return Not(settled(one, leads=leads))
        case Linked():
            return EVERYTHING if leads else NOTHING
    return condition


def _compares(given: Any, operator: str, value: Any) -> bool:
    missing = given in (None, "", [], ())
    if operator == "is_null":
        return missing is value
    if missing:
        return False
    match operator:
        case "eq":
            return bool(given == value)
        case "in":
            return given in value
        case "has":
            return value in given
        case "lte":
            return isinstance(given, int) and bool(given <= value)
    raise TypeError(operator)
