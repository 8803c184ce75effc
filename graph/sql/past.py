"""The catalogue as it was after a revision: tables of the same names, put before the statement.

What has not changed since then is read where it stands, what has changed from the versions that
were kept; so a question about yesterday costs what today's does and a little more for each
change since.
"""

from collections.abc import Iterator

from dataspace.relations import RELATIONS
from dataspace.shape import Noun, Type
from graph.sql.statement import Statement
from graph.tables import beside, columns, order_column, quoted, weighted_texts


def past_tables(statement: Statement) -> Iterator[str]:
    """For every table that the statement uses its state at the statement's revision."""
    if statement.at is None:
        return
    at = statement.bind(statement.at)
    for name in list(statement.used):
        kind, _, many = name.partition(".")
        noun = RELATIONS.by_name[kind]
        yield f"{quoted(name)} AS ({_many(noun, many, at) if many else _noun(noun, at)})"


def past_search(statement: Statement, noun: Noun, text: str) -> str:
    """The rows found by looking at every one of them, for there is no index of the past."""
    for part in noun.parts:
        statement.table(beside(noun, part.name))
    statement.table(noun.name)
    pairs = (f"{weight}, {texts}" for weight, texts in weighted_texts(noun).items())
    ranked = f"ranked({statement.bind(text)}, {', '.join(pairs)})"
    return (
        f"SELECT number, rank FROM (SELECT t.number AS number, {ranked} AS rank "
        f"FROM {quoted(noun.name)} AS t) WHERE rank IS NOT NULL"
    )


def _noun(noun: Noun, at: str) -> str:
    """Evidence is never changed: its past is its beginning."""
    own = "number, id, version, revision"
    order = [field for field in noun.fields if field.sort]
    names = [*columns(noun), *(order_column(field) for field in order)]
    now = (
        f"SELECT {own}, {', '.join(map(quoted, names))} FROM main.{quoted(noun.name)} "
        f"WHERE revision <= {at}"
    )
    if noun.written_by_catalogue:
        return now
    listed = {field.name for field in noun.fields if field.type is Type.NAMES}
    kept = [_kept(name, text=name in listed) for name in columns(noun)]
    kept.extend(f"ifnull({_kept(field.name)}, x'')" for field in order)
    return f"{now} UNION ALL SELECT {own}, {', '.join(kept)} {_versions(noun, at)}"


def _many(noun: Noun, name: str, at: str) -> str:
    part = noun.part_by_name.get(name)
    if part is not None:
        names = [field.name for field in part.fields]
        values = ", ".join(f"m.{quoted(each)}" for each in names)
        kept = ", ".join(f"j.value ->> '$.{each}'" for each in names)
        now, then = f"m.source, m.place, {values}", f"number AS source, j.key AS place, {kept}"
    else:
        column = "target" if name in noun.edge_by_name else "value"
        now, then = f"m.source, m.{column}", "number AS source, j.value"
    listed = f"json_each(opened(body), {_path(name)}) AS j"
    return (
        f"SELECT {now} FROM main.{quoted(beside(noun, name))} AS m JOIN "
        f"main.{quoted(noun.name)} AS t ON t.number = m.source WHERE t.revision <= {at} "
        f"UNION ALL SELECT {then} {_versions(noun, at, listed)}"
    )


def _versions(noun: Noun, at: str, joined: str = "") -> str:
    tables = ", ".join(filter(None, ("main.past", joined)))
    return f"FROM {tables} WHERE kind = '{noun.name}' AND until > {at} AND revision <= {at}"


def _kept(name: str, *, text: bool = False) -> str:
    """A value out of a kept version; a list as its JSON text, as the column holds it."""
    arrow = "->" if text else "->>"
    return f"opened(body) {arrow} {_path(name)}"


def _path(name: str) -> str:
    return f"'$.{name}'"
