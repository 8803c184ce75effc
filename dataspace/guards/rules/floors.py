"""G-FLOOR: what is registered has at least the grade and the quality that the rules state."""

from typing import Final

from dataspace import codes
from dataspace.guards.rules.refusals import GradeBelowFloor, QualityBelowFloor
from dataspace.machine import Guard, Situation
from dataspace.text import Text

GRADE_RULE: Final = "resource.grade_min"
QUALITY_RULE: Final = "resource.quality_grade_min"
BEST_FIRST: Final = tuple(codes.QUALITY_GRADE.codes)


def _above_floors(situation: Situation) -> None:
    """A grade that is too low protects too little; a quality that was never measured is none."""
    row, least = situation.row, situation.rule(GRADE_RULE, 1)
    if (row.get("grade") or 0) < least:
        raise GradeBelowFloor(
            id=row.get("id", ""), grade=row.get("grade") or "∅", needed=least,
            rule=GRADE_RULE, edition=situation.edition(GRADE_RULE),
        )  # fmt: skip
    wanted, quality = situation.rule(QUALITY_RULE, None), row.get("quality_grade")
    if wanted is None:
        return
    if quality is None or BEST_FIRST.index(quality) > BEST_FIRST.index(wanted):
        raise QualityBelowFloor(
            id=row.get("id", ""), quality=quality or "∅", needed=wanted,
            rule=QUALITY_RULE, edition=situation.edition(QUALITY_RULE),
        )  # fmt: skip


ABOVE_FLOORS = Guard(
    "G-FLOOR",
    Text(
        "Its grade and its measured quality are not below what the rules state",
        "分级与实测质量等级不低于规则下限",
    ),
    _above_floors,
)
