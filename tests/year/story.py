"""What happens in the city in a year and some weeks, from a department's ledger to the renewals.

Everything is asked in GraphQL by the person whose work it is; what is due comes by the jobs.
"""

import hashlib
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dataspace.clocks.china import CHINA
from dataspace.clocks.days import day_of
from dataspace.jobs.job import ZONE
from dataspace.jobs.table import JOBS
from dataspace.quantity import written
from dataspace.selection import Where
from hub.imports.run import ImportOptions, ImportReport, run_import
from hub.operations.evidence import verify
from tests.unit.operations.city import BANK
from tests.year.staffed import StaffedCity

PORTAL_ROWS = 30
# No node beats here, none asks a hub, and nothing is computed by recipes: a firing at which nothing
# is due leaves no run.
NOTHING_DUE = frozenset({"J-L1-1", "J-L5-4", "J-X-9"})
STRIDE = 24  # days that the leader is away between two looks
CHINA_ZONE = ZoneInfo(ZONE)
SAID_OF_IT = {
    "summary": "个体工商户登记、变更与注销情况", "format": "DATABASE", "shareType": "UNCONDITIONAL",
    "openAttribute": "UNCONDITIONAL", "updateCycle": "MONTHLY", "origin": "COLLECTED",
    "classification": "GENERAL", "grade": 2, "authorisable": True,
    "sourceSystem": "市场主体登记系统", "updateMechanism": "每月 5 日前",
    "qualityStandard": "GB/T 36344", "usageMethod": "API",
    "audience": "PUBLIC",
    "items": [
        {"name": "统一社会信用代码", "dataType": "TEXT"}, {"name": "登记日期", "dataType": "DATE"},
    ],
}  # fmt: skip
ELEMENTS: dict[str, Any] = {
    "title": "小微企业信用数据授权运营协议", "grantee": BANK, "rightKind": "OPERATING",
    "grantorRepresentative": "张局长", "granteeRepresentative": "赵行长",
    "purpose": "小微企业信用评估", "scenario": "小微企业融资增信", "productList": "经营稳定性评分",
    "validUntil": "2028-05-01T00:00:00Z", "geographicScope": "本市", "encryption": "SM4",
    "accessControl": "按角色授权", "operationAudit": "全部调用留痕", "safetyOfficer": "孙浩",
    "prohibitedActs": "不得转让原始数据", "filingDuty": "对外提供前备案", "selfReview": "每年一次",
    "benefitRule": "按投入分配", "changeGrounds": "法律变化、违约、不可抗力", "breach": "赔偿损失",
    "disputeSettlement": "仲裁", "evaluation": "每年一次", "exitTerms": "销毁数据并出具证明",
    "priceCapFen": 80, "confidentialitySha256": "a" * 64,
    "scope": [{"unit": "市场监管局", "rightKind": "OPERATING"}],
    "shares": [{"party": "本市", "percent": 40}, {"party": "银行", "percent": 60}],
}  # fmt: skip
SCENARIO = {
    "title": "小微企业融资增信", "purpose": "评估小微企业信用", "useKind": "INDUSTRY",
    "fieldsWanted": "登记日期：判断经营年限", "outputForm": "API", "riskAssessment": "低",
    "safetyCapability": "三级等保", "validUntil": "2028-01-01T00:00:00Z",
}  # fmt: skip
PRODUCT = {
    "name": "经营稳定性评分", "summary": "每户一分，按月更新", "audience": "PUBLIC", "form": "API",
    "useKind": "INDUSTRY", "priceFen": 50, "priceUnit": "CALL", "usagePolicy": "仅用于信用评估",
}  # fmt: skip


def papers(*kinds: str) -> list[dict[str, str]]:
    return [{"kind": kind, "sha256": hashlib.sha256(kind.encode()).hexdigest()} for kind in kinds]


async def lived(city: StaffedCity, portal: Path, folder: Path) -> None:
    """All of it, in order; of `portal`, a real city's catalogue, the first data sets only: what is
    late among them is chased on every day of the year."""
    begun = folder / portal.name
    with portal.open(encoding="utf-8") as file:
        begun.write_text("".join(islice(file, PORTAL_ROWS)), encoding="utf-8")
    await a_portal_is_imported(city, begun, folder)
    await a_ledger_becomes_a_registration(city, folder)
    await the_operation_is_filed(city)
    await a_scenario_is_approved(city)
    await granted(city, "grant", days=300)
    await one_is_listed_in_time_and_one_is_late(city)
    await a_grant_is_broken_and_mended(city)
    await the_year_goes_by(city)
    await all_of_it_is_on_record(city)


