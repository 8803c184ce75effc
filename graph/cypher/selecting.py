"""A Selection as one Cypher statement: pure text, nothing is asked of a database here.

The statement gives one list: the top level, or with selections beside it a list of theirs and
its own, its own first. A level of the tree is `[rows, beyond, total, facet, …]`, where
`beyond` says whether there are rows on the side that the page was taken from, and a row is
`[ordered by, id, field, …, child, …, part, …, lineage, …]`, as in `graph/sql/selecting.py`;
`graph/reading.py` makes the answer of both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dataspace.relations import RELATIONS
from dataspace.selection import (
    Child,
    Condition,
    Every,
    FacetOf,
    PartChild,
    Selection,
    Where,
)
from dataspace.shape import Noun, Type
from graph.cypher.conditions import condition_cypher
from graph.cypher.layout import (
    is_found_by,
    key_property,
    label,
    none_of,
    order_key,
    part_property,
    relationship,
)
from graph.cypher.lineage import lineage_cypher
from graph.cypher.searching import search_cypher
from graph.cypher.statement import Scope, Statement


def select_cypher(selection: Selection) -> tuple[str, Mapping[str, Any]]:
    """The statement that answers the selection, and its parameters."""
    statement, calls = Statement(at=selection.at), Calls()
    every = statement.rows(selection.kind)
    if selection.at is not None and selection.still is not None:
        every = every.where(_still(statement.today, every, selection.still))
    answer = _level(statement, selection, every, calls)
    today = statement.today
    beside = [_level(today, each, today.rows(each.kind), calls) for each in selection.beside]
    if beside:
        answer = f"[{', '.join([answer, *beside])}]"
    return f"{calls.text} RETURN {answer} AS answer", statement.parameters


def _still(today: Statement, then: Scope, condition: Condition) -> str:
    """That a row of the past is there today, and how."""
    now = today.rows(then.kind)
    now = now.where(f"{now.row}.id = {then.row}.id", condition_cypher(today, now, condition))
    return f"EXISTS {{ {now.cypher()} }}"


def guard_cypher(kind: str, id_: str, guard: Condition) -> tuple[str, Mapping[str, Any]]:
    """A statement that gives a row when the guard holds of the row with this id."""
    statement = Statement()
    scope = statement.rows(kind)
    held = condition_cypher(statement, scope, guard)
    scope = scope.where(f"{scope.row}.id = {statement.bind(id_)}", held)
    return f"{scope.cypher()} RETURN 1", statement.parameters


@dataclass
class Calls:
    """Subqueries that stand before a projection, each giving one value under a name.

    They are calls and not expressions, because Neo4j refuses an expression that holds values of
    a row beside a subquery in which something is counted. `row` is the row that they may use.
    """

    row: str = ""
    texts: list[str] = field(default_factory=list)

    def add(self, statement: Statement, letter: str, body: str) -> str:
        """`body` ends with what it returns; the name of its value comes back."""
        name = statement.variable(letter)
        self.texts.append(f"CALL ({self.row}) {{ {body} AS {name} }}")
        return name

    @property
    def text(self) -> str:
        return " ".join(self.texts)


def _level(statement: Statement, selection: Selection, scope: Scope, calls: Calls) -> str:
    """One level of the tree, as a list of what its calls give."""
    root = not calls.row
    along = _narrowed(statement, selection, scope, root=root)
    scope = _reached(statement, selection, along) if root and statement.at is None else along
    rows, beyond, total = "[]", "false", "null"
    if selection.rows:
        indexed = root and statement.at is None and _ordered_sooner(selection)
        read = _rows(statement, selection, along if indexed else scope, indexed=indexed)
        rows = calls.add(statement, "rows", read)
        if selection.page.position is not None:
            beyond = calls.add(statement, "beyond", _beyond(statement, selection, scope))
    if selection.total:
        total = calls.add(statement, "total", f"{scope.cypher()} RETURN count(*)")
    facets = [
        calls.add(statement, "facet", _facet(statement, selection, facet, scope=scope))
        for facet in selection.facets
    ]
    return f"[{', '.join([rows, beyond, total, *facets])}]"


def _narrowed(statement: Statement, selection: Selection, scope: Scope, *, root: bool) -> Scope:
    """The scope with what the selection asks of its rows."""
    if selection.search:
        looked_up = root and statement.at is None
        scope = search_cypher(statement, scope, selection.search, root=looked_up)
    return scope.where(condition_cypher(statement, scope, selection.where))


def _rows(statement: Statement, selection: Selection, scope: Scope, *, indexed: bool) -> str:
    """The page first and alone, then for its rows only whatever hangs on them."""
    page, order, row = selection.page, selection.order, scope.row
    hint, ordered_by = _along_index(selection, row) if indexed else ("", [])
    within = scope.where(*_past_position(statement, selection, scope))
    if indexed and page.position is None:
        held = (_key(selection, scope), f"{row}.id")
        within = within.where(*(f"{each} IS NOT NULL" for each in dict.fromkeys(held)))
    key = statement.variable("key") if order.field == "rank" else _key(selection, scope)
    by = _by(selection, [*ordered_by, key, f"{row}.id"])
    shown = key if order.field == "rank" else _shown_key(selection, scope)
    carried = f"{row}, {scope.rank} AS {key}" if order.field == "rank" else row
    known = f"{row}, {key}" if order.field == "rank" else row
    hung, made = _made(statement, selection, scope, shown=shown)
    page_of = f"{within.cypher(hint)} WITH {carried} ORDER BY {by} LIMIT {page.size + 1}"
    if not hung:
        return f"{page_of} RETURN collect({made})"
    return f"{page_of} {hung} WITH {known}, {made} AS made ORDER BY {by} RETURN collect(made)"


def _made(
    statement: Statement, selection: Selection, scope: Scope, *, shown: str
) -> tuple[str, str]:
    """The calls that a row of the answer needs, and the row itself as a list."""
    calls = Calls(scope.row)
    values = [shown, f"{scope.row}.id", *_values(statement, selection, scope, calls)]
    return calls.text, f"[{', '.join(values)}]"


def _by(selection: Selection, columns: list[str]) -> str:
    way = "DESC" if selection.order.descending != selection.page.backwards else "ASC"
    return ", ".join(f"{column} {way}" for column in dict.fromkeys(columns))


def _along_index(selection: Selection, row: str) -> tuple[str, list[str]]:
    """The index that already has the page's order: the hint for it, and what comes first in it."""
    noun, ordered = RELATIONS.by_name[selection.kind], selection.order.field
    if ordered == "id":
        return f"USING INDEX {row}:{label(selection.kind)}(id)", []
    equal = _compared_equal(selection.where)
    path = next((first for first, then in noun.paths if then == ordered and first in equal), None)
    names = [*([path] if path else []), key_property(ordered), "id"]
    hint = f"USING INDEX {row}:{label(selection.kind)}({', '.join(names)})"
    return hint, [f"{row}.`{path}`"] if path else []


