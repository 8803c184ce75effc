"""Points and grades: from findings to rules, dimensions and all; and how values are quoted."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.codes import QUALITY_GRADE
from dataspace.quality import tables
from dataspace.quality.kinds import DIMENSIONS, KINDS
from dataspace.quality.masking import SHOWN_CHARACTERS_MAX, shown
from dataspace.quality.rules import QualityRule, rules_of_metadata
from dataspace.quality.scoring import FULL, GRADES, Finding, grade_of, is_below, score_of

KIND_NAMES = st.sampled_from(sorted(KINDS))
COUNTS = st.integers(0, 10**7)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    rule = QualityRule(draw(KIND_NAMES), weight=draw(st.integers(1, 100)))
    if draw(st.booleans()):
        return Finding(rule, why="NO_FILE")
    considered = draw(COUNTS)
    return Finding(rule, considered, draw(st.integers(0, considered)))


MANY = st.lists(findings(), max_size=20)


def test_every_kind_and_dimension_has_its_code() -> None:
    assert set(KINDS) == set(tables.QUALITY_RULE_KIND.codes)
    assert {kind.dimension for kind in KINDS.values()} == set(DIMENSIONS)
    assert [grade for grade, _ in GRADES] == list(QUALITY_GRADE.codes)


@pytest.mark.parametrize(
    ("points", "grade"),
    [(100_00, "A"), (90_00, "A"), (89_99, "B"), (80_00, "B"), (79_99, "C"), (60_00, "C"),
     (59_99, "D"), (0, "D")],
)  # fmt: skip
def test_a_grade_begins_at_its_line(points: int, grade: str) -> None:
    assert grade_of(points) == grade


@given(MANY)
def test_points_lie_within_their_parts(many: list[Finding]) -> None:
    score = score_of(many)
    for dimension in score.dimensions:
        own = [
            each.points for each in many
            if each.points is not None and KINDS[each.rule.kind].dimension == dimension.dimension
        ]  # fmt: skip
        assert (dimension.points is None) == (not own)
        if dimension.points is not None:
            assert min(own) <= dimension.points <= max(own)
        assert dimension.measured == len(own)
    known = [each.points for each in score.dimensions if each.points is not None]
    if score.points is not None:
        assert min(known) <= score.points <= max(known)


@given(MANY)
def test_without_a_finding_on_data_there_is_no_grade(many: list[Finding]) -> None:
    on_data = any(each.considered is not None and KINDS[each.rule.kind].on_data for each in many)
    assert (score_of(many).grade is not None) == on_data


@given(MANY, findings())
def test_what_is_not_measured_changes_no_points(many: list[Finding], one: Finding) -> None:
    unmeasured = replace(one, considered=None, failed=0, why="NO_COLUMN")
    assert score_of([*many, unmeasured]).points == score_of(many).points


@given(COUNTS.filter(bool), st.data())
def test_one_row_that_fails_is_seen(considered: int, data: st.DataObject) -> None:
    failed = data.draw(st.integers(1, considered))
    assert (Finding(QualityRule("UNIQUE"), considered, failed).points or 0) < FULL
    assert Finding(QualityRule("UNIQUE"), considered, 0).points == FULL


@given(MANY.filter(lambda many: any(each.considered for each in many)), st.data())
def test_one_failure_more_makes_nothing_better(many: list[Finding], data: st.DataObject) -> None:
    at = data.draw(st.sampled_from([n for n, each in enumerate(many) if each.considered]))
    worse = list(many)
    worse[at] = replace(many[at], failed=min(many[at].failed + 1, many[at].considered or 0))
    before, after = score_of(many).points, score_of(worse).points
    assert (before is None) == (after is None)
    assert before is None or (after or 0) <= before


def test_a_weight_makes_a_rule_count_more() -> None:
    bad, good = QualityRule("NOT_NULL", "a", weight=3), QualityRule("NOT_NULL", "b")
    score = score_of([Finding(bad, 10, 10), Finding(good, 10, 0)])
    assert next(each.points for each in score.dimensions if each.points is not None) == 25_00


def test_points_are_shown_rounded_down_so_that_they_never_show_a_better_grade() -> None:
    score = score_of([Finding(QualityRule("NOT_NULL", "a"), 10_000, 1_001)])
    assert (score.points, score.whole_points, score.grade) == (89_99, 89, "B")


@pytest.mark.parametrize(
    ("grade", "demanded", "below"),
    [
        ("C", "B", True),
        ("B", "B", False),
        ("A", "B", False),
        (None, "B", False),
        ("D", None, False),
    ],
)
def test_a_grade_is_held_against_what_is_demanded(
    grade: str | None, demanded: str | None, below: bool
) -> None:
    assert is_below(grade, demanded) is below


@given(st.text(max_size=200))
def test_of_what_is_personal_only_the_ends_are_shown(value: str) -> None:
    plain = " ".join(value.split())
    told = shown(value, personal=True)
    assert len(told) <= SHOWN_CHARACTERS_MAX
    assert sum(character != "*" for character in told.replace("*", "")) <= 4
    assert len(plain) < 2 or "*" in told


def test_what_is_not_personal_is_shown_in_short() -> None:
    assert shown("上海市", personal=False) == "上海市"
    assert shown(None, personal=True) == "∅"
    assert len(shown("x" * 500, personal=False)) == SHOWN_CHARACTERS_MAX


def test_metadata_demand_what_they_say() -> None:
    items = [
        {"name": "名称", "field_name": "mc", "data_type": "TEXT", "length": 50, "nullable": False},
        {"name": "日期", "data_type": "DATE"},
        {"name": "图形", "data_type": "GEOMETRY"},
    ]
    assert list(rules_of_metadata(items, record_count=10)) == [
        QualityRule("COLUMNS", columns=("mc", "日期", "图形")),
        QualityRule("NOT_NULL", "mc"),
        QualityRule("LENGTH", "mc", maximum="50"),
        QualityRule("TYPE", "日期", values=("DATE",)),
        QualityRule("ROW_COUNT", minimum="10"),
    ]
