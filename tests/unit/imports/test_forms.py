"""Departments' ledgers as CSV and workbooks, in either language, from the template or not."""

import csv
from pathlib import Path

import openpyxl
import pytest

from dataspace.change import Amend
from dataspace.selection import PartChild, Selection
from hub.imports.errors import FileMalformed, HeadingsMissing
from hub.imports.template import headings, write_template
from tests.build import a_change_set, an_act
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.importing import a_node, imported, rejects, rows_of

pytestmark = pytest.mark.anyio

CHINESE = (
    "信息资源名称,信息资源代码,信息资源提供方,信息资源摘要,共享类型,开放属性,更新周期,发布日期,"
    "信息项名称,信息项数据类型,信息项个人信息\n"
    "企业名录,A1,市市场监督管理局,全部企业,有条件,无条件开放,每日,2024/3/1,企业名称,字符型,否\n"
    ",,,,,,,,法定代表人,字符型,是\n"
    "学校,A2,市教育局,全部学校,无条件共享,有条件开放,每年,2024年3月,校名,字符型(50),\n"
)


@pytest.fixture
def catalogue() -> DictionaryCatalogue:
    return DictionaryCatalogue()


async def items_of(catalogue: DictionaryCatalogue) -> dict[str, list[dict[str, object]]]:
    items = PartChild("items", "items", ("name", "data_type", "personal"))
    found = await catalogue.select(Selection("resource", ("name",), parts=(items,)))
    return {row["name"]: row["items"] for row in found.rows}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
