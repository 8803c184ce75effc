"""The log of changes, read back with the values that every change left."""

import json
import zlib
from collections.abc import Iterable

from dataspace.change import Recorded
from dataspace.relations import RELATIONS
from dataspace.selection import Row
from graph.connections import Connection, opened
from graph.rows import Kept, records_since, rows_of


def changes_since(connection: Connection, revision: int, limit: int) -> list[Recorded]:
    """Reads rows, versions and evidence as they stand together at one moment."""
    connection.execute("BEGIN")
    try:
        records = records_since(connection, revision, limit)
        now = _rows_now(connection, records)
        return [_recorded(connection, each, now) for each in records]
    finally:
        connection.execute("COMMIT")


def _rows_now(connection: Connection, records: Iterable[Kept]) -> dict[tuple[str, str], Kept]:
    ids: dict[str, list[str]] = {}
    for each in records:
        ids.setdefault(_kind(each), []).append(_subject(each))
    return {
        (kind, id_): kept
        for kind, wanted in ids.items()
        if kind in RELATIONS.by_name
        for id_, kept in rows_of(connection, RELATIONS.by_name[kind], wanted).items()
    }


def _recorded(connection: Connection, record: Kept, now: dict[tuple[str, str], Kept]) -> Recorded:
    kind, id_ = _kind(record), _subject(record)
    evidence = {"id": record.id, "version": record.version, **record.values}
    values: Row | None = None
    if record.values.get("after"):
        row = now.get((kind, id_))
        current = row is not None and row.version == record.version
        values = row.values if row and current else _version(connection, kind, id_, record.version)
    return Recorded(record.number, kind, id_, evidence, values)


def _version(connection: Connection, kind: str, id_: str, version: int) -> Row | None:
    row = connection.execute(
        "SELECT body FROM past WHERE kind = ? AND id = ? AND version = ?", (kind, id_, version)
    ).fetchone()
    try:
        return json.loads(opened(row[0])) if row else None
    except (ValueError, zlib.error):  # it was damaged, and is not what the record attests
        return None


def _kind(record: Kept) -> str:
    return str(record.values.get("subject_kind")).lower()


def _subject(record: Kept) -> str:
    return str(record.values.get("subject"))
