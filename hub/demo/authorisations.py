"""The authorisations of the demo city: over one to eight of the popular resources each."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from dataspace.identifiers import derived_id
from hub.demo import city, organisations
from hub.demo.attachments import attached
from hub.demo.city import participant_id
from hub.demo.papers import agreement_id
from hub.demo.resources import POPULAR_PER_DEPARTMENT, Facts, facts

AUTHORISATIONS = 400
RESOURCES_MAX = 8

STATES = {"EFFECTIVE": 62, "REVIEW1": 9, "REVIEW2": 8, "DRAFT": 5, "REVIEW1_FAIL": 3,
          "REVIEW2_FAIL": 3, "SUSPENDED": 3, "REVOKED": 3, "EXPIRED": 4}  # fmt: skip
SCENARIOS = (
    ("小微企业融资增信", "Assess the credit of small firms that apply for loans"),
    ("普惠金融核验", "Verify what applicants for inclusive finance state"),
    ("防汛应急", "Forecast flooding and place pumps and crews"),
    ("商保快赔", "Settle medical insurance claims without paper"),
    ("中药全链条溯源", "Trace Chinese medicine from field to patient"),
    ("车桩网协同", "Match charging demand with the grid"),
    ("园区能耗碳足迹", "Account for the carbon of business parks"),
    ("智慧停车", "Guide drivers to free parking spaces"),
    ("独居老人安全", "Notice when an elderly person living alone needs help"),
    ("产业链招商", "Find the gaps in an industry's supply chain"),
    ("文旅客流预测", "Forecast visitors of attractions"),
    ("绿色信贷", "Rate the environmental record of borrowers"),
    ("住房租赁监管", "Check landlords and listings"),
    ("食品安全追溯", "Trace food from producer to table"),
    ("物流履约评价", "Rate how reliably hauliers deliver"),
)
FAIL_REASONS = (
    "应用场景描述与所申请资源不对应",
    "申请的信息项超出最小必要范围",
    "安全保障措施说明不足",
)
STOP_REASONS = ("超范围调用达到阈值，暂停待查", "授权使用单位整改期间暂停", "场景终止，依申请撤销")


@dataclass(frozen=True, slots=True)
class Grant:
    """What products need to know of an authorisation."""

    id: str
    number: int
    state: str
    grantee: int
    scenario: int
    resources: tuple[Facts, ...]


@cache
def popular(departments: int, resources: int, seed: int) -> tuple[Facts, ...]:
    """The resources that applications ask for: those that can be authorised, of all departments."""
    listed = (
        facts(each, number, seed)
        for each in city.departments()[:departments]
        for number in range(min(POPULAR_PER_DEPARTMENT, resources))
    )
    return tuple(each for each in listed if each.state == "AUTHORISABLE" and each.grade <= 3)


@cache
def grants(departments: int, resources: int, seed: int) -> tuple[Grant, ...]:
    choice = popular(departments, resources, seed)
    return tuple(_grant(number, choice, seed) for number in range(AUTHORISATIONS if choice else 0))


def authorisations(
    departments: int, resources: int, seed: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    for grant in grants(departments, resources, seed):
        yield grant.id, _values(grant, seed)


def _grant(number: int, choice: tuple[Facts, ...], seed: int) -> Grant:
    """Every twentieth is the bank's, so that its developer has something to build on."""
    dice = city.random_for(seed, "authorisation", number)
    state = city.one_of(STATES, dice)
    ours = number % 20 == 0
    return Grant(
        id=derived_id("aut", "demo", str(number)),
        number=number,
        state="EFFECTIVE" if ours and number % 60 == 0 else state,
        grantee=0 if ours else dice.randrange(1, organisations.ENTERPRISES),
        scenario=number // 20 % len(SCENARIOS) if ours else dice.randrange(len(SCENARIOS)),
        resources=tuple(dice.sample(choice, min(dice.randint(1, RESOURCES_MAX), len(choice)))),
    )


def _values(grant: Grant, seed: int) -> dict[str, Any]:
    dice = city.random_for(seed, "authorisation values", grant.number)
    name, purpose = SCENARIOS[grant.scenario]
    submitted_days = _submitted_days(grant.state, dice)
    return {
        "code": f"SQ-{city.DAY.year}-{grant.number + 1:05d}",
        "title": f"{organisations.enterprise_name(grant.grantee)}{name}授权",
        "state": grant.state,
        "mode": dice.choices(("SCENARIO", "DOMAIN", "OVERALL"), (8, 2, 1))[0],
        "purpose": f"用于{name}场景，结果以标签、区间或评分形式输出，原始数据不出域。{purpose}.",
        "scenario": name,
        "right_kind": dice.choice(("PROCESSING", "OPERATING")),
        "resources": [each.id for each in grant.resources],
        "grantor": participant_id(city.BUREAU),
        "grantee": participant_id(organisations.enterprise_alias(grant.grantee)),
        "agreement": agreement_id(grant.grantee),
        "created_at": city.moment(submitted_days - 5),
        "changed_at": city.moment(submitted_days + 2),
        "synthetic": True,
        **({"personal_route": "ANONYMISED"} if any(e.personal for e in grant.resources) else {}),
        **({} if grant.state == "DRAFT" else {"papers": attached("authorisation", grant.id)}),
        **_term(grant.state, submitted_days),
        **_review(grant, dice, submitted_days),
    }


def _submitted_days(state: str, dice: Random) -> float:
    if state == "EXPIRED":
        return -dice.uniform(1200, 1400)
    waiting = state in ("DRAFT", "REVIEW1", "REVIEW2", "REVIEW1_FAIL", "REVIEW2_FAIL")
    return -dice.uniform(3, 25) if waiting else -dice.uniform(40, 500)


def _term(state: str, submitted_days: float) -> dict[str, Any]:
    """Three years, so that what is in force stays so for a while after the demo day."""
    start = submitted_days + 10
    years = 3
    return {"valid_from": city.moment(start), "valid_until": city.moment(start + 365 * years)}


def _review(grant: Grant, dice: Random, submitted_days: float) -> dict[str, Any]:
    """Who applied and who decided, as the moves that lead to the state would have noted it."""
    if grant.state == "DRAFT":
        return {}
    applicant = "developer" if grant.grantee == 0 else f"developer-{grant.grantee}"
    found = {"submitted_by": city.person(applicant), "submitted_at": city.moment(submitted_days)}
    if grant.state == "REVIEW1":
        return found
    found["reviewed_by"] = city.person("reviewer1")
    if grant.state not in ("REVIEW2", "REVIEW1_FAIL"):
        found["second_reviewed_by"] = city.person("reviewer2")
    if grant.state in ("REVIEW1_FAIL", "REVIEW2_FAIL"):
        found["decision_reason"] = dice.choice(FAIL_REASONS)
    elif grant.state in ("SUSPENDED", "REVOKED"):
        found["decision_reason"] = dice.choice(STOP_REASONS)
    return found
