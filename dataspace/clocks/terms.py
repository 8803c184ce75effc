"""The terms of the links L1 to L5 and of operation (X2), as the domain reference has them (its
sections 4, 5 and 7).

A length that the reference marks as quoted from memory has the basis `TO_CHECK`: a city sets what
its rules say with `with_lengths`. Where nothing states a term there is none, and `WITHOUT_TERM`
says so for every state in which somebody waits. Chains of reminders and escalation are ours,
except where a term cites them.
"""

from collections.abc import Mapping
from typing import Final

from dataspace.caller import Role
from dataspace.clocks.case_clock import Length, Unit
from dataspace.clocks.escalation import (
    Step,
    escalate,
    on_last_day,
    remind,
    remind_daily_when_overdue,
)
from dataspace.clocks.term import Basis, Desk, Nature, Term
from dataspace.text import Text

DEADLINE, PERIOD, VALIDITY = Nature.DEADLINE, Nature.PERIOD, Nature.VALIDITY
STANDARD, PRACTICE, TO_CHECK, OURS = Basis.STANDARD, Basis.PRACTICE, Basis.TO_CHECK, Basis.OURS
ACCESS: Final = "access-management TR (接入管理)"
HUNAN: Final = "Hunan's authorised-operation platform"
ENERGY: Final = "operating guides of an energy data space"
RIGHTS: Final = "a southern-grid data-rights system"
REGISTRATION: Final = "发改数据规〔2025〕26号, of which the opening was read"
OPEN_DATA: Final = "Shanghai's average for open-data applications"


def working_days(count: int) -> Length:
    return Length(count, Unit.WORKING_DAYS)


def days(count: int) -> Length:
    return Length(count, Unit.DAYS)


def months(count: int) -> Length:
    return Length(count, Unit.MONTHS)


def hours(count: int) -> Length:
    return Length(count, Unit.HOURS)


AT_THAT_MOMENT: Final = Length(0, Unit.MOMENT)


def _desk(*roles: Role, party: str = "") -> Desk:
    return Desk(frozenset(roles), party)


HUB = _desk(Role.PLATFORM_ADMIN)
NODE_OPERATOR = _desk(Role.ORG_ADMIN, party="operator")
STEWARD = _desk(Role.DATA_STEWARD, party="provider")
DEPARTMENT = _desk(Role.DATA_STEWARD, party="department")
OBJECTOR = _desk(Role.DATA_REQUESTER, Role.DEVELOPER, party="objector")
REGISTRAR = _desk(Role.REGISTRAR)
REG_APPROVER = _desk(Role.REG_APPROVER)
APPLICANT = _desk(Role.DEVELOPER, Role.ORG_ADMIN, party="grantee")
REVIEWER1 = _desk(Role.AGENCY_REVIEWER1)
REVIEWER2 = _desk(Role.AGENCY_REVIEWER2)
OPERATOR_REVIEW = _desk(Role.SUB_APPROVER)
EITHER_REVIEW = _desk(Role.SUB_APPROVER, Role.AGENCY_REVIEWER1)
PUBLISHER = _desk(Role.PRODUCT_PUBLISHER, party="owner")
LISTER = _desk(Role.SUB_APPROVER)
COMPLAINTS = _desk(Role.REGISTRAR, Role.REG_APPROVER)
OWNER = _desk(Role.DEVELOPER, Role.PRODUCT_PUBLISHER, party="owner")

SHORT: Final = (on_last_day(), remind_daily_when_overdue(), escalate(1, Role.SUPERVISOR))
REGISTRY: Final = (
    remind(3), on_last_day(), remind_daily_when_overdue(),
    escalate(1, Role.REG_APPROVER), escalate(3, Role.SUPERVISOR),
)  # fmt: skip
AGENCY: Final = (
    remind(1), on_last_day(), remind_daily_when_overdue(),
    escalate(1, Role.AGENCY_REVIEWER2), escalate(3, Role.SUPERVISOR),
)  # fmt: skip
LISTING: Final = (
    remind(1), on_last_day(), remind_daily_when_overdue(), escalate(2, Role.SUPERVISOR),
)  # fmt: skip
# Not daily: a portal that comes in late has a thousand work orders, and nobody reads a thousand
# reminders each morning.
SUPPLY: Final = (remind(1), on_last_day(), escalate(5, Role.REG_APPROVER))
FAULTS: Final = (on_last_day(), escalate(1, Role.SUB_APPROVER), escalate(3, Role.SUPERVISOR))
EXPIRY: Final[tuple[Step, ...]] = (remind(30), remind(7), remind(1), on_last_day())

