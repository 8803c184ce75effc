"""In which spaces an authorisation reaches: that of its scenario, and those of its resources.

An authorisation is in no space itself; of what these ask, the tightest binds it.
"""

from typing import Final

from dataspace.selection import Child, Row
from hub.operations.mechanism.reading import ends, rows_of

_SPACE: Final = (ends("space", "space"),)
REACH: Final[tuple[Child, ...]] = (
    ends("approved_scenario", "scenario", children=_SPACE),
    ends("resources", "resource", children=_SPACE),
)


def spaces_of(row: Row) -> frozenset[str]:
    """Of an authorisation that was read with REACH, and not made flat."""
    held = (*rows_of(row["approved_scenario"]), *rows_of(row["resources"]))
    return frozenset(str(space["id"]) for each in held for space in rows_of(each["space"]))
