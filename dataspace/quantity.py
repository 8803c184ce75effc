"""Values with units: money in whole fen, moments in aware UTC, and the Clock port."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from dataspace.errors import Invalid
from dataspace.text import Text


class MomentInvalid(Invalid):
    """A time without a zone says nothing; the data space keeps aware UTC only."""

    code = "moment.invalid"
    title = Text("{value} is not a moment with a time zone", "{value} 不是带时区的时间")
    advice = Text(
        "Write it as 2026-01-31T08:00:00Z or with an offset.",
        "请写成 2026-01-31T08:00:00Z 或带时区偏移。",
    )


class Clock(Protocol):
    def now(self) -> datetime:
        """The present, aware and in UTC."""
        ...


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount of CNY in whole fen (分); never a float."""

    fen: int

    def __add__(self, other: "Money") -> "Money":
        return Money(self.fen + other.fen)

    def __str__(self) -> str:
        sign = "-" if self.fen < 0 else ""
        return f"{sign}¥{abs(self.fen) // 100}.{abs(self.fen) % 100:02d}"


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` inclusive to `end` exclusive, both aware UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise Invalid(problems="the period ends before it starts")

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


def written(moment: datetime) -> str:
    """The one written form of a moment: UTC, milliseconds, `Z`. It sorts as time does.

    Raises:  MomentInvalid when `moment` is naive.
    """
    if moment.tzinfo is None:
        raise MomentInvalid(value=moment.isoformat())
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_moment(text: str) -> datetime:
    """Raises:  MomentInvalid when `text` is not ISO 8601 with a zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise MomentInvalid(value=text) from error
    if moment.tzinfo is None:
        raise MomentInvalid(value=text)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:  # before the first year, or after the last
        raise MomentInvalid(value=text) from error