async def a_portal_is_imported(city: StaffedCity, file: Path, folder: Path) -> ImportReport:
    """Its data sets count as registered; the portal is the ground."""
    report = await run_import(city.node, file, ImportOptions(folder), lambda _: None)
    assert report.created > 0
    assert report.read == report.created + report.rejected
    found = await city.query(
        "", "{ resources(filter: {state: {eq: \"REGISTERED\"}}) { totalCount nodes { source } } }"
    )
    assert found["resources"]["totalCount"] == report.created
    return report


async def a_ledger_becomes_a_registration(city: StaffedCity, folder: Path) -> None:
    """L2: from the department's ledger, through publicity with an objection, to the list."""
    ledger = folder / "台账.csv"
    ledger.write_text(
        "信息资源名称,信息资源代码,信息资源提供方,信息资源摘要\n"
        "个体工商户登记信息,SC-001,市场监管局,个体工商户登记情况\n",
        encoding="utf-8-sig",
    )
    report = await run_import(
        city.node, ledger, ImportOptions(folder, submitter="usr-data_steward"), lambda _: None
    )
    assert (report.created, report.rejected) == (1, 0)
    mine = await city.query(
        "steward", "{ resources(filter: {code: {eq: \"SC-001\"}}) { nodes { id state } } }"
    )
    [row] = mine["resources"]["nodes"]
    city.ids["resource"] = id_ = row["id"]
    assert row["state"] == "DRAFT"
    assert await city.refusal("steward", "resourceSubmit", id=id_) == "resource.metadata_incomplete"
    await city.do("steward", "resourceAmend", id=id_, values=SAID_OF_IT)
    assert await city.refusal("steward", "resourceSubmit", id=id_) == "lifecycle.papers_missing"
    shown = papers("SOURCE_DECLARATION", "LAWFULNESS_DECLARATION")
    await city.do("steward", "resourceAmend", id=id_, values={"papers": shown})
    await city.do("steward", "resourceSubmit", id=id_)
    assert [each["subject"] for each in await waiting(city, "registrar")] == [id_]
    await city.steps("resource", id_, ("registrar", "TakeIn"), ("registrar", "Pass"))
    assert await city.refusal("approver", "resourceRegister", id=id_) == "resource.publicity_runs"
    await city.days(3)
    await city.do("developer", "resourceObject", id=id_, reason="含有我行客户的商业秘密")
    await city.days(4)
    await city.do("approver", "resourceDismissObjection", id=id_, reason="不含客户信息")
    passed = await city.until(lambda: city.state("resource", id_), "REGISTERED", days=40)
    assert 7 <= passed <= 16, "ten working days in all, the four of the objection not counted"
    await city.do("registrar", "resourceOffer", id=id_)
    assert await certificate_of(city, "resource", id_) == 1


async def the_operation_is_filed(city: StaffedCity) -> None:
    """L3-a: plan, joint review, operator, agreement signed by both, filed, and its list."""
    review = await filed(city, "JOINT_REVIEW")
    plan = await filed(city, "PLAN", restsOn=review)
    operator = await filed(city, "OPERATOR", restsOn=plan)
    made = await city.do("reviewer1", "agreementDraft", values=ELEMENTS)
    city.ids["agreement"] = id_ = made["id"]
    await city.steps("agreement", id_, ("reviewer1", "Settle"), ("banker", "Lock"))
    assert await city.refusal("reviewer1", "agreementAmend", id=id_, values={"priceCapFen": 800})
    await city.steps("agreement", id_, ("banker", "SignAsGrantee"),
                     ("reviewer2", "CountersignAsGrantor"), ("approver", "Verify"),
                     ("approver", "Archive"))  # fmt: skip
    agreed = await filed(city, "AGREEMENT", restsOn=operator, agreement=id_)
    await filed(city, "PRODUCT_LIST", restsOn=agreed)
    number = await city.state("agreement", id_, "filingCode")
    assert number.startswith("BA-2025-")


async def filed(city: StaffedCity, kind: str, **more: str) -> str:
    values = {"title": kind, "summary": "备案内容", "kind": kind, **more}
    id_ = str((await city.do("banker", "filingDraft", values=values))["id"])
    if kind in ("AGREEMENT", "PRODUCT_LIST"):
        steps = [("banker", "SubmitToAgency"), ("reviewer1", "Confirm")]
    else:
        steps = [("banker", "Submit")]
    last = "Pass" if kind == "JOINT_REVIEW" else "File"
    await city.steps("filing", id_, *steps, ("approver", last))
    return id_


