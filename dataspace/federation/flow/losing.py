"""What becomes of a product when a source that another node publishes, or that was granted there,
is no longer as it was: it is suspended, says by what, and comes back when nothing suspends it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dataspace.federation.flow.publishing import LISTED, REGISTERED
from dataspace.nouns.suspenders import reason_of
from dataspace.selection import Row
from dataspace.text import Text

# By the kind of a source: the product's edge to it, and the edge to those that suspend it.
EDGES: Final[Mapping[str, tuple[str, str]]] = {
    "authorisation": ("authorisations", "suspended_by"),
    "resource": ("resources", "lost_resources"),
    "product": ("source_products", "lost_products"),
}
SUSPENDING: Final = tuple(suspending for _, suspending in EDGES.values())
# What of a source decides whether a product may go on with it.
DECIDING: Final = ("state", "grade", "availability")

NOT_IN_FORCE: Final = Text("Authorisation {name} is not in force", "授权 {name} 未处于生效状态")
WITHDRAWN: Final = Text(
    "Source {name} is no longer offered by its space", "来源 {name} 所属空间已停止提供"
)
RAISED: Final = Text(
    "Source {name} has grade {grade}, above {own}", "来源 {name} 等级为 {grade}，高于产品的 {own}"
)


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it is from now on; of an authorisation `renews` is the one that it renews."""

    kind: str
    id: str
    row: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.row.get("code") or self.row.get("name") or self.id)


def ground(source: Source, product: Row) -> Text | None:
    """Why the product may not go on with the source; None when it may.

    What another space graded is not graded lower here: only that space knows what it protects.
    """
    row, state = source.row, source.row.get("state")
    told = {"name": source.name}
    if source.kind == "authorisation":
        return None if state == "EFFECTIVE" or _renewed(source, product) else _with(
            NOT_IN_FORCE, told
        )  # fmt: skip
    shelf = REGISTERED if source.kind == "resource" else LISTED
    if state not in shelf or row.get("availability") == "SUSPENDED":
        return _with(WITHDRAWN, told)
    grade, own = row.get("grade") or 1, product.get("grade") or 1
    return _with(RAISED, {**told, "grade": grade, "own": own}) if grade > own else None


def becomes(product: Row, sources: Iterable[Source]) -> Row:
    """What the sources, as they are now, change of the product; its edges are ids, beside
    `authorised`, the rows of its authorisations. Nothing changes of what is so already."""
    suspending = {name: list(product.get(name) or ()) for name in SUSPENDING}
    before = {name: list(ids) for name, ids in suspending.items()}
    grounds: dict[str, str] = {}
    lifted: list[str] = []
    for source in sources:
        edge, by = EDGES[source.kind]
        if source.id not in (product.get(edge) or ()):
            continue
        why = ground(source, product)
        if why is None:
            suspending[by] = [each for each in suspending[by] if each != source.id]
            lifted.append(source.id)
            continue
        grounds[source.id] = f"{why.zh} {why.en}"
        if source.id not in suspending[by]:
            suspending[by].append(source.id)
    changed: Row = {name: ids for name, ids in suspending.items() if ids != before[name]}
    if not any(suspending.values()):
        available = {"availability": "AVAILABLE", "availability_reason": None}
        return {**changed, **available} if changed else {}
    said = product.get("availability_reason")
    reason = reason_of(said, grounds, lifted=lifted)
    if reason != said:
        changed["availability_reason"] = reason
    if set((reason or "").splitlines()) - set((said or "").splitlines()):
        changed["availability"] = "SUSPENDED"
    return changed


def verb_of(values: Row) -> str:
    """What is done to the product, as its evidence and its notices call it."""
    match values.get("availability"):
        case "SUSPENDED":
            return "suspend_availability"
        case "AVAILABLE":
            return "restore_availability"
    return "lift_suspension"


def _renewed(source: Source, product: Row) -> bool:
    """Whether it ended by its term, and one that renews it goes on."""
    return source.row.get("state") == "EXPIRED" and any(
        each.get("state") == "EFFECTIVE" and each.get("renews") == source.id
        for each in product.get("authorised") or ()
    )


def _with(text: Text, facts: Mapping[str, Any]) -> Text:
    return Text(text.en.format(**facts), text.zh.format(**facts))
