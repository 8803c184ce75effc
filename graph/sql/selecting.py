"""A Selection as one SQL statement: pure text, nothing is asked of a database here.

The statement gives one JSON text. A level of the tree is an array
`[rows, beyond, total, facet, …]`, where `beyond` says whether there are rows on the side that the
page was taken from, and a row is `[ordered by, id, field, …, child, …, part, …, lineage, …]`.
`graph/reading.py` makes the answer of it.
"""

from collections.abc import Mapping
from typing import Any

from dataspace.errors import SelectionTooLarge
from dataspace.relations import RELATIONS
from dataspace.selection import (
    DEPTH_MAX,
    LINEAGE_DEPTH_MAX,
    PAGE_MAX,
    Child,
    Condition,
    FacetOf,
    PartChild,
    Selection,
)
from dataspace.shape import Noun, Type
from graph.sql.conditions import condition_sql, path_sql
from graph.sql.lineage import lineage_sql
from graph.sql.past import past_tables
from graph.sql.searching import search_sql
from graph.sql.statement import Scope, Statement
from graph.tables import beside, is_listed, order_column, quoted


def select_sql(selection: Selection) -> tuple[str, Mapping[str, Any]]:
    """The statement that answers the selection, and its parameters."""
    statement = Statement(at=selection.at)
    scope = statement.scope(selection.kind)
    answer = _level(statement, selection, scope)
    before = [*past_tables(statement), *statement.before]
    opening = f"WITH {', '.join(before)} " if before else ""
    return f"{opening}SELECT {answer}", statement.parameters


def check_size(selection: Selection, depth: int = 1) -> None:
    """Raises:  SelectionTooLarge."""
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


def guard_sql(kind: str, id_: str, guard: Condition) -> tuple[str, Mapping[str, Any]]:
    """A statement that gives a row when the guard holds of the row with this id."""
    statement = Statement()
    scope = statement.scope(kind)
    holds = condition_sql(statement, scope, guard)
    sql = f"SELECT 1 {scope.sql()} WHERE {scope.column('id')} = {statement.bind(id_)} AND {holds}"
    return sql, statement.parameters


def _level(statement: Statement, selection: Selection, scope: Scope) -> str:
    """One level of the tree, as an expression that gives its JSON array."""
    scope = _narrowed(statement, selection, scope)
    rows, beyond = "json('[]')", "0"
    if selection.rows:
        rows, beyond = _rows(statement, selection, scope), _beyond(statement, selection, scope)
    total = f"(SELECT count(*) {scope.sql()})" if selection.total else "NULL"
    facets = [_facet(statement, selection, facet, scope=scope) for facet in selection.facets]
    return f"json_array({', '.join([rows, beyond, total, *facets])})"


def _narrowed(statement: Statement, selection: Selection, scope: Scope) -> Scope:
    """The scope with what the selection asks of its rows."""
    if selection.search:
        ranked = selection.order.field == "rank"
        scope = search_sql(statement, scope, selection.search, ranked=ranked)
    return scope.where(condition_sql(statement, scope, selection.where))


def _rows(statement: Statement, selection: Selection, scope: Scope) -> str:
    """The page first and alone, then for its rows only whatever hangs on them."""
    page, order = selection.page, selection.order
    along = path_sql(statement, scope, selection.where, ordered=order.field)
    within = scope.where(along)
    if page.position is not None:
        within = within.where(_past_position(statement, selection, scope))
    way = "DESC" if order.descending != page.backwards else "ASC"
    key = _key(selection, scope)
    numbers, row = statement.alias("p"), Scope(statement, selection.kind, statement.alias("t"))
    chosen = (
        f"SELECT {scope.column('number')} AS number, {key} AS key {within.sql()} "
        f"ORDER BY {f'{key} {way}, ' if order.field != 'id' else ''}"
        f"{scope.column('id')} {way} LIMIT {page.size + 1}"
    )
    ordered_by = f"{numbers}.key" if order.field == "rank" else row.column(order.field)
    values = [ordered_by, row.column("id"), *_values(statement, selection, row)]
    return (
        f"(SELECT json_group_array(json_array({', '.join(values)})) FROM ({chosen}) AS {numbers} "
        f"CROSS JOIN {statement.table(selection.kind)} AS {row.alias} "
        f"ON {row.column('number')} = {numbers}.number)"
    )


def _beyond(statement: Statement, selection: Selection, scope: Scope) -> str:
    if selection.page.position is None:
        return "0"
    this_side = _past_position(statement, selection, scope, turned=True)
    return f"EXISTS(SELECT 1 {scope.where(this_side).sql()})"