# The review times of a form of product: sources name data sets, APIs and reports, applications,
# and models. What no source names has the longest.
QUICK_FORMS: Final = ("API", "REPORT", "DATA_SET")
LONG_FORMS: Final = ("MODEL", "DATA_OBJECT", "OTHER")
REVIEW_TIMES: Final = ((3, QUICK_FORMS), (5, ("APPLICATION",)), (8, LONG_FORMS))

L1: Final = (
    Term(
        "connector.admission", "L1", "connector", Text("Admission of a connector", "连接器接入审批"),
        DEADLINE, working_days(1), "APPLIED", {"APPLIED": HUB}, f"L1-b, J-L1-2: {ACCESS}", STANDARD,
        rule="connector.review_days_max", steps=SHORT,
    ),
    Term(
        # The source counts a review; an application counts from here, which is the stricter way.
        "node.admission", "L1", "node", Text("Admission of a node", "节点接入审批"),
        DEADLINE, working_days(5), "APPLIED",
        {"APPLIED": HUB, "UNDER_REVIEW": HUB, "EXPERT_REVIEW": HUB},
        f"L1-c, J-L1-2: {ACCESS}; 10 in all with experts", STANDARD,
        adds={"EXPERT_REVIEW": 5}, rule="node.review_days_max", steps=(remind(1), *SHORT),
    ),
    Term(
        "node.change", "L1", "node", Text("Change of a node's details", "节点信息变更"),
        DEADLINE, working_days(1), "CHANGING", {"CHANGING": HUB}, f"L1-c, J-L1-2: {ACCESS}", STANDARD,
        rule="node.change_days_max", steps=SHORT,
    ),
    Term(
        "node.stop_notice", "L1", "node", Text("Notice before a planned stop", "计划停服公告"),
        DEADLINE, working_days(-5), "ACTIVE", {"ACTIVE": NODE_OPERATOR},
        f"L1-c, J-L1-5: {ACCESS}", STANDARD, counted_from="stop_planned_at",
        rule="node.stop_notice_days_min", steps=(on_last_day(), escalate(1, Role.SUPERVISOR)),
    ),
    Term(
        "node.outage_notice", "L1", "node", Text("Full notice of an outage", "故障完整报告"),
        DEADLINE, hours(24), "OUTAGE", {"OUTAGE": NODE_OPERATOR}, f"L1-c, J-L1-5: {ACCESS}", STANDARD,
        rule="node.outage_notice_hours_max", steps=(on_last_day(), escalate(1, Role.SUPERVISOR)),
    ),
    Term(
        "node.kept_reports", "L1", "node", Text("Keeping of what was reported", "退出后数据留存"),
        PERIOD, months(36), "DEREGISTERED", {"DEREGISTERED": HUB}, f"L1-c: {ACCESS}", STANDARD,
        steps=(on_last_day(),),
    ),
    Term(
        "membership_application.answer", "L1", "membership_application",
        Text("Answer to an application for membership", "成员申请审批"),
        DEADLINE, working_days(5), "SUBMITTED", {"SUBMITTED": NODE_OPERATOR},
        "L1, TC-042: no source states it", OURS, steps=(remind(1), *SHORT),
    ),
    Term(
        "participant.credential", "L1", "participant", Text("Validity of a credential", "凭证有效期"),
        VALIDITY, AT_THAT_MOMENT, "ADMITTED", {"ADMITTED": _desk(Role.ORG_ADMIN, party="id")},
        "J-L1-3: warned 30, 7 and 1 days before", OURS, counted_from="credential_until", steps=EXPIRY,
    ),
)  # fmt: skip

L2: Final = (
    Term(
        "resource.form_review", "L2", "resource", Text("Formal review", "形式审核"),
        DEADLINE, working_days(20), "FORM_REVIEW",
        {"FORM_REVIEW": REGISTRAR, "SUBMITTED": REGISTRAR}, f"L2, J-L2-5: {REGISTRATION}", TO_CHECK,
        stands={"RETURNED": STEWARD}, rule="resource.review_days_max", steps=REGISTRY,
    ),
    Term(
        "resource.publicity", "L2", "resource", Text("Publicity", "公示"),
        PERIOD, working_days(10), "PUBLICITY", {"PUBLICITY": REG_APPROVER}, f"L2, J-L2-5: {REGISTRATION}", TO_CHECK,
        stands={"OBJECTED": REGISTRAR},
        rule="resource.publicity_days_min", steps=(on_last_day(), remind_daily_when_overdue(), escalate(3, Role.SUPERVISOR)),
    ),
    Term(
        "resource.registration", "L2", "resource", Text("Validity of the registration", "登记有效期"),
        VALIDITY, months(36), "REGISTERED", {"REGISTERED": STEWARD, "AUTHORISABLE": STEWARD},
        f"L2, J-L2-6: renewed in the 60 days before, {REGISTRATION}", TO_CHECK, counted_from="registered_at",
        rule="resource.validity_years_max", steps=(remind(60), *EXPIRY),
    ),
    Term(
        "work_order.answer", "L2", "work_order", Text("Answer to a work order", "工单答复"),
        DEADLINE, working_days(5), "OPEN", {"OPEN": DEPARTMENT}, "L2, J-L2-1, J-L2-2: no source states it", OURS,
        stands={"ANSWERED": REGISTRAR}, steps=SUPPLY,
    ),
    Term(
        "data_objection.answer", "L2", "data_objection", Text("Answer to a data objection", "数据异议受理"),
        DEADLINE, working_days(5), "FILED", {"FILED": DEPARTMENT}, "L2: no source states it", OURS, steps=REGISTRY,
    ),
    Term(
        "data_objection.correction", "L2", "data_objection", Text("Correction of the data", "异议数据更正"),
        DEADLINE, working_days(10), "ACCEPTED", {"ACCEPTED": DEPARTMENT}, "L2: no source states it", OURS,
        steps=REGISTRY,
    ),
    Term(
        "data_objection.silence", "L2", "data_objection", Text("The objector may contradict", "异议人确认期"),
        PERIOD, days(15), "CORRECTED", {"CORRECTED": OBJECTOR}, "L2: no source states it", OURS,
        steps=(on_last_day(),),
    ),
)  # fmt: skip

