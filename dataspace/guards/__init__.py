"""The guards of the machines, each a named rule with its facts in the refusal.

Names and sources follow the domain's list of common guards (G-4EYES, G-GRADE, G-TERM, G-PRICE).
`Situation.related` is documented beside each guard that reads it.
"""

from dataspace.guards.access import (
    CAPABLE,
    DRAINED,
    HANDLERS_GONE,
    IDENTIFIED,
    IS_CONNECTOR,
    IS_NODE,
    MEMBERSHIPS_LEFT,
    SPACE_KEPT,
    SPACE_LOGICAL,
    SPACE_OPEN,
)
from dataspace.guards.changes import CHANGEABLE, CHANGED_PRODUCT, CHANGED_RESOURCE
from dataspace.guards.development import APART, BOTH_PASSED, MASKED, NOTHING_RAW, WITHIN_QUOTA
from dataspace.guards.entries import (
    AUTHORISABLE,
    COMPLETE,
    LISTABLE,
    NOT_STATED,
    OFFERABLE,
    ONE_SOURCE,
    REGISTRABLE,
    RENEWABLE,
    WAS_LISTED,
    WAS_NOT_LISTED,
)
from dataspace.guards.grants import (
    AGREEMENT,
    CASES_CLOSED,
    GRANT_ENDED,
    GRANT_IN_FORCE,
    GRANTS_IN_FORCE,
    OPEN,
    RENEWAL,
    RESOURCES_AUTHORISABLE,
    SCENARIO,
)
from dataspace.guards.limits import MANDATORY
from dataspace.guards.papers import (
    AS_LOCKED,
    ELEMENTS_WHOLE,
    FILED_BY_AGENCY,
    FILED_DIRECTLY,
    FOLLOWS,
    JOINT,
    LETTER,
    NOT_JOINT,
    SIGNED,
)
from dataspace.guards.people import (
    ACTED,
    ADMITTED,
    COUNTERSIGNERS,
    COUNTERSIGNING_HANDLERS,
    FOUR_EYES,
    HANDLERS,
    NOT_ONES_OWN,
    THIRD_PARTY,
    UNUSED,
)
from dataspace.guards.products import (
    GRADE_INHERITED,
    NOT_SUSPENDED,
    PRICE_CAPPED,
    REVIEWED,
    SOURCES_GRANTED,
    WELFARE_IS_FREE,
)
from dataspace.guards.rules.attachments import ATTACHED
from dataspace.guards.rules.floors import ABOVE_FLOORS
from dataspace.guards.rules.personal import BY_A_ROUTE
from dataspace.guards.rules.profiled import PROFILED
from dataspace.guards.rules.publicity import PUBLISHED
from dataspace.guards.rules.reviewers import ENOUGH_EYES, MAY_COUNTERSIGN, REVIEWERS
from dataspace.guards.terms import OVER, SCENARIO_TERM, SHORT, TERM

__all__ = [
    "ABOVE_FLOORS",
    "ACTED",
    "ADMITTED",
    "AGREEMENT",
    "APART",
    "AS_LOCKED",
    "ATTACHED",
    "AUTHORISABLE",
    "BOTH_PASSED",
    "BY_A_ROUTE",
    "CAPABLE",
    "CASES_CLOSED",
    "CHANGEABLE",
    "CHANGED_PRODUCT",
    "CHANGED_RESOURCE",
    "COMPLETE",
    "COUNTERSIGNERS",
    "COUNTERSIGNING_HANDLERS",
    "DRAINED",
    "ELEMENTS_WHOLE",
    "ENOUGH_EYES",
    "FILED_BY_AGENCY",
    "FILED_DIRECTLY",
    "FOLLOWS",
    "FOUR_EYES",
    "GRADE_INHERITED",
    "GRANTS_IN_FORCE",
    "GRANT_ENDED",
    "GRANT_IN_FORCE",
    "HANDLERS",
    "HANDLERS_GONE",
    "IDENTIFIED",
    "IS_CONNECTOR",
    "IS_NODE",
    "JOINT",
    "LETTER",
    "LISTABLE",
    "MANDATORY",
    "MASKED",
    "MAY_COUNTERSIGN",
    "MEMBERSHIPS_LEFT",
    "NOTHING_RAW",
    "NOT_JOINT",
    "NOT_ONES_OWN",
    "NOT_STATED",
    "NOT_SUSPENDED",
    "OFFERABLE",
    "ONE_SOURCE",
    "OPEN",
    "OVER",
    "PRICE_CAPPED",
    "PROFILED",
    "PUBLISHED",
    "REGISTRABLE",
    "RENEWABLE",
    "RENEWAL",
    "RESOURCES_AUTHORISABLE",
    "REVIEWED",
    "REVIEWERS",
    "SCENARIO",
    "SCENARIO_TERM",
    "SHORT",
    "SIGNED",
    "SOURCES_GRANTED",
    "SPACE_KEPT",
    "SPACE_LOGICAL",
    "SPACE_OPEN",
    "TERM",
    "THIRD_PARTY",
    "UNUSED",
    "WAS_LISTED",
    "WAS_NOT_LISTED",
    "WELFARE_IS_FREE",
    "WITHIN_QUOTA",
]
