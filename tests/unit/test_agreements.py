"""The agreement of authorised operation: one list of elements, a locked snapshot, and its paper."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dataspace.documents.agreement import agreement_content, clauses, filed_content
from dataspace.documents.certificate import Issue, Kind, Party, sealed
from dataspace.documents.elements import (
    CLAUSES,
    LICENCE_CONDITIONS,
    MUST,
    NAMES,
    blanks,
    elements_sha256,
)
from dataspace.documents.words import lines_of
from dataspace.guards.refusals import SignatureBroken
from dataspace.nouns.filings import AGREEMENT, SCOPE
from dataspace.shape import Type
from hub.api.documents.printing import printed

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
AT = "2026-06-01T12:00:00.000Z"
ISSUE = Issue(
    Kind.AGREEMENT, "YYXY-2026-ABCDEFGH", Party("par_bureau", "市数据局"),
    Party("par_group", "数据集团", "91310000MA1FL0001X"), NOON, "chs_1",
)  # fmt: skip
LEAK = "发生数据泄露的，立即熔断并在 2 小时内报告。"
ADDRESS = "https://data.city.example"
VALUES: dict[Type, Any] = {
    Type.MOMENT: "2029-05-31T16:00:00.000Z", Type.FLAG: False, Type.NUMBER: 8050,
}  # fmt: skip


def settled(**more: Any) -> dict[str, Any]:
    """An agreement with a value of its own for every element."""
    row: dict[str, Any] = {"id": "agr_1", "code": "XY-2026-A", "state": "LOCKED", "locked_at": AT}
    for name in NAMES:
        if field := AGREEMENT.by_name.get(name):
            row[name] = VALUES.get(field.type, f"{field.text.zh}约定：{LEAK}")
    row |= {
        "grantor": "par_bureau", "grantee": "par_group", "right_kind": "OPERATING",
        "external_privacy": True, "cross_region": False,
        "scope": [
            {"unit": "水务局", "system": "供水系统", "schema_name": "water", "table_name": f"t_{n}",
             "right_kind": "OPERATING", "scenario": "信贷评估", "term": "2 年"}
            for n in range(3)
        ],
        "shares": [{"party": "数源部门", "percent": 30}, {"party": "运营机构", "percent": 70}],
        **more,
    }  # fmt: skip
    return {**row, "locked_sha256": elements_sha256(row)}


def signed(row: dict[str, Any]) -> dict[str, Any]:
    signatures = {
        "grantor_signed_by": "usr_zhang", "grantor_signed_at": AT,
        "grantee_signed_by": "usr_zhao", "grantee_signed_at": AT,
    }  # fmt: skip
    return {**row, **signatures, "state": "SIGNED"}


def text_of(row: dict[str, Any]) -> dict[str, str]:
    return {heading.zh: said.zh for heading, said in clauses(agreement_content(ISSUE, row))}


def test_every_element_is_a_value_of_the_agreement_and_stands_in_one_clause() -> None:
    assert set(NAMES) <= AGREEMENT.names
    assert len(set(NAMES)) == len(NAMES)
    assert len(LICENCE_CONDITIONS) == 8


def test_all_elements_of_the_agreements_content_are_there() -> None:
    """The rows of section 7.2 of the domain reference, in their order."""
    assert [clause.text.zh for clause in CLAUSES] == [
        "授权方、被授权方", "数据范围、数据授权清单", "权益类型", "授权目的和场景",
        "产品和服务清单", "授权期限", "地理范围", "数据加密、访问控制、操作审计", "外部许可条件",
        "禁止行为", "产品备案",
        "安全合规评审", "数据收益分配", "变更、解除", "保密承诺函", "违约责任", "争议解决、送达",
        "评价、退出",
    ]  # fmt: skip
    lines = ["unit", "system", "schema_name", "table_name", "right_kind", "scenario", "term"]
    assert [field.name for field in SCOPE.fields] == lines


@pytest.mark.parametrize("name", MUST)
def test_a_blank_is_named(name: str) -> None:
    assert blanks(settled()) == ()
    for blank in ("", None, []):
        assert blanks(settled(**{name: blank})) == (name,)


@given(some.sampled_from(NAMES), some.text(min_size=1, max_size=40))
def test_whatever_is_changed_after_the_locking_is_refused(name: str, text: str) -> None:
    row = settled()
    altered: Any = [{"unit": text}] if isinstance(row[name], list) else text
    if altered == row[name]:
        return
    with pytest.raises(SignatureBroken, match="not what was locked"):
        agreement_content(ISSUE, {**row, name: altered})


def test_a_line_of_a_list_that_is_changed_is_found_too() -> None:
    row = settled()
    altered = deepcopy(row)
    altered["scope"][2]["table_name"] = "t_9"
    with pytest.raises(SignatureBroken):
        agreement_content(ISSUE, altered)


def test_the_hash_is_of_what_is_agreed_and_of_nothing_else() -> None:
    row = settled()
    same = {**dict(reversed(list(row.items()))), "state": "SIGNED", "filing_code": "BA-1"}
    assert elements_sha256(same) == row["locked_sha256"]
    for line in same["scope"]:
        line["nothing"] = None
    assert elements_sha256(same) == row["locked_sha256"], "as a catalogue gives a blank"


def test_every_element_is_printed_under_its_clause() -> None:
    said = text_of(settled())
    assert list(said) == [clause.text.zh for clause in CLAUSES]
    assert "授权方：市数据局" in said["授权方、被授权方"]
    assert "被授权方：数据集团（91310000MA1FL0001X）" in said["授权方、被授权方"]
    scope = said["数据范围、数据授权清单"]
    assert "（1）单位：水务局；信息系统：供水系统；库：water；数据表：t_0；" in scope
    assert "权益类型：经营权；场景：信贷评估；期限：2 年" in scope
    assert said["权益类型"] == "经营权"
    assert "有效期至：2029年6月1日" in said["授权期限"], "the day in the city"
    assert "涉及个人隐私：适用" in said["外部许可条件"]
    assert "外购数据：不适用" in said["外部许可条件"]
    assert "违约金：80.50 元" in said["违约责任"]
    assert "（2）分配方：运营机构；比例（%）：70" in said["数据收益分配"]
    whole = "\n".join(said.values())
    for name in NAMES:
        if name != "title" and (field := AGREEMENT.by_name.get(name)) and field.type is Type.TEXT:
            assert f"{field.text.zh}约定" in whole, name


def test_a_condition_that_nobody_ticked_does_not_apply() -> None:
    said = text_of(settled(**dict.fromkeys(LICENCE_CONDITIONS)))["外部许可条件"]
    assert said.count("：不适用") == 8


def test_each_document_says_who_has_signed_so_far() -> None:
    def signers(row: dict[str, Any]) -> list[str]:
        lines = lines_of(agreement_content(ISSUE, row))
        return [line.label.zh for line in lines if line.label.zh.endswith("签署")]

    row = settled()
    one = {"grantor_signed_by": "usr_zhang", "grantor_signed_at": AT}
    assert signers(row) == []
    assert signers({**row, **one}) == ["授权方签署"]
    assert signers(signed(row)) == ["授权方签署", "被授权方签署"]


def test_what_is_filed_is_what_was_signed() -> None:
    row = signed(settled())
    document = sealed(agreement_content(ISSUE, row))
    kept = {"content": document.text, "sha256": document.sha256}
    later = replace(ISSUE, number="YYXY-2026-BCDEFGHJ", change_set="chs_2")
    hashed = row["locked_sha256"]
    filed = filed_content(later, kept, filing_code="BA-2026-A", locked_sha256=hashed)
    before = json.loads(document.text)
    assert {name for name in filed if filed[name] != before.get(name)} == {
        "number", "change_set", "verification", "filing_code", "state",
    }  # fmt: skip
    assert "BA-2026-A" in {line.value.zh for line in lines_of(filed)}
    forged = sealed({**before, "elements": {**before["elements"], "price_cap_fen": 1}})
    for other in (
        {**kept, "content": kept["content"].replace("信贷评估", "营销")},
        {"content": forged.text, "sha256": forged.sha256},
    ):
        with pytest.raises(SignatureBroken):
            filed_content(later, other, filing_code="BA-2026-A", locked_sha256=hashed)
    with pytest.raises(SignatureBroken):
        filed_content(later, kept, filing_code="BA-2026-A", locked_sha256="0" * 64)


def test_it_is_printed_alike_every_time_whoever_has_signed() -> None:
    for row in (settled(), signed(settled())):
        content = agreement_content(ISSUE, row)
        assert sealed(content) == sealed(dict(reversed(list(content.items()))))
        prints = {printed(content, address=ADDRESS) for _ in range(2)}
        assert len(prints) == 1
        assert prints.pop().startswith(b"%PDF-")


def test_whatever_somebody_wrote_is_printed_as_words() -> None:
    odd = settled(purpose="<b>&amp; \x00 </para> 𠮷 😀 " + "长" * 5000)
    assert printed(agreement_content(ISSUE, odd), address=ADDRESS).startswith(b"%PDF-")
