"""What tests of the import share: rows of a portal as it gives them, and a run of an import."""

import json
from pathlib import Path
from typing import Any, cast

from dataspace.ports import Assets, Catalogue, Identity
from dataspace.selection import (
    EVERYTHING,
    PAGE_MAX,
    POSITION,
    Condition,
    Order,
    Page,
    Row,
    Selection,
)
from hub.imports.run import ImportOptions, ImportReport, run_import
from hub.node import Node
from tests.clock import FrozenClock

SOURCE = "data.springfield.gov"


def a_node(catalogue: Catalogue, clock: FrozenClock | None = None) -> Node:
    """A node of which only the catalogue and the clock are used."""
    return Node(catalogue, cast("Identity", None), cast("Assets", None), clock or FrozenClock())


def a_portal_row(record: str = "aaaa-0001", **resource: Any) -> dict[str, Any]:
    """One object of the discovery API; `columns` are pairs of name and type."""
    columns = resource.pop("columns", [("Street", "Text"), ("Height", "Number")])
    classification = resource.pop("classification", {"domain_category": "Environment"})
    return {
        "resource": {
            "id": record,
            "name": f"Trees {record}",
            "description": "All trees.",
            "attribution": "Department of Parks",
            "type": "dataset",
            "data_updated_at": "2022-07-01T08:00:00.000Z",
            "publication_date": "2018-01-30T17:45:21.000Z",
            "columns_name": [name for name, _ in columns],
            "columns_field_name": [name.lower() for name, _ in columns],
            "columns_datatype": [kind for _, kind in columns],
            "columns_description": ["" for _ in columns],
            **resource,
        },
        "classification": classification,
        "metadata": {"domain": SOURCE},
        "permalink": f"https://{SOURCE}/d/{record}",
    }


def a_file(path: Path, *rows: dict[str, Any] | bytes) -> Path:
    """JSON lines; a row given as bytes stands as it is."""
    lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


async def imported(node: Node, path: Path, **options: Any) -> ImportReport:
    folder = options.pop("folder", path.parent / "imports")
    return await run_import(node, path, ImportOptions(folder=folder, **options), lambda _: None)


def rejects(report: ImportReport) -> list[dict[str, Any]]:
    assert report.rejects_file
    return [json.loads(line) for line in Path(report.rejects_file).read_text("utf-8").splitlines()]


async def rows_of(
    catalogue: Catalogue, kind: str, *fields: str, where: Condition = EVERYTHING
) -> list[Row]:
    """All rows of a kind, by id."""
    selection = Selection(kind, ("id", *fields), where, order=Order("id"), page=Page(PAGE_MAX))
    rows: list[Row] = []
    while True:
        found = await catalogue.select(selection)
        rows += [{name: row[name] for name in row if name != POSITION} for row in found.rows]
        if not found.more_after:
            return rows
        selection = Selection(
            kind,
            selection.fields,
            where,
            order=Order("id"),
            page=Page(PAGE_MAX, found.rows[-1][POSITION]),
        )