def _reached(statement: Statement, selection: Selection, scope: Scope) -> Scope:
    """The scope begun at the one row that an edge of all found ends at, where the condition names
    one: the graph keeps the way from there with that row, so an edge needs no index."""
    noun, equal = RELATIONS.by_name[selection.kind], _compared_equal(selection.where)
    edge = next((each for each in noun.edges if not each.many and each.name in equal), None)
    if edge is None or selection.search:
        return scope
    end = f"(:{label(edge.target)} {{id: {statement.bind(equal[edge.name])}}})"
    source = f"MATCH {end}<-[:{relationship(edge)}]-{statement.node(scope.kind, scope.row)}"
    return replace(scope, source=source)


def _ordered_sooner(selection: Selection) -> bool:
    """Whether the page's order is read along an index; few rows are found and sorted sooner."""
    noun = RELATIONS.by_name[selection.kind]
    few = {"id", *(field.name for field in noun.fields if field.unique)}
    if selection.order.field == "id":
        few |= {field.name for field in noun.fields if is_found_by(field)}
        few |= {edge.name for edge in noun.edges if not edge.many}
    return not selection.search and few.isdisjoint(_compared_equal(selection.where))


def _compared_equal(condition: Condition) -> dict[str, Any]:
    """The fields that the condition, as a whole, wants to equal a value, and that value."""
    match condition:
        case Every(conditions):
            every = [_compared_equal(each) for each in conditions]
            return {name: value for each in every for name, value in each.items()}
        case Where(name, "eq", value) if value is not None:
            return {name: value}
    return {}


def _beyond(statement: Statement, selection: Selection, scope: Scope) -> str:
    this_side = _past_position(statement, selection, scope, turned=True)
    return f"RETURN EXISTS {{ {scope.where(*this_side).cypher()} RETURN 1 }}"


def _past_position(
    statement: Statement, selection: Selection, scope: Scope, *, turned: bool = False
) -> list[str]:
    """Rows on the page's side of the position, or with `turned` those on the other and at it.

    The first comparison alone lets an index be entered at the position.
    """
    if selection.page.position is None:
        return []
    value, id_ = selection.page.position
    sign = "<" if selection.order.descending != selection.page.backwards else ">"
    if turned:
        sign = ">" if sign == "<" else "<"
    at = statement.bind(id_)
    same = f"{scope.row}.id {sign}{'=' if turned else ''} {at}"
    if selection.order.field == "id":
        return [same]
    bound, key = statement.bind(_bound(selection, value)), _key(selection, scope)
    return [
        f"{key} {sign}= {bound}",
        f"{scope.row}.id IS NOT NULL",
        f"{key} {sign} {bound} OR {same}",
    ]


