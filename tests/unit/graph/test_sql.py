"""What a Selection is written as; what it answers is the contract's matter."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from dataspace.caller import ANYONE, Caller, Role
from dataspace.selection import (
    Child,
    Every,
    FacetOf,
    Order,
    Page,
    Selection,
    Where,
)
from dataspace.visibility import visible
from graph.connections import connected
from graph.migration import bring_up_to_date
from graph.sql.selecting import select_sql
from graph.sql.statement import Statement

SEEN = visible(ANYONE)["resource"]
STAFF = visible(Caller("u", roles=frozenset({Role.REGISTRAR}), participant="par_1"))["resource"]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    made = connected(tmp_path_factory.mktemp("plan") / "catalogue.sqlite", cache_kib=100)
    bring_up_to_date(made)
    return made


def plan(connection: sqlite3.Connection, selection: Selection) -> list[str]:
    sql, parameters = select_sql(selection)
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]


def top(connection: sqlite3.Connection, selection: Selection) -> str:
    """How the rows of the page itself are reached."""
    return next(line for line in plan(connection, selection) if " t1 " in line)


def test_a_value_is_never_part_of_the_text() -> None:
    nasty = "'; DROP TABLE resource; --"
    selection = Selection(
        "resource",
        where=Every((Where("name", "eq", nasty), Where("labels", "has", nasty))),
        search=f'"{nasty}"',
        page=Page(5, (nasty, nasty)),
        order=Order("name"),
    )
    sql, parameters = select_sql(selection)
    assert "DROP" not in sql
    assert nasty in parameters.values()


def test_a_name_that_the_map_does_not_know_is_a_key_error() -> None:
    for selection in (
        Selection("resource", ("name; --",)),
        Selection("resource", where=Where("nothing", "eq", 1)),
        Selection("resource", order=Order("summary")),
        Selection("resource", facets=(FacetOf("nothing"),)),
        Selection("resource", children=(Child("x", "nothing", Selection("topic")),)),
        Selection("nothing"),
    ):
        with pytest.raises(KeyError):
            select_sql(selection)


@pytest.mark.parametrize("where", [SEEN, STAFF])
@pytest.mark.parametrize("field", ["name", "data_changed_at", "record_count", "created_at"])
@pytest.mark.parametrize("descending", [False, True])
def test_a_page_runs_along_the_index_of_its_order_whatever_may_be_seen(
    connection: sqlite3.Connection, where: Any, field: str, descending: bool
) -> None:
    for backwards in (False, True):
        for position in (None, ("x", "res_1"), (None, "res_1")):
            selection = Selection(
                "resource", ("id",), where=where, order=Order(field, descending),
                page=Page(50, position, backwards),
            )  # fmt: skip
            way = top(connection, selection)
            assert f"USING INDEX resource.by.{field}~" in way, way
            assert way.startswith("SCAN" if position is None else "SEARCH")


def test_a_path_of_the_noun_is_followed(connection: sqlite3.Connection) -> None:
    for equal, ordered in (("state", "submitted_at"), ("provider", "data_changed_at")):
        where = Every((Where(equal, "eq", "x"), Where("audience", "eq", "PUBLIC")))
        selection = Selection("resource", where=where, order=Order(ordered))
        assert f"resource.by.{equal}.{ordered}~ ({equal}=?" in top(connection, selection)


def test_what_tells_a_row_apart_is_looked_up(connection: sqlite3.Connection) -> None:
    for name in ("id", "code", "source_record"):
        selection = Selection("resource", where=Where(name, "eq", "x"), order=Order("name"))
        assert f"({name}=?)" in top(connection, selection)


def test_totals_and_facets_are_counted_from_the_narrow_index(
    connection: sqlite3.Connection,
) -> None:
    facets = tuple(FacetOf(name) for name in ("format", "provider", "state"))
    selection = Selection("resource", where=SEEN, rows=False, total=True, facets=facets)
    ways = [line for line in plan(connection, selection) if " t1 " in line]
    assert ways == ["SCAN t1 USING COVERING INDEX resource.counted"] * 4


def test_no_level_of_a_tree_scans_a_table_for_every_row_above_it(
    connection: sqlite3.Connection,
) -> None:
    leaf = Selection("authorisation", ("title",), page=Page(3))
    resources = Child("r", "resources", Selection("resource", ("name",), children=(
        Child("a", "authorisations", leaf), Child("t", "topics", Selection("topic", ("name",))),
    )))  # fmt: skip
    ways = plan(connection, Selection("participant", ("name",), children=(resources,)))
    assert [way for way in ways if way.startswith("SCAN") and way.split()[1][0] in "tecs"] == [
        "SCAN t1 USING COVERING INDEX participant.id"
    ]


def test_a_number_that_sqlite_cannot_hold_equals_nothing() -> None:
    statement = Statement()
    for value in (2**64, -(2**64), 10**400):
        statement.bind(value)
    assert all(isinstance(value, float) for value in statement.parameters.values())


def test_the_same_selection_is_the_same_text() -> None:
    """So that a prepared statement is found again."""
    made = [
        Selection("resource", where=Where("name", "eq", name), search=name) for name in ("a", "b")
    ]
    assert select_sql(made[0])[0] == select_sql(made[1])[0]


def test_a_file_that_is_opened_again_is_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    for _ in range(2):
        opened = connected(path, cache_kib=100)
        bring_up_to_date(opened)
        version = opened.execute("PRAGMA schema_version").fetchone()
        opened.close()
    again = connected(path, cache_kib=100)
    assert again.execute("PRAGMA schema_version").fetchone() == version
    again.close()
