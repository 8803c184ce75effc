"""The machine's clock."""

from datetime import UTC, datetime


class SystemClock:
    """The machine's clock: the one place that reads the time."""

    def now(self) -> datetime:
        return datetime.now(UTC)
