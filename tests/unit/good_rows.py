"""A row of every kind that fulfils every guard of its machine, and what stands around it."""

from datetime import UTC, datetime
from typing import Any

from dataspace import guards
from dataspace.documents.elements import elements_sha256
from dataspace.machine import Machine, Move

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = datetime(2028, 1, 1, tzinfo=UTC)
OWN, OTHER = "par_own", "par_other"
SOON = "2026-06-20T00:00:00.000Z"
END = "2027-06-01T00:00:00.000Z"

RESOURCE: dict[str, Any] = {
    "id": "res_1", "name": "n", "summary": "s", "provider": OWN, "format": "DATABASE",
    "items": [{"name": "x"}], "share_type": "UNCONDITIONAL", "open_attribute": "NOT_OPEN",
    "update_cycle": "DAILY", "origin": "ORIGINAL", "classification": "GENERAL", "grade": 2,
    "source_system": "s", "update_mechanism": "u", "quality_standard": "q",
    "usage_method": "m", "authorisable": True, "valid_until": END,
    "public_since": "2026-05-01T00:00:00.000Z",
}  # fmt: skip
PRODUCT: dict[str, Any] = {
    "id": "prd_1", "owner": OWN, "resources": ["res_1"], "grade": 2, "price_fen": 0,
    "use_kind": "PUBLIC_WELFARE", "classification": "GENERAL",
}  # fmt: skip
ELEMENTS = (
    "title", "grantor_representative", "grantee_representative", "purpose", "scenario",
    "product_list", "geographic_scope", "encryption", "access_control", "operation_audit",
    "safety_officer", "prohibited_acts", "filing_duty", "self_review", "benefit_rule",
    "change_grounds", "breach", "dispute_settlement", "evaluation", "exit_terms",
)  # fmt: skip
AGREEMENT: dict[str, Any] = {
    "id": "agr_1", "grantor": OWN, "grantee": OWN, "right_kind": "OPERATING", "valid_until": END,
    "grantor_signed_by": "a", "grantee_signed_by": "b", "confidentiality_sha256": "0" * 64,
    "scope": [{"unit": "u", "right_kind": "OPERATING"}],
    "shares": [{"party": "a", "percent": 60}, {"party": "b", "percent": 40}],
    **{name: name for name in ELEMENTS},
}  # fmt: skip
AGREEMENT["locked_sha256"] = elements_sha256(AGREEMENT)
REVIEW: dict[str, Any] = {"applicant": OWN, "product": "prd_1"}

