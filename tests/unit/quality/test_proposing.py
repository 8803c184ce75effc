"""Metadata out of data: what is proposed, what is suspected to be personal, what is taken in."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.quality.digits import identity_check_digit, is_bank_card, is_identity_number
from dataspace.quality.proposing import (
    ColumnProfile,
    ProposedLine,
    accepted,
    proposed,
    read_codes,
    read_range,
    written_codes,
)
from dataspace.quality.suspicion import suspected_by_name, suspected_by_values
from hub.operations.quality.data import duck
from hub.operations.quality.data.profiling import profiles
from tests.unit.quality.enterprises import HEADINGS, identity_number, records
from tests.unit.quality.files import csv_text


def profiled(folder: Path, content: str) -> dict[str, ColumnProfile]:
    path = folder / "x.csv"
    path.write_text(content, encoding="utf-8")
    with duck.opened(folder) as engine:
        return {each.name: each for each in profiles(engine, engine.load(path, "x.csv"))}


def told(lines: list[ProposedLine]) -> dict[tuple[str, str], str]:
    return {(each.column, each.field): each.proposed for each in lines}


def test_a_register_of_enterprises_is_described(tmp_path: Path) -> None:
    found = profiled(tmp_path, csv_text(HEADINGS, records(400)))
    lines = told(proposed(list(found.values()), []))
    types = {column: value for (column, field), value in lines.items() if field == "DATA_TYPE"}
    assert types == {
        "统一社会信用代码": "TEXT", "企业名称": "TEXT", "法定代表人": "TEXT", "身份证号": "TEXT",
        "手机号码": "TEXT", "电子邮箱": "TEXT", "成立日期": "DATE", "注册资本": "NUMBER",
        "实缴资本": "NUMBER", "未缴资本": "NUMBER", "登记状态": "TEXT", "更新时间": "MOMENT",
    }  # fmt: skip
    personal = {column: value for (column, field), value in lines.items() if field == "PERSONAL"}
    assert personal == {
        "法定代表人": "PERSON_NAME", "身份证号": "ID_CARD", "手机号码": "MOBILE",
        "电子邮箱": "EMAIL",
    }  # fmt: skip
    assert lines["统一社会信用代码", "LENGTH"] == "18"
    assert lines["登记状态", "CODE_TABLE"] == "吊销 | 在业 | 存续 | 注销"
    assert lines["实缴资本", "RANGE"] == "0.5..9.5"
    assert lines["成立日期", "RANGE"].startswith("199")
    assert {value for (_, field), value in lines.items() if field == "NULLABLE"} == {"false"}
    assert ("身份证号", "RANGE") not in lines


def test_what_the_metadata_say_already_is_not_proposed_again(tmp_path: Path) -> None:
    found = list(profiled(tmp_path, csv_text(HEADINGS, records(100))).values())
    lines = [each for each in proposed(found, []) if each.field != "RANGE"]
    items = accepted([], lines)
    assert {item["name"] for item in items} == set(HEADINGS)
    assert [each for each in proposed(found, items) if each.field != "RANGE"] == []


def test_new_and_gone_columns_are_seen(tmp_path: Path) -> None:
    found = list(profiled(tmp_path, "a,b\n1,x\n2,y\n").values())
    items = [
        {"name": "甲", "field_name": "a", "data_type": "NUMBER", "nullable": False},
        {"name": "丙", "field_name": "c", "data_type": "TEXT"},
    ]
    lines = proposed(found, items)
    basis = {(each.column, each.field): each.basis for each in lines}
    assert basis["b", "DATA_TYPE"] == "NEW_COLUMN"
    assert basis["c", "REMOVED"] == "COLUMN_GONE"
    assert ("a", "DATA_TYPE") not in basis
    taken = accepted(items, lines)
    assert [each["name"] for each in taken] == ["甲", "b"]
    assert items[0] == {"name": "甲", "field_name": "a", "data_type": "NUMBER", "nullable": False}


@pytest.mark.parametrize(
    ("content", "type_"),
    [
        ("是\n否\n", "BOOLEAN"), ("1\n2.5\n", "NUMBER"), ("2026-01-01\n2026/1/2\n", "DATE"),
        ("2026-01-01 08:00\n2026-01-02\n", "MOMENT"), ("https://a.cn\n", "LINK"),
        ("001\n002\n", "TEXT"), ("1\nx\n", "TEXT"), (",\n,\n", ""),
    ],
)  # fmt: skip
def test_a_column_has_the_narrowest_type_of_all_its_values(
    tmp_path: Path, content: str, type_: str
) -> None:
    assert profiled(tmp_path, "a\n" + content)["a"].type == type_


def test_an_empty_column_and_an_empty_table_propose_nothing_that_was_not_seen(
    tmp_path: Path,
) -> None:
    assert proposed(list(profiled(tmp_path, "a,b\n").values()), []) == []


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("身份证号码", "ID_CARD"), ("id_card", "ID_CARD"), ("idCardNo", "ID_CARD"),
        ("SFZH", "ID_CARD"),
        ("联系电话", "MOBILE"), ("mobilePhone", "MOBILE"), ("e_mail", "EMAIL"), ("邮箱", "EMAIL"),
        ("法定代表人", "PERSON_NAME"), ("contact_name", "PERSON_NAME"), ("户籍地址", "ADDRESS"),
        ("出生日期", "BIRTH"), ("birth_date", "BIRTH"), ("银行账号", "BANK_CARD"),
        ("企业名称", ""), ("name", ""), ("address", ""), ("identifier", ""), ("paid", ""),
        ("登记日期", ""), ("xmlns", ""),
    ],
)  # fmt: skip
def test_names_of_columns_raise_a_suspicion(column: str, kind: str) -> None:
    assert suspected_by_name(column) == kind


def test_values_raise_a_suspicion_when_enough_of_them_have_the_form() -> None:
    assert suspected_by_values({"ID_CARD": 50}, 100) == "ID_CARD"
    assert suspected_by_values({"ID_CARD": 9}, 100) == ""  # by chance
    assert suspected_by_values({"MOBILE": 60, "EMAIL": 70}, 100) == "EMAIL"
    assert suspected_by_values({}, 0) == ""


@given(st.integers(0, 2**32))
def test_a_made_up_identity_number_is_right_and_one_digit_off_is_not(seed: int) -> None:
    dice = Random(seed)
    number = identity_number(dice)
    assert is_identity_number(number)
    assert is_identity_number(number.lower())
    at = dice.choice([0, 1, 2, 3, 4, 5, 14, 15, 16])
    digit = str((int(number[at]) + dice.randrange(1, 10)) % 10)
    assert not is_identity_number(number[:at] + digit + number[at + 1 :])


def test_an_identity_number_has_a_day_of_birth_that_there_was() -> None:
    body = "11010120260230001"
    assert not is_identity_number(body + identity_check_digit(body))


def test_a_bank_card_fulfils_the_rule_of_luhn() -> None:
    assert is_bank_card("4111111111111111")
    assert not is_bank_card("4111111111111112")
    assert not is_bank_card("411111111111111")


@given(st.lists(st.text(alphabet="ab存续 12", min_size=1, max_size=5).map(str.strip).filter(bool),
                min_size=1, unique=True))  # fmt: skip
def test_codes_are_read_as_they_were_written(values: list[str]) -> None:
    assert read_codes(written_codes(values)) == tuple(values)


def test_a_range_is_read_as_it_was_written() -> None:
    assert read_range("-1.5..20") == ("-1.5", "20")


@given(st.lists(st.lists(st.text(max_size=6), min_size=2, max_size=2), max_size=8))
def test_whatever_a_file_holds_can_be_proposed_and_taken_in(rows: list[list[str]]) -> None:
    """The plain words of the profile, without the engine."""
    columns = [
        ColumnProfile(
            name, len(rows), sum(bool(row[at]) for row in rows),
            length_max=max((len(row[at]) for row in rows), default=0),
        )
        for at, name in enumerate(("a", "b"))
    ]  # fmt: skip
    lines = proposed(columns, [])
    items = accepted([], lines)
    assert {each["name"] for each in items} == {each.column for each in lines}
    assert all((each.get("length") or 0) <= 4000 for each in items)
