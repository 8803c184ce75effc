"""The guards of the machines, each a named rule with its facts in the refusal.

Names and sources follow the domain's list of common guards (G-4EYES, G-GRADE, G-TERM, G-PRICE).
`Situation.related` is documented beside each guard that reads it.
"""

from dataspace.guards.entries import (
    AUTHORISABLE,
    COMPLETE,
    LISTABLE,
    NOT_STATED,
    ONE_SOURCE,
    REGISTRABLE,
    RENEWABLE,
    WAS_LISTED,
    WAS_NOT_LISTED,
)
from dataspace.guards.grants import OVER, RESOURCES_AUTHORISABLE, TERM
from dataspace.guards.limits import MANDATORY
from dataspace.guards.people import ACTED, FOUR_EYES, HANDLERS, THIRD_PARTY, UNUSED
from dataspace.guards.products import GRADE_INHERITED, SOURCES_GRANTED, WELFARE_IS_FREE

__all__ = [
    "ACTED", "AUTHORISABLE", "COMPLETE", "FOUR_EYES", "GRADE_INHERITED", "HANDLERS", "LISTABLE",
    "MANDATORY", "NOT_STATED", "ONE_SOURCE", "OVER", "REGISTRABLE", "RENEWABLE",
    "RESOURCES_AUTHORISABLE", "SOURCES_GRANTED", "TERM", "THIRD_PARTY", "UNUSED", "WAS_LISTED",
    "WAS_NOT_LISTED", "WELFARE_IS_FREE",
]  # fmt: skip
