"""Data files as departments send them: every form, every oddity, and what only says it is one."""

import csv
import io
import json
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.quality.refusals import DataFileRefused, DataFileTooLarge, MeasuringTooLong
from hub.operations.quality.data import duck, workbook
from hub.operations.quality.data import records as plain_records
from hub.operations.quality.data.records import UNDECODED, encoding_of
from tests.unit.quality.enterprises import HEADINGS, records
from tests.unit.quality.files import csv_text, loaded
from tests.unit.quality.files import workbook as a_workbook

TABLE = [(1, "甲", "1"), (2, "乙", None)]
CSV = "名称,代码\r\n甲,1\r\n乙, \r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_a_csv_file_is_read_in_the_encodings_that_departments_use(
    tmp_path: Path, encoding: str
) -> None:
    found, table = loaded(tmp_path, "x.csv", CSV.encode(encoding))
    assert (found.columns, found.rows, found.malformed) == (("名称", "代码"), 2, 0)
    assert table == TABLE


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_another_delimiter_is_seen(tmp_path: Path, delimiter: str) -> None:
    found, table = loaded(tmp_path, "x.csv", CSV.replace(",", delimiter).encode())
    assert (found.columns, table) == (("名称", "代码"), TABLE)


def test_the_same_table_comes_out_of_every_form(tmp_path: Path) -> None:
    rows = [{"名称": "甲", "代码": "1"}, {"名称": "乙", "代码": None}]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    parquet = tmp_path / "x.parquet"
    duckdb.sql("SELECT '甲' AS 名称, '1' AS 代码 UNION ALL SELECT '乙', NULL").write_parquet(
        str(parquet)
    )
    book = a_workbook(tmp_path / "w.xlsx", [("名称", "代码"), ("甲", 1), ("乙", None)])
    forms = {
        "a.json": json.dumps(rows, ensure_ascii=False).encode(), "a.jsonl": lines.encode(),
        "a.parquet": parquet.read_bytes(), "a.xlsx": book.read_bytes(),
    }  # fmt: skip
    for at, (name, content) in enumerate(forms.items()):
        folder = tmp_path / str(at)
        folder.mkdir()
        found, table = loaded(folder, name, content)
        assert (found.columns, found.rows, table) == (("名称", "代码"), 2, TABLE), name


def test_json_keeps_what_was_written(tmp_path: Path) -> None:
    _, table = loaded(tmp_path, "x.json", b'[{"a": "0012", "b": 1.50, "c": {"d": [1]}, "e": true}]')
    assert table == [(1, "0012", "1.5", '{"d":[1]}', "true")]


def test_ragged_records_are_numbered_and_kept(tmp_path: Path) -> None:
    found, table = loaded(tmp_path, "x.csv", b"a,b\n1,2\n3\n4,5,6\n\n7,8\n")
    assert (found.rows, found.malformed) == (4, 2)
    assert [(each.row, each.value) for each in found.examples] == [(2, "1 ≠ 2"), (3, "3 ≠ 2")]
    assert table == [(1, "1", "2"), (2, "3", None), (3, "4", "5"), (4, "7", "8")]


def test_quotes_hold_line_breaks_delimiters_and_quotes(tmp_path: Path) -> None:
    found, table = loaded(tmp_path, "x.csv", '名称,注\n"甲\n公司, ""一""",x\n乙,y\n'.encode())
    assert found.malformed == 0
    assert table == [(1, '甲\n公司, "一"', "x"), (2, "乙", "y")]


def test_bytes_of_no_text_make_their_record_malformed(tmp_path: Path) -> None:
    content = "名称,代码\n甲,1\n".encode() * 60_000 + b"\xff\xfe\xfd,2\n"
    found, _ = loaded(tmp_path, "x.csv", content)
    assert found.malformed == 1


def test_headings_that_are_missing_or_repeated_are_told_apart(tmp_path: Path) -> None:
    found, _ = loaded(tmp_path, "x.csv", "名称,,名称\n1,2,3\n".encode())
    assert found.columns == ("名称", "列2", "名称_3")


def test_a_heading_alone_is_a_table_without_records(tmp_path: Path) -> None:
    found, table = loaded(tmp_path, "x.csv", b"a,b\n")
    assert (found.columns, found.rows, table) == (("a", "b"), 0, [])


@pytest.mark.parametrize(
    ("file_name", "content"),
    [
        ("x.csv", b""),
        ("x.csv", b"\n\n"),
        ("x.csv", b"PK\x03\x04\0\0\0\0"),
        ("x.csv", b'a,b\n"1,' + b"2" * 200_000),
        ("x.json", b"not json"),
        ("x.json", b'{"a": '),
        ("x.parquet", b"PAR1 and nothing of it"),
        ("x.xlsx", b"PK\x03\x04 and nothing of it"),
        ("x.xlsx", b"a,b\n1,2\n"),
    ],
)
def test_what_is_not_what_it_says_is_refused(
    tmp_path: Path, file_name: str, content: bytes
) -> None:
    with pytest.raises(DataFileRefused) as refusal:
        loaded(tmp_path, file_name, content)
    assert refusal.value.facts["file_name"] == file_name


