"""Bringing a catalogue file to the layout that this version's map asks for, when it is opened."""

from collections.abc import Iterable

from dataspace.relations import RELATIONS
from graph.connections import Connection
from graph.tables import (
    KEEPING,
    fingerprint,
    indexes,
    quoted,
    search_table,
    search_tables,
    tables,
)


def bring_up_to_date(connection: Connection) -> None:
    """Makes what is missing and drops derived indexes that are no longer asked for.

    Runs under the write lock, so that of many processes that open a file one does the work. A
    column that the map no longer names is left where it is: it may hold what somebody needs.
    """
    if _kept_fingerprint(connection) == fingerprint():
        return
    connection.execute("BEGIN EXCLUSIVE")
    try:
        if _kept_fingerprint(connection) != fingerprint():
            _make(connection)
        connection.execute("COMMIT")
    except BaseException:
        # On a full disk SQLite has rolled back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _kept_fingerprint(connection: Connection) -> str:
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'layout'").fetchone():
        return ""
    row = connection.execute("SELECT value FROM layout WHERE name = 'fingerprint'").fetchone()
    return str(row[0]) if row else ""


def _make(connection: Connection) -> None:
    for statement in filter(str.strip, KEEPING.split(";")):
        connection.execute(statement)
    for table in tables():
        present = _names(connection.execute(f"PRAGMA table_xinfo({quoted(table.name)})"), at=1)
        if not present:
            connection.execute(table.sql)
            continue
        for column in table.columns:
            if _column_name(column) not in present:
                connection.execute(f"ALTER TABLE {quoted(table.name)} ADD COLUMN {column}")
    _make_indexes(connection)
    _make_search_tables(connection)
    connection.execute("INSERT OR REPLACE INTO layout VALUES ('fingerprint', ?)", (fingerprint(),))


def _make_indexes(connection: Connection) -> None:
    wanted = indexes()
    present = dict(
        connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall()
    )
    for name, sql in present.items():
        if wanted.get(name, sql) != sql or (name not in wanted and ".by." in name):
            connection.execute(f"DROP INDEX {quoted(name)}")
    for name, sql in wanted.items():
        if present.get(name) != sql:
            connection.execute(sql)


def _make_search_tables(connection: Connection) -> None:
    present = dict(
        connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    )
    for kind, (view, index) in search_tables().items():
        name = search_table(RELATIONS.by_name[kind])
        if present.get(f"{kind}.texts") == view and present.get(name) == index:
            continue
        connection.execute(f"DROP TABLE IF EXISTS {quoted(name)}")
        connection.execute(f"DROP VIEW IF EXISTS {quoted(f'{kind}.texts')}")
        connection.execute(view)
        connection.execute(index)
        connection.execute(f"INSERT INTO {quoted(name)}({quoted(name)}) VALUES ('rebuild')")


def _column_name(definition: str) -> str:
    return definition.split('"')[1] if definition.startswith('"') else definition.split()[0]


def _names(rows: Iterable[tuple[object, ...]], *, at: int) -> set[str]:
    return {str(row[at]) for row in rows}