L3: Final = (
    Term(
        "scenario.answer", "L3", "scenario", Text("Answer to a scenario", "场景申请办理"),
        DEADLINE, working_days(5), "OP_REVIEW",
        {"OP_REVIEW": OPERATOR_REVIEW, "AGENCY_REVIEW": REVIEWER2},
        f"L3: {OPEN_DATA}", PRACTICE, steps=AGENCY,
    ),
    Term(
        "scenario.backlog", "L3", "scenario", Text("Backlog of scenarios", "场景申请积压"),
        DEADLINE, days(7), "OP_REVIEW", {"OP_REVIEW": OPERATOR_REVIEW, "AGENCY_REVIEW": REVIEWER2},
        f"L3, J-L3-1: {RIGHTS}", PRACTICE, rule="authorisation.waiting_days_max", steps=(escalate(1, Role.SUPERVISOR),),
    ),
    Term(
        "authorisation.answer", "L3", "authorisation", Text("Answer to an application", "授权申请办理"),
        DEADLINE, working_days(5), "REVIEW1", {"REVIEW1": REVIEWER1, "REVIEW2": REVIEWER2},
        f"L3: {OPEN_DATA}", PRACTICE,
        stands={"REVIEW1_FAIL": APPLICANT, "REVIEW2_FAIL": APPLICANT}, steps=AGENCY,
    ),
    Term(
        "authorisation.backlog", "L3", "authorisation", Text("Backlog of applications", "授权申请积压"),
        DEADLINE, days(7), "REVIEW1", {"REVIEW1": REVIEWER1, "REVIEW2": REVIEWER2},
        f"L3, J-L3-1: {RIGHTS}", PRACTICE,
        stands={"REVIEW1_FAIL": APPLICANT, "REVIEW2_FAIL": APPLICANT},
        rule="authorisation.waiting_days_max", steps=(escalate(1, Role.SUPERVISOR),),
    ),
    Term(
        "authorisation.validity", "L3", "authorisation", Text("Validity of an authorisation", "授权有效期"),
        VALIDITY, AT_THAT_MOMENT, "EFFECTIVE", {"EFFECTIVE": APPLICANT, "SUSPENDED": APPLICANT},
        f"L3-d, J-L3-2: warned 30 days before, {RIGHTS}", PRACTICE, counted_from="valid_until",
        steps=(*EXPIRY, escalate(1, Role.AGENCY_REVIEWER1, Role.AGENCY_REVIEWER2)),
    ),
    Term(
        "authorisation.leak_report", "L3", "authorisation", Text("Report of a leak", "数据泄露报告"),
        DEADLINE, hours(2), "EFFECTIVE", {"EFFECTIVE": APPLICANT, "SUSPENDED": APPLICANT},
        f"7.2: agreement template of {RIGHTS}", PRACTICE, counted_from="leak_noticed_at",
        rule="authorisation.breach_report_hours_max", steps=(on_last_day(), escalate(1, Role.SUPERVISOR)),
    ),
)  # fmt: skip

L4: Final = tuple(
    Term(
        f"{kind}.{count}_days", "L4", kind, text, DEADLINE, working_days(count), "PENDING",
        {"PENDING": EITHER_REVIEW}, f"L4, J-L4-1: by form of product, {ENERGY}", PRACTICE,
        forms=forms, steps=AGENCY,
    )
    for kind, text in (
        ("security_review", Text("Security review of a product", "产品安全审查")),
        ("compliance_review", Text("Compliance review of a product", "产品合规审查")),
    )
    for count, forms in REVIEW_TIMES
)  # fmt: skip

