"""The lengths, counts and grades that guards ask for, in one place.

They are what holds where no rulebook says otherwise. Sources: sections 4 and 7 of the domain
reference; the renewal window of registrations is quoted there from memory, to be checked.
"""

from collections.abc import Mapping
from typing import Final

GRADE_LISTABLE_MAX: Final = 3
GRADE_REGISTERED_MAX: Final = 4
AUTHORISATION_YEARS_MAX: Final = 5
AGREEMENT_YEARS_MAX: Final = 5
SCENARIO_YEARS_MAX: Final = 5
REGISTRATION_YEARS: Final = 3
REGISTRATION_RENEWAL_DAYS: Final = 60
# Ours: long enough before the reminder of 30 days for two reviews to be held.
AUTHORISATION_RENEWAL_DAYS: Final = 90
# Public code of an operating platform: at so many uses out of its scope a grant is suspended.
OUT_OF_SCOPE_CALLS: Final = 5
EXPLORATION_DAYS_MAX: Final = 30
QUOTA: Final[Mapping[str, int]] = {
    "cpu_cores": 64,
    "memory_gb": 512,
    "storage_gb": 10_000,
    "gpus": 8,
}
EQUAL_SHARES: Final = 100  # the shares of an agreement, in percent, together

MANDATORY: Final = (
    "name", "summary", "provider", "format", "items", "share_type", "open_attribute",
    "update_cycle", "origin", "classification", "grade", "source_system", "update_mechanism",
    "quality_standard", "usage_method",
)  # fmt: skip
