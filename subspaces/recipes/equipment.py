"""Overall equipment effectiveness (设备综合效率): of the time planned, what gave good pieces."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

SECONDS_A_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Shift:
    """`cycle_seconds` is how long one piece takes at best; of `pieces` some are good."""

    planned_minutes: int
    running_minutes: int
    cycle_seconds: int
    pieces: int
    good_pieces: int


@dataclass(frozen=True, slots=True)
class Effectiveness:
    availability: Fraction
    performance: Fraction
    quality: Fraction

    @property
    def overall(self) -> Fraction:
        return self.availability * self.performance * self.quality


def effectiveness(shifts: Sequence[Shift]) -> Effectiveness:
    """Of all shifts together, so that a long one counts for more than a short one.

    availability = running / planned time; performance = best time of the pieces / running time;
    quality = good / all pieces. What did not run, or made nothing, is 0.

    Source:  ISO 22400-2, overall equipment effectiveness index.
    """
    planned = sum(each.planned_minutes for each in shifts)
    running = sum(each.running_minutes for each in shifts)
    pieces = sum(each.pieces for each in shifts)
    best_seconds = sum(each.cycle_seconds * each.pieces for each in shifts)
    return Effectiveness(
        _share(running, planned),
        _share(best_seconds, running * SECONDS_A_MINUTE),
        _share(sum(each.good_pieces for each in shifts), pieces),
    )


def _share(part: int, whole: int) -> Fraction:
    return Fraction(part, whole) if whole else Fraction(0)
