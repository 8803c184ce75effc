"""A search in Cypher: the full-text index names rows that may hold the terms, the tokens decide.

The index knows no phrase that ends in a prefix and no border between texts, so what it finds is
only where to look; a row is found when its tokens hold every wanted term and no unwanted one,
exactly as `dataspace.search.matches` says. Its rank rests on its own tokens alone. One whole token
is different: there the index itself decides, weight by weight, and no text is read.
"""

from dataclasses import replace

from dataspace import search
from dataspace.relations import RELATIONS
from graph.cypher.layout import search_index, weight_property, weights
from graph.cypher.statement import Scope, Statement

# Longer tokens are cut by the index's analyser, so a longer prefix finds nothing there.
TOKEN_CHARACTERS_MAX = 255


def search_cypher(statement: Statement, scope: Scope, text: str, *, root: bool) -> Scope:
    """The scope with only those of its rows that the search finds.

    Raises:  dataspace.search.SearchTooLong.
    """
    query = search.parse(text)
    noun = RELATIONS.by_name[scope.kind]
    if not query.wanted or not weights(noun):
        return replace(scope.where(statement.never), rank="0")
    if root and (token := _only_token(query)):
        rank = statement.variable("rank")
        source = _ranked(statement, scope, token, rank=rank)
        return replace(scope, source=source, rank=rank)
    held = [_holds(statement, scope, term) for term in query.terms]
    ranks = [_rank(statement, scope, term) for term in query.wanted]
    found = replace(scope.where(*held), rank=" + ".join(ranks))
    return replace(found, source=_looked_up(statement, scope, query)) if root else found


def _only_token(query: search.Query) -> str:
    """The token when the whole query is one, and not the beginning of others; else nothing."""
    match query.terms:
        case (search.Term(tokens=(token,), prefix=False, negative=False),):
            return token if len(token) <= TOKEN_CHARACTERS_MAX else ""
    return ""


def _ranked(statement: Statement, scope: Scope, token: str, *, rank: str) -> str:
    """Every row that holds the token, with the highest weight that it holds it in."""
    index = statement.bind(search_index(scope.kind))
    found = []
    for weight in weights(RELATIONS.by_name[scope.kind]):
        asked = statement.bind(f'{weight_property(weight)}:"{token}"')
        found.append(
            f"CALL db.index.fulltext.queryNodes({index}, {asked}) YIELD node "
            f"RETURN node, {weight} AS weight"
        )
    called = f"CALL () {{ {' UNION ALL '.join(found)} }}"
    return f"{called} WITH node AS {scope.row}, max(weight) AS {rank}"


def _looked_up(statement: Statement, scope: Scope, query: search.Query) -> str:
    wanted = " AND ".join(f"({_indexed(term)})" for term in query.wanted)
    index = statement.bind(search_index(scope.kind))
    called = f"CALL db.index.fulltext.queryNodes({index}, {statement.bind(wanted)})"
    return f"{called} YIELD node AS {scope.row} WITH {scope.row}"


def _indexed(term: search.Term) -> str:
    """Tokens hold letters and digits only, so nothing in them needs to be escaped."""
    if not term.prefix:
        return f'"{" ".join(term.tokens)}"'
    *whole, end = term.tokens
    phrase = f'"{" ".join(whole)}" AND ' if whole else ""
    return f"{phrase}{end[:TOKEN_CHARACTERS_MAX]}*"


def _holds(statement: Statement, scope: Scope, term: search.Term) -> str:
    noun, sought = RELATIONS.by_name[scope.kind], statement.bind(_sought(term))
    fields = (f"{scope.row}.{weight_property(weight)}" for weight in weights(noun))
    held = " OR ".join(f"{field} CONTAINS {sought}" for field in fields)
    return f"NOT coalesce({held}, false)" if term.negative else held


def _rank(statement: Statement, scope: Scope, term: search.Term) -> str:
    noun, sought = RELATIONS.by_name[scope.kind], statement.bind(_sought(term))
    cases = (
        f"WHEN {scope.row}.{weight_property(weight)} CONTAINS {sought} THEN {weight}"
        for weight in weights(noun)
    )
    return f"CASE {' '.join(cases)} ELSE 0 END"


def _sought(term: search.Term) -> str:
    return f" {' '.join(term.tokens)}" + ("" if term.prefix else " ")
