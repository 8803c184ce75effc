"""The firms that the data are about: one list, so that what is said of one fits together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from subspaces.content.making import credit_code, dice

FIRMS: Final = 60
# GB/T 4754, with what a firm of the industry needs in kW by day, and by night as a share of that.
INDUSTRIES: Final[Sequence[tuple[str, int, float]]] = (
    ("C36", 420, 0.7), ("C39", 300, 0.8), ("F52", 60, 0.3), ("G54", 90, 0.6), ("I65", 110, 0.9),
)  # fmt: skip
MONTHS: Final = 30  # that its course is made up for


@dataclass(frozen=True, slots=True)
class Firm:
    """`course` is how its business stood month by month, about 1.0; `sound` whether it pays."""

    number: int
    credit_code: str
    name: str
    industry: str
    day_kw: int
    night_share: float
    founded_on: date
    staff: int
    sound: bool
    course: tuple[float, ...]


@cache
def firms(seed: int) -> tuple[Firm, ...]:
    return tuple(_firm(number, seed) for number in range(1, FIRMS + 1))


def _firm(number: int, seed: int) -> Firm:
    chance = dice(seed, "firm", number)
    industry, kw, night = INDUSTRIES[number % len(INDUSTRIES)]
    return Firm(
        number,
        credit_code("91", number),
        f"示例企业{number:03d}有限公司",
        industry,
        day_kw=round(kw * chance.uniform(0.4, 1.8)),
        night_share=night * chance.uniform(0.8, 1.1),
        founded_on=date(chance.randint(2004, 2022), chance.randint(1, 12), chance.randint(1, 28)),
        staff=round(chance.choice((4, 8, 16, 32, 64, 128, 256)) * chance.uniform(1, 2)),
        sound=chance.random() < 0.85,
        course=_course(number, seed),
    )


def _course(number: int, seed: int) -> tuple[float, ...]:
    """Most firms grow a little, some decline, and every month differs from the last."""
    chance = dice(seed, "course", number)
    drift = chance.choice((-0.02, 0.0, 0.004, 0.008, 0.015))
    level, found = 1.0, []
    for _ in range(MONTHS):
        level *= 1 + drift
        found.append(level * chance.uniform(0.92, 1.08))
    return tuple(found)
