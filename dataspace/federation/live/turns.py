"""How often one caller may make the hub ask its nodes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from dataspace.federation.live.refusals import AskedTooOften

PER_MINUTE_MAX: Final = 30
MINUTE: Final = timedelta(minutes=1)
REMEMBERED_MAX: Final = 10_000


@dataclass(slots=True)
class Turns:
    """Whole minutes of each caller; every process of the hub counts for itself."""

    counted: dict[str, tuple[datetime, int]] = field(default_factory=dict)

    def take(self, subject: str, now: datetime) -> None:
        """Raises:  AskedTooOften."""
        began, count = self.counted.get(subject, (now, 0))
        if now - began >= MINUTE:
            began, count = now, 0
        if count >= PER_MINUTE_MAX:
            left = MINUTE - (now - began)
            raise AskedTooOften(
                limit=PER_MINUTE_MAX, retry_after_seconds=max(1, round(left.total_seconds()))
            )
        if subject not in self.counted and len(self.counted) >= REMEMBERED_MAX:
            self._forget(now)
        self.counted[subject] = (began, count + 1)

    def _forget(self, now: datetime) -> None:
        """Whose minute is over; else whoever has been counted for the longest."""
        over = [who for who, (began, _) in self.counted.items() if now - began >= MINUTE]
        for who in over or [next(iter(self.counted))]:
            del self.counted[who]
