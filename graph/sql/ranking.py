"""A page by rank under a search for one term, weight by weight, which ends as soon as it is full.

One arm of the statement gives the rows whose weightiest column with the term is of one weight.
SQLite takes the arms one after another and leaves those that a full page does not need: a common
word is in many names, and then the summaries and items that also hold it are not looked at.
"""

from collections.abc import Iterator

from dataspace import search
from dataspace.relations import RELATIONS
from dataspace.selection import Selection
from graph.sql.searching import phrase
from graph.sql.statement import Scope, Statement
from graph.tables import quoted, search_table, weights


def goes_by_weight(statement: Statement, selection: Selection) -> bool:
    """Several terms have too many sums of weights, and the past has no index."""
    if not selection.search or selection.order.field != "rank" or statement.at is not None:
        return False
    position = selection.page.position
    return (
        len(search.parse(selection.search).wanted) == 1
        and bool(weights(RELATIONS.by_name[selection.kind]))
        and (position is None or type(position[0]) is int)
    )


def by_weight_sql(
    statement: Statement, selection: Selection, scope: Scope, *, turned: bool = False
) -> str:
    """The numbers of the page's rows with their rank as `key`; with `turned` the row at the
    position and the nearest on its other side."""
    limit = 1 if turned else selection.page.size + 1
    arms = [
        f"SELECT number, key FROM (SELECT {scope.column('number')} AS number, {weight} AS key "
        f"{arm.sql()} ORDER BY {scope.column('id')} {way} LIMIT {limit})"
        for weight, way, arm in _arms(statement, selection, scope, turned=turned)
    ]
    if not arms:
        return "SELECT 0 AS number, 0 AS key WHERE 0"
    return f"SELECT number, key FROM ({' UNION ALL '.join(arms)}) LIMIT {limit}"


def _arms(
    statement: Statement, selection: Selection, scope: Scope, *, turned: bool
) -> Iterator[tuple[int, str, Scope]]:
    noun, page = RELATIONS.by_name[selection.kind], selection.page
    falling = (selection.order.descending != page.backwards) != turned
    index = quoted(search_table(noun))
    for weight in sorted(weights(noun), reverse=falling):
        arm = scope
        if page.position is not None:
            value, id_ = page.position
            if (weight > value) if falling else (weight < value):
                continue
            if weight == value:
                sign = ("<" if falling else ">") + ("=" if turned else "")
                arm = arm.where(f"{scope.column('id')} {sign} {statement.bind(id_)}")
        matched = statement.bind(_matched(selection.search, weight, weights(noun)))
        found = f"(SELECT rowid AS number FROM {index} WHERE {index} MATCH {matched})"
        yield weight, "DESC" if falling else "ASC", arm.after(found)


def _matched(text: str, weight: int, every: tuple[int, ...]) -> str:
    """Rows with the term in the column of the weight, in no weightier one, and nothing unwanted."""
    query = search.parse(text)
    term = phrase(query.wanted[0])
    unwanted = [phrase(each) for each in query.unwanted]
    if heavier := " ".join(f"w{each}" for each in every if each > weight):
        unwanted.append(f"({{{heavier}}} : {term})")
    matched = f"({{w{weight}}} : {term})"
    return f"{matched} NOT ({' OR '.join(unwanted)})" if unwanted else matched
