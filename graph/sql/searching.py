"""A search as a named result before the statement: the numbers of the rows found, with their rank.

The full-text index has one column for each weight, so the rank that `dataspace.search.rank`
defines is, for every wanted term, the weight of the first column that holds it. Nothing in it
depends on other rows.
"""

from dataclasses import replace

from dataspace import search
from dataspace.relations import RELATIONS
from graph.sql.past import past_search
from graph.sql.statement import Scope, Statement
from graph.tables import quoted, search_table, weights


def search_sql(statement: Statement, scope: Scope, text: str, *, ranked: bool) -> Scope:
    """The scope with only those of its rows that the search finds.

    Raises:  dataspace.search.SearchTooLong.
    """
    query = search.parse(text)
    noun = RELATIONS.by_name[scope.kind]
    if not query.wanted or not weights(noun):
        return scope.where("0")
    name = statement.alias("found")
    if statement.at is not None:
        found = past_search(statement, noun, text)
    elif ranked:
        found = _ranked(statement, search_table(noun), query, of=weights(noun))
    else:
        index = quoted(search_table(noun))
        matched = statement.bind(_matched(query))
        found = f"SELECT rowid AS number FROM {index} WHERE {index} MATCH {matched}"
    statement.before.append(f"{name} AS MATERIALIZED ({found})")
    joined = scope.joined(name, f"{name}.number = {scope.column('number')}")
    return replace(joined, found=name)


def _ranked(statement: Statement, table: str, query: search.Query, *, of: tuple[int, ...]) -> str:
    """For every term and weight the rows found that hold the one with the other, summed up."""
    index, arms = quoted(table), []
    for at, term in enumerate(query.wanted):
        for weight in of:
            matched = f"({{w{weight}}} : {phrase(term)}) AND ({_matched(query)})"
            arms.append(
                f"SELECT rowid AS number, {at} AS term, {weight} AS weight FROM {index} "
                f"WHERE {index} MATCH {statement.bind(matched)}"
            )
    every = " UNION ALL ".join(arms)
    if len(query.wanted) == 1:
        return f"SELECT number, max(weight) AS rank FROM ({every}) GROUP BY number"
    best = f"SELECT number, max(weight) AS weight FROM ({every}) GROUP BY number, term"
    return f"SELECT number, sum(weight) AS rank FROM ({best}) GROUP BY number"


def _matched(query: search.Query) -> str:
    wanted = " AND ".join(phrase(term) for term in query.wanted)
    unwanted = " OR ".join(phrase(term) for term in query.unwanted)
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def phrase(term: search.Term) -> str:
    """Tokens hold letters and digits only, so that nothing in the quotes needs to be escaped."""
    return f'"{" ".join(term.tokens)}"{" *" if term.prefix else ""}'
