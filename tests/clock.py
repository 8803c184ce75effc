"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta


class FrozenClock:
    def __init__(self, at: datetime = datetime(2026, 6, 1, 12, tzinfo=UTC)) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, **amount: float) -> None:
        """By an amount that `timedelta` understands, such as `seconds=61`."""
        self.at += timedelta(**amount)
