"""Scenario applications, and the accountability cases of what was granted for them (L3-b, L3-d)."""

from typing import Final

from dataspace import guards
from dataspace.lifecycles.scenario import ACCOUNTABILITY_CASE, SCENARIO
from dataspace.machine import Situation
from dataspace.selection import Condition, Linked, Where
from hub.node import Node
from hub.operations.links.beside import acting, check_referred, those
from hub.operations.mechanism import allotting
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.lifecycle import Lifecycle, Values
from hub.operations.mechanism.reading import ends

EFFECTIVE: Final = Where("state", "eq", "EFFECTIVE")


def _code(situation: Situation, node: Node) -> Values:
    """`CJ-<year>-<serial>` (场景)."""
    serial = allotting.authorisation_code(situation.now).removeprefix("SQ-")
    return {"code": f"CJ-{serial}"}


def _ended(situation: Situation) -> Condition:
    return Linked("authorisation", Where("state", "in", ("REVOKED", "EXPIRED")))


SCENARIOS: Final = Desk(Lifecycle(
    SCENARIO,
    (
        "title", "purpose", "use_kind", "public_interest", "users", "fields_wanted",
        "personal_route", "output_form", "risk_assessment", "safety_capability", "exit_plan",
        "valid_until", "resources", "space",
    ),
    prepare=check_referred,
    related=(
        acting("applicant"),
        ends("resources", "resource", "personal"),
        those("authorisations", "authorisation", "state", where=EFFECTIVE),
    ),
    # Grants of a scenario are closed before it is.
    users={"authorisations": ("REVIEW1", "REVIEW2", "EFFECTIVE", "SUSPENDED")},
    holds={guards.GRANT_IN_FORCE.name: lambda situation: Linked("authorisations", EFFECTIVE)},
    allotted={"draft": _code},
    awaited={"OP_REVIEW": "pass_first", "AGENCY_REVIEW": "pass_second"},
))  # fmt: skip

CASES: Final = Desk(Lifecycle(
    ACCOUNTABILITY_CASE,
    (),
    related=(ends("authorisation", "authorisation", "state"),),
    holds={guards.GRANT_ENDED.name: _ended},
    awaited={"OPENED": "answer", "ANSWERED": "close_restored"},
))  # fmt: skip
