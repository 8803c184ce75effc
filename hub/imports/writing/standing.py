"""With which standing an imported row enters the catalogue: data for each form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dataspace.text import Text


@dataclass(frozen=True, slots=True)
class Standing:
    """`values` are those of a row when it is first made; staff decide on them afterwards."""

    name: str
    action: str
    reason: Text
    values: Mapping[str, Any]


REGISTERED = Standing(
    "registered",
    "resource.import_registered",
    Text(
        "Published by {source}; that publication is the ground of its registration",
        "已由 {source} 公开发布，以该发布为登记依据",
    ),
    {
        "state": "REGISTERED",
        "audience": "PUBLIC",
        "open_attribute": "UNCONDITIONAL",
        "classification": "GENERAL",
        "grade": 1,
    },
)
DRAFT = Standing(
    "draft",
    "resource.import_draft",
    Text("Taken from the department's ledger {file}", "取自部门台账 {file}"),
    {"state": "DRAFT", "audience": "MEMBERS"},
)
STANDINGS: Mapping[str, Standing] = {each.name: each for each in (REGISTERED, DRAFT)}

# An existing public portal counts as registered; a department's ledger waits for its review.
STANDING_OF_FORMAT: Mapping[str, Standing] = {
    "socrata": REGISTERED,
    "dcat-us": REGISTERED,
    "dcat": REGISTERED,
    "csv": DRAFT,
    "xlsx": DRAFT,
}
