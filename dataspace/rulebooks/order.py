"""What "tighter" means: every kind of value is a meet-semilattice.

`meet` of two values is the loosest one that is no looser than either, so it is idempotent,
commutative and associative, and says by itself which is the tighter: a value is no looser than
another when their meet is that value. Where nothing is said, nothing is restricted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from dataspace.text import Text
from dataspace.validation import NUMBER_MAX

Value = TypeVar("Value")
NO_CODE = "NONE"  # how a set without a code is written
YES, NO = "YES", "NO"


class Order(Protocol[Value]):
    """Values of one type, ordered from loose to tight."""

    @property
    def direction(self) -> Text:
        """Which way is tighter, for people."""
        ...

    @property
    def form(self) -> Text:
        """What a value has to be, for people."""
        ...

    def holds(self, value: Any) -> bool:
        """Whether it is a value of this order at all."""
        ...

    def meet(self, one: Value, other: Value) -> Value: ...

    def written(self, value: Value) -> str:
        """The one written form of a value; `read` gives the value back."""
        ...

    def read(self, text: str) -> Value:
        """Raises:  ValueError for what is no value in its written form."""
        ...


def no_looser(order: Order[Any], value: Any, than: Any) -> bool:
    return bool(order.meet(value, than) == value)


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number: a ceiling when the lower is the tighter, a floor when the higher is."""

    lower_is_tighter: bool

    @property
    def direction(self) -> Text:
        return Text("lower", "越低越严") if self.lower_is_tighter else Text("higher", "越高越严")

    @property
    def form(self) -> Text:
        return Text("a whole number from 0", "不小于 0 的整数")

    def holds(self, value: Any) -> bool:
        return type(value) is int and 0 <= value <= NUMBER_MAX

    def meet(self, one: int, other: int) -> int:
        return min(one, other) if self.lower_is_tighter else max(one, other)

    def written(self, value: int) -> str:
        return str(value)

    def read(self, text: str) -> int:
        if not (text.isascii() and text.isdecimal()):
            raise ValueError(text)
        return int(text)


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no: a permission when no is the tighter, a duty when yes is."""

    yes_is_tighter: bool

    @property
    def direction(self) -> Text:
        return Text("yes", "“是”为严") if self.yes_is_tighter else Text("no", "“否”为严")

    @property
    def form(self) -> Text:
        return Text(f"{YES} or {NO}", f"{YES} 或 {NO}")

    def holds(self, value: Any) -> bool:
        return type(value) is bool

    def meet(self, one: bool, other: bool) -> bool:
        return (one or other) if self.yes_is_tighter else (one and other)

    def written(self, value: bool) -> str:
        return YES if value else NO

    def read(self, text: str) -> bool:
        if text not in (YES, NO):
            raise ValueError(text)
        return text == YES


@dataclass(frozen=True, slots=True)
class Codes:
    """A set of codes: what is allowed when fewer are tighter, what is required when more are."""

    names: tuple[str, ...]
    fewer_is_tighter: bool

    @property
    def direction(self) -> Text:
        return Text("fewer", "越少越严") if self.fewer_is_tighter else Text("more", "越多越严")

    @property
    def form(self) -> Text:
        names = ", ".join(self.names)
        return Text(
            f"{NO_CODE}, or some of {names}, divided by commas",
            f"{NO_CODE}，或取自 {names}，以逗号分隔",
        )

    def holds(self, value: Any) -> bool:
        return isinstance(value, frozenset) and value.issubset(self.names)

    def meet(self, one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
        return one & other if self.fewer_is_tighter else one | other

    def written(self, value: frozenset[str]) -> str:
        return ", ".join(name for name in self.names if name in value) or NO_CODE

    def read(self, text: str) -> frozenset[str]:
        if text.strip() == NO_CODE:
            return frozenset()
        return frozenset(_known(self.names, part.strip()) for part in text.split(","))


@dataclass(frozen=True, slots=True)
class Ladder:
    """One code of several that stand in a row, the loosest first."""

    steps: tuple[str, ...]

    @property
    def direction(self) -> Text:
        row = " < ".join(self.steps)
        return Text(f"later in {row}", f"{row}，越靠后越严")

    @property
    def form(self) -> Text:
        names = ", ".join(self.steps)
        return Text(f"one of {names}", f"{names} 之一")

    def holds(self, value: Any) -> bool:
        return isinstance(value, str) and value in self.steps

    def meet(self, one: str, other: str) -> str:
        return max(one, other, key=self.steps.index)

    def written(self, value: str) -> str:
        return value

    def read(self, text: str) -> str:
        return _known(self.steps, text)


def _known(names: Sequence[str], text: str) -> str:
    if text not in names:
        raise ValueError(text)
    return text
