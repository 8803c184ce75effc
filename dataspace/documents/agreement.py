"""The agreement of authorised operation (授权运营协议): its elements, and what is still blank.

Elements and their notes are those of section 7.2 of the domain reference. A draft may have blanks;
it is settled when none is left, and then its content can be locked, hashed, signed and archived.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dataspace.documents.certificate import VERIFICATION, Issue
from dataspace.errors import Invalid
from dataspace.quantity import written
from dataspace.text import Text

TERM_YEARS_MAX: Final = 5


class ElementsMissing(Invalid):
    """A draft that has blanks is no agreement."""

    code = "agreement.blanks_left"
    title = Text("The agreement lacks {elements}", "协议尚缺要素：{elements}")
    advice = Text("Settle them before it is locked.", "请在锁定正式稿前商定。")


class TermTooLong(Invalid):
    code = "agreement.term_too_long"
    title = Text(
        "The agreement would run until {valid_until}; it ends within {years} years",
        "协议期限至 {valid_until}，应不超过 {years} 年",
    )


@dataclass(frozen=True, slots=True)
class Element:
    """One element; `several` is a list of objects with these names, else it is a text."""

    name: str
    text: Text
    several: tuple[tuple[str, Text], ...] = ()


UNIT = Text("Unit", "数源单位")
SYSTEM = Text("System", "信息系统")
SCHEMA = Text("Schema", "库")
TABLE = Text("Table", "表")
RIGHT = Text("Right", "权益类型")
SCENARIO = Text("Scenario", "场景")
TERM = Text("Term", "期限")
ROLE = Text("Party", "分配方")
SHARE = Text("Share in per mille", "比例（千分之）")
# In words: a print in which the signs for a box are missing must not read as its opposite.
TICKED = Text("applies", "适用")
OPEN = Text("does not apply", "不适用")
LICENCE = Text("Condition", "许可条件")
APPLIES = Text("Applies", "是否适用")

ELEMENTS: Final = (
    Element(
        "grantor_representative", Text("Legal representative of the grantor", "授权方法定代表人")
    ),
    Element(
        "grantee_representative", Text("Legal representative of the grantee", "被授权方法定代表人")
    ),
    Element(
        "items", Text("Data scope and list", "数据范围、数据授权清单"),
        (("unit", UNIT), ("system", SYSTEM), ("schema", SCHEMA), ("table", TABLE),
         ("right_kind", RIGHT), ("scenario", SCENARIO), ("term", TERM)),
    ),
    Element("right_kind", Text("Kind of right", "权益类型")),
    Element("purpose", Text("Purpose and scenario", "授权目的和场景")),
    Element("product_list", Text("List of products and services", "产品和服务清单")),
    Element("geographic_scope", Text("Geographic scope", "地理范围")),
    Element("encryption", Text("Encryption of the data", "数据加密")),
    Element("access_control", Text("Access control", "访问控制")),
    Element("operation_audit", Text("Audit of operations", "操作审计")),
    Element(
        "licence_conditions", Text("External licence conditions", "外部许可条件"),
        (("condition", LICENCE), ("applies", APPLIES)),
    ),
    Element("prohibited_acts", Text("Prohibited acts", "禁止行为")),
    Element("product_filing", Text("Filing of products before external supply", "产品备案")),
    Element("self_review", Text("Review of security and compliance", "安全合规评审")),
    Element("benefit_rule", Text("Split of benefits", "数据收益分配")),
    Element(
        "benefit_shares", Text("Shares of the benefits", "收益分配比例"),
        (("party", ROLE), ("per_mille", SHARE)),
    ),
    Element("change_and_termination", Text("Change and termination", "变更、解除")),
    Element("confidentiality", Text("Letter of confidentiality", "保密承诺函")),
    Element("breach", Text("Breach", "违约责任")),
    Element("dispute_and_service", Text("Disputes and service of papers", "争议解决、送达")),
    Element("evaluation_and_exit", Text("Evaluation and exit", "评价、退出")),
)  # fmt: skip
BY_NAME: Final = {each.name: each for each in ELEMENTS}
# 外部许可条件: the eight boxes of the template; each is ticked or not, and none is left open.
LICENCE_CONDITIONS: Final[Mapping[str, Text]] = {
    "THIRD_PARTY": Text("Co-produced with a third party", "与第三方共同产生"),
    "PUBLIC_AUTHORITY": Text("Licence of a public data authority", "公共数据主管部门许可"),
    "COLLECTED_PUBLICLY": Text("Collected from public sources", "公开收集"),
    "BOUGHT": Text("Bought", "采购取得"),
    "REGULATOR": Text("Consent of a regulator", "监管部门同意"),
    "PERSONAL": Text("Personal privacy", "个人隐私"),
    "TRADE_SECRET": Text("Trade secret", "商业秘密"),
    "OTHER": Text("Other", "其他"),
}
PER_MILLE: Final = 1000
SHARES_WRONG: Final = "benefit_shares (1000)"
BOXES_OPEN: Final = "licence_conditions"


def blanks(elements: Mapping[str, Any]) -> tuple[str, ...]:
    """The elements that are not settled yet, in the order of the agreement.

    Shares that do not add up to the whole, and licence conditions of which a box is left open,
    are not settled either.
    """
    missing = [each.name for each in ELEMENTS if elements.get(each.name) in (None, "", [], ())]
    boxes = {each.get("condition") for each in elements.get("licence_conditions") or ()}
    if BOXES_OPEN not in missing and boxes != set(LICENCE_CONDITIONS):
        missing.append(BOXES_OPEN)
    shares = [each.get("per_mille") or 0 for each in elements.get("benefit_shares") or ()]
    if shares and sum(shares) != PER_MILLE:
        missing.append(SHARES_WRONG)
    return tuple(missing)


def agreement_content(
    issue: Issue, elements: Mapping[str, Any], *, subject: str, valid_until: datetime
) -> dict[str, Any]:
    """The locked content (正式稿) of an agreement; `subject` is the id of its object.

    Raises:  ElementsMissing, TermTooLong, and KeyError for an element that there is not.
    """
    if missing := blanks(elements):
        raise ElementsMissing(elements=", ".join(missing))
    _check_term(issue.at, valid_until)
    return {
        "form": "agreement/1",
        "number": issue.number,
        "issuer": issue.issuer.content,
        "holder": issue.holder.content,
        "subject": {"id": subject},
        "elements": {BY_NAME[name].name: value for name, value in elements.items()},
        "issued_at": written(issue.at),
        "valid_until": written(valid_until),
        "change_set": issue.change_set,
        "verification": f"{VERIFICATION}{issue.number}",
    }


def clauses(content: Mapping[str, Any]) -> tuple[tuple[Text, Text], ...]:
    """Heading and text of every clause, in the order of the agreement."""
    elements = content["elements"]
    return tuple((each.text, _said(each, elements[each.name])) for each in ELEMENTS)


def _said(element: Element, value: Any) -> Text:
    if not element.several:
        return Text(str(value), str(value))
    lines = [_row(element, number, each) for number, each in enumerate(value, start=1)]
    return Text("\n".join(line.en for line in lines), "\n".join(line.zh for line in lines))


def _row(element: Element, number: int, row: Mapping[str, Any]) -> Text:
    if element.name == "licence_conditions":
        known, box = LICENCE_CONDITIONS[row["condition"]], TICKED if row.get("applies") else OPEN
        return Text(f"{known.en}: {box.en}", f"{known.zh}：{box.zh}")
    cells = [(label, row[name]) for name, label in element.several if row.get(name)]
    return Text(
        f"({number}) " + "; ".join(f"{label.en}: {value}" for label, value in cells),
        f"（{number}）" + "；".join(f"{label.zh}：{value}" for label, value in cells),
    )


def _check_term(start: datetime, end: datetime) -> None:
    """The same day of the calendar five years on is the last day; 29 February ends on the 28th."""
    try:
        last = start.replace(year=start.year + TERM_YEARS_MAX)
    except ValueError:
        last = start.replace(year=start.year + TERM_YEARS_MAX, day=28)
    if not start < end <= last:
        raise TermTooLong(valid_until=written(end), years=TERM_YEARS_MAX)