def test_a_workbook_without_a_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(DataFileRefused):
        loaded(tmp_path, "x.xlsx", (tmp_path / "z.zip").read_bytes())


def a_bomb(path: Path, sheet: str) -> bytes:
    book = a_workbook(path, [("a",)])
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path.read_bytes()


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def test_a_workbook_that_unpacks_to_much_more_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "UNPACKED_BYTES_MAX", 512 * 1024)
    row = "<row><c t='inlineStr'><is><t>a</t></is></c></row>"
    bomb = a_bomb(tmp_path / "b.xlsx", f"<worksheet {MAIN}>{row * 20_000}</worksheet>")
    assert len(bomb) < 20_000
    with pytest.raises(DataFileTooLarge) as refusal:
        loaded(tmp_path, "x.xlsx", bomb)
    assert refusal.value.facts["what"] == "bytes"


def test_one_endless_cell_is_stopped(tmp_path: Path) -> None:
    cell = f"<row><c t='inlineStr'><is><t>{'a' * 8_000_000}</t></is></c></row>"
    with pytest.raises(DataFileTooLarge) as refusal:
        loaded(
            tmp_path, "x.xlsx", a_bomb(tmp_path / "b.xlsx", f"<worksheet {MAIN}>{cell}</worksheet>")
        )
    assert refusal.value.facts["what"] == "cell"


def test_entities_of_a_workbook_are_not_expanded(tmp_path: Path) -> None:
    sheet = (
        f'<!DOCTYPE x [<!ENTITY a "b">]><worksheet {MAIN}><row><c><v>&a;</v></c></row></worksheet>'
    )
    with pytest.raises(DataFileRefused, match="DOCTYPE"):
        loaded(tmp_path, "x.xlsx", a_bomb(tmp_path / "b.xlsx", sheet))


def test_days_and_numbers_of_a_workbook_are_shown_as_people_see_them(tmp_path: Path) -> None:
    day = datetime(2026, 3, 1)  # noqa: DTZ001
    rows = [("日", "时", "数", "真"), (day.date(), day.replace(hour=8), 12.5, True)]
    _, table = loaded(tmp_path, "x.xlsx", a_workbook(tmp_path / "w.xlsx", rows).read_bytes())
    assert table == [(1, "2026-03-01", "2026-03-01 08:00:00", "12.5", "true")]


def test_the_engine_opens_nothing_outside_its_folder(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    inside = tmp_path / "inside"
    inside.mkdir()
    with duck.opened(inside) as engine:
        for sql in (
            f"SELECT * FROM read_csv('{secret}')", f"SELECT * FROM '{secret}'",
            f"COPY (SELECT 1) TO '{tmp_path}/out.csv'", f"ATTACH '{tmp_path}/other.db'",
            "INSTALL httpfs", "SET enable_external_access = true", "SET memory_limit = '9GB'",
        ):  # fmt: skip
            with pytest.raises(duckdb.Error):
                engine.rows(sql)


def test_a_measurement_ends_in_its_time(tmp_path: Path) -> None:
    with duck.opened(tmp_path, seconds_max=0.2) as engine, pytest.raises(MeasuringTooLong):
        engine.rows("SELECT count(*) FROM range(1000000) a, range(1000000) b")


def test_what_looks_like_a_statement_is_a_value(tmp_path: Path) -> None:
    """Headings and values are never a part of a statement."""
    name = "x') DROP TABLE records --"
    found, table = loaded(tmp_path, "x.csv", csv_text([name, '"'], [[name, "1"]]).encode())
    assert (found.columns, table) == ((name, '"'), [(1, name, "1")])


def test_an_encoding_is_told_from_the_head() -> None:
    assert encoding_of("汉字".encode()[:-1]) == "utf-8-sig"
    assert encoding_of("汉字".encode("gbk")) == "gb18030"


def test_a_register_is_loaded_record_by_record(tmp_path: Path) -> None:
    rows = list(records(500))
    found, table = loaded(tmp_path, "x.csv", csv_text(HEADINGS, rows).encode("gb18030"))
    assert found.columns == HEADINGS
    assert [list(row[1:]) for row in table] == rows


@given(text=st.text(alphabet='ab,;"\r\n\t ' + UNDECODED + "甲", max_size=60))
def test_lines_that_stand_as_they_are_are_those_that_the_csv_module_reads(text: str) -> None:
    """In batches so small that records go on from one to the next."""
    given_text = "a,b\n" + text
    expected = [row for row in csv.reader(io.StringIO(given_text, newline="")) if row][1:]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_records, "BATCH_CHARACTERS", 8)
        path, to = Path(folder) / "x.csv", Path(folder) / "plain"
        path.write_bytes(given_text.encode())
        found = plain_records.write_plain(path, path.name, to, alive=lambda: None)
        with to.open(encoding="utf-8", newline="") as file:
            written = list(csv.reader(file))
    assert written == [
        [str(at), *[*row, "", ""][:2]] for at, row in enumerate(expected, start=1)
    ]  # fmt: skip
    odd = [row for row in expected if len(row) != 2 or UNDECODED in "".join(row)]
    assert (found.rows, found.malformed) == (len(expected), len(odd))
