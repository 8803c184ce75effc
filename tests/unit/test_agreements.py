"""The agreement of authorised operation: all elements of the template, and none left blank."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dataspace.documents.agreement import (
    ELEMENTS,
    LICENCE_CONDITIONS,
    ElementsMissing,
    TermTooLong,
    agreement_content,
    blanks,
    clauses,
)
from dataspace.documents.certificate import Issue, Kind, Party, sealed
from hub.api.documents.printing import printed

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
THREE_YEARS = datetime(2029, 6, 1, 12, tzinfo=UTC)
ISSUE = Issue(
    Kind.AGREEMENT, "YYXY-2026-ABCDEFGH", Party("par_bureau", "市数据局"),
    Party("par_group", "数据集团", "91310000MA1FL0001X"), NOON, "chs_1",
)  # fmt: skip
LEAK = "发生数据泄露的，立即熔断并在 2 小时内报告。"


def settled(**more: Any) -> dict[str, Any]:
    """Every element with a text of its own, or with rows."""
    texts: dict[str, Any] = {each.name: f"{each.text.zh}：{LEAK * 3}" for each in ELEMENTS}
    lists = {
        "items": [
            {"unit": "水务局", "system": "供水系统", "schema": "water", "table": f"t_{n}",
             "right_kind": "经营权", "scenario": "信贷评估", "term": "2 年"}
            for n in range(3)
        ],
        "licence_conditions": [
            {"condition": each, "applies": each == "PERSONAL"} for each in LICENCE_CONDITIONS
        ],
        "benefit_shares": [
            {"party": "数源部门", "per_mille": 300}, {"party": "运营机构", "per_mille": 700},
        ],
    }  # fmt: skip
    return {**texts, **lists, **more}


def test_a_draft_has_blanks_and_names_them_in_their_order() -> None:
    assert blanks(settled()) == ()
    assert blanks({})[:2] == ("grantor_representative", "grantee_representative")
    assert len(blanks({})) == len(ELEMENTS)


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element.name)
def test_without_one_element_there_is_no_agreement(element: Any) -> None:
    with pytest.raises(ElementsMissing, match=element.name):
        agreement_content(
            ISSUE, settled(**{element.name: ""}), subject="agr_1", valid_until=THREE_YEARS
        )


def test_shares_make_up_the_whole() -> None:
    shares = [{"party": "A", "per_mille": 300}, {"party": "B", "per_mille": 699}]
    assert blanks(settled(benefit_shares=shares)) == ("benefit_shares (1000)",)


def test_no_licence_condition_is_left_open() -> None:
    ticked = settled()["licence_conditions"][1:]
    assert blanks(settled(licence_conditions=ticked)) == ("licence_conditions",)
    assert len(LICENCE_CONDITIONS) == 8


@pytest.mark.parametrize(
    "end", [NOON, NOON - timedelta(days=1), datetime(2031, 6, 1, 12, 0, 1, tzinfo=UTC)]
)
def test_it_ends_after_it_begins_and_within_five_years(end: datetime) -> None:
    with pytest.raises(TermTooLong):
        agreement_content(ISSUE, settled(), subject="agr_1", valid_until=end)


def test_a_leap_day_has_a_day_five_years_on() -> None:
    issue = Issue(
        ISSUE.kind, "n", ISSUE.issuer, ISSUE.holder, datetime(2028, 2, 29, tzinfo=UTC), "c"
    )
    end = datetime(2033, 2, 28, tzinfo=UTC)
    assert agreement_content(issue, settled(), subject="agr_1", valid_until=end)


def test_an_element_that_there_is_not_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        agreement_content(ISSUE, settled(fee="1"), subject="agr_1", valid_until=THREE_YEARS)


def test_every_element_is_a_clause() -> None:
    content = agreement_content(ISSUE, settled(), subject="agr_1", valid_until=THREE_YEARS)
    found = clauses(content)
    assert [heading for heading, _ in found] == [each.text for each in ELEMENTS]
    by_heading = {heading.zh: said.zh for heading, said in found}
    assert "（1）数源单位：水务局；信息系统：供水系统" in by_heading["数据范围、数据授权清单"]
    assert "个人隐私：适用" in by_heading["外部许可条件"]
    assert "采购取得：不适用" in by_heading["外部许可条件"]


def test_the_locked_content_is_hashed_and_printed_alike_every_time() -> None:
    content = agreement_content(ISSUE, settled(), subject="agr_1", valid_until=THREE_YEARS)
    assert sealed(content) == sealed(dict(reversed(list(content.items()))))
    prints = {printed(content, address="https://data.city.example") for _ in range(2)}
    assert len(prints) == 1
    assert prints.pop().startswith(b"%PDF-")


def test_whatever_somebody_wrote_is_printed_as_words() -> None:
    odd = settled(purpose="<b>&amp; \x00 </para> 𠮷 😀 " + "长" * 5000)
    content = agreement_content(ISSUE, odd, subject="agr_1", valid_until=THREE_YEARS)
    assert printed(content, address="https://data.city.example").startswith(b"%PDF-")
