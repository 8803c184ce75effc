"""A bar that fills while something long runs; only where a person watches."""

from types import TracebackType
from typing import Self, TextIO

CELLS = 30


class Bar:
    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.shown = out.isatty()

    def show(self, done: int, whole: int, said: str) -> None:
        """`done` of `whole`, in whatever unit both have, and a few words beside it."""
        if self.shown:
            share = min(1.0, done / whole) if whole else 1.0
            filled = "█" * round(share * CELLS)
            self.out.write(f"\r{filled:░<{CELLS}} {share:>4.0%}  {said}\x1b[K")
            self.out.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self.shown:
            self.out.write("\n")
