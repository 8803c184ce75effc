"""Whole rows as values, and values as rows: the one place that knows both forms."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from dataspace import search
from dataspace.relations import RELATIONS
from dataspace.selection import Row
from dataspace.shape import Field, Noun, Part, Type
from graph.connections import Connection, joined
from graph.reading import flags_of
from graph.tables import (
    beside,
    columns,
    is_listed,
    many_edges,
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
    held = _held(noun.name)
    values: Row = {
        name: value if type_ is None else _read(value, type_)
        for (name, type_), value in zip(held, rest, strict=False)
        if value is not None
    }
    each = iter(rest[len(held) :])
    for edge in many_edges(noun):
        if targets := json.loads(next(each)):
            values[edge.name] = targets
    for part in noun.parts:
        if items := json.loads(next(each)):
            values[part.name] = [_item(noun, part, values=item) for item in items]
    return Kept(number, id_, version, revision, values)


@cache
def _held(kind: str) -> tuple[tuple[str, Type | None], ...]:
    """The value columns of a noun in order; with the type of those that hold it otherwise."""
    noun = RELATIONS.by_name[kind]
    types = {each.name: each.type for each in noun.fields if each.type in (Type.NAMES, Type.FLAG)}
    return tuple((name, types.get(name)) for name in columns(noun))


def _read(value: Any, of: Type) -> Any:
    if of is Type.NAMES:
        try:
            return json.loads(value)
        except ValueError:  # it was damaged: as it stands it is no value that anybody wrote
            return value
    return bool(value) if of is Type.FLAG else value


def _item(noun: Noun, part: Part, *, values: list[Any]) -> Row:
    flags = flags_of(noun.name, part.name)
    return {
        field.name: bool(value) if field.name in flags else value
        for field, value in zip(part.fields, values, strict=True)
        if value is not None
    }


@dataclass(frozen=True, slots=True)
class _Written:
    """The statements that write a noun, made once."""

    columns: tuple[str, ...]
    own: frozenset[str]
    searched: tuple[str, ...]
    insert: str
    beside: tuple[str, ...]
    index: str
    unindex: str


@cache
def _writing(kind: str) -> _Written:
    noun = RELATIONS.by_name[kind]
    names = ("id", "version", "revision", *columns(noun))
    table, search_index = quoted(noun.name), quoted(search_table(noun))
    texts = ", ".join(f"w{weight}" for weight in weights(noun))
    held: tuple[Field | Part, ...] = (*noun.fields, *noun.parts)
    return _Written(
        columns(noun),
        frozenset(columns(noun)),
        tuple(each.name for each in held if _is_searched(each)),
        f"INSERT INTO {table}({', '.join(map(quoted, names))}, number) "
        f"VALUES ({_marks(len(names) + 1)})",
        (
            *(edge.name for edge in many_edges(noun)),
            *(field.name for field in noun.fields if is_listed(field)),
            *(part.name for part in noun.parts),
        ),
        f"INSERT INTO {search_index}(rowid, {texts}) VALUES ({_marks(len(weights(noun)) + 1)})",
        f"INSERT INTO {search_index}({search_index}, rowid, {texts}) "
        f"VALUES ('delete', {_marks(len(weights(noun)) + 1)})",
    )


def _is_searched(each: Field | Part) -> bool:
    return any(field.search for field in (each.fields if isinstance(each, Part) else (each,)))


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def put(connection: Connection, noun: Noun, kept: Kept, *, before: Kept | None) -> None:
    """Writes a row and all that stands beside it, in the place of the one before."""
    if before is None:
        _insert(connection, noun, kept)
    else:
        _update(connection, noun, kept, before=before)
    _put_beside(connection, noun, kept, before=before)
    _index(connection, noun, kept, before=before)


def _insert(connection: Connection, noun: Noun, kept: Kept) -> None:
    writing = _writing(noun.name)
    values = [_written(kept.values.get(name)) for name in writing.columns]
    own = (kept.id, kept.version, kept.revision)
    connection.execute(writing.insert, (*own, *values, kept.number))


def _update(connection: Connection, noun: Noun, kept: Kept, *, before: Kept) -> None:
    """Names only the columns that change, for SQLite writes every index of those that are named."""
    after, was = kept.values, before.values
    own = _writing(noun.name).own
    differ = (name for name in after.keys() | was.keys() if after.get(name) != was.get(name))
    changed = tuple(sorted(name for name in differ if name in own))
    values = [_written(after.get(name)) for name in changed]
    connection.execute(
        _update_sql(noun.name, changed), (kept.version, kept.revision, *values, kept.number)
    )


@lru_cache(maxsize=1024)
def _update_sql(kind: str, changed: tuple[str, ...]) -> str:
    assigned = ", ".join(f"{quoted(name)} = ?" for name in ("version", "revision", *changed))
    return f"UPDATE {quoted(kind)} SET {assigned} WHERE number = ?"


def take_out(connection: Connection, noun: Noun, before: Kept) -> None:
    _put_beside(connection, noun, replace(before, values={}), before=before)
    _index(connection, noun, None, before=before)
    connection.execute(f"DELETE FROM {quoted(noun.name)} WHERE number = ?", (before.number,))


def _put_beside(connection: Connection, noun: Noun, kept: Kept, *, before: Kept | None) -> None:
    for name in _writing(noun.name).beside:
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
    connection.executemany(
        f"INSERT INTO {table}(source, place, {', '.join(map(quoted, names))}) "
        f"VALUES ({_marks(len(names) + 2)})",
        [(number, place, *map(value.get, names)) for place, value in enumerate(values)],
    )


def _index(connection: Connection, noun: Noun, kept: Kept | None, *, before: Kept | None) -> None:
    """Keeps the full-text index in step; an index without a text of its own must be told what
    it was given for the row before."""
    if not noun.searched:
        return
    writing = _writing(noun.name)
    if kept and before and _same(writing.searched, kept.values, before.values):
        return
    if before is not None:
        connection.execute(writing.unindex, (before.number, *texts_of(noun, before.values)))
    if kept is not None:
        connection.execute(writing.index, (kept.number, *texts_of(noun, kept.values)))


def _same(names: Iterable[str], one: Row, other: Row) -> bool:
    return all(one.get(name) == other.get(name) for name in names)


def texts_of(noun: Noun, values: Row) -> list[str]:
    """The columns of the full-text index, weightiest first."""
    texts = search.searched(noun, values)
    return [joined(texts.get(weight, [])) for weight in weights(noun)]


def _written(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
