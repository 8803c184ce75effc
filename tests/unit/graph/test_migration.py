"""A file that an earlier map made is brought to the present one when it is opened."""

import sqlite3
from contextlib import closing
from pathlib import Path

from dataspace.selection import Order, Selection, Where
from graph.sqlite_catalogue import SqliteCatalogue
from tests.build import a_change_set, a_resource, the_bureau


async def test_a_field_that_was_added_to_the_map_gets_its_column_and_its_indexes(
    tmp_path: Path,
) -> None:
    path = tmp_path / "catalogue.sqlite"
    catalogue = await SqliteCatalogue.open(path)
    await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1", record_count=3)))
    await catalogue.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.execute('DROP INDEX "resource.by.valid_until~"')
        old.execute('DROP INDEX "resource.by.source_record"')
        old.execute('ALTER TABLE resource DROP COLUMN "valid_until~"')
        old.execute("ALTER TABLE resource DROP COLUMN valid_until")
        old.execute('DELETE FROM "resource.search_data" WHERE id > 100')
        old.execute('DROP TABLE "resource.labels"')
        old.execute('DROP VIEW "resource.texts"')
        old.execute("UPDATE layout SET value = 'an earlier one'")
    catalogue = await SqliteCatalogue.open(path)
    asked = Selection("resource", ("record_count",), search="用水", order=Order("valid_until"))
    assert [row["record_count"] for row in (await catalogue.select(asked)).rows] == [3]
    assert await catalogue.divergences() == []
    until = Where("valid_until", "is_null", True)
    assert len((await catalogue.select(Selection("resource", where=until))).rows) == 1
    await catalogue.close()
