"""Conditions as SQL. A comparison with a missing value is NULL, which counts as false; only
`Not` must say so, for NULL negated would stay NULL."""

from collections.abc import Iterator, Sequence

from dataspace.relations import RELATIONS
from dataspace.selection import Condition, Either, Every, Linked, Not, PartHas, Where
from graph.sql.statement import Scope, Statement
from graph.tables import beside, is_found_by, is_listed, order_column, quoted

SIGNS = {"eq": "=", "ne": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


def condition_sql(statement: Statement, scope: Scope, condition: Condition) -> str:
    """The condition of a row in the scope; empty when it always holds."""
    match condition:
        case Every(conditions):
            every = [condition_sql(statement, scope, each) for each in conditions]
            return " AND ".join(f"({each})" for each in every if each)
        case Either(conditions):
            either = [condition_sql(statement, scope, each) for each in conditions]
            if any(not each for each in either):
                return ""
            return " OR ".join(f"({each})" for each in either) or "0"
        case Not(inner):
            return f"NOT ifnull(({condition_sql(statement, scope, inner) or '1'}), 0)"
        case Linked(name, inner):
            far = statement.along(RELATIONS.ways[scope.kind][name], scope)
            return f"EXISTS(SELECT 1 {far.where(condition_sql(statement, far, inner)).sql()})"
        case PartHas(part, conditions):
            return _part_has(statement, scope, part, conditions=conditions)
        case Where():
            return _where(statement, scope, condition)


def _part_has(statement: Statement, scope: Scope, part: str, *, conditions: Sequence[Where]) -> str:
    noun = RELATIONS.by_name[scope.kind]
    known = {field.name for field in noun.part_by_name[part].fields}
    if unknown := {each.field for each in conditions} - known:
        raise KeyError(*unknown)
    held = [f"source = {scope.column('number')}"]
    held.extend(_compared(statement, quoted(each.field), each) for each in conditions)
    table = statement.table(beside(noun, part))
    return f"EXISTS(SELECT 1 FROM {table} WHERE {' AND '.join(held)})"


def _where(statement: Statement, scope: Scope, where: Where) -> str:
    noun = RELATIONS.by_name[scope.kind]
    edge, field = noun.edge_by_name.get(where.field), noun.by_name.get(where.field)
    if edge is not None and edge.many:
        return _among_many(statement, scope, where, column="target")
    if where.operator == "has":
        assert field is not None, where.field
        if is_listed(field):
            return _among_many(statement, scope, where, column="value")
        held = f"json_each({scope.column(where.field)})"
        return f"EXISTS(SELECT 1 FROM {held} WHERE value = {statement.bind(where.value)})"
    if field is not None and field.sort and where.operator != "is_null":
        # The column that the field's index is made of; there a missing value sorts last.
        column = scope.column(order_column(field))
        compared = _compared(statement, column, where)
        missing = where.operator in ("ne", "gt", "gte")
        return f"{compared} AND {column} < x''" if missing else compared
    column = scope.column(where.field)
    # The sign keeps the planner from making an index of its own, and from that of a path:
    # `path_sql` says when a path is the right one.
    told_apart = edge is not None or where.field == "id" or (field and is_found_by(field))
    return _compared(statement, column if told_apart else f"+{column}", where)


def path_sql(statement: Statement, scope: Scope, condition: Condition, *, ordered: str) -> str:
    """The condition that lets a page run along a path of the noun, when it asks for one."""
    noun = RELATIONS.by_name[scope.kind]
    for each in _every(condition):
        if each.operator == "eq" and (each.field, ordered) in noun.paths:
            return f"{scope.column(each.field)} = {statement.bind(each.value)}"
    return ""


def _every(condition: Condition) -> Iterator[Where]:
    """The comparisons that hold of every row that the condition holds of."""
    if isinstance(condition, Every):
        for each in condition.conditions:
            yield from _every(each)
    elif isinstance(condition, Where):
        yield condition


def _among_many(statement: Statement, scope: Scope, where: Where, *, column: str) -> str:
    table = statement.table(beside(RELATIONS.by_name[scope.kind], where.field))
    number = scope.column("number")
    if where.operator == "is_null":
        exists = f"EXISTS(SELECT 1 FROM {table} WHERE source = {number})"
        return f"NOT {exists}" if where.value else exists
    if where.operator != "has":
        raise KeyError(f"{where.field} {where.operator}")
    value = statement.bind(where.value)
    return f"{number} IN (SELECT source FROM {table} WHERE {column} = {value})"


def _compared(statement: Statement, column: str, where: Where) -> str:
    if where.operator == "is_null":
        return f"{column} IS NULL" if where.value else f"{column} IS NOT NULL"
    if where.operator == "in":
        values = ", ".join(statement.bind(each) for each in where.value if each is not None)
        return f"{column} IN ({values})"
    if where.value is None:
        return "0"
    return f"{column} {SIGNS[where.operator]} {statement.bind(where.value)}"
