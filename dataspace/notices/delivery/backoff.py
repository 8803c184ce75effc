"""When a delivery that failed is tried again, as data: longer each time, never all at once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class BackOff:
    """After the first failure `first_seconds`, then `factor` times as long, at most `seconds_max`;
    each longer or shorter by up to `jitter_per_mille`. Given up after `attempts_max` in all.
    """

    first_seconds: int
    factor: int
    seconds_max: int
    jitter_per_mille: int
    attempts_max: int

    def is_last(self, attempts: int) -> bool:
        return attempts >= self.attempts_max

    def next(self, attempts: int, key: str, *, at: datetime) -> datetime:
        """`attempts` is how many there were. The jitter is drawn from `key` and so is the same
        whenever it is asked for, and another for every delivery.
        """
        seconds = min(self.first_seconds * self.factor ** (attempts - 1), self.seconds_max)
        drawn = int.from_bytes(hashlib.sha256(f"{key}:{attempts}".encode()).digest()[:4], "big")
        per_mille = drawn % (2 * self.jitter_per_mille + 1) - self.jitter_per_mille
        return at + timedelta(milliseconds=seconds * (1000 + per_mille))


# A minute, two, four … six hours: eleven more attempts within about 20 hours.
DELIVERY: Final = BackOff(60, 2, 6 * 3600, jitter_per_mille=200, attempts_max=12)