def _past_position(
    statement: Statement, selection: Selection, scope: Scope, *, turned: bool = False
) -> str:
    """Rows on the page's side of the position, or with `turned` those on the other and at it."""
    assert selection.page.position is not None
    value, id_ = selection.page.position
    sign = "<" if selection.order.descending != selection.page.backwards else ">"
    if turned:
        sign = "<=" if sign == ">" else ">="
    if selection.order.field == "id":
        return f"{scope.column('id')} {sign} {statement.bind(id_)}"
    bound = statement.bind(b"" if value is None else value)
    key = _key(selection, scope)
    return f"({key}, {scope.column('id')}) {sign} ({bound}, {statement.bind(id_)})"


def _key(selection: Selection, scope: Scope) -> str:
    """What rows are ordered by, never NULL."""
    if selection.order.field == "rank":
        return scope.rank
    if selection.order.field == "id":
        return scope.column("id")
    ordered = RELATIONS.by_name[selection.kind].by_name[selection.order.field]
    if not ordered.sort:
        raise KeyError(ordered.name)
    return scope.column(order_column(ordered))


def _values(statement: Statement, selection: Selection, row: Scope) -> list[str]:
    noun = RELATIONS.by_name[selection.kind]
    return [
        *(_field(statement, noun, name, row=row) for name in selection.fields),
        *(_child(statement, child, row) for child in selection.children),
        *(_part(statement, noun, part, row=row) for part in selection.parts),
        *(lineage_sql(statement, lineage, row) for lineage in selection.lineages),
    ]


def _field(statement: Statement, noun: Noun, name: str, *, row: Scope) -> str:
    edge = noun.edge_by_name.get(name)
    if edge is not None and edge.many:
        return (
            f"(SELECT json_group_array(target) FROM (SELECT target FROM "
            f"{statement.table(beside(noun, name))} WHERE source = {row.column('number')} "
            f"ORDER BY target))"
        )
    if edge is None and name not in ("id", "version") and noun.by_name[name].type is Type.NAMES:
        return f"json({row.column(name)})"
    return row.column(name)


def _child(statement: Statement, child: Child, row: Scope) -> str:
    way = RELATIONS.ways[row.kind][child.way]
    scope = statement.along(way, row)
    if way.many:
        return _level(statement, child.selection, scope)
    selection = child.selection
    scope = _narrowed(statement, selection, scope)
    values = [_shown_key(selection, scope), scope.column("id")]
    values.extend(_values(statement, selection, scope))
    return f"(SELECT json_array({', '.join(values)}) {scope.sql()} LIMIT 1)"


def _shown_key(selection: Selection, scope: Scope) -> str:
    if selection.order.field == "rank":
        return scope.rank
    return scope.column(selection.order.field)


def _part(statement: Statement, noun: Noun, wanted: PartChild, *, row: Scope) -> str:
    names = [noun_field.name for noun_field in noun.part_by_name[wanted.part].fields]
    if unknown := set(wanted.fields) - set(names):
        raise KeyError(*unknown)
    values = ", ".join(map(quoted, wanted.fields))
    return (
        f"(SELECT json_group_array(json_array({values})) FROM (SELECT * FROM "
        f"{statement.table(beside(noun, wanted.part))} WHERE source = {row.column('number')} "
        f"ORDER BY place LIMIT {int(wanted.first)}))"
    )


def _facet(statement: Statement, selection: Selection, facet: FacetOf, *, scope: Scope) -> str:
    noun = RELATIONS.by_name[selection.kind]
    value, counted = _facetted(statement, noun, facet.field, scope=scope)
    return (
        f"(SELECT json_group_array(json_array(v, n)) FROM (SELECT {value} AS v, count(*) AS n "
        f"{counted.where(f'{value} IS NOT NULL').sql()} GROUP BY 1 ORDER BY n DESC, v "
        f"LIMIT {int(facet.first)}))"
    )


def _facetted(statement: Statement, noun: Noun, name: str, *, scope: Scope) -> tuple[str, Scope]:
    """The expression that is counted, and the scope with a row for each of its values."""
    edge = noun.edge_by_name.get(name)
    if edge is None and not is_listed(noun.by_name[name]):
        return scope.column(name), scope
    if edge is not None and not edge.many:
        return scope.column(name), scope
    many = statement.alias("f")
    column = "target" if edge is not None else "value"
    counted = scope.joined(
        f"{statement.table(beside(noun, name))} AS {many}",
        f"{many}.source = {scope.column('number')}",
    )
    return f"{many}.{column}", counted
