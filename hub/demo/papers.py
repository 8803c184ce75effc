"""What the demo city's grants and products rest on: operation agreements, and reviews passed."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from dataspace.identifiers import derived_id
from hub.demo import city, organisations
from hub.demo.city import participant_id

AGREEMENT_YEARS = 5
# In these a product has been handed in, so that its reviews have passed.
UNREVIEWED = ("DRAFT",)


def agreement_id(grantee: int) -> str:
    return derived_id("agr", "demo", str(grantee))


def agreements() -> Iterator[tuple[str, dict[str, Any]]]:
    """One of every enterprise with the bureau, signed by both, archived and filed."""
    for number in range(organisations.ENTERPRISES):
        name = organisations.enterprise_name(number)
        signer = "operator" if number == 0 else f"admin-{number}"
        start = -1500.0
        yield (
            agreement_id(number),
            {
                "code": f"XY-{city.DAY.year}-{number + 1:05d}",
                "title": f"{name}公共数据授权运营协议",
                "state": "ARCHIVED",
                "grantor_representative": "数据局局长",
                "grantee_representative": f"{name}法定代表人",
                "right_kind": "OPERATING",
                "purpose": "在授权场景内加工公共数据并提供数据产品",
                "valid_from": city.moment(start),
                "valid_until": city.moment(start + 365 * 2 * AGREEMENT_YEARS),
                "geographic_scope": "本市",
                "prohibited_acts": "不得转让、共享原始数据；不得逆向；不得超范围使用",
                "grantor_signed_by": city.person("reviewer1"),
                "grantor_signed_at": city.moment(start - 3),
                "grantee_signed_by": city.person(signer),
                "grantee_signed_at": city.moment(start - 4),
                "archived_at": city.moment(start - 2),
                "filing_code": _filing_code("AGREEMENT", number),
                "grantor": participant_id(city.BUREAU),
                "grantee": participant_id(organisations.enterprise_alias(number)),
                "created_at": city.moment(start - 20),
                "changed_at": city.moment(start),
                "synthetic": True,
            },
        )


# What each agreement stands on, and what stands on it: the kind, what it follows, its title.
CHAIN = (
    ("PLAN", "", "实施方案备案"),
    ("OPERATOR", "PLAN", "运营机构备案"),
    ("AGREEMENT", "OPERATOR", "运营协议备案"),
    ("PRODUCT_LIST", "AGREEMENT", "产品和服务清单备案"),
)


def filings() -> Iterator[tuple[str, dict[str, Any]]]:
    """The chain of filings of every enterprise, up to its list of products and services."""
    for number in range(organisations.ENTERPRISES):
        name = organisations.enterprise_name(number)
        for place, (kind, follows, title) in enumerate(CHAIN):
            moment = city.moment(-1500.0 + place)
            values = {
                "title": f"{name}{title}",
                "kind": kind,
                "state": "FILED",
                "code": _filing_code(kind, number),
                "summary": f"{name}公共数据授权运营：{title}",
                "filed_at": moment,
                "filer": participant_id(organisations.enterprise_alias(number)),
                "created_at": moment,
                "changed_at": moment,
                "synthetic": True,
            }
            if follows:
                values["rests_on"] = _filing_id(follows, number)
            if kind == "AGREEMENT":
                values["agreement"] = agreement_id(number)
            yield _filing_id(kind, number), values


def _filing_id(kind: str, grantee: int) -> str:
    return derived_id("fil", "demo", kind, str(grantee))


def _filing_code(kind: str, grantee: int) -> str:
    """An agreement's is the number that it carries itself."""
    mark = "" if kind == "AGREEMENT" else f"-{kind[:2]}"
    return f"BA-{city.DAY.year}-{grantee + 1:05d}{mark}"


def reviews(
    products: Iterator[tuple[str, dict[str, Any]]], kind: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The review of this kind that each product passed before it was handed in."""
    prefix = "srv" if kind == "security_review" else "crv"
    for id_, product in products:
        if product["state"] in UNREVIEWED:
            continue
        own = (
            {
                "material": product["summary"], "code_sha256": sha256(id_.encode()).hexdigest(),
                "material_result": "PASSED", "code_result": "PASSED",
            }
            if kind == "security_review"
            else {
                "basic_information": product["summary"], "legality": "依授权加工，来源合法",
                "tradability": product["usage_policy"],
            }
        )  # fmt: skip
        yield (
            derived_id(prefix, "demo", id_),
            {
                "title": f"{product['name']}审查",
                "state": "PASSED",
                "applicant": product["owner"],
                "product": id_,
                "submitted_by": product["submitted_by"],
                "submitted_at": product["created_at"],
                "reviewed_by": city.person("operator"),
                "decided_at": product["created_at"],
                "created_at": product["created_at"],
                "changed_at": product["created_at"],
                "synthetic": True,
                **own,
            },
        )
