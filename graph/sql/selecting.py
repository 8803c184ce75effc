"""A Selection as one SQL statement: pure text, nothing is asked of a database here.

The levels of the tree stand one after another, numbered as they are met from the top, so that no
depth of the tree becomes a depth of the text. The statement gives rows of four columns:

* `('row', level, number, [ordered by, id, field, …, part, …, lineage, …])`, once for a row even
  when it hangs below many;
* `('below', level, number of the row above, [number, …])`, in no particular order;
* `('sum', level, number of the row above, [beyond, total, facet, …])`, where `beyond` says whether
  there are rows on the side that the page was taken from, and a facet is a list of
  `[value, count, name]`; the name is NULL unless an edge is counted by.

The top level hangs below 0, and so does that of each selection beside it, numbered after all
levels of those before. `graph/reading.py` makes the answer of it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dataspace.relations import RELATIONS
from dataspace.selection import (
    Child,
    Condition,
    FacetOf,
    Order,
    PartChild,
    Selection,
)
from dataspace.shape import Noun, Type
from graph.sql.conditions import condition_sql, path_sql
from graph.sql.lineage import lineage_sql
from graph.sql.past import past_tables
from graph.sql.ranking import by_weight_sql, goes_by_weight
from graph.sql.searching import search_sql
from graph.sql.statement import Scope, Statement
from graph.tables import beside, is_listed, order_column, quoted

Sql = tuple[str, Mapping[str, Any]]


def select_sql(selection: Selection) -> Sql:
    """The statement that answers the selection, and its parameters."""
    statement = Statement(at=selection.at)
    _top(statement, selection)
    for each in selection.beside:
        _top(statement.today, each)
    before = [*past_tables(statement), *statement.before]
    opening = f"WITH {', '.join(before)} " if before else ""
    answers = statement.answers or ["SELECT 'sum', 0, 0, '[0, null]'"]
    return opening + " UNION ALL ".join(answers), statement.parameters


def guard_sql(kind: str, id_: str, guard: Condition) -> Sql:
    """A statement that gives a row when the guard holds of the row with this id."""
    statement = Statement()
    scope = statement.scope(kind)
    scope = scope.where(f"{scope.column('id')} = {statement.bind(id_)}")
    scope = scope.where(condition_sql(statement, scope, guard))
    return f"SELECT 1 {scope.sql()}", statement.parameters


def _top(statement: Statement, selection: Selection) -> None:
    level, every = statement.level(), statement.scope(selection.kind)
    if selection.at is not None and selection.still is not None:
        every = every.where(_still(statement.today, every, selection.still))
    if goes_by_weight(statement, selection):
        scope = _narrowed(statement, replace(selection, order=Order()), every)
        seen = every.where(condition_sql(statement, every, selection.where))
        chosen = by_weight_sql(statement, selection, seen)
        this_side = by_weight_sql(statement, selection, seen, turned=True)
    else:
        scope = _narrowed(statement, selection, every)
        chosen = _chosen(statement, selection, scope)
        this_side = _this_side(statement, selection, scope)
    holder = "(SELECT 0 AS number) AS p"
    _sum(statement, selection, scope, level=level, holder=holder, this_side=this_side)
    if selection.rows:
        statement.before.append(
            f"l{level} AS MATERIALIZED (SELECT 0 AS parent, number, key FROM ({chosen}))"
        )
        _answered(statement, selection, level)


def _still(today: Statement, then: Scope, condition: Condition) -> str:
    """That a row of the past is there today, and how."""
    now = today.scope(then.kind)
    now = now.where(f"{now.column('id')} = {then.column('id')}")
    return f"EXISTS(SELECT 1 {now.where(condition_sql(today, now, condition)).sql()})"


def _below(statement: Statement, child: Child, kind: str, *, above: int) -> None:
    """The level of a child: for every row of the level above the page that hangs below it."""
    level, selection = statement.level(), child.selection
    way, row = RELATIONS.ways[kind][child.way], Scope(statement, kind, statement.alias("s"))
    holder = (
        f"(SELECT DISTINCT number FROM l{above}) AS p CROSS JOIN {statement.table(kind)} "
        f"AS {row.alias} ON {row.column('number')} = p.number"
    )
    scope = _narrowed(statement, selection, statement.along(way, row))
    if way.many:
        this_side = _this_side(statement, selection, scope)
        _sum(statement, selection, scope, level=level, holder=holder, this_side=this_side)
    if way.many and not selection.rows:
        return
    end = Scope(statement, selection.kind, statement.alias("c"))
    chosen = _chosen(statement, selection, scope) if way.many else f"{_number(scope)} LIMIT 1"
    rank = f"CROSS JOIN {scope.found} ON {scope.found}.number = {end.column('number')}"
    ranked = selection.order.field == "rank" and scope.found
    statement.before.append(
        f"l{level} AS MATERIALIZED (SELECT p.number AS parent, {end.column('number')} AS number, "
        f"{scope.rank if ranked else 'NULL'} AS key FROM {holder} "
        f"CROSS JOIN {statement.table(end.kind)} AS {end.alias} ON {end.column('number')} IN "
        f"(SELECT number FROM ({chosen})) {rank if ranked else ''})"
    )
    _answered(statement, selection, level)


def _answered(statement: Statement, selection: Selection, level: int) -> None:
    """What is told of a level that has been chosen, and the levels below it."""
    row = Scope(statement, selection.kind, statement.alias("t"))
    noun, ranked = RELATIONS.by_name[selection.kind], selection.order.field == "rank"
    values = [
        "p.key" if ranked else row.column(selection.order.field),
        row.column("id"),
        *(_field(statement, noun, name, row=row) for name in selection.fields),
        *(_part(statement, noun, part, row=row) for part in selection.parts),
        *(lineage_sql(statement, lineage, row) for lineage in selection.lineages),
    ]
    statement.answers.append(
        f"SELECT 'row', {level}, p.number, json_array({', '.join(values)}) "
        f"FROM (SELECT DISTINCT number, key FROM l{level}) AS p "
        f"CROSS JOIN {statement.table(row.kind)} AS {row.alias} "
        f"ON {row.column('number')} = p.number"
    )
    statement.answers.append(
        f"SELECT 'below', {level}, parent, json_group_array(number) FROM l{level} GROUP BY parent"
    )
    for child in selection.children:
        _below(statement, child, selection.kind, above=level)


def _narrowed(statement: Statement, selection: Selection, scope: Scope) -> Scope:
    """The scope with what the selection asks of its rows."""
    if selection.search:
        ranked = selection.order.field == "rank"
        scope = search_sql(statement, scope, selection.search, ranked=ranked)
    return scope.where(condition_sql(statement, scope, selection.where))


def _chosen(statement: Statement, selection: Selection, scope: Scope) -> str:
    """The numbers of the rows of the page, and of one more that says whether there are more."""
    page, order = selection.page, selection.order
    scope = scope.where(path_sql(statement, scope, selection.where, ordered=order.field))
    if page.position is not None:
        scope = scope.where(_past_position(statement, selection, scope))
    way = "DESC" if order.descending != page.backwards else "ASC"
    key = _key(selection, scope)
    by = "" if order.field == "id" else f"{key} {way}, "
    return (
        f"{_number(scope, key=key)} ORDER BY {by}{scope.column('id')} {way} LIMIT {page.size + 1}"
    )


def _number(scope: Scope, *, key: str = "NULL") -> str:
    return f"SELECT {scope.column('number')} AS number, {key} AS key {scope.sql()}"


def _sum(
    statement: Statement,
    selection: Selection,
    scope: Scope,
    *,
    level: int,
    holder: str,
    this_side: str,
) -> None:
    """What is told of a page as a whole, when anything is asked of it."""
    page = selection.page
    if not (selection.total or selection.facets or (page.position and selection.rows)):
        return
    total = f"(SELECT count(*) {scope.sql()})" if selection.total else "NULL"
    facets = [
        _facet(statement, selection, facet, scope=scope, top=level == 0)
        for facet in selection.facets
    ]
    beyond = "0"
    if page.position and selection.rows:
        beyond = f"EXISTS({this_side})"
    statement.answers.append(
        f"SELECT 'sum', {level}, p.number, json_array({', '.join([beyond, total, *facets])}) "
        f"FROM {holder}"
    )


def _this_side(statement: Statement, selection: Selection, scope: Scope) -> str:
    """What the page has left behind: the row at its position and those on the other side."""
    if selection.page.position is None:
        return ""
    behind = _past_position(statement, selection, scope, turned=True)
    return f"SELECT 1 {scope.where(behind).sql()}"


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


def _facet(
    statement: Statement, selection: Selection, facet: FacetOf, *, scope: Scope, top: bool
) -> str:
    noun = RELATIONS.by_name[selection.kind]
    edge = noun.edge_by_name.get(facet.field)
    many = edge.many if edge is not None else is_listed(noun.by_name[facet.field])
    if many:
        value, counted = _many_counted(statement, noun, facet.field, scope=scope, top=top)
    else:
        # In the order of the rows: the signs keep the planner from an index on the value, from
        # which it would have to jump to every row.
        value = f"+{scope.column(facet.field)}"
        counted = scope.where(f"{value} IS NOT NULL").sql()
    name = "NULL" if edge is None else _called(statement, edge.target, "v")
    return (
        f"(SELECT json_group_array(json_array(v, n, {name})) FROM "
        f"(SELECT {value} AS v, count(*) AS n {counted} GROUP BY {value} "
        f"ORDER BY n DESC, v LIMIT {int(facet.first)}))"
    )


def _called(statement: Statement, kind: str, id_: str) -> str:
    row = statement.scope(kind)
    same = f"{row.column('id')} = {id_}"
    return f"(SELECT {row.column(RELATIONS.by_name[kind].called)} {row.where(same).sql()})"


def _many_counted(
    statement: Statement, noun: Noun, name: str, *, scope: Scope, top: bool
) -> tuple[str, str]:
    """What rows have many of, counted: at the top in the order of the values, so that they need
    not be sorted; below, where a page's rows have few, from each of the rows."""
    many = statement.alias("f")
    value = f"{many}.target" if name in noun.edge_by_name else f"{many}.value"
    rows = f"(SELECT {scope.column('number')} {scope.sql()})"
    source = f"{'+' if top else ''}{many}.source"
    table = statement.table(beside(noun, name))
    return value, f"FROM {table} AS {many} WHERE {source} IN {rows}"