def _bound(selection: Selection, value: Any) -> Any:
    if selection.order.field == "rank":
        return value
    return order_key(RELATIONS.by_name[selection.kind].by_name[selection.order.field], value)


def _key(selection: Selection, scope: Scope) -> str:
    """What rows are ordered by, never null."""
    if selection.order.field == "rank":
        return f"({scope.rank})"
    if selection.order.field == "id":
        return f"{scope.row}.id"
    ordered = RELATIONS.by_name[selection.kind].by_name[selection.order.field]
    if not ordered.sort:
        raise KeyError(ordered.name)
    return f"{scope.row}.`{key_property(ordered.name)}`"


def _shown_key(selection: Selection, scope: Scope) -> str:
    return scope.column(selection.order.field)


def _values(statement: Statement, selection: Selection, scope: Scope, calls: Calls) -> list[str]:
    noun, row = RELATIONS.by_name[selection.kind], scope.row
    lineages = (
        lineage_cypher(statement, lineage, kind=selection.kind, row=row)
        for lineage in selection.lineages
    )
    return [
        *(_field(noun, name, scope) for name in selection.fields),
        *(_child(statement, child, scope, calls) for child in selection.children),
        *(_part(statement, noun, part, row=row) for part in selection.parts),
        *(calls.add(statement, "links", each) if each else "[]" for each in lineages),
    ]


def _field(noun: Noun, name: str, scope: Scope) -> str:
    edge = noun.edge_by_name.get(name)
    return f"coalesce({scope.column(name)}, [])" if edge and edge.many else scope.column(name)


def _child(statement: Statement, child: Child, scope: Scope, calls: Calls) -> str:
    way = RELATIONS.ways[scope.kind][child.way]
    end, selection = statement.along(way, scope.row), child.selection
    if way.many:
        return _level(statement, selection, end, calls)
    end = _narrowed(statement, selection, end, root=False)
    rank = selection.order.field == "rank"
    key = statement.variable("key") if rank else _shown_key(selection, end)
    carried = f"WITH {end.row}, {end.rank} AS {key}" if rank else ""
    hung, made = _made(statement, selection, end, shown=key)
    body = f"{end.cypher()} {carried} {hung} RETURN head(collect({made}))"
    return calls.add(statement, "one", body)


def _part(statement: Statement, noun: Noun, wanted: PartChild, *, row: str) -> str:
    part, place = noun.part_by_name[wanted.part], statement.variable("i")
    types = {field.name: field.type for field in part.fields}
    values = [
        _listed(statement, f"{row}.`{part_property(part.name, name)}`[{place}]", types[name])
        for name in wanted.fields
    ]
    first = f"{row}.`{part_property(part.name, part.fields[0].name)}`"
    count = statement.bind(int(wanted.first))
    return (
        f"[{place} IN range(0, coalesce(size({first}), 0) - 1) WHERE {place} < {count} "
        f"| [{', '.join(values)}]]"
    )


def _listed(statement: Statement, column: str, of: Type) -> str:
    if of is Type.FLAG:
        return f"CASE {column} WHEN 1 THEN true WHEN 0 THEN false END"
    return f"nullIf({column}, {statement.bind(none_of(of))})"


def _facet(statement: Statement, selection: Selection, facet: FacetOf, *, scope: Scope) -> str:
    """A list of `[value, count, name]`; the name is null unless an edge is counted by."""
    noun = RELATIONS.by_name[selection.kind]
    column, edge = scope.column(facet.field), noun.edge_by_name.get(facet.field)
    listed = edge.many if edge else noun.by_name[facet.field].type is Type.NAMES
    value = f"WITH {column} AS value WHERE value IS NOT NULL"
    if listed:
        value = f"WITH {scope.row} UNWIND {column} AS value WITH DISTINCT {scope.row}, value"
    counted = (
        f"{scope.cypher()} {value} WITH value, count(*) AS n "
        f"ORDER BY n DESC, value LIMIT {int(facet.first)}"
    )
    if edge is None:
        return f"{counted} RETURN collect([value, n, null])"
    end = statement.rows(edge.target)
    end = end.where(f"{end.row}.id = value")
    called = end.column(RELATIONS.by_name[edge.target].called)
    return (
        f"{counted} RETURN collect([value, n, head(COLLECT {{ {end.cypher()} RETURN {called} }})])"
    )