GOOD: dict[str, dict[str, Any]] = {
    "participant": {
        "id": OWN, "name": "n", "kind": "ENTERPRISE", "contact": "c",
        "credit_code": "91310000MA1FL0000N",
    },
    "node": {"id": "nod_1", "operator": OWN, "kind": "BUSINESS"},
    "membership_application": {
        "id": "map_1", "applicant": OWN, "operator": OWN, "space": "spc_1", "role": "CONSUMER",
    },
    "resource": RESOURCE,
    "resource_change": {"id": "rch_1", "resource": "res_1", "provider": OWN, "name": "m"},
    "filing": {"id": "fil_1", "filer": OWN, "kind": "AGREEMENT", "agreement": "agr_1"},
    "agreement": AGREEMENT,
    "work_order": {"id": "wko_1", "department": OWN},
    "product_fault": {"id": "pft_1", "owner": OWN},
    "data_objection": {
        "id": "obj_1", "department": OWN, "objector": OWN,
        "corrected_at": "2026-05-01T00:00:00.000Z",
    },
    "scenario": {"id": "sce_1", "applicant": OWN, "valid_until": END},
    "authorisation": {
        "id": "aut_1", "grantee": OWN, "grantor": "par_city", "resources": ["res_1"],
        "valid_until": END, "right_kind": "OPERATING",
    },
    "accountability_case": {"id": "acc_1", "holder": OWN, "authorisation": "aut_1"},
    "exploration_request": {"id": "exp_1", "applicant": OWN, "masked": True, "valid_until": SOON},
    "project": {
        "id": "prj_1", "developer": OWN, "development_environment": "d",
        "production_environment": "p",
    },
    "platform_request": {
        "id": "plr_1", "applicant": OWN, "cpu_cores": 4, "memory_gb": 8, "storage_gb": 10,
        "valid_until": END,
    },
    "security_review": {
        "id": "srv_1", **REVIEW, "material_result": "PASSED", "code_result": "PASSED",
    },
    "compliance_review": {"id": "crv_1", **REVIEW},
    "export_check": {"id": "exc_1", "applicant": OWN, "content": "MODEL"},
    "product": PRODUCT,
    "product_change": {"id": "pch_1", "product": "prd_1", "owner": OWN, "name": "m"},
    "complaint": {
        "id": "cpl_1", "channel": "TELEPHONE", "respondent": OTHER,
        "answered_at": "2026-05-01T00:00:00.000Z",
    },
}  # fmt: skip
AROUND: dict[str, Any] = {
    "acting": [{"id": OWN, "state": "ADMITTED"}],
    "resource": [{**RESOURCE, "state": "REGISTERED"}],
    "product": [{**PRODUCT, "state": "LISTED"}],
    "resources": [
        {"id": "res_1", "state": "AUTHORISABLE", "grade": 2, "classification": "GENERAL"}
    ],
    "authorisations": [
        {"id": "aut_1", "state": "EFFECTIVE", "grantee": OWN, "resources": ["res_1"]}
    ],
    "authorisation": [{"id": "aut_1", "state": "REVOKED"}],
    "agreement": [
        {
            "id": "agr_1", "state": "ARCHIVED", "filing_code": "BA-1", "valid_until": END,
            "grantor": "par_city", "grantee": OWN,
        }
    ],
    "approved_scenario": [{"id": "sce_1", "state": "APPROVED", "applicant": OWN}],
    "space": [{
        "id": "spc_1", "name": "s", "kind": "LOGICAL", "operator": OWN,
        "required_capabilities": ["sandbox"],
    }],
    "member": [{"id": OWN, "name": "n", "version": 1, "spaces": [], "memberships": []}],
    "machinery": [{"id": "nod_1", "capabilities": ["sandbox"]}],
    "renews": [],
    "cases": [],
    "rests_on": [{"id": "fil_0", "kind": "OPERATOR", "state": "FILED"}],
    "security_reviews": [{"id": "srv_1", "state": "PASSED"}],
    "compliance_reviews": [{"id": "crv_1", "state": "PASSED"}],
    "source_products": [],
    "people": [],
    "users": [],
}  # fmt: skip


def time_for(move: Move) -> datetime:
    """Expiry is made when the term is over, everything else before."""
    return LATER if guards.OVER in move.guards else NOW


def rules_for(machine: Machine, move: Move) -> dict[str, Any]:
    """The rules that a move is for: that there are more to look at it than the machine asks."""
    if guards.MAY_COUNTERSIGN not in move.guards:
        return {}
    kind, roles = machine.kind, frozenset(map(str, move.roles))
    return {f"{kind}.reviewers_min": 3, f"{kind}.reviewing_roles": roles}


def row_for(machine: Machine, move: Move) -> dict[str, Any]:
    """What has to be otherwise than in a good row for this move."""
    found: dict[str, Any] = {}
    if guards.NOT_STATED in move.guards:
        found["authorisable"] = None
    if guards.THIRD_PARTY in move.guards:
        found["provider"] = OTHER
    if guards.RENEWABLE in move.guards:
        found["valid_until"] = "2026-07-31T00:00:00.000Z"
    if guards.WAS_LISTED in move.guards:
        found["was_authorisable"] = True
    if guards.NOT_ONES_OWN in move.guards:
        found |= dict.fromkeys(("applicant", "developer", "holder"), OTHER)
    if guards.JOINT in move.guards:
        found["kind"] = "JOINT_REVIEW"
    if guards.IS_CONNECTOR in move.guards:
        found["kind"] = "CONNECTOR"
    if guards.FILED_DIRECTLY in move.guards:
        found["kind"] = "AGENCY"
    return {name: value for name, value in found.items() if _has(machine, name)}


def _has(machine: Machine, name: str) -> bool:
    return name in GOOD[machine.kind] or name in ("was_authorisable", "kind")

