"""Lineage as levels that are walked one after another, each over rows that the reader may see."""

from dataspace.relations import RELATIONS
from dataspace.selection import NOTHING, Lineage
from dataspace.shape import Way
from graph.cypher.conditions import condition_cypher
from graph.cypher.statement import Statement


def lineage_cypher(statement: Statement, lineage: Lineage, *, kind: str, row: str) -> str:
    """A list of links `[depth, edge, [id, kind, name, state], [id, kind, name, state]]`.

    Every level starts at the rows that the one before reached for the first time, so that a
    link stands at 1 + the least distance of its nearer end, and cycles end.
    """
    ways = _ways(kind, upwards=lineage.upwards)
    if not ways:
        return "[]"
    near, seen, links = (statement.variable(letter) for letter in ("near", "seen", "links"))
    text = f"WITH [{row}] AS {near}, [{row}] AS {seen}, [] AS {links} "
    for depth in range(1, lineage.depth_max + 1):
        found = statement.variable("found")
        arms = " UNION ALL ".join(_arm(statement, lineage, way, near=near) for way in ways)
        text += (
            f"CALL ({near}) {{ CALL ({near}) {{ {arms} }} "
            f"RETURN collect([a, edge, b]) AS {found} }} "
            f"WITH {seen}, {found}, {links} + [f IN {found} | [{depth}, f]] AS {links} "
            f"CALL ({seen}, {found}) {{ UNWIND {found} AS f WITH f[2] AS b, {seen} "
            f"WHERE NOT b IN {seen} RETURN collect(DISTINCT b) AS {near} }} "
            f"WITH {near}, {seen} + {near} AS {seen}, {links} "
        )
    return f"head(COLLECT {{ {text} {_sorted(statement, lineage, links)} }})"


def _sorted(statement: Statement, lineage: Lineage, links: str) -> str:
    source, target = ("f[1][0]", "f[1][2]") if lineage.upwards else ("f[1][2]", "f[1][0]")
    return (
        f"CALL ({links}) {{ UNWIND {links} AS f "
        f"WITH f[0] AS depth, f[1][1] AS edge, {source} AS source, {target} AS target "
        f"ORDER BY depth, edge, source.id, target.id LIMIT {int(lineage.first)} "
        f"RETURN collect([depth, edge, {_end('source')}, {_end('target')}]) AS sorted }} "
        f"RETURN sorted"
    )


def _arm(statement: Statement, lineage: Lineage, way: Way, *, near: str) -> str:
    """The links along one way, from those of the near rows that it starts at."""
    far = statement.along(way, "a")
    visible = condition_cypher(statement, far, lineage.visible.get(way.end, NOTHING))
    labels = statement.node(way.start, "a")[2:-1]
    return (
        f"UNWIND {near} AS a WITH a WHERE a:{labels.lstrip(':')} {far.where(visible).cypher()} "
        f"RETURN a, '{way.edge.name}' AS edge, {far.row} AS b"
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
