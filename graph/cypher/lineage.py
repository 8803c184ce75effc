"""Lineage: rows reached by their shortest way over rows that the reader may see, then the links.

Of the present Neo4j finds the shortest ways itself. The past has no relationships, so there the
levels are walked one after another, each from the rows that the one before reached first.
"""

from dataspace.relations import RELATIONS
from dataspace.selection import NOTHING, Lineage
from dataspace.shape import Way
from graph.cypher.conditions import condition_cypher
from graph.cypher.layout import label, relationship
from graph.cypher.statement import Scope, Statement


def lineage_cypher(statement: Statement, lineage: Lineage, *, kind: str, row: str) -> str:
    """A subquery that gives a list of links, each `[depth, edge, end, end]`.

    An end is `[id, kind, name, state]`. A link stands at 1 + the least distance of its nearer
    end, so cycles end. Empty where no way of lineage begins.
    """
    ways = _ways(kind, upwards=lineage.upwards)
    if not ways or lineage.depth_max < 1:
        return ""
    if statement.at is not None:
        return _walked(statement, lineage, ways, row=row)
    reached = _reached(statement, lineage, ways, row=row) if lineage.depth_max > 1 else ""
    arms = " UNION ALL ".join(_arm(statement, lineage, way) for way in ways)
    return (
        f"{reached or f'WITH [{row}] AS rows, [0] AS depths'} "
        f"UNWIND range(0, size(rows) - 1) AS i WITH rows[i] AS a, depths[i] + 1 AS depth "
        f"CALL (a) {{ {arms} }} {_sorted(lineage)}"
    )


def _reached(statement: Statement, lineage: Lineage, ways: list[Way], *, row: str) -> str:
    """The row and all that it leads to, with their distances, as `rows` and `depths`."""
    types = "|".join(dict.fromkeys(relationship(way.edge) for way in ways))
    arrow = f"-[:{types}]->" if lineage.upwards else f"<-[:{types}]-"
    kinds = dict.fromkeys(way.end for way in ways)
    seen = " OR ".join(_visible(statement, lineage, kind) for kind in kinds)
    return (
        f"OPTIONAL MATCH p = ANY SHORTEST ({row}) ((){arrow}(y WHERE {seen}))"
        f"{{1,{lineage.depth_max - 1}}} (z) WHERE z <> {row} "
        f"WITH {row}, collect(z) AS others, collect(length(p)) AS distances "
        f"WITH [{row}] + others AS rows, [0] + distances AS depths"
    )


def _visible(statement: Statement, lineage: Lineage, kind: str) -> str:
    scope = Scope(statement, kind, "y", "")
    held = condition_cypher(statement, scope, lineage.visible.get(kind, NOTHING)) or "true"
    return f"(y:{label(kind)} AND ({held}))"


def _walked(statement: Statement, lineage: Lineage, ways: list[Way], *, row: str) -> str:
    near, seen, links = (statement.variable(letter) for letter in ("near", "seen", "links"))
    text = f"WITH [{row}] AS {near}, [{row}] AS {seen}, [] AS {links} "
    for depth in range(1, lineage.depth_max + 1):
        arms = " UNION ALL ".join(
            f"UNWIND {near} AS a {_arm(statement, lineage, way)}, a" for way in ways
        )
        text += (
            f"CALL ({near}) {{ CALL ({near}) {{ {arms} }} "
            f"RETURN collect([a, edge, b]) AS found }} "
            f"WITH {seen}, found, {links} + [f IN found | [{depth}, f]] AS {links} "
            f"CALL ({seen}, found) {{ UNWIND found AS f WITH f[2] AS b, {seen} "
            f"WHERE NOT b IN {seen} RETURN collect(DISTINCT b) AS {near} }} "
            f"WITH {near}, {seen} + {near} AS {seen}, {links} "
        )
    return (
        f"{text} UNWIND {links} AS f "
        f"WITH f[0] AS depth, f[1][0] AS a, f[1][1] AS edge, f[1][2] AS b {_sorted(lineage)}"
    )


def _arm(statement: Statement, lineage: Lineage, way: Way) -> str:
    """The links along one way that start at the row `a`."""
    far = statement.along(way, "a")
    visible = condition_cypher(statement, far, lineage.visible.get(way.end, NOTHING))
    labels = statement.node(way.start, "")[1:-1].lstrip(":")
    return (
        f"WITH a WHERE a:{labels} {far.where(visible).cypher()} "
        f"RETURN '{way.edge.name}' AS edge, {far.row} AS b"
    )


def _sorted(lineage: Lineage) -> str:
    source, target = ("a", "b") if lineage.upwards else ("b", "a")
    return (
        f"WITH depth, edge, {source} AS source, {target} AS target "
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
