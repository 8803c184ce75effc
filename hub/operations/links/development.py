"""Exploration, development projects, platform resources, and the reviews of products (L4)."""

from typing import Final

from dataspace import guards
from dataspace.lifecycles.development import EXPLORATION_REQUEST, PLATFORM_REQUEST, PROJECT
from dataspace.lifecycles.reviews import COMPLIANCE_REVIEW, EXPORT_CHECK, SECURITY_REVIEW
from dataspace.machine import Situation
from dataspace.selection import Condition, Every, Where
from hub.operations.links.beside import acting, check_referred
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.lifecycle import Lifecycle, all_ends
from hub.operations.mechanism.reading import ends


def _grants_in_force(situation: Situation) -> Condition:
    own = (Where("state", "eq", "EFFECTIVE"), Where("grantee", "eq", situation.row["developer"]))
    return all_ends("authorisations", Every(own))


EXPLORATIONS: Final = Desk(Lifecycle(
    EXPLORATION_REQUEST,
    ("title", "purpose", "masked", "valid_from", "valid_until", "resources"),
    prepare=check_referred,
    related=(acting("applicant"),),
    awaited={"SUBMITTED": "approve"},
))  # fmt: skip

PROJECTS: Final = Desk(Lifecycle(
    PROJECT,
    (
        "name", "summary", "form", "development_environment", "production_environment", "models",
        "scenario", "authorisations",
    ),
    prepare=check_referred,
    related=(
        acting("developer"),
        ends("authorisations", "authorisation", "state",
             children=(ends("grantee", "participant"),)),
    ),
    users={"platform_requests": ("SUBMITTED", "APPROVED"), "export_checks": ("REQUESTED",)},
    holds={guards.GRANTS_IN_FORCE.name: _grants_in_force},
    awaited={"ACCEPTANCE": "accept"},
))  # fmt: skip

PLATFORM_REQUESTS: Final = Desk(Lifecycle(
    PLATFORM_REQUEST,
    (
        "title", "purpose", "cpu_cores", "memory_gb", "storage_gb", "gpus", "valid_until",
        "project",
    ),
    prepare=check_referred,
    related=(acting("applicant"),),
    awaited={"SUBMITTED": "approve"},
))  # fmt: skip

SECURITY_REVIEWS: Final = Desk(Lifecycle(
    SECURITY_REVIEW,
    ("title", "material", "code_sha256", "product"),
    prepare=check_referred,
    related=(acting("applicant"),),
    allotted={
        "pass_material": lambda situation, node: {"material_result": "PASSED"},
        "fail_material": lambda situation, node: {"material_result": "FAILED"},
        "pass_code": lambda situation, node: {"code_result": "PASSED"},
        "fail_code": lambda situation, node: {"code_result": "FAILED"},
    },
    awaited={"PENDING": "pass"},
))  # fmt: skip

COMPLIANCE_REVIEWS: Final = Desk(Lifecycle(
    COMPLIANCE_REVIEW,
    (
        "title", "basic_information", "legality", "tradability", "grade_proposed", "grade_ground",
        "product",
    ),
    prepare=check_referred,
    related=(acting("applicant"),),
    awaited={"PENDING": "pass", "CONDITIONAL": "confirm"},
))  # fmt: skip

EXPORT_CHECKS: Final = Desk(Lifecycle(
    EXPORT_CHECK,
    ("title", "content", "description", "content_sha256", "project"),
    prepare=check_referred,
    related=(acting("applicant"),),
    awaited={"REQUESTED": "release"},
))  # fmt: skip