async def a_scenario_is_approved(city: StaffedCity) -> None:
    values = {**SCENARIO, "resources": [city.ids["resource"]]}
    made = await city.do("developer", "scenarioDraft", values=values)
    city.ids["scenario"] = made["id"]
    state = await city.steps("scenario", made["id"], ("developer", "Submit"),
                             ("operator", "PassFirst"), ("reviewer2", "PassSecond"))  # fmt: skip
    assert state == "APPROVED"


async def granted(city: StaffedCity, name: str, *, days: int, **more: str) -> str:
    """An authorisation that ends so many days from now."""
    until = written(city.clock.now() + timedelta(days=days))
    values = {
        "title": f"信用评估（{name}）", "mode": "SCENARIO", "purpose": "评估小微企业信用",
        "rightKind": "OPERATING", "validUntil": until, "resources": [city.ids["resource"]],
        "agreement": city.ids["agreement"], "approvedScenario": city.ids["scenario"],
        "papers": papers("RISK_ASSESSMENT", "SAFETY_CAPABILITY", "CONFIDENTIALITY_LETTER"), **more,
    }  # fmt: skip
    id_ = str((await city.do("developer", "authorisationDraft", values=values))["id"])
    state = await city.steps("authorisation", id_, ("developer", "Submit"),
                             ("reviewer1", "PassFirst"), ("reviewer2", "PassSecond"))  # fmt: skip
    assert state == "EFFECTIVE"
    city.ids[name] = id_
    return id_


async def a_product_is_registered(city: StaffedCity, name: str, grant: str) -> str:
    """L4 and L5: through security and compliance, up to its registration."""
    values = {
        **PRODUCT, "name": f"{PRODUCT['name']}（{name}）", "resources": [city.ids["resource"]],
        "authorisations": [grant],
        "papers": papers("PRODUCT_MATERIAL", "PRODUCT_CODE", "COMMITMENT_LETTER"),
    }  # fmt: skip
    id_ = str((await city.do("developer", "productDraft", values=values))["id"])
    security = {"title": "安全审查", "material": "评分模型", "codeSha256": "0" * 64, "product": id_}
    compliance = {
        "title": "合规审查", "basicInformation": "评分", "legality": "依授权",
        "tradability": "按次", "product": id_,
    }  # fmt: skip
    made = await city.do("developer", "securityReviewDraft", values=security)
    await city.steps("securityReview", made["id"], ("developer", "Submit"),
                     ("operator", "PassMaterial"), ("operator", "PassCode"),
                     ("operator", "Pass"))  # fmt: skip
    made = await city.do("developer", "complianceReviewDraft", values=compliance)
    await city.steps("complianceReview", made["id"], ("developer", "Submit"), ("operator", "Pass"))
    state = await city.steps("product", id_, ("developer", "Submit"), ("registrar", "Register"))
    assert state == "REGISTERED"
    city.ids[name] = id_
    return id_


async def one_is_listed_in_time_and_one_is_late(city: StaffedCity) -> None:
    """Within three working days; else reminders come by mail, and then the supervisor's."""
    for who in ("developer", "operator", "supervisor"):
        mailbox = {"email": f"{who}@city.example", "byEmail": True, "language": "ZH"}
        await city.do(who, "mailboxKeep", values=mailbox, shown="id")
    grant = city.ids["grant"]
    listed = await a_product_is_registered(city, "product", grant)
    late = await a_product_is_registered(city, "late", grant)
    await city.steps("product", listed, ("developer", "RequestListing"), ("operator", "List"))
    await days_beyond(city, working_days=3)
    assert "登记后申请上架" in mails(city, "developer", "late")
    assert "登记后申请上架" not in mails(city, "developer", "product")

    await city.do("developer", "productRequestListing", id=late)
    assert "逾期督办" not in mails(city, "supervisor", "late")
    await days_beyond(city, working_days=5)
    assert "上架审核" in mails(city, "operator", "late")
    assert "逾期督办：经营稳定性评分（late） 的上架审核" in mails(city, "supervisor", "late")
    await city.do("operator", "productList", id=late)


async def days_beyond(city: StaffedCity, *, working_days: int) -> None:
    """Until the day after so many working days."""
    last = CHINA.after(day_of(city.clock.now(), CHINA_ZONE), working_days)
    while day_of(city.clock.now(), CHINA_ZONE) <= last:
        await city.days(1)


def mails(city: StaffedCity, to: str, about: str) -> str:
    """The subjects of what came to a mailbox about an object, and the first line of each."""
    found = [
        str(each["subject"]) for each in city.mail.messages
        if each["to"] == f"{to}@city.example" and f"（{about}）" in str(each["subject"])
    ]  # fmt: skip
    return "\n".join(found)


