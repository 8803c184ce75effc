"""Lineage as one bounded recursive query: it walks only rows that the reader may see."""

from collections.abc import Iterator
from dataclasses import replace

from dataspace.relations import RELATIONS
from dataspace.selection import NOTHING, Lineage
from dataspace.shape import Way
from graph.sql.conditions import condition_sql
from graph.sql.statement import Scope, Statement


def lineage_sql(statement: Statement, lineage: Lineage, row: Scope) -> str:
    """A JSON array of links `[depth, edge, [id, kind, name, state], [id, kind, name, state]]`.

    `reached` holds every row by its depth; one that is reached on two ways of unlike length
    stands there twice, and its least depth counts.
    """
    reached, near = statement.alias("reached"), statement.alias("near")
    steps = [
        f"SELECT '{way.end}', {far.column('id')}, {far.column('number')}, {_label(far)}, "
        f"n.depth + 1 FROM {reached} AS n CROSS JOIN {far.sql().removeprefix('FROM ')} "
        f"AND n.depth < {int(lineage.depth_max)}"
        for way, far in _walked(statement, lineage, row.kind, near="n")
    ]
    links = [
        f"SELECT n.depth + 1 AS depth, '{way.edge.name}' AS edge, {_ends(way, far, lineage)} "
        f"FROM {near} AS n CROSS JOIN {far.sql().removeprefix('FROM ')} "
        f"AND n.depth < {int(lineage.depth_max)}"
        for way, far in _walked(statement, lineage, row.kind, near="n")
    ]
    if not steps:
        return "json('[]')"
    start = f"SELECT '{row.kind}', {row.column('id')}, {row.column('number')}, {_label(row)}, 0"
    return (
        f"(WITH RECURSIVE {reached}(kind, id, number, label, depth) AS ({start} UNION "
        f"{' UNION '.join(steps)}), {near} AS (SELECT kind, id, number, label, min(depth) AS depth "
        f"FROM {reached} GROUP BY kind, id) "
        f"SELECT json_group_array(json_array(depth, edge, json(source), json(target))) FROM "
        f"(SELECT * FROM ({' UNION ALL '.join(links)}) "
        f"ORDER BY depth, edge, source_id, target_id LIMIT {int(lineage.first)}))"
    )


def _walked(
    statement: Statement, lineage: Lineage, kind: str, *, near: str
) -> Iterator[tuple[Way, Scope]]:
    """Every way of lineage that can be reached from the kind, with the visible rows at its end."""
    kinds, waiting = {kind}, [kind]
    while waiting:
        start = waiting.pop()
        for way in RELATIONS.ways[start].values():
            if not way.edge.lineage or way.forward != lineage.upwards:
                continue
            row = statement.scope(start)
            far = statement.along(way, row)
            far = replace(far, tables=(*row.tables, *far.tables)).where(
                f"{near}.kind = '{start}' AND {row.column('number')} = {near}.number"
            )
            visible = condition_sql(statement, far, lineage.visible.get(way.end, NOTHING))
            yield way, far.where(visible)
            if way.end not in kinds:
                kinds.add(way.end)
                waiting.append(way.end)


def _label(scope: Scope) -> str:
    """What a link shows of the row at an end of it."""
    noun = RELATIONS.by_name[scope.kind]
    state = scope.column("state") if "state" in noun.by_name else "NULL"
    return f"json_array({scope.column('id')}, '{scope.kind}', {scope.column(noun.called)}, {state})"


def _ends(way: Way, far: Scope, lineage: Lineage) -> str:
    ends = [("n.label", "n.id"), (_label(far), far.column("id"))]
    (source, source_id), (target, target_id) = ends if lineage.upwards else ends[::-1]
    return (
        f"{source} AS source, {target} AS target, "
        f"{source_id} AS source_id, {target_id} AS target_id"
    )
