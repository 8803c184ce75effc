"""What a reader asks of the catalogue: one tree, answered in one statement.

A `Selection` is data. The API makes it from a request and adds what the caller may see; a
back end compiles it. Nothing in it is text of a query language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from dataspace.errors import SelectionTooLarge

Row = dict[str, Any]
Operator = Literal["eq", "ne", "lt", "lte", "gt", "gte", "in", "is_null", "has"]

PAGE_MAX = 100
DEPTH_MAX = 8
LINEAGE_DEPTH_MAX = 12


@dataclass(frozen=True, slots=True)
class Where:
    """One field (or "id", or a to-one edge by its name) compared with a value.

    `in` takes a sequence; `is_null` takes a bool; `has` asks whether a list of texts, or a
    to-many edge, holds the value. An ordering operator never matches a missing value, and
    neither does `ne`; nothing but `is_null` does, nor does anything equal None. So `Not` of a
    comparison holds of a row without the value. Texts are compared by their code points.
    """

    field: str
    operator: Operator
    value: Any


@dataclass(frozen=True, slots=True)
class Every:
    """Holds when all conditions hold; so it holds when there are none."""

    conditions: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """Holds when one of the conditions holds; so never when there are none."""

    conditions: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    condition: "Condition"


@dataclass(frozen=True, slots=True)
class Linked:
    """Holds when some row at the other end of the way fulfils the condition."""

    way: str
    condition: "Condition"


@dataclass(frozen=True, slots=True)
class PartHas:
    """Holds when some value of the part (such as an item) fulfils all comparisons."""

    part: str
    conditions: tuple[Where, ...]


Condition = Where | Every | Either | Not | Linked | PartHas
EVERYTHING = Every()
NOTHING = Either()


@dataclass(frozen=True, slots=True)
class Order:
    """By a sortable field, or "rank" under a search, or "id".

    Missing values come last in ascending order and first in descending order; equal values are
    ordered by id, the same way round. Texts are ordered by their code points.
    """

    field: str = "id"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """`size` rows after (or, going `backwards`, before) a position, or from the end.

    A position is what a row carries under `POSITION`: the value it is ordered by, and its id.
    Rows always come in the selection's order, also when the page was taken backwards. A position
    need not be that of a row that is there, and the row at it is not in the page. `size` may be 0.
    """

    size: int = 20
    position: tuple[Any, str] | None = None
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class FacetOf:
    """Counts of rows by the values of a facetted field or edge, most frequent first.

    Equal counts are in ascending order of the value. A row counts once for every value that it
    has, and not at all without one. All rows that fulfil the conditions and the search count.
    """

    field: str
    first: int = 20


@dataclass(frozen=True, slots=True)
class Child:
    """What is wanted at the other end of a way, under the name `key` in the answer.

    A row at the end of a to-one way that does not fulfil the selection's conditions or search is
    None; the selection's page, counts and facets mean nothing there.
    """

    key: str
    way: str
    selection: "Selection"


@dataclass(frozen=True, slots=True)
class PartChild:
    """Values of a part, in their own order, at most `first` of them."""

    key: str
    part: str
    fields: tuple[str, ...]
    first: int = 20


@dataclass(frozen=True, slots=True)
class Lineage:
    """All that a row was made from (`upwards`) or that was made from it, as links.

    `visible` says for every kind which rows may appear; a row that may not is not walked
    through either, nor is one of a kind that `visible` does not name. Each link in the answer is
    `{"depth", "edge", "source": {"id", "kind", "name", "state"}, "target": {…}}`, nearest first,
    and then in the order of edge, source's id, target's id. The source is where the edge starts:
    what was made. A link stands there once, at 1 + the least distance of its nearer end; so
    cycles end. `name` is the row's name or else its title; what it does not have is None.
    """

    key: str
    upwards: bool
    visible: Mapping[str, Condition]
    depth_max: int = 6
    first: int = 200


@dataclass(frozen=True, slots=True)
class Selection:
    """`fields` are names of fields, "id" or "version"; one without a value is None in the answer.

    `rows` False asks only for what is counted. An empty `search` asks for nothing; it is not a
    search without a term, which finds nothing. Rank is `dataspace.search.rank`, so the best come
    first in descending order. `at` asks for the state after that revision, of the whole tree; then
    `still` leaves only those rows of its top that are there today and fulfil it as they are today.
    What stands `beside` is read in the same statement and hangs on no row of it, such as the
    rules that decisions about any of them rest on; it is read as it is today.
    """

    kind: str
    fields: tuple[str, ...] = ("id",)
    where: Condition = EVERYTHING
    search: str = ""
    order: Order = Order()
    page: Page = Page()
    rows: bool = True
    total: bool = False
    facets: tuple[FacetOf, ...] = ()
    children: tuple[Child, ...] = ()
    parts: tuple[PartChild, ...] = ()
    lineages: tuple[Lineage, ...] = ()
    at: int | None = None
    still: Condition | None = None
    beside: tuple["Selection", ...] = ()


POSITION = "_position"


@dataclass(slots=True)
class Found:
    """The answer to a selection; the answer to a to-many child is one too.

    A row is a dict of the fields asked for, its position under `POSITION`, and its children
    under their keys: `Found` for a to-many way, a row or None for a to-one way, a list of dicts
    for a part, a list of links for a lineage. `facets` maps a field to `[(value, count), …]`;
    the values of an edge's facet are ids, and `names` maps them to what their rows are called,
    as far as they have a name. `more_before` and `more_after` say whether there are rows before
    and after the page; of an empty page, before and after its position. `total` counts all rows
    that fulfil the conditions and the search, and is None unless asked for. `beside` answers the
    selections beside it, in their order.
    """

    rows: list[Row] = field(default_factory=list)
    more_before: bool = False
    more_after: bool = False
    total: int | None = None
    facets: dict[str, Sequence[tuple[Any, int]]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    beside: list["Found"] = field(default_factory=list)

    @property
    def first(self) -> Row | None:
        return self.rows[0] if self.rows else None


def check_size(selection: Selection, depth: int = 1) -> None:
    """That it is within what a catalogue answers (ports.Catalogue). Raises:  SelectionTooLarge."""
    if depth > DEPTH_MAX:
        raise SelectionTooLarge(what="selection.depth", limit=DEPTH_MAX, asked=depth)
    pages = [selection.page.size, *(facet.first for facet in selection.facets)]
    if max(pages) > PAGE_MAX:
        raise SelectionTooLarge(what="selection.page", limit=PAGE_MAX, asked=max(pages))
    for lineage in selection.lineages:
        if lineage.depth_max > LINEAGE_DEPTH_MAX:
            raise SelectionTooLarge(
                what="lineage.depth", limit=LINEAGE_DEPTH_MAX, asked=lineage.depth_max
            )
    for child in selection.children:
        check_size(child.selection, depth + 1)
    for each in selection.beside:
        check_size(each, depth)
