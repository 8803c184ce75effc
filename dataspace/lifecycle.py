"""All machines by the noun that they belong to.

Sources of states and moves: the tables of links L1 to L5 of the domain reference, told for
readers in `docs/explanation/the-2-plus-8.md`; what runs across the links comes last. What a state
or move is called in the interface is its `text`; its code never changes.
"""

from collections.abc import Mapping
from typing import Final

from dataspace.complaints.machine import COMPLAINT
from dataspace.health.machine import PRODUCT_FAULT
from dataspace.lifecycles.access import NODE, PARTICIPANT
from dataspace.lifecycles.agreement import AGREEMENT
from dataspace.lifecycles.authorisation import AUTHORISATION
from dataspace.lifecycles.changes import PRODUCT_CHANGE, RESOURCE_CHANGE
from dataspace.lifecycles.development import EXPLORATION_REQUEST, PLATFORM_REQUEST, PROJECT
from dataspace.lifecycles.filing import FILING
from dataspace.lifecycles.membership import MEMBERSHIP_APPLICATION
from dataspace.lifecycles.product import PRODUCT
from dataspace.lifecycles.resource import RESOURCE
from dataspace.lifecycles.reviews import COMPLIANCE_REVIEW, EXPORT_CHECK, SECURITY_REVIEW
from dataspace.lifecycles.scenario import ACCOUNTABILITY_CASE, SCENARIO
from dataspace.machine import Machine
from dataspace.quality.machines import DATA_OBJECTION, WORK_ORDER

__all__ = ["AUTHORISATION", "MACHINES", "PRODUCT", "RESOURCE"]

# In the order of the links, and within a link in that of a case.
MACHINES: Final[Mapping[str, Machine]] = {
    machine.kind: machine
    for machine in (
        PARTICIPANT, NODE, MEMBERSHIP_APPLICATION,
        RESOURCE, RESOURCE_CHANGE, WORK_ORDER, DATA_OBJECTION,
        FILING, AGREEMENT, SCENARIO, AUTHORISATION, ACCOUNTABILITY_CASE,
        EXPLORATION_REQUEST, PROJECT, PLATFORM_REQUEST, SECURITY_REVIEW, COMPLIANCE_REVIEW,
        EXPORT_CHECK,
        PRODUCT, PRODUCT_CHANGE, PRODUCT_FAULT,
        COMPLAINT,
    )
}  # fmt: skip
