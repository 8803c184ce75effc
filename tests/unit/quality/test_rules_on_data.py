"""Every kind of rule on small tables: what is looked at, what fails, and which rows are named."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataspace.identifiers import is_credit_code
from dataspace.quality.digits import is_bank_card, is_identity_number
from dataspace.quality.kinds import KINDS
from dataspace.quality.rules import QualityRule
from hub.operations.quality.data import duck, texts
from tests.unit.quality.enterprises import HEADINGS, Spoilt, records
from tests.unit.quality.files import csv_text, finding, findings

GOOD_CODE, GOOD_ID = "91310000MA1TEXT01W", "110101199003077758"


def rows(found: object) -> list[int]:
    return [each.row for each in found.examples]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("rule", "content", "considered", "failing"),
    [
        (QualityRule("NOT_NULL", "a"), "a,b\n1,x\n,x\n　,x\n", 3, [2, 3]),
        (QualityRule("TYPE", "a", values=("NUMBER",)),
         'a\n1\n-2.5\n"1,234.5"\n12a\n1e3\n,\n', 5, [4]),
        (QualityRule("TYPE", "a", values=("DATE",)),
         "a\n2026-01-31\n2026/1/3\n20260131\n2026年1月31日\n2026-02-30\n昨天\n", 6, [5, 6]),
        (QualityRule("TYPE", "a", values=("MOMENT",)),
         "a\n2026-01-31 08:00:00\n2026-01-31T08:00:00+08:00\n2026-01-31\n25:00\n", 4, [4]),
        (QualityRule("TYPE", "a", values=("BOOLEAN",)), "a\n是\n否\nTrue\n0\n也许\n", 5, [5]),
        (QualityRule("TYPE", "a", values=("LINK",)), "a\nhttps://a.cn/x\nwww.a.cn\n", 2, [2]),
        (QualityRule("LENGTH", "a", maximum="2"), "a\n汉字\n汉字表\nab\n", 3, [2]),
        (QualityRule("LENGTH", "a", minimum="2", maximum="2"), "a\n汉\n汉字\n", 2, [1]),
        (QualityRule("CODE_TABLE", "a", values=("男", "女")), "a\n男\n女\n未知\n,\n", 3, [3]),
        (QualityRule("CREDIT_CODE", "a"), f"a\n{GOOD_CODE}\n{GOOD_CODE[:-1]}X\n1\n", 3, [2, 3]),
        (QualityRule("ID_CARD", "a"), f"a\n{GOOD_ID}\n{GOOD_ID[:-1]}9\n{GOOD_ID[:15]}\n", 3,
         [2, 3]),
        (QualityRule("RANGE", "a", minimum="0", maximum="100"), "a\n0\n100\n101\n-1\nx\n", 5,
         [3, 4, 5]),
        (QualityRule("RANGE", "a", minimum="2000-01-01"), "a\n1999-12-31\n2000-01-01\n", 2, [1]),
        (QualityRule("PATTERN", "a", pattern="[A-Z]{2}[0-9]+"), "a\nAB1\nAB1x\nab1\n", 3, [2, 3]),
        (QualityRule("DUPLICATE_ROWS"), "a,b\n1,x\n1,y\n1,x\n1,x\n", 4, [3, 4]),
        (QualityRule("UNIQUE", columns=("a",)), "a,b\n1,x\n1,y\n2,z\n,z\n,z\n", 3, [2]),
        (QualityRule("UNIQUE", columns=("a", "b")), "a,b\n1,x\n1,y\n1,\n1,\n", 4, [4]),
        (QualityRule("WELL_FORMED"), "a,b\n1\n1,2\n", 2, [1]),
        (QualityRule("SUM", "t", ("a", "b")), "t,a,b\n3,1,2\n3,1,1\n0.3,0.1,0.2\nx,1,2\n", 3, [2]),
        (QualityRule("COMPARE", "a", comparison="LTE", other_column="b"),
         "a,b\n2026-01-02,2026-1-3\n2026-01-04,2026-01-03\n9,10\nb,a\n,1\n", 4, [2, 4]),
        (QualityRule("FOREIGN_KEY", "b", other_column="a"), "a,b\n1,2\n2,1\n3,4\n5,\n", 3, [3]),
    ],
    ids=lambda each: each.kind if isinstance(each, QualityRule) else None,
)  # fmt: skip
def test_a_rule_names_what_fails(
    tmp_path: Path, rule: QualityRule, content: str, considered: int, failing: list[int]
) -> None:
    found = finding(tmp_path, content, rule)
    assert (found.considered, found.failed, rows(found)) == (considered, len(failing), failing)


@pytest.mark.parametrize(
    ("rule", "failed"),
    [
        (QualityRule("ROW_COUNT", minimum="2"), 0),
        (QualityRule("ROW_COUNT", minimum="8"), 6),
        (QualityRule("ROW_COUNT", maximum="1"), 1),
        (QualityRule("COLUMNS", columns=("a", "c")), 1),
    ],
)
def test_a_rule_on_the_whole_file_counts_what_is_lacking(
    tmp_path: Path, rule: QualityRule, failed: int
) -> None:
    assert finding(tmp_path, "a,b\n1,2\n3,4\n", rule).failed == failed


def test_the_newest_record_is_held_against_the_cycle(tmp_path: Path) -> None:
    rule = QualityRule("NEWEST_RECORD", "t")
    daily = {"update_cycle": "DAILY"}
    assert finding(tmp_path, "t\n2026-05-01\n2026-06-01 08:00\n", rule, **daily).failed == 0
    assert finding(tmp_path, "t\n2026-05-01\n2026-05-30 08:00\n", rule, **daily).failed == 1
    assert finding(tmp_path, "t\nx\n", rule, **daily).failed == 1
    assert finding(tmp_path, "t\n2026-05-01\n", rule).why == "NO_CYCLE"


def test_a_key_is_looked_for_in_the_file_of_another_resource(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("code,name\n1,x\n2,y\n")
    rule = QualityRule("FOREIGN_KEY", "a", other_column="code", other="res_other")
    there = {"others": {"res_other": (other, "other.csv")}}
    found = finding(tmp_path, "a\n1\n3\n2\n", rule, **there)
    assert (found.considered, found.failed, rows(found)) == (3, 1, [2])
    assert finding(tmp_path, "a\n1\n", rule).why == "OTHER_AWAY"
    other.write_text("")
    assert finding(tmp_path, "a\n1\n", rule, **there).why == "OTHER_AWAY"


def test_a_column_that_is_not_there_is_not_measured(tmp_path: Path) -> None:
    rule = QualityRule("NOT_NULL", "c")
    found = finding(tmp_path, "a,b\n1,2\n", rule)
    assert (found.considered, found.points, found.why) == (None, None, "NO_COLUMN")


def test_what_is_personal_is_covered_where_it_is_quoted(tmp_path: Path) -> None:
    content = f"名称,身份证号\n甲公司有限责任,{GOOD_ID[:-1]}9\n"
    by_name, marked, plain = findings(
        tmp_path, content, QualityRule("PATTERN", "身份证号", pattern="x"),
        QualityRule("PATTERN", "名称", pattern="x"), QualityRule("UNIQUE", columns=("名称",)),
        personal=frozenset({"名称"}),
    )  # fmt: skip
    assert [each.value for each in by_name.examples] == ["11" + "*" * 14 + "59"]
    assert [each.value for each in marked.examples] == ["甲" + "*" * 6]
    assert plain.failed == 0


def test_an_empty_table_has_nothing_that_fails(tmp_path: Path) -> None:
    rules = [QualityRule("NOT_NULL", "a"), QualityRule("UNIQUE", columns=("a",)),
             QualityRule("ROW_COUNT", minimum="5")]  # fmt: skip
    null, unique, count = findings(tmp_path, "a,b\n", *rules)
    assert (null.considered, unique.considered) == (0, 0)
    assert (count.considered, count.failed) == (5, 5)


def test_spoilt_records_of_a_register_are_found_and_no_others(tmp_path: Path) -> None:
    spoilt = Spoilt(
        credit_code=50, identity_number=50, empty_name=50, repeated=30, sum=40, state=20
    )
    made = list(records(2000, seed=7, spoilt=spoilt))
    wrong = {
        "CREDIT_CODE": [n for n, row in enumerate(made, 1) if not is_credit_code(row[0])],
        "ID_CARD": [n for n, row in enumerate(made, 1) if not is_identity_number(row[3])],
        "NOT_NULL": [n for n, row in enumerate(made, 1) if not row[1]],
        "SUM": [n for n, row in enumerate(made, 1) if row[9] == "0.00"],
        "CODE_TABLE": [n for n, row in enumerate(made, 1) if row[10] == "不详"],
        "DUPLICATE_ROWS": [n for n, row in enumerate(made, 1) if row in made[: n - 1]],
    }
    rules = [
        QualityRule("CREDIT_CODE", HEADINGS[0]), QualityRule("ID_CARD", HEADINGS[3]),
        QualityRule("NOT_NULL", HEADINGS[1]), QualityRule("SUM", HEADINGS[7], HEADINGS[8:10]),
        QualityRule("CODE_TABLE", HEADINGS[10], values=("存续", "在业", "吊销", "注销")),
        QualityRule("DUPLICATE_ROWS"),
    ]  # fmt: skip
    for found in findings(tmp_path, csv_text(HEADINGS, made), *rules):
        expected = wrong[found.rule.kind]
        assert (found.failed, rows(found)) == (len(expected), expected[:5]), found.rule.kind
        assert len(expected) > 20


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.text(alphabet="0123456789X", min_size=15, max_size=19),
            st.sampled_from([GOOD_CODE, GOOD_ID, "6222021234567890128", "110101000002290013"]),
        ),
        min_size=1, max_size=30,
    )
)  # fmt: skip
def test_the_engine_and_the_domain_agree_on_check_digits(tmp_path: Path, values: list[str]) -> None:
    checks = (
        (texts.is_credit_code, is_credit_code),
        (texts.is_identity_number, is_identity_number),
        (texts.is_bank_card, is_bank_card),
    )
    with duck.opened(tmp_path) as engine:
        for statement, plain in checks:
            told = f"coalesce({statement('v')}, false)"
            found = engine.rows(f"SELECT {told} FROM (SELECT unnest(?::VARCHAR[]) AS v)", [values])
            assert [each for (each,) in found] == [plain(value) for value in values]


def test_every_kind_on_data_is_measured_by_somebody() -> None:
    """Those that the tests above name are all there are."""
    on_data = {kind for kind, each in KINDS.items() if each.on_data}
    assert on_data == {
        "TYPE", "LENGTH", "CODE_TABLE", "CREDIT_CODE", "ID_CARD", "NOT_NULL", "ROW_COUNT",
        "COLUMNS", "RANGE", "PATTERN", "DUPLICATE_ROWS", "UNIQUE", "WELL_FORMED", "SUM", "COMPARE",
        "FOREIGN_KEY", "NEWEST_RECORD",
    }  # fmt: skip
