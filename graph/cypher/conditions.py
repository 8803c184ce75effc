"""Conditions as Cypher. A comparison with a missing value is null, which counts as false; only
`Not` must say so, for null negated would stay null."""

from collections.abc import Sequence

from dataspace.relations import RELATIONS
from dataspace.selection import Condition, Either, Every, Linked, Not, PartHas, Where
from dataspace.shape import Noun, Part, Type
from graph.cypher.layout import label, none_of, part_property, relationship
from graph.cypher.statement import Scope, Statement

SIGNS = {"eq": "=", "ne": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


def condition_cypher(statement: Statement, scope: Scope, condition: Condition) -> str:
    """The condition of a row in the scope; empty when it always holds."""
    match condition:
        case Every(conditions):
            every = [condition_cypher(statement, scope, each) for each in conditions]
            return " AND ".join(f"({each})" for each in every if each)
        case Either(conditions):
            either = [condition_cypher(statement, scope, each) for each in conditions]
            if any(not each for each in either):
                return ""
            return " OR ".join(f"({each})" for each in either) or statement.never
        case Not(inner):
            held = condition_cypher(statement, scope, inner) or "true"
            return f"NOT coalesce(({held}), false)"
        case Linked(name, inner):
            far = statement.along(RELATIONS.ways[scope.kind][name], scope.row)
            return f"EXISTS {{ {far.where(condition_cypher(statement, far, inner)).cypher()} }}"
        case PartHas(part, conditions):
            return _part_has(statement, scope, part, conditions=conditions)
        case Where():
            return _where(statement, scope, condition)


def _part_has(statement: Statement, scope: Scope, name: str, *, conditions: Sequence[Where]) -> str:
    noun: Noun = RELATIONS.by_name[scope.kind]
    part, place = noun.part_by_name[name], statement.variable("i")
    held = [_held(statement, scope, part, place=place, where=each) for each in conditions]
    first = f"{scope.row}.`{part_property(name, part.fields[0].name)}`"
    within = f"{place} IN range(0, coalesce(size({first}), 0) - 1)"
    return f"any({within} WHERE {' AND '.join(held) or 'true'})"


def _held(statement: Statement, scope: Scope, part: Part, *, place: str, where: Where) -> str:
    """A comparison with a value of a list, in which something stands for a missing one."""
    of = {field.name: field.type for field in part.fields}[where.field]
    column = f"{scope.row}.`{part_property(part.name, where.field)}`[{place}]"
    if of is Type.FLAG:
        column = f"CASE {column} WHEN 1 THEN true WHEN 0 THEN false END"
    else:
        column = f"nullIf({column}, {statement.bind(none_of(of))})"
    return _compared(statement, column, where)


def _where(statement: Statement, scope: Scope, where: Where) -> str:
    edge = RELATIONS.by_name[scope.kind].edge_by_name.get(where.field)
    column = scope.column(where.field)
    if where.operator != "has":
        if edge is not None and edge.many and where.operator != "is_null":
            raise KeyError(f"{where.field} {where.operator}")
        return _compared(statement, column, where)
    if edge is not None and edge.many and statement.at is None:
        end = f"(:{label(edge.target)} {{id: {statement.bind(where.value)}}})"
        return f"EXISTS {{ ({scope.row})-[:{relationship(edge)}]->{end} }}"
    return f"{statement.bind(where.value)} IN {column}"


def _compared(statement: Statement, column: str, where: Where) -> str:
    if where.operator == "is_null":
        return f"{column} IS NULL" if where.value else f"{column} IS NOT NULL"
    if where.operator == "in":
        values = [each for each in where.value if each is not None]
        return f"{column} IN {statement.bind(values)}"
    if where.value is None:
        return statement.never
    return f"{column} {SIGNS[where.operator]} {statement.bind(where.value)}"
