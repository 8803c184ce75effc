"""How the content of a document reads: its title and its facts, line by line, in two languages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dataspace import codes
from dataspace.codes import CodeTable
from dataspace.documents.certificate import Kind
from dataspace.notices.reading import CITY_ZONE
from dataspace.quantity import read_moment
from dataspace.text import Text

COVERED = Text("Covered resource", "授权资源")
DATA_MODE = Text("Public data resource", "公共数据资源")
TITLES: Final[Mapping[Kind, Text]] = {
    Kind.RESOURCE_REGISTRATION: Text(
        "Certificate of registration of a public data resource", "公共数据资源登记证书"
    ),
    Kind.PRODUCT_REGISTRATION: Text(
        "Certificate of registration of a data product", "数据产品登记证书"
    ),
    Kind.AUTHORISATION: Text(
        "Certificate of authorisation to operate public data", "公共数据授权证书"
    ),
    Kind.AGREEMENT: Text(
        "Agreement on the authorised operation of public data", "公共数据授权运营协议"
    ),
}
# What a certificate says in a sentence, above its facts.
ATTESTS: Final[Mapping[Kind, Text]] = {
    Kind.RESOURCE_REGISTRATION: Text(
        "This certifies that the public data resource named below is registered.",
        "经审核，下列公共数据资源准予登记，特发此证。",
    ),
    Kind.PRODUCT_REGISTRATION: Text(
        "This certifies that the data product named below is registered.",
        "经审核，下列数据产品准予登记，特发此证。",
    ),
    Kind.AUTHORISATION: Text(
        "This certifies that the holder is authorised to operate the resources named below.",
        "经初审、复审，准予被授权方在下列范围内运营公共数据，特发此证。",
    ),
    Kind.AGREEMENT: Text(
        "The parties have agreed on what follows.",
        "授权方与被授权方就公共数据授权运营达成如下协议。",
    ),
}
HOLDERS: Final[Mapping[Kind, Text]] = {
    Kind.RESOURCE_REGISTRATION: Text("Registrant", "登记主体"),
    Kind.PRODUCT_REGISTRATION: Text("Registrant", "登记主体"),
    Kind.AUTHORISATION: Text("Who is authorised", "被授权方"),
    Kind.AGREEMENT: Text("Grantee", "被授权方"),
}
ISSUERS: Final[Mapping[Kind, Text]] = {
    Kind.RESOURCE_REGISTRATION: Text("Registration body", "登记机构"),
    Kind.PRODUCT_REGISTRATION: Text("Registration body", "登记机构"),
    Kind.AUTHORISATION: Text("Who authorises", "授权方"),
    Kind.AGREEMENT: Text("Grantor", "授权方"),
}
CREDIT_CODE = Text("Unified social credit code", "统一社会信用代码")
ISSUED_AT = Text("Issued on", "签发日期")
VALID_UNTIL = Text("Valid until", "有效期至")
VALID_FROM = Text("Valid from", "生效日期")
MODE = Text("Kind of data", "数据类型")
_GRADE = Text("Grade, 1 to 5", "数据分级（1 至 5）")
# By kind of document: the facts of its subject, what each is called, and its code table.
FACTS: Final[Mapping[Kind, tuple[tuple[str, Text, CodeTable | None], ...]]] = {
    Kind.RESOURCE_REGISTRATION: (
        ("name", Text("Name of the resource", "数据资源名称"), None),
        ("identifier", Text("Identifier of the resource", "资源标识编码"), None),
        ("update_cycle", codes.UPDATE_CYCLE.text, codes.UPDATE_CYCLE),
        ("grade", _GRADE, None),
    ),
    Kind.PRODUCT_REGISTRATION: (
        ("name", Text("Name of the product", "数据产品名称"), None),
        ("identifier", Text("Identifier of the product", "产品标识编码"), None),
        ("form", Text("Form of delivery", "交付形式"), codes.PRODUCT_FORM),
        ("use_kind", Text("Kind of use", "用途类别"), codes.USE_KIND),
        ("grade", _GRADE, None),
    ),
    Kind.AUTHORISATION: (
        ("title", Text("Authorisation", "授权事项"), None),
        ("code", Text("Number of the authorisation", "授权编号"), None),
        ("mode", codes.AUTHORISATION_MODE.text, codes.AUTHORISATION_MODE),
        ("right_kind", codes.RIGHT_KIND.text, codes.RIGHT_KIND),
        ("purpose", Text("Purpose", "授权目的"), None),
        ("scenario", Text("Scenario", "应用场景"), None),
    ),
    Kind.AGREEMENT: (
        ("title", Text("Agreement", "协议名称"), None),
        ("code", Text("Number of the agreement", "协议编号"), None),
    ),
}
SIGNED_BY: Final[Mapping[str, Text]] = {
    "grantor": Text("Signed by the grantor", "授权方签署"),
    "grantee": Text("Signed by the grantee", "被授权方签署"),
}
FILED_UNDER = Text("Filed under", "备案号")
LOCKED_AT = Text("Locked on", "正式稿锁定日期")
LOCKED_AS = Text("SHA-256 of the locked elements", "锁定要素 SHA-256")


@dataclass(frozen=True, slots=True)
class Line:
    """A fact of a document: what it is called, and what it is, in both languages."""

    label: Text
    value: Text


def lines_of(content: Mapping[str, Any]) -> tuple[Line, ...]:
    """All that a certificate says, in the order of the page."""
    return tuple(_lines(kind_of(content), content))


def kind_of(content: Mapping[str, Any]) -> Kind:
    form = str(content["form"]).partition("/")[0]
    return Kind(form.replace("-", "_").upper())


def day(moment: str) -> Text:
    """The day in the city, as each language writes it."""
    local = read_moment(moment).astimezone(CITY_ZONE)
    return Text(local.date().isoformat(), f"{local.year}年{local.month}月{local.day}日")


def _lines(kind: Kind, content: Mapping[str, Any]) -> Iterator[Line]:
    subject = content["subject"]
    for name, label, table in FACTS.get(kind, ()):
        if name in subject:
            yield Line(label, _said(subject[name], table))
    if content.get("data_mode"):
        yield Line(MODE, DATA_MODE)
    for number, each in enumerate(content.get("resources", ()), start=1):
        label = Text(f"{COVERED.en} {number}", f"{COVERED.zh} {number}")
        yield Line(label, _plain(each["name"]))
    yield from _party(HOLDERS[kind], content["holder"])
    yield Line(ISSUERS[kind], _plain(content["issuer"].get("name") or content["issuer"]["id"]))
    if kind is Kind.AGREEMENT:
        yield from _agreed(content)
    if "valid_from" in subject:
        yield Line(VALID_FROM, day(subject["valid_from"]))
    yield Line(ISSUED_AT, day(content["issued_at"]))
    if content.get("valid_until"):
        yield Line(VALID_UNTIL, day(content["valid_until"]))


def _agreed(content: Mapping[str, Any]) -> Iterator[Line]:
    """What a document adds to the clauses: when it was locked, who signed, where it is filed."""
    yield Line(LOCKED_AT, day(content["locked_at"]))
    for each in content["signatures"]:
        yield Line(SIGNED_BY[each["party"]], day(each["at"]))
    if content.get("filing_code"):
        yield Line(FILED_UNDER, _plain(content["filing_code"]))
    yield Line(LOCKED_AS, _plain(content["elements_sha256"]))


def _party(label: Text, party: Mapping[str, Any]) -> Iterator[Line]:
    yield Line(label, _plain(party.get("name") or party["id"]))
    if party.get("credit_code"):
        yield Line(CREDIT_CODE, _plain(party["credit_code"]))


def _said(value: Any, table: CodeTable | None) -> Text:
    known = table.codes.get(str(value)) if table else None
    return known.text if known else _plain(value)


def _plain(value: Any) -> Text:
    return Text(str(value), str(value))
