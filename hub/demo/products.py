"""The data products of the demo city, each built on an authorisation that is in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from dataspace.identifiers import IdentifierType, derived_id, infrastructure_identifier
from dataspace.rulebooks.city import CITY_RULES
from hub.demo import city, organisations
from hub.demo.attachments import attached
from hub.demo.authorisations import SCENARIOS, Grant, grants
from hub.demo.city import participant_id
from hub.demo.resources import city_space
from hub.demo.rulebooks import FINANCE_RULES
from hub.operations.topics import topic_id

PRODUCTS = 300
DERIVED_EVERY = 8  # every eighth is built from another product too

STATES = {"LISTED": 60, "REG_REVIEW": 8, "LIST_REVIEW": 7, "REGISTERED": 7, "DRAFT": 6,
          "REG_FAILED": 3, "LIST_FAILED": 3, "DELISTED": 4, "WITHDRAWN": 2}  # fmt: skip
REGISTERED = frozenset(
    {"REGISTERED", "LIST_REVIEW", "LISTED", "LIST_FAILED", "DELISTED", "WITHDRAWN"}
)
KINDS = (
    ("企业画像", "profile of firms", "API"),
    ("风险核验", "risk check", "API"),
    ("指数", "index", "DATA_SET"),
    ("评分", "score", "API"),
    ("监测报告", "monitoring report", "REPORT"),
    ("预测服务", "forecast", "API"),
    ("标签库", "label library", "DATA_SET"),
    ("决策应用", "decision application", "APPLICATION"),
    ("联合模型", "joint model", "APPLICATION"),
    ("预警服务", "early warning", "API"),
    ("白名单", "white list", "DATA_SET"),
    ("地图图层", "map layer", "DATA_OBJECT"),
)
WELFARE = frozenset({"防汛应急", "独居老人安全", "食品安全追溯", "住房租赁监管"})
FINANCE = frozenset({"小微企业融资增信", "普惠金融核验", "商保快赔", "绿色信贷"})
ENERGY = frozenset({"车桩网协同", "园区能耗碳足迹"})
TOPICS = {
    "防汛应急": "D0500",
    "智慧停车": "B0300",
    "车桩网协同": "B0300",
    "园区能耗碳足迹": "C0500",
    "文旅客流预测": "C0100",
    "独居老人安全": "C0300",
    "住房租赁监管": "C0400",
    "商保快赔": "C0200",
    "产业链招商": "B0200",
    "食品安全追溯": "D0300",
    "中药全链条溯源": "C0200",
    "物流履约评价": "B0400",
}
FAIL_REASONS = ("产品说明未写明输出字段", "定价依据说明不足", "使用策略缺少用途限制")


@dataclass(frozen=True, slots=True)
class _Made:
    id: str
    number: int
    state: str
    grade: int
    kind: int
    grant: Grant
    resources: tuple[str, ...]
    sources: tuple[str, ...]


def products(departments: int, resources: int, seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for each in _made(departments, resources, seed):
        yield each.id, _values(each, seed)


@cache
def _made(departments: int, resources: int, seed: int) -> tuple[_Made, ...]:
    """Who builds on what is settled in order, since a product may rest on an earlier one."""
    in_force = [each for each in grants(departments, resources, seed) if each.state == "EFFECTIVE"]
    made: list[_Made] = []
    taken: set[tuple[int, int, int]] = set()
    for number in range(PRODUCTS if in_force else 0):
        dice = city.random_for(seed, "product", number)
        grant = in_force[number % len(in_force)]
        used = dice.sample(grant.resources, dice.randint(1, len(grant.resources)))
        listed = [each for each in made if each.state == "LISTED"]
        derived = number % DERIVED_EVERY == DERIVED_EVERY - 1 and listed
        sources = dice.sample(listed, min(2, len(listed))) if derived else []
        kind = _free_kind(grant, number, taken)
        made.append(_Made(
            derived_id("prd", "demo", str(number)), number,
            city.one_of(STATES, dice),
            max([each.grade for each in used] + [each.grade for each in sources]),
            kind, grant, tuple(each.id for each in used), tuple(each.id for each in sources),
        ))  # fmt: skip
    return tuple(made)


def _free_kind(grant: Grant, number: int, taken: set[tuple[int, int, int]]) -> int:
    """A kind of product that its owner does not offer yet for the scenario."""
    for kind in (turn % len(KINDS) for turn in range(number * 7, number * 7 + len(KINDS))):
        if (grant.grantee, grant.scenario, kind) not in taken:
            break
    taken.add((grant.grantee, grant.scenario, kind))
    return kind


def _values(made: _Made, seed: int) -> dict[str, Any]:
    dice = city.random_for(seed, "product values", made.number)
    scenario, purpose = SCENARIOS[made.grant.scenario]
    kind, kind_en, form = KINDS[made.kind]
    welfare = scenario in WELFARE
    owner = organisations.enterprise_name(made.grant.grantee).removesuffix("有限公司")
    found: dict[str, Any] = {
        "name": f"{owner}{scenario}{kind}",
        "code": f"CP{city.DAY.year}{made.number + 1:05d}",
        "summary": f"面向{scenario}场景的{kind}，由{len(made.resources)}项公共数据资源加工而成。"
        f"{kind_en.capitalize()}: {purpose[0].lower()}{purpose[1:]}.",
        "state": made.state,
        "audience": "PUBLIC" if made.number % 10 else "SPACE",
        "form": form,
        "use_kind": "PUBLIC_WELFARE" if welfare else "INDUSTRY",
        "update_cycle": dice.choice(("REAL_TIME", "DAILY", "MONTHLY", "QUARTERLY")),
        "grade": made.grade,
        "price_fen": 0 if welfare else dice.choice((20, 50, 80, 120, 300, 500, 50000, 200000)),
        "price_unit": "CALL" if form == "API" else dice.choice(("PRODUCT", "PERIOD")),
        "usage_policy": f"限{scenario}用途；不得还原原始数据；不得转让",
        "labels": [scenario, kind, kind_en],
        "owner": participant_id(organisations.enterprise_alias(made.grant.grantee)),
        "resources": list(made.resources),
        "source_products": list(made.sources),
        "authorisations": [made.grant.id],
        "topics": [topic_id(TOPICS.get(scenario, "B0500"))],
        "space": _space(scenario),
        "synthetic": True,
        **_dates(made, dice),
    }
    if made.state != "DRAFT":
        rules = FINANCE_RULES if scenario in FINANCE else CITY_RULES
        found["papers"] = attached("product", made.id, rules=rules)
    return found


def _space(scenario: str) -> str:
    if scenario in FINANCE:
        return derived_id("spc", "demo", "finance")
    return derived_id("spc", "demo", "energy") if scenario in ENERGY else city_space()


def _dates(made: _Made, dice: Random) -> dict[str, Any]:
    """When and by whom it was submitted, registered and listed, as the moves would note it."""
    age_days = (
        dice.uniform(3, 25)
        if made.state in ("REG_REVIEW", "LIST_REVIEW", "DRAFT")
        else (dice.uniform(26, 300))
    )
    found: dict[str, Any] = {
        "created_at": city.moment(-age_days - 10),
        "changed_at": city.moment(-age_days + 2),
    }
    if made.state == "DRAFT":
        return found
    author = "developer" if made.grant.grantee == 0 else f"developer-{made.grant.grantee}"
    found |= {"submitted_by": city.person(author), "submitted_at": city.moment(-age_days)}
    if made.state != "REG_REVIEW":
        found["reviewed_by"] = city.person("registrar")
    if made.state in REGISTERED:
        number = made.number + 1
        found |= {
            "availability": "AVAILABLE",
            "registered_at": city.moment(-age_days - 3),
            "registration_code": f"SJCP{city.REGION}{number:07d}",
            "identifier": infrastructure_identifier(
                IdentifierType.PRODUCT,
                subject=organisations.enterprise_credit_code(made.grant.grantee),
                place=city.PLACE,
                serial=f"P{number:07d}",
            ),
        }
    if made.state in ("LISTED", "DELISTED", "WITHDRAWN", "LIST_FAILED"):
        found["second_reviewed_by"] = city.person("operator")
    if made.state in ("LISTED", "DELISTED"):
        found["listed_at"] = city.moment(-age_days + 2)
    if made.state in ("REG_FAILED", "LIST_FAILED"):
        found["decision_reason"] = dice.choice(FAIL_REASONS)
    if made.state in ("DELISTED", "WITHDRAWN"):
        found["decision_reason"] = (
            "依权利人申请下架" if made.state == "DELISTED" else "产品停止服务"
        )
    return found
