"""The clock of one case as data: when it started, how long it may run, when it stood still."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from dataspace.clocks.days import in_utc
from dataspace.text import Text


class Unit(Enum):
    """What a length is counted in; its text is the unit's name."""

    WORKING_DAYS = Text("working days", "个工作日")
    DAYS = Text("days", "日")
    MONTHS = Text("months", "个月")
    HOURS = Text("hours", "小时")
    MOMENT = Text("at that moment", "当时届满")


@dataclass(frozen=True, slots=True)
class Length:
    """A negative count leads back from a planned moment, as a notice that must be given before it.

    A length of `MOMENT` has no extent: the clock starts where it ends, as at the end of a validity.
    """

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a clock stood still; without an end it still does.

    A machine's time that was set back can write an end before the start. That stood still for a
    moment only: what was recorded is taken as it is, and no case is lost for it.
    """

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", in_utc(self.start))
        object.__setattr__(self, "end", in_utc(self.end) if self.end else None)


@dataclass(frozen=True, slots=True)
class CaseClock:
    """The day of the start is not counted, as the Civil Code (民法典) has it in article 201.

    Raises:  MomentInvalid when a moment is naive; all are kept in UTC.
    """

    started: datetime
    length: Length
    spans: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "started", in_utc(self.started))
