"""A change set as one transaction: guards, rows, versions and evidence, all or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dataspace import evidence, validation
from dataspace.change import Amend, Applied, Change, ChangeSet, Create, Remove, check_keeper, kept
from dataspace.errors import (
    AlreadyThere,
    ChangeSetDiffers,
    MovedOn,
    NotFound,
    NotUnique,
    ReferenceMissing,
    Refused,
    StillReferenced,
)
from dataspace.relations import RELATIONS
from dataspace.selection import EVERYTHING, Row
from dataspace.shape import Edge, Noun
from graph.connections import Connection, closed
from graph.rows import EVIDENCE, Kept, put, rows_of, take_out
from graph.sql.selecting import guard_sql
from graph.tables import beside, quoted


@dataclass
class Batch:
    """What the transaction has done so far, and what is still to be checked when it is whole."""

    connection: Connection
    change_set: str
    of_feed: bool
    sequence: int
    leaf: str
    targets: dict[tuple[str, str], tuple[str, str, str]] = field(default_factory=dict)
    removed: set[tuple[str, str]] = field(default_factory=set)
    unique: dict[tuple[str, str, Any], str] = field(default_factory=dict)


def apply(connection: Connection, change_set: ChangeSet) -> Applied:
    """Runs inside a transaction that holds the write lock; the caller commits or takes back.

    Raises:  what `dataspace.change` says of each change.
    """
    row = connection.execute(
        "SELECT said, revision FROM change_set WHERE id = ?", (change_set.id,)
    ).fetchone()
    if row is not None:
        if row[0] not in ("", change_set.said):
            raise ChangeSetDiffers(id=change_set.id)
        return Applied(row[1], repeated=True)
    batch = Batch(connection, change_set.id, change_set.of_feed, *_head(connection))
    for change in change_set.changes:
        _step(batch, change)
    _check_references(batch)
    _check_unique(batch)
    connection.execute(
        "INSERT INTO change_set(id, said, revision) VALUES (?, ?, ?)",
        (change_set.id, change_set.said, batch.sequence),
    )
    return Applied(batch.sequence)


def _head(connection: Connection) -> tuple[int, str]:
    """The last record's sequence and leaf hash."""
    row = connection.execute(
        "SELECT number, leaf FROM evidence ORDER BY number DESC LIMIT 1"
    ).fetchone()
    return (row[0], row[1]) if row else (0, evidence.GENESIS)


def _step(batch: Batch, change: Change) -> None:
    noun = RELATIONS.by_name[change.kind]
    if noun.written_by_catalogue:
        raise Refused(action=f"{change.kind}.write")
    before = _before(batch, noun, change)
    after = _after(noun, change, before)
    if after is not None:
        validation.check_kept(noun, change.id, after)
    version = _last_version(batch.connection, change.id, before) + 1
    step = evidence.Step(change, before.values if before else None, after, version)
    _record(batch, step)
    if before is not None:
        _keep_version(batch, noun, before)
    if after is None:
        assert before is not None
        take_out(batch.connection, noun, before)
        batch.removed.add((noun.name, change.id))
        return
    number = before.number if before else _next_number(batch.connection, noun)
    put(
        batch.connection,
        noun,
        Kept(number, change.id, version, batch.sequence, after),
        before=before,
    )
    _note_checks(batch, noun, change.id, after=after, before=before.values if before else {})


def _before(batch: Batch, noun: Noun, change: Change) -> Kept | None:
    """The row as it stands, when the change may be made of it."""
    if isinstance(change, Create):
        sql = f"SELECT 1 FROM {quoted(noun.name)} WHERE id = ?"
        if batch.connection.execute(sql, (change.id,)).fetchone():
            raise AlreadyThere(kind=change.kind, id=change.id)
        return None
    before = rows_of(batch.connection, noun, [change.id]).get(change.id)
    if before is None:
        raise NotFound(kind=change.kind, id=change.id)
    check_keeper(change, before.values, of_feed=batch.of_feed)
    if change.version not in (None, before.version):
        raise MovedOn(kind=change.kind, id=change.id)
    if change.guard != EVERYTHING:
        sql, parameters = guard_sql(change.kind, change.id, change.guard)
        if not batch.connection.execute(sql, parameters).fetchone():
            raise MovedOn(kind=change.kind, id=change.id)
    return before