async def test_a_ledger_in_csv_enters_as_draft_with_its_items(
    catalogue: DictionaryCatalogue, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "台账.csv"
    path.write_bytes(CHINESE.encode(encoding))
    report = await imported(a_node(catalogue), path, submitter="usr_li")
    assert (report.read, report.created, report.rejected) == (2, 2, 0)
    rows = await rows_of(
        catalogue,
        "resource",
        "name",
        "code",
        "state",
        "audience",
        "share_type",
        "open_attribute",
        "update_cycle",
        "published_on",
        "submitted_by",
    )
    enterprise = next(row for row in rows if row["code"] == "A1")
    assert enterprise | {"id": ""} == {
        "id": "", "name": "企业名录", "code": "A1", "state": "DRAFT", "audience": "MEMBERS",
        "share_type": "CONDITIONAL", "open_attribute": "UNCONDITIONAL", "update_cycle": "DAILY",
        "published_on": "2024-03-01", "submitted_by": "usr_li",
    }  # fmt: skip
    items = (await items_of(catalogue))["企业名录"]
    assert [(each["name"], each["data_type"], each["personal"]) for each in items] == [
        ("企业名称", "TEXT", False), ("法定代表人", "TEXT", True),
    ]  # fmt: skip


async def test_english_headings_and_codes_say_the_same(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text(
        "Name;Provider;Sharing among departments;Update frequency (T4);Grade\n"
        "Trees;Parks Department;CONDITIONAL;Monthly;2\n"
    )
    await imported(a_node(catalogue), path, standing="registered")
    (row,) = await rows_of(catalogue, "resource", "share_type", "update_cycle", "grade", "state")
    assert row | {"id": ""} == {
        "id": "",
        "share_type": "CONDITIONAL",
        "update_cycle": "MONTHLY",
        "grade": 2,
        "state": "REGISTERED",
    }


async def test_cells_that_do_not_hold_name_their_row_and_field(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = tmp_path / "ledger.csv"
    path.write_bytes(
        "名称,信息资源提供方,共享类型,发布日期,记录数,涉密\n".encode()
        + "甲,,,,,\n乙,某局,乱,,,\n丙,某局,,昨天,,\n丁,某局,,,1.5,\n戊,某局,,,,是\n".encode()
        + b"\xb1\xb1\xb1,x,,,,\n"
        + "己,某局,,,1e3,否\n,某局,,,,\n".encode()
        + '庚,"某局'.encode()
    )
    report = await imported(a_node(catalogue), path)
    assert [(each["line"], each["code"], each["field"]) for each in rejects(report)] == [
        (2, "entry.missing", "provider"),
        (3, "entry.code_unknown", "share_type"),
        (4, "entry.wrong_type", "published_on"),
        (5, "entry.wrong_type", "record_count"),
        (6, "entry.classified", "secret"),
        (7, "line.undecodable", None),
        (9, "entry.missing", "name"),
        (10, "line.cut_short", None),
    ]
    assert report.created == 1


async def test_items_may_stand_in_a_file_of_their_own(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text("名称,信息资源提供方\n甲,某局\n", "utf-8")
    (tmp_path / "ledger.items.csv").write_text(
        "所属资源,信息项名称,数据类型\n甲,年度,字符型\n甲,数量,数值型\n乙,无,字符型\n", "utf-8"
    )
    report = await imported(a_node(catalogue), path)
    assert [each["name"] for each in (await items_of(catalogue))["甲"]] == ["年度", "数量"]
    assert [(each["line"], each["code"]) for each in rejects(report)] == [
        (4, "entry.item_without_resource")
    ]


async def test_the_template_can_be_filled_in_and_read(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path)
    book = openpyxl.load_workbook(path)
    resources, items = book.worksheets[:2]
    columns = {cell.value: cell.column for cell in resources[1]}
    for heading, value in (
        ("数据资源名称 Name", "企业名录"), ("信息资源代码 Catalogue code", "A1"),
        ("信息资源提供方 Provider", "市市场监管局"),
        ("共享类型 Sharing among departments", "有条件共享"),
        ("标签 Labels", "企业；登记"), ("主题分类 Topic classes", "法人单位、信用"),
    ):  # fmt: skip
        resources.cell(2, columns[heading], value)
    items.append(["A1", "企业名称", "ent_name", "字符型", 100, "否", "工商登记名称"])
    book.save(path)
    report = await imported(a_node(catalogue), path)
    assert (report.created, report.rejected, report.notes) == (1, 0, 0)
    (row,) = await rows_of(
        catalogue, "resource", "name", "share_type", "labels", "topics", "item_count"
    )
    assert (row["name"], row["share_type"], row["item_count"]) == ("企业名录", "CONDITIONAL", 1)
    assert row["labels"] == ["企业", "登记"]
    assert len(row["topics"]) == 2


def test_the_template_offers_the_codes_to_choose_from(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path)
    book = openpyxl.load_workbook(path)
    rules = book.worksheets[0].data_validations.dataValidation
    assert len(rules) >= 10
    assert {cell.value for cell in book["代码 Codes"]["A"]} > {
        "基础 Base", "主题 Topic", "部门 Department",
    }  # fmt: skip
    assert book["填写说明 How to fill in"].max_row > 20


async def test_the_template_as_csv_can_be_read_too(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = tmp_path / "template.csv"
    write_template(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        columns = next(csv.reader(file))
    assert columns[: len(headings())] == headings()
    row = [""] * len(columns)
    row[columns.index("数据资源名称 Name")] = "甲"
    row[columns.index("信息资源提供方 Provider")] = "某局"
    row[columns.index("信息项名称 Item: Name")] = "年度"
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(row)
    await imported(a_node(catalogue), path)
    assert [each["name"] for each in (await items_of(catalogue))["甲"]] == ["年度"]


async def test_two_ledgers_of_the_city_share_their_departments(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("名称,信息资源提供方\n甲,市市场监督管理局\n", "utf-8")
    other.write_text("名称,信息资源提供方\n乙,上海市市场监管局\n", "utf-8")
    node = a_node(catalogue)
    await imported(node, one)
    await imported(node, other, city="上海市")
    (bureau,) = await rows_of(catalogue, "participant", "name", "aliases")
    assert (bureau["name"], bureau["aliases"]) == ("市市场监督管理局", ["上海市市场监管局"])


async def test_a_ledger_does_not_change_what_is_under_review(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path, node = tmp_path / "ledger.csv", a_node(catalogue)
    path.write_text("名称,信息资源提供方,摘要\n甲,某局,旧\n", "utf-8")
    await imported(node, path)
    (row,) = await rows_of(catalogue, "resource")
    submitted = Amend("resource", row["id"], {"state": "SUBMITTED"}, an_act())
    await catalogue.apply(a_change_set(submitted))
    path.write_text("名称,信息资源提供方,摘要\n甲,某局,新\n", "utf-8")
    report = await imported(node, path)
    assert (report.updated, report.rejected) == (0, 1)
    assert rejects(report)[0]["facts"]["refusal"] == "import.under_review"


async def test_a_workbook_without_the_headings_or_broken_gets_a_coded_error(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = tmp_path / "other.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.save(path)
    with pytest.raises(HeadingsMissing):
        await imported(a_node(catalogue), path)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(FileMalformed):
        await imported(a_node(catalogue), path, format="xlsx")


async def test_every_choice_that_the_template_offers_is_understood(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    """In both languages, as it stands in the list: one row for each choice of the longest list."""
    path = tmp_path / "template.xlsx"
    write_template(path)
    book = openpyxl.load_workbook(path)
    sheet, lists = book["数据资源 Resources"], book["代码 Codes"]
    column = {cell.value: cell.column for cell in sheet[1]}
    offered = {each[0]: [text for text in each[1:] if text] for each in lists.iter_cols(
        values_only=True
    ) if each[0] in column and "涉密" not in each[0]}  # fmt: skip
    for row in range(2, 2 + max(map(len, offered.values()))):
        sheet.cell(row, column["数据资源名称 Name"], f"Trees {row}")
        sheet.cell(row, column["信息资源提供方 Provider"], "市绿化局")
        for heading, choices in offered.items():
            assert all(" " in choice for choice in choices), "in both languages"
            sheet.cell(row, column[heading], choices[row % len(choices)])
    book.save(path)
    report = await imported(a_node(catalogue), path)
    assert (report.created, report.rejected) == (report.read, 0)


async def test_the_columns_of_the_csv_template_are_understood_in_both_languages(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = tmp_path / "template.csv"
    write_template(path)
    columns = next(csv.reader([path.read_text("utf-8-sig").strip()]))
    given = {
        "数据资源名称 Name": "Trees", "信息资源提供方 Provider": "市绿化局",
        "信息项名称 Item: Name": "Height", "信息项个人信息 Item: Personal information": "否 no",
    }  # fmt: skip
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow([given.get(column, "") for column in columns])
    assert set(given) <= set(columns)
    await imported(a_node(catalogue), path)
    assert [(each["name"], each["personal"]) for each in (await items_of(catalogue))["Trees"]] == [
        ("Height", False)
    ]


async def test_a_reject_names_the_field_as_the_form_heads_it(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text("名称,信息资源提供方,共享类型\n甲,某局,看情况\n", "utf-8")
    (reject,) = rejects(await imported(a_node(catalogue), path))
    assert reject["field"] == "share_type"
    assert reject["reason"] == {
        "en": "看情况 is not a code of Sharing among departments",
        "zh": "看情况 不是 共享类型 的代码",
    }
