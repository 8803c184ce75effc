"""The rules that a city begins with: what was found in requirements and in working systems.

What no text that was read decides is left out, above all ceilings of prices, which an authorising
body sets and reports in writing. The sources stand with the kinds.
"""

from collections.abc import Mapping
from typing import Any, Final

from dataspace import codes
from dataspace.guards import limits
from dataspace.health import verdict as health

CITY_RULES: Final[Mapping[str, Any]] = {
    "participant.reviewers_min": 1,
    "participant.attachments": frozenset({"LICENCE", "LEGAL_REPRESENTATIVE", "HANDLER_LETTER"}),
    "participant.invitation_hours_max": 24,
    "participant.invitation_tries_max": 5,
    "connector.review_days_max": 1,
    "node.review_days_max": 5,
    "node.expert_review_days_max": 10,
    "node.change_days_max": 1,
    "node.stop_notice_days_min": 5,
    "node.outage_notice_hours_max": 24,
    "resource.reviewers_min": 2,
    "resource.reviewing_roles": frozenset({"registrar", "reg_approver"}),
    "resource.attachments": frozenset({"SOURCE_DECLARATION", "LAWFULNESS_DECLARATION"}),
    "resource.review_days_max": 20,
    "resource.publicity_days_min": 10,
    "resource.validity_years_max": 3,
    "resource.renewal_days_max": 60,
    "resource.grade_max": limits.GRADE_REGISTERED_MAX,
    "authorisation.reviewers_min": 2,
    "authorisation.reviewing_roles": frozenset({"agency_reviewer1", "agency_reviewer2"}),
    "authorisation.attachments": frozenset(
        {"RISK_ASSESSMENT", "SAFETY_CAPABILITY", "CONFIDENTIALITY_LETTER"}
    ),
    "authorisation.term_years_max": limits.AUTHORISATION_YEARS_MAX,
    "authorisation.waiting_days_max": 7,
    "authorisation.expiry_notice_days_min": 30,
    "authorisation.breach_report_hours_max": 2,
    "authorisation.out_of_scope_calls": limits.OUT_OF_SCOPE_CALLS,
    "authorisation.unfiled_suspended": False,
    "authorisation.grade_max": limits.GRADE_LISTABLE_MAX,
    "authorisation.not_open_permitted": True,
    "authorisation.personal_routes": frozenset(codes.PERSONAL_ROUTE.codes),
    "product.reviewers_min": 1,
    "product.reviewing_roles": frozenset({"sub_approver"}),
    "product.attachments": frozenset({"PRODUCT_MATERIAL", "PRODUCT_CODE", "COMMITMENT_LETTER"}),
    "product.listing_days_max": 3,
    "product.review_days_max.data_set": 3,
    "product.review_days_max.api": 3,
    "product.review_days_max.report": 3,
    "product.review_days_max.application": 5,
    "product.review_days_max.other": 8,
    "product.grade_max": limits.GRADE_LISTABLE_MAX,
    health.SUCCESS_RULE: health.SUCCESS_PERCENT_MIN,
    health.LATENCY_RULE: health.LATENCY_MS_MAX,
    "product.welfare_free": True,
    "use.actions": frozenset(codes.ACTION.codes),
    "use.grade_max.plain": 1,
    "use.grade_max.encrypted": 2,
    "use.grade_max.sandbox": 3,
    "use.grade_max.privacy_computing": 4,
    "use.within_authorisation": True,
    "use.log_days_min": 180,
    "exit.record_years_min": 3,
    "complaint.acceptance_days_max": 5,
    "complaint.result_days_max": 15,
    "complaint.dispute_days_min": 15,
    "federation.grade_max": limits.GRADE_LISTABLE_MAX,
    "federation.hub_minutes_max": 1440,
    "import.portal_standing": "REGISTERED",
    "import.ledger_standing": "DRAFT",
}
