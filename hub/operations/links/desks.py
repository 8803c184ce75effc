"""The desks of all nouns that move by a machine, by noun."""

from collections.abc import Mapping
from typing import Final

from hub.operations import authorisations, nodes, participants, products, resources
from hub.operations.complaints.desk import COMPLAINTS
from hub.operations.health import faults
from hub.operations.links import changes, development, filings, scenarios
from hub.operations.mechanism.desk import Desk
from hub.operations.membership import applying
from hub.operations.quality import objections, orders

DESKS: Final[Mapping[str, Desk]] = {
    desk.lifecycle.kind: desk
    for desk in (
        participants.DESK, nodes.DESK, applying.DESK,
        resources.DESK, changes.RESOURCE_CHANGES, orders.DESK, objections.DESK,
        filings.FILINGS, filings.AGREEMENTS, scenarios.SCENARIOS, authorisations.DESK,
        scenarios.CASES,
        development.EXPLORATIONS, development.PROJECTS, development.PLATFORM_REQUESTS,
        development.SECURITY_REVIEWS, development.COMPLIANCE_REVIEWS, development.EXPORT_CHECKS,
        products.DESK, changes.PRODUCT_CHANGES, faults.DESK,
        COMPLAINTS,
    )
}  # fmt: skip