def _after(noun: Noun, change: Change, before: Kept | None) -> Row | None:
    match change:
        case Create(values=values):
            return kept(noun, values)
        case Amend(values=values):
            return kept(noun, {**(before.values if before else {}), **values})
        case Remove():
            return None


def _last_version(connection: Connection, id_: str, before: Kept | None) -> int:
    """A row that was removed goes on counting when it is created again."""
    if before is not None:
        return before.version
    row = connection.execute(
        "SELECT version FROM evidence WHERE subject = ? ORDER BY id DESC LIMIT 1", (id_,)
    ).fetchone()
    return row[0] if row else 0


def _record(batch: Batch, step: evidence.Step) -> None:
    batch.sequence += 1
    made = evidence.record(
        step, sequence=batch.sequence, previous=batch.leaf, change_set=batch.change_set
    )
    batch.leaf = made["leaf"]
    values = {name: value for name, value in made.items() if name not in ("id", "version")}
    record = Kept(batch.sequence, made["id"], step.version, batch.sequence, values)
    put(batch.connection, EVIDENCE, record, before=None)


def _keep_version(batch: Batch, noun: Noun, before: Kept) -> None:
    batch.connection.execute(
        "INSERT INTO past(kind, id, version, number, revision, until, body) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            noun.name,
            before.id,
            before.version,
            before.number,
            before.revision,
            batch.sequence,
            closed(before.values),
        ),
    )


def _next_number(connection: Connection, noun: Noun) -> int:
    row = connection.execute(f"SELECT max(number) FROM {quoted(noun.name)}").fetchone()
    return (row[0] or 0) + 1


def _note_checks(batch: Batch, noun: Noun, id_: str, *, after: Row, before: Row) -> None:
    """References and unique values are checked when the batch is whole: it may swap them."""
    batch.removed.discard((noun.name, id_))
    for edge in noun.edges:
        for target in _targets(edge, after):
            batch.targets[edge.target, target] = (noun.name, id_, edge.name)
    for name in noun.unique:
        value = after.get(name)
        if value is not None and value != before.get(name):
            batch.unique[noun.name, name, value] = id_


def _targets(edge: Edge, values: Row) -> list[str]:
    value = values.get(edge.name)
    if value is None:
        return []
    return list(value) if edge.many else [value]


def _check_references(batch: Batch) -> None:
    for (kind, target), (holder, id_, edge) in batch.targets.items():
        sql = f"SELECT 1 FROM {quoted(kind)} WHERE id = ?"
        if batch.connection.execute(sql, (target,)).fetchone():
            continue
        if (kind, target) in batch.removed:
            if not _held(batch.connection, holder, id_, edge=edge, target=target):
                continue
            raise StillReferenced(kind=kind, id=target)
        if _held(batch.connection, holder, id_, edge=edge, target=target):
            raise ReferenceMissing(kind=holder, id=id_, edge=edge, target=target)
    for kind, target in batch.removed:
        for sql in _holders(kind):
            if batch.connection.execute(sql, (target,)).fetchone():
                raise StillReferenced(kind=kind, id=target)


def _held(connection: Connection, kind: str, id_: str, *, edge: str, target: str) -> bool:
    """Whether the row still refers to the target: a later change of the batch may have ended it."""
    kept_row = rows_of(connection, RELATIONS.by_name[kind], [id_]).get(id_)
    if kept_row is None:
        return False
    return target in _targets(RELATIONS.by_name[kind].edge_by_name[edge], kept_row.values)


def _holders(kind: str) -> Iterator[str]:
    for way in RELATIONS.ways[kind].values():
        if way.forward:
            continue
        holder = RELATIONS.by_name[way.end]
        if way.edge.many:
            yield f"SELECT 1 FROM {quoted(beside(holder, way.edge.name))} WHERE target = ? LIMIT 1"
        else:
            yield f"SELECT 1 FROM {quoted(way.end)} WHERE {quoted(way.edge.name)} = ? LIMIT 1"


def _check_unique(batch: Batch) -> None:
    for (kind, name, value), id_ in batch.unique.items():
        rows = batch.connection.execute(
            f"SELECT id FROM {quoted(kind)} WHERE {quoted(name)} = ? ORDER BY id LIMIT 2", (value,)
        ).fetchall()
        if len(rows) > 1:
            existing = next(other for (other,) in rows if other != id_)
            raise NotUnique(kind=kind, field=name, value=value, id=id_, existing=existing)