async def a_grant_is_broken_and_mended(city: StaffedCity) -> None:
    """Five uses out of scope suspend it, its products fall; the case is answered and closed."""
    grant, product = city.ids["grant"], city.ids["product"]
    for n in range(5):
        await city.do("operator", "authorisationNoteOutOfScope", id=grant, reason=f"越权第 {n} 次")
    await city.days(1)
    assert await city.state("authorisation", grant) == "SUSPENDED"
    assert await city.state("product", product, "availability") == "SUSPENDED"
    assert await city.state("product", city.ids["late"], "availability") == "SUSPENDED"
    asked = "{ accountabilityCases(first: 5) { nodes { id state authorisation { id } } } }"
    [case] = (await city.query("reviewer2", asked))["accountabilityCases"]["nodes"]
    assert case["authorisation"]["id"] == grant
    reason = {"reason": "测试客户端失控，已更换"}
    await city.do("developer", "accountabilityCaseAnswer", id=case["id"], **reason)
    await city.do("reviewer2", "accountabilityCaseCloseRestored", id=case["id"], reason="已整改")
    await city.do("reviewer2", "authorisationResume", id=grant, reason="追责结案")
    assert await city.state("product", product, "availability") == "AVAILABLE"
    assert await city.state("authorisation", grant, "outOfScopeCalls") is None


async def the_year_goes_by(city: StaffedCity) -> None:
    """One grant is renewed and carries its product over, another ends and takes it down; the
    registration is opened for renewal, and renewed."""
    await granted(city, "short", days=100)
    fallen = await a_product_is_registered(city, "fallen", city.ids["short"])
    await city.steps("product", fallen, ("developer", "RequestListing"), ("operator", "List"))
    await city.days(72, at_once=STRIDE)
    told = await city.query(
        "developer", "{ notices(first: 50) { nodes { code subject } } }"
    )
    about = [each for each in told["notices"]["nodes"] if each["subject"] == city.ids["short"]]
    codes = {each["code"] for each in about}
    assert "authorisation.warn_expiry.grantee" in codes
    await city.days(48, at_once=STRIDE)
    assert await city.state("authorisation", city.ids["short"]) == "EXPIRED"
    assert await city.state("product", fallen, "availability") == "SUSPENDED"

    end = await city.state("authorisation", city.ids["grant"], "validUntil")
    while written(city.clock.now() + timedelta(days=80)) < end:
        await city.days(STRIDE, at_once=STRIDE)
    renewal = await granted(city, "renewal", days=400, renews=city.ids["grant"])
    while written(city.clock.now()) < end:
        await city.days(STRIDE, at_once=STRIDE)
    assert await city.state("authorisation", city.ids["grant"]) == "EXPIRED"
    assert await city.state("authorisation", renewal) == "EFFECTIVE"
    assert await city.state("product", city.ids["product"], "availability") == "AVAILABLE"

    resource = city.ids["resource"]
    until = await city.state("resource", resource, "validUntil")
    while await city.state("resource", resource) != "EXPIRING":
        assert written(city.clock.now()) < until
        await city.days(STRIDE, at_once=STRIDE)
    await city.do("approver", "resourceRenewListed", id=resource)
    assert await city.state("resource", resource) == "AUTHORISABLE"
    assert await certificate_of(city, "resource", resource) == 2
    while written(city.clock.now()) < until:
        await city.days(STRIDE, at_once=STRIDE)
    assert await city.state("resource", resource) == "AUTHORISABLE", "it was renewed"


async def all_of_it_is_on_record(city: StaffedCity) -> None:
    """Every job ran, none failed; each month was disclosed; the evidence holds."""
    runs = await city.rows("job_run", "job", "state", "failed", "reason")
    assert [each for each in runs if each["state"] != "DONE" or each["failed"]] == []
    fired = {each.values["job"] for each in await the_log(city, "job_run.start")}
    assert fired == JOBS.keys() - NOTHING_DUE
    disclosed = await city.rows("job_file", "key", where=Where("kind", "eq", "DISCLOSURE"))
    assert len(disclosed) >= 12
    assert city.heard.errors == []
    assert (await verify(city.node.catalogue)).holds


async def the_log(city: StaffedCity, action: str) -> list[Any]:
    found, after = [], 0
    while page := await city.node.catalogue.changes_since(after, 1000):
        found += [each for each in page if each.evidence["action"] == action and each.values]
        after = page[-1].revision
    return found


async def waiting(city: StaffedCity, who: str) -> list[dict[str, Any]]:
    asked = "{ myTasks(first: 20) { nodes { title subject dueAt } } }"
    return list((await city.query(who, asked))["myTasks"]["nodes"])


async def certificate_of(city: StaffedCity, kind: str, id_: str) -> int:
    """How many were issued about it."""
    return len(await city.rows("certificate", "code", where=Where(kind, "eq", id_)))
