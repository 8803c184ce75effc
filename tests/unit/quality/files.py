"""Data files of every form, and the findings on them."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import openpyxl

from dataspace.quality.rules import QualityRule
from dataspace.quality.scoring import Finding
from hub.operations.quality.data import duck
from hub.operations.quality.data.measuring import Beside, measured
from hub.operations.quality.data.records import Records

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue()


def workbook(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def loaded(
    folder: Path, file_name: str, content: bytes
) -> tuple[Records, list[tuple[object, ...]]]:
    """What is found on the way, and the whole table."""
    path = folder / file_name
    path.write_bytes(content)
    with duck.opened(folder) as engine:
        records = engine.load(path, file_name)
        return records, engine.rows(f"SELECT * FROM {duck.TABLE} ORDER BY n")


def findings(
    folder: Path, content: str, *rules: QualityRule, file_name: str = "data.csv", **beside: object
) -> list[Finding]:
    path = folder / file_name
    path.write_text(content, encoding="utf-8")
    (folder / "work.duckdb").unlink(missing_ok=True)
    with duck.opened(folder) as engine:
        records = engine.load(path, file_name)
        given = Beside(NOW, **beside)  # type: ignore[arg-type]
        return measured(engine, records, rules, beside=given)


def finding(folder: Path, content: str, rule: QualityRule, **beside: object) -> Finding:
    [found] = findings(folder, content, rule, **beside)
    return found
