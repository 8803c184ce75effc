"""Lineage as levels that are walked one after another, each over rows that the reader may see.

The levels are one expression that grows a list, so that the statement is as long for twelve
levels as for one: Neo4j takes longer to plan a statement than to run it. Its own shortest paths
were slower by far where many ways lead to one row.
"""

from collections.abc import Iterable

from dataspace.relations import RELATIONS
from dataspace.selection import NOTHING, Lineage
from dataspace.shape import Way
from graph.cypher.conditions import condition_cypher
from graph.cypher.layout import label, past_label, relationship
from graph.cypher.statement import Scope, Statement


def lineage_cypher(statement: Statement, lineage: Lineage, *, kind: str, row: str) -> str:
    """A subquery that gives a list of links, each `[depth, edge, end, end]`.

    An end is `[id, kind, name, state]`. A link stands at 1 + the least distance of its nearer
    end, so cycles end. Empty where no way of lineage begins.
    """
    ways = _ways(kind, upwards=lineage.upwards)
    if not ways or lineage.depth_max < 1:
        return ""
    step = _step if statement.at is None else _past_step
    levels, depth = statement.variable("levels"), statement.variable("depth")
    further = statement.bind(int(lineage.depth_max) - 1)
    source, target = ("a", "b") if lineage.upwards else ("b", "a")
    kinds = dict.fromkeys([kind, *(way.end for way in ways)])
    return (
        f"WITH reduce({levels} = [[{row}]], {depth} IN range(1, {further}) | {levels} + [[b IN "
        f"COLLECT {{ UNWIND last({levels}) AS a {step(statement, lineage, ways, carried='a')} "
        f"RETURN DISTINCT b }} WHERE none(level IN {levels} WHERE b IN level)]]) AS {levels} "
        f"UNWIND range(0, size({levels}) - 1) AS {depth} UNWIND {levels}[{depth}] AS a "
        f"{step(statement, lineage, ways, carried=f'a, {depth}')} "
        f"WITH {depth} + 1 AS {depth}, edge, {source} AS source, {target} AS target "
        f"ORDER BY {depth}, edge, source.id, target.id LIMIT {int(lineage.first)} "
        f"RETURN collect([{depth}, edge, {_end(statement, 'source', kinds)}, "
        f"{_end(statement, 'target', kinds)}])"
    )


def _step(statement: Statement, lineage: Lineage, ways: list[Way], *, carried: str) -> str:
    """From a row `a` to every row `b` at the other end of a link."""
    types = "|".join(dict.fromkeys(relationship(way.edge) for way in ways))
    arrow = f"-[e:{types}]->" if lineage.upwards else f"<-[e:{types}]-"
    held = _visible(statement, lineage, ways)
    return f"MATCH (a){arrow}(b) WHERE {held} WITH {carried}, toLower(type(e)) AS edge, b"


def _past_step(statement: Statement, lineage: Lineage, ways: list[Way], *, carried: str) -> str:
    """The same by the ids that one of the two holds, for the past has no relationships."""
    kinds = list(dict.fromkeys(way.end for way in ways))
    labels = "|".join(statement.node(kind, "")[2:-1] for kind in kinds)
    held = _visible(statement, lineage, ways)
    holder, other = ("a", "b") if lineage.upwards else ("b", "a")
    named = dict.fromkeys((way.edge.name, way.edge.many) for way in ways)
    edges = ", ".join(
        f"CASE WHEN {other}.id {'IN' if many else '='} {holder}.{name} THEN '{name}' END"
        for name, many in named
    )
    standing = " AND ".join(f"({each})" for each in statement.standing("b"))
    return (
        f"MATCH (b:{labels}) WHERE {standing} AND ({held}) "
        f"UNWIND [edge IN [{edges}] WHERE edge IS NOT NULL] AS edge WITH {carried}, edge, b"
    )


def _visible(statement: Statement, lineage: Lineage, ways: list[Way]) -> str:
    """Whether the reader may see `b`: one expression, for Neo4j's planner takes a disjunction of
    conjunctions apart, which costs it seconds and now and then its own assertion."""
    cases = []
    for kind in dict.fromkeys(way.end for way in ways):
        scope = Scope(statement, kind, "b", "")
        condition = lineage.visible.get(kind, NOTHING)
        held = condition_cypher(statement, scope, condition) or "true"
        cases.append(f"WHEN {_is(statement, 'b', kind)} THEN ({held})")
    return f"CASE {' '.join(cases)} ELSE false END"


def _is(statement: Statement, row: str, kind: str) -> str:
    past = f" OR {row}:{past_label(kind)}" if statement.at is not None else ""
    return f"{row}:{label(kind)}{past}"


def _ways(kind: str, *, upwards: bool) -> list[Way]:
    """Every way of lineage that can be reached from the kind."""
    kinds, ways = [kind], []
    for each in kinds:  # it grows while it is gone through
        here = [
            way
            for way in RELATIONS.ways[each].values()
            if way.edge.lineage and way.forward == upwards
        ]
        ways += here
        kinds += dict.fromkeys(way.end for way in here if way.end not in kinds)
    return ways


def _end(statement: Statement, row: str, kinds: Iterable[str]) -> str:
    """What a link shows of the row at an end of it; its kind is its label's."""
    labels = " ".join(f"WHEN {_is(statement, row, kind)} THEN '{kind}'" for kind in kinds)
    return f"[{row}.id, CASE {labels} END, coalesce({row}.name, {row}.title), {row}.state]"
