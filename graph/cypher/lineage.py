"""Lineage as levels that are walked one after another, each over rows that the reader may see.

Every level is one match for all ways together, since planning a statement takes longer than
running it. Neo4j's own shortest paths were slower by far where many ways lead to one row.
"""

from dataspace.relations import RELATIONS
from dataspace.selection import NOTHING, Lineage
from dataspace.shape import Way
from graph.cypher.conditions import condition_cypher
from graph.cypher.layout import relationship
from graph.cypher.statement import Scope, Statement


def lineage_cypher(statement: Statement, lineage: Lineage, *, kind: str, row: str) -> str:
    """A subquery that gives a list of links, each `[depth, edge, end, end]`.

    An end is `[id, kind, name, state]`. A link stands at 1 + the least distance of its nearer
    end, so cycles end. Empty where no way of lineage begins.
    """
    ways = _ways(kind, upwards=lineage.upwards)
    if not ways or lineage.depth_max < 1:
        return ""
    near, seen, links = (statement.variable(letter) for letter in ("near", "seen", "links"))
    text = f"WITH [{row}] AS {near}, [{row}] AS {seen}, [] AS {links} "
    step = (_step if statement.at is None else _past_step)(statement, lineage, ways)
    for depth in range(1, lineage.depth_max + 1):
        text += (
            f"CALL ({near}) {{ UNWIND {near} AS a {step} RETURN collect([a, edge, b]) AS found }} "
            f"WITH {seen}, found, {links} + [f IN found | [{depth}, f]] AS {links} "
            f"CALL ({seen}, found) {{ UNWIND found AS f WITH f[2] AS b, {seen} "
            f"WHERE NOT b IN {seen} RETURN collect(DISTINCT b) AS {near} }} "
            f"WITH {near}, {seen} + {near} AS {seen}, {links} "
        )
    return f"{text} {_sorted(lineage, links)}"


def _step(statement: Statement, lineage: Lineage, ways: list[Way]) -> str:
    """From a row `a` to every row `b` at the other end of a link."""
    types = "|".join(dict.fromkeys(relationship(way.edge) for way in ways))
    arrow = f"-[e:{types}]->" if lineage.upwards else f"<-[e:{types}]-"
    kinds = dict.fromkeys(way.end for way in ways)
    held = " OR ".join(_visible(statement, lineage, kind) for kind in kinds)
    return f"MATCH (a){arrow}(b) WHERE {held} WITH a, toLower(type(e)) AS edge, b"


def _past_step(statement: Statement, lineage: Lineage, ways: list[Way]) -> str:
    """The same by the ids that one of the two holds, for the past has no relationships."""
    kinds = list(dict.fromkeys(way.end for way in ways))
    labels = "|".join(statement.node(kind, "")[2:-1] for kind in kinds)
    held = " OR ".join(_visible(statement, lineage, kind) for kind in kinds)
    holder, other = ("a", "b") if lineage.upwards else ("b", "a")
    named = dict.fromkeys((way.edge.name, way.edge.many) for way in ways)
    edges = ", ".join(
        f"CASE WHEN {other}.id {'IN' if many else '='} {holder}.{name} THEN '{name}' END"
        for name, many in named
    )
    standing = " AND ".join(f"({each})" for each in statement.standing("b"))
    return (
        f"MATCH (b:{labels}) WHERE {standing} AND ({held}) "
        f"UNWIND [edge IN [{edges}] WHERE edge IS NOT NULL] AS edge WITH a, edge, b"
    )


def _visible(statement: Statement, lineage: Lineage, kind: str) -> str:
    scope = Scope(statement, kind, "b", "")
    held = condition_cypher(statement, scope, lineage.visible.get(kind, NOTHING)) or "true"
    labels = statement.node(kind, "")[2:-1]
    return f"(b:{labels} AND ({held}))"


def _sorted(lineage: Lineage, links: str) -> str:
    source, target = ("f[1][0]", "f[1][2]") if lineage.upwards else ("f[1][2]", "f[1][0]")
    return (
        f"UNWIND {links} AS f "
        f"WITH f[0] AS depth, f[1][1] AS edge, {source} AS source, {target} AS target "
        f"ORDER BY depth, edge, source.id, target.id LIMIT {int(lineage.first)} "
        f"RETURN collect([depth, edge, {_end('source')}, {_end('target')}])"
    )


def _ways(kind: str, *, upwards: bool) -> list[Way]:
    """Every way of lineage that can be reached from the kind."""
    kinds, waiting, ways = {kind}, [kind], []
    while waiting:
        for way in RELATIONS.ways[waiting.pop()].values():
            if way.edge.lineage and way.forward == upwards:
                ways.append(way)
                if way.end not in kinds:
                    kinds.add(way.end)
                    waiting.append(way.end)
    return ways


def _end(row: str) -> str:
    """What a link shows of the row at an end of it; its kind is its label's."""
    labels = " ".join(
        f"WHEN {row}:{noun.type_name} OR {row}:Past{noun.type_name} THEN '{noun.name}'"
        for noun in RELATIONS.nouns
    )
    return f"[{row}.id, CASE {labels} END, coalesce({row}.name, {row}.title), {row}.state]"
