"""What findings come to: points by rule, by dimension and in all, and the grade.

Points are whole hundredths of a point, rounded down: one row that fails among a million is seen.
What was not measured has no points, and counts neither for the resource nor against it.
Grades are those of the domain reference (its section 6.8, inferred): A 90, B 80, C 60.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dataspace.quality.kinds import DIMENSIONS, KINDS
from dataspace.quality.rules import QualityRule

FULL: Final = 100_00
GRADES: Final = (("A", 90_00), ("B", 80_00), ("C", 60_00), ("D", 0))


@dataclass(frozen=True, slots=True)
class Example:
    """One row that fails; `row` counts records from 1, after the heading."""

    row: int
    value: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found in `considered` rows or cases, of which `failed` do not fulfil it.

    `considered` None says that it was not measured; `why` is then a code of NOT_MEASURED.
    """

    rule: QualityRule
    considered: int | None = None
    failed: int = 0
    examples: tuple[Example, ...] = ()
    why: str = ""

    @property
    def points(self) -> int | None:
        """Hundredths; full where a rule had nothing to consider, None where it was not measured."""
        if self.considered is None:
            return None
        if self.considered == 0:
            return FULL
        return (self.considered - self.failed) * FULL // self.considered


@dataclass(frozen=True, slots=True)
class DimensionScore:
    dimension: str
    points: int | None
    measured: int
    not_measured: int


@dataclass(frozen=True, slots=True)
class Score:
    """`points` and `grade` are None when the data themselves were not measured."""

    points: int | None
    dimensions: tuple[DimensionScore, ...]
    findings: tuple[Finding, ...]

    @property
    def grade(self) -> str | None:
        return None if self.points is None else grade_of(self.points)

    @property
    def whole_points(self) -> int | None:
        """0 to 100, rounded down, so that it never shows a better grade than the one given."""
        return None if self.points is None else self.points // 100


def score_of(findings: Sequence[Finding]) -> Score:
    """Rules count by their weight within a dimension, and dimensions alike in all.

    What the catalogue alone says of a resource is no measure of its data: without one finding on
    data there are no points in all.
    """
    dimensions = tuple(_dimension(each, findings) for each in DIMENSIONS)
    known = [each.points for each in dimensions if each.points is not None]
    on_data = any(
        each.considered is not None and KINDS[each.rule.kind].on_data for each in findings
    )
    points = sum(known) // len(known) if known and on_data else None
    return Score(points, dimensions, tuple(findings))


def grade_of(points: int) -> str:
    return next(grade for grade, least in GRADES if points >= least)


def is_below(grade: str | None, demanded: str | None) -> bool:
    """Whether a grade is worse than the one demanded; nothing is demanded of what has none."""
    if grade is None or demanded is None:
        return False
    order = [name for name, _ in GRADES]
    return order.index(grade) > order.index(demanded)


def _dimension(dimension: str, findings: Iterable[Finding]) -> DimensionScore:
    own = [each for each in findings if KINDS[each.rule.kind].dimension == dimension]
    weighed: Mapping[bool, list[Finding]] = {
        known: [each for each in own if (each.points is not None) == known]
        for known in (True, False)
    }
    weight = sum(each.rule.weight for each in weighed[True])
    total = sum((each.points or 0) * each.rule.weight for each in weighed[True])
    points = total // weight if weight else None
    return DimensionScore(dimension, points, len(weighed[True]), len(weighed[False]))
