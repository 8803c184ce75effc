"""A sweep of supply seeks: each window is a range of an index, and no whole table is read."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dataspace.quality.supply import CYCLES, windows
from graph.connections import looking
from graph.sql.selecting import select_sql
from hub.operations.quality.supply import due
from tests.made_catalogue import a_catalogue

NOW = datetime(2026, 6, 1, tzinfo=UTC)
INDEX = "resource.by.update_cycle.data_changed_at~ (update_cycle=? AND data_changed_at~"


@pytest.mark.parametrize("cycle", sorted(CYCLES))
async def test_a_window_of_a_cycle_is_a_range_of_the_index(tmp_path: Path, cycle: str) -> None:
    path = tmp_path / "catalogue.sqlite"
    catalogue = await a_catalogue(path)
    await catalogue.close()
    with looking(path) as connection:
        for window in windows(cycle, NOW):
            sql, parameters = select_sql(due(cycle, window))
            plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()
            told = [detail for *_, detail in plan]
            assert any(INDEX in each for each in told), told
            assert not any(each.startswith("SCAN resource") for each in told)