L5: Final = (
    Term(
        "product.to_list", "L5", "product", Text("Application for listing", "登记后申请上架"),
        DEADLINE, working_days(3), "REGISTERED", {"REGISTERED": PUBLISHER},
        f"L5, J-L5-1: reminders from 3 days before, daily when overdue, {HUNAN}", PRACTICE,
        rule="product.listing_days_max", steps=(remind(3), remind(2), remind(1), on_last_day(), remind_daily_when_overdue()),
    ),
    *(
        Term(
            f"product.list_review_{count}_days", "L5", "product", Text("Review of a listing", "上架审核"),
            DEADLINE, working_days(count), "LIST_REVIEW", {"LIST_REVIEW": LISTER},
            f"L5: by form of product, {ENERGY}", PRACTICE, rule="product.review_days_max.{form}", forms=forms, steps=LISTING,
        )
        for count, forms in REVIEW_TIMES
    ),
    Term(
        "product_fault.answer", "L5", "product_fault", Text("Answer to a fault of a product", "产品故障答复"),
        DEADLINE, working_days(2), "OPEN", {"OPEN": OWNER}, "L5, J-L5-3: no source states it", OURS,
        steps=FAULTS,
    ),
)  # fmt: skip

COMPLAINTS_OF: Final = f"J-X-6, TC-174: {ACCESS} names the duty; the clock is inferred"
X2: Final = (
    Term(
        "complaint.acceptance", "X2", "complaint", Text("Decision whether a complaint is accepted", "投诉受理"),
        DEADLINE, working_days(5), "LODGED", {"LODGED": COMPLAINTS}, f"X2, {COMPLAINTS_OF}", OURS,
        rule="complaint.acceptance_days_max", steps=(remind(1), *SHORT),
    ),
    Term(
        # One clock for the whole of it, also while it is handed from one to another.
        "complaint.result", "X2", "complaint", Text("Answer to a complaint", "投诉办理答复"),
        DEADLINE, working_days(15), "ACCEPTED", {"ACCEPTED": COMPLAINTS, "HANDLING": COMPLAINTS},
        f"X2, {COMPLAINTS_OF}", OURS, rule="complaint.result_days_max", steps=(remind(3), remind(1), *SHORT),
    ),
    Term(
        "complaint.dispute", "X2", "complaint", Text("The complainant may dispute the answer", "投诉人异议期"),
        PERIOD, days(15), "ANSWERED", {"ANSWERED": COMPLAINTS}, "X2, J-X-6: no source states it", OURS,
        rule="complaint.dispute_days_min", steps=(remind(3), on_last_day()),
    ),
)  # fmt: skip

TERMS: Final = (*L1, *L2, *L3, *L4, *L5, *X2)

# What the table names and the catalogue does not have yet, by kind: states, fields, forms.
COMING: Final[Mapping[str, frozenset[str]]] = {
    "connector": frozenset({"APPLIED"}),
    "participant": frozenset({"credential_until"}),
    "authorisation": frozenset({"leak_noticed_at"}),
    "security_review": frozenset({"MODEL"}),
    "compliance_review": frozenset({"MODEL"}),
    "product": frozenset({"MODEL"}),
}  # fmt: skip

# By machine: states in which somebody waits and for which no source states a term. A resource
# that was handed in has none until it is taken in for the first time.
WITHOUT_TERM: Final[Mapping[str, frozenset[str]]] = {
    "participant": frozenset({"SUBMITTED"}),
    "resource": frozenset({"SUBMITTED", "EXPIRING"}),
    "resource_change": frozenset({"CHANGE_REVIEW", "CHANGE_FAILED"}),
    "data_objection": frozenset({"REFUSED"}),
    "filing": frozenset({"AGENCY_CONFIRM", "CITY_CONFIRM", "RETURNED"}),
    "agreement": frozenset({
        "SETTLED", "LOCKED", "GRANTEE_SIGNED", "GRANTOR_SIGNED", "SIGNED", "VERIFIED",
    }),
    "accountability_case": frozenset({"OPENED", "ANSWERED"}),
    "exploration_request": frozenset({"SUBMITTED"}),
    "project": frozenset({"ACCEPTANCE"}),
    "platform_request": frozenset({"SUBMITTED"}),
    "compliance_review": frozenset({"CONDITIONAL"}),
    "export_check": frozenset({"REQUESTED"}),
    "product": frozenset({
        "REG_REVIEW", "REG_FAILED", "LIST_FAILED", "DELIST_REVIEW", "WITHDRAW_REVIEW",
    }),
    "product_change": frozenset({"CHANGE_REVIEW", "CHANGE_FAILED"}),
}  # fmt: skip
