"""When a failed delivery is tried again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from dataspace.notices.delivery.backoff import DELIVERY

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@given(some.integers(1, 40), some.text(max_size=30))
def test_every_wait_is_near_its_length_and_within_the_limit(attempts: int, key: str) -> None:
    wait = DELIVERY.next(attempts, key, at=NOON) - NOON
    length = min(60 * 2 ** (attempts - 1), 6 * 3600)
    assert 0.8 * length <= wait.total_seconds() <= 1.2 * length
    assert DELIVERY.next(attempts, key, at=NOON) - NOON == wait


def test_deliveries_that_failed_together_come_back_apart() -> None:
    waits = {DELIVERY.next(3, f"dlv_{n}", at=NOON) for n in range(100)}
    assert len(waits) > 80


def test_it_is_given_up_after_most_of_a_day() -> None:
    at = NOON
    attempts = 1
    while not DELIVERY.is_last(attempts):
        at, attempts = DELIVERY.next(attempts, "dlv", at=at), attempts + 1
    assert attempts == 12
    assert timedelta(hours=14) < at - NOON < timedelta(hours=40)
