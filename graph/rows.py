"""Whole rows as values, and values as rows: the one place that knows both forms."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from dataspace import search
from dataspace.relations import RELATIONS
from dataspace.selection import Row
from dataspace.shape import Noun, Part, Type
from graph.connections import Connection, joined
from graph.reading import flags_of
from graph.tables import (
    beside,
    columns,
    is_listed,
    many_edges,
    one_edges,
    quoted,
    search_table,
    weights,
)

EVIDENCE = RELATIONS.by_name["evidence"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A row as it stands: its number in the tables, and the values it was given."""

    number: int
    id: str
    version: int
    revision: int
    values: Row


def rows_of(connection: Connection, noun: Noun, ids: Iterable[str]) -> dict[str, Kept]:
    """The rows with these ids; those that are not there are left out."""
    sql = f"{_rows_sql(noun.name)} WHERE t.id IN (SELECT value FROM json_each(?))"
    found = connection.execute(sql, (json.dumps(list(ids)),))
    return {row[1]: _kept(noun, row) for row in found}


def all_rows(connection: Connection, noun: Noun) -> Iterable[Kept]:
    return (_kept(noun, row) for row in connection.execute(_rows_sql(noun.name)))


def records_since(connection: Connection, sequence: int, limit: int) -> list[Kept]:
    """The records of evidence after one, in order."""
    sql = f"{_rows_sql(EVIDENCE.name)} WHERE t.number > ? ORDER BY t.number LIMIT ?"
    return [_kept(EVIDENCE, row) for row in connection.execute(sql, (sequence, limit))]


@cache
def _rows_sql(kind: str) -> str:
    noun = RELATIONS.by_name[kind]
    many = [
        f"(SELECT json_group_array(target) FROM (SELECT target FROM "
        f"{quoted(beside(noun, edge.name))} WHERE source = t.number ORDER BY target))"
        for edge in many_edges(noun)
    ]
    parts = [_part_sql(noun, part) for part in noun.parts]
    values = [f"t.{quoted(name)}" for name in columns(noun)]
    own = "t.number, t.id, t.version, t.revision"
    return f"SELECT {', '.join([own, *values, *many, *parts])} FROM {quoted(noun.name)} AS t"


def _part_sql(noun: Noun, part: Part) -> str:
    names = ", ".join(quoted(field.name) for field in part.fields)
    return (
        f"(SELECT json_group_array(json_array({names})) FROM (SELECT * FROM "
        f"{quoted(beside(noun, part.name))} WHERE source = t.number ORDER BY place))"
    )


def _kept(noun: Noun, row: tuple[Any, ...]) -> Kept:
    number, id_, version, revision, *rest = row
    each = iter(rest)
    values: Row = {}
    for field in noun.fields:
        if field.name != "version" and (value := next(each)) is not None:
            values[field.name] = _read(value, field.type)
    for edge in one_edges(noun):
        if (target := next(each)) is not None:
            values[edge.name] = target
    for edge in many_edges(noun):
        if targets := json.loads(next(each)):
            values[edge.name] = targets
    for part in noun.parts:
        if items := json.loads(next(each)):
            values[part.name] = [_item(noun, part, values=item) for item in items]
    return Kept(number, id_, version, revision, values)


def _read(value: Any, of: Type) -> Any:
    if of is Type.NAMES:
        return json.loads(value)
    return bool(value) if of is Type.FLAG else value


def _item(noun: Noun, part: Part, *, values: list[Any]) -> Row:
    flags = flags_of(noun.name, part.name)
    return {
        field.name: bool(value) if field.name in flags else value
        for field, value in zip(part.fields, values, strict=True)
        if value is not None
    }


def put(connection: Connection, noun: Noun, kept: Kept, *, before: Kept | None) -> None:
    """Writes a row and all that stands beside it, in the place of the one before."""
    names = ("number", "id", "version", "revision", *columns(noun))
    values = [kept.number, kept.id, kept.version, kept.revision]
    values.extend(_written(kept.values.get(name)) for name in columns(noun))
    if before is None:
        marks = ", ".join("?" * len(names))
        listed = ", ".join(map(quoted, names))
        connection.execute(f"INSERT INTO {quoted(noun.name)}({listed}) VALUES ({marks})", values)
    else:
        assigned = ", ".join(f"{quoted(name)} = ?" for name in names[1:])
        connection.execute(
            f"UPDATE {quoted(noun.name)} SET {assigned} WHERE number = ?",
            (*values[1:], kept.number),
        )
    _put_beside(connection, noun, kept, before=before)
    _index(connection, noun, kept, before=before)


def take_out(connection: Connection, noun: Noun, before: Kept) -> None:
    empty = Kept(before.number, before.id, before.version, before.revision, {})
    _put_beside(connection, noun, empty, before=before)
    _index(connection, noun, None, before=before)
    connection.execute(f"DELETE FROM {quoted(noun.name)} WHERE number = ?", (before.number,))


def _put_beside(connection: Connection, noun: Noun, kept: Kept, *, before: Kept | None) -> None:
    names = [edge.name for edge in many_edges(noun)]
    names.extend(field.name for field in noun.fields if is_listed(field))
    names.extend(part.name for part in noun.parts)
    for name in names:
        old = before.values.get(name) if before is not None else None
        new = kept.values.get(name)
        if old == new:
            continue
        table = quoted(beside(noun, name))
        if old:
            connection.execute(f"DELETE FROM {table} WHERE source = ?", (kept.number,))
        if new and name in noun.part_by_name:
            _put_part(connection, noun.part_by_name[name], table, rows=(kept.number, new))
        elif new:
            pairs = [(kept.number, each) for each in dict.fromkeys(new)]
            connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", pairs)


def _put_part(
    connection: Connection, part: Part, table: str, *, rows: tuple[int, list[Row]]
) -> None:
    number, values = rows
    names = [field.name for field in part.fields]
    listed = ", ".join(map(quoted, names))
    marks = ", ".join("?" * (len(names) + 2))
    connection.executemany(
        f"INSERT INTO {table}(source, place, {listed}) VALUES ({marks})",
        [
            (number, place, *(value.get(name) for name in names))
            for place, value in enumerate(values)
        ],
    )


def _index(connection: Connection, noun: Noun, kept: Kept | None, *, before: Kept | None) -> None:
    """Keeps the full-text index in step; an index without a text of its own must be told what
    it was given for the row before."""
    if not weights(noun):
        return
    old, new = _texts(noun, before), _texts(noun, kept)
    if old == new:
        return
    table = quoted(search_table(noun))
    names = ", ".join(f"w{weight}" for weight in weights(noun))
    marks = ", ".join("?" * len(weights(noun)))
    if before is not None and old is not None:
        connection.execute(
            f"INSERT INTO {table}({table}, rowid, {names}) VALUES ('delete', ?, {marks})",
            (before.number, *old),
        )
    if kept is not None and new is not None:
        connection.execute(
            f"INSERT INTO {table}(rowid, {names}) VALUES (?, {marks})", (kept.number, *new)
        )


def _texts(noun: Noun, kept: Kept | None) -> list[str] | None:
    if kept is None:
        return None
    texts = search.searched(noun, kept.values)
    return [joined(texts.get(weight, [])) for weight in weights(noun)]


def _written(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
