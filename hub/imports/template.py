"""Writes the core metadata form to fill in: a workbook with two sheets, or a CSV file."""

import csv
from collections.abc import Sequence
from pathlib import Path

from dataspace.nouns.items import ITEMS
from dataspace.relations import RESOURCE
from dataspace.shape import Field, Type
from hub.imports.readers.form_headings import (
    EXTRA,
    ITEM_FIELDS,
    RESOURCE_FIELDS,
    RESOURCE_OF_ITEM,
    both,
    heading_beside,
)

MUST = frozenset({
    "name", "provider", "summary", "format", "share_type", "open_attribute", "update_cycle",
    "origin", "classification", "grade", "source_system", "update_mechanism", "quality_standard",
    "usage_method",
})  # fmt: skip
_FIRST = ("name", "code", "provider", "provider_code", "department", "topics")
_EXPLAINED = {
    Type.CODE: "从下拉列表中选择 Choose from the list",
    Type.FLAG: "是 或 否 yes or no",
    Type.NUMBER: "整数 A whole number",
    Type.DAY: "2026-01-31",
    Type.MOMENT: "2026-01-31 或 2026-01-31T08:00:00+08:00",
    Type.NAMES: "多个以分号隔开 Several, with ; between them",
}


def write_template(path: Path) -> None:
    """A workbook, or for a path that ends in .csv a CSV file with the items' columns beside."""
    if path.suffix.casefold() == ".csv":
        _write_csv(path)
    else:
        _write_workbook(path)


def headings() -> list[str]:
    """Of the resource's columns, in both languages."""
    return [_heading(name) for name in _names()]


def _names() -> list[str]:
    return [*_FIRST, *(name for name in RESOURCE_FIELDS if name not in _FIRST)]


def _heading(name: str) -> str:
    if name in EXTRA:
        return f"{EXTRA[name][0]} {EXTRA[name][1]}"
    return both(RESOURCE.by_name[name].text)


def _item_fields() -> list[Field]:
    return [each for each in ITEMS.fields if each.name in ITEM_FIELDS]


def _write_csv(path: Path) -> None:
    items = map(heading_beside, _item_fields())
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerow([*headings(), *items])


def _write_workbook(path: Path) -> None:
    from hub.imports.readers.xlsx_form import Sheet, write  # loads slowly, and is rarely needed

    names, items = _names(), _item_fields()
    resources = Sheet(
        "数据资源 Resources",
        headings(),
        choices=_choices([RESOURCE.by_name.get(n) for n in names]),
        must=frozenset(index for index, name in enumerate(names) if name in MUST),
        rows=(),
    )
    columns = [f"{RESOURCE_OF_ITEM[0]} {RESOURCE_OF_ITEM[1]}", *(both(each.text) for each in items)]
    item_sheet = Sheet(
        "信息项 Items",
        columns,
        choices=_choices([None, *items]),
        must=frozenset({0, 1, 3}),
        rows=(),
    )
    notes = Sheet(
        "填写说明 How to fill in",
        ("表头 Heading", "必填 Must", "填写方法 What to write"),
        choices={},
        must=frozenset(),
        rows=_notes(names),
    )
    write(path, (resources, item_sheet, notes))


def _choices(fields: Sequence[Field | None]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for index, field in enumerate(fields):
        if field is not None and field.table is not None:
            found[index] = [both(code.text) for code in field.table.codes.values()]
        elif field is not None and field.type is Type.FLAG:
            found[index] = ["是 yes", "否 no"]
    return found


def _notes(names: Sequence[str]) -> list[list[str]]:
    rows = [[_heading(name), "是 yes" if name in MUST else "", _explained(name)] for name in names]
    first = (
        "每行一个数据资源；信息项填在第二张表，以资源代码或名称对应 "
        "One resource a row; its items on the second sheet, by the resource's code or name"
    )
    return [["", "", first], *rows]


def _explained(name: str) -> str:
    if name == "topics":
        return "主题分类名称，多个以分号隔开 Names of topic classes, with ; between them"
    field = RESOURCE.by_name.get(name)
    if field is None or field.type is Type.TEXT:
        return "文字 Text"
    return _EXPLAINED[field.type]
