"""One process leads: the lease is taken, renewed, lost and found, on both catalogues."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from dataspace.change import Applied, ChangeSet
from dataspace.errors import CatalogueUnavailable
from dataspace.jobs.lease import Lease, Observed
from dataspace.jobs.refusals import LeaseLost
from dataspace.quantity import read_moment
from hub.node import Node
from hub.operations.jobs import leases
from hub.scheduling import leading
from hub.scheduling.leading import Holding
from tests.clock import FrozenClock
from tests.unit.operations.catalogues import Watched, watched

SECONDS = 60.0


class FrozenCounter:
    """A steady counter that a test moves."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


class Away(Watched):
    """A catalogue that does not answer, when it is told so."""

    is_away = False

    async def apply(self, change_set: ChangeSet) -> Applied:
        if self.is_away:
            raise CatalogueUnavailable(service="test", detail="gone", retry_after_seconds=1)
        return await super().apply(change_set)


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> FrozenCounter:
    counter = FrozenCounter()
    monkeypatch.setattr(leading, "ticks", counter)
    return counter


async def test_the_first_has_it_and_the_second_has_not(node: Node) -> None:
    first, second = Holding(node, SECONDS), Holding(node, SECONDS)
    await first.turn()
    await second.turn()
    assert (first.trusted, second.trusted) == (True, False)
    with pytest.raises(LeaseLost):
        second.check()


async def test_of_many_at_once_exactly_one_has_it(node: Node) -> None:
    all_ = [Holding(node, SECONDS) for _ in range(8)]
    await asyncio.gather(*(each.turn() for each in all_))
    assert sum(each.trusted for each in all_) == 1


async def test_when_it_is_given_back_the_next_one_has_it_at_once(node: Node) -> None:
    first, second = Holding(node, SECONDS), Holding(node, SECONDS)
    await first.turn()
    await first.give_back()
    await second.turn()
    assert second.lease is not None
    assert (second.trusted, second.lease.epoch, first.trusted) == (True, 2, False)


async def test_a_dead_holder_is_followed_when_its_time_is_over(
    node: Node, clock: FrozenClock
) -> None:
    first, second = Holding(node, SECONDS), Holding(node, SECONDS)
    await first.turn()
    clock.advance(seconds=SECONDS - 1)
    await second.turn()
    assert not second.trusted
    clock.advance(seconds=1)
    await second.turn()
    assert second.trusted


async def test_it_is_renewed_at_a_third_and_not_before(node: Node, counter: FrozenCounter) -> None:
    node, watch = watched(node)
    holding = Holding(node, SECONDS)
    await holding.turn()
    taken = watch.applies
    counter.at += SECONDS / 3 - 1
    await holding.turn()
    assert watch.applies == taken
    counter.at += 1
    await holding.turn()
    assert watch.applies == taken + 1


async def test_who_has_lost_it_and_would_renew_it_knows_then(
    node: Node, clock: FrozenClock, counter: FrozenCounter
) -> None:
    first, second = Holding(node, SECONDS), Holding(node, SECONDS)
    await first.turn()
    clock.advance(seconds=SECONDS)
    await second.turn()
    counter.at += SECONDS / 2
    await first.turn()
    assert (first.trusted, first.lease, second.trusted) == (False, None, True)


async def test_who_slept_does_not_believe_in_it_without_asking(
    node: Node, counter: FrozenCounter
) -> None:
    holding = Holding(node, SECONDS)
    await holding.turn()
    counter.at += SECONDS
    with pytest.raises(LeaseLost):
        holding.check()


async def test_who_cannot_renew_it_holds_it_to_its_end_and_no_longer(
    node: Node, counter: FrozenCounter
) -> None:
    away = Away(node.catalogue)
    holding = Holding(replace(node, catalogue=away), SECONDS)
    await holding.turn()
    away.is_away = True
    counter.at += SECONDS / 2
    with pytest.raises(CatalogueUnavailable):
        await holding.turn()
    assert holding.trusted
    counter.at += SECONDS / 2
    assert not holding.trusted


@pytest.mark.parametrize("days", [1, -1])
async def test_a_clock_that_jumps_a_day_leaves_the_leader_its_lease(
    node: Node, clock: FrozenClock, counter: FrozenCounter, days: int
) -> None:
    """The machine's time is of no account to the one that holds it."""
    holding = Holding(node, SECONDS)
    await holding.turn()
    clock.advance(days=days)
    counter.at += SECONDS / 2
    await holding.turn()
    assert holding.trusted
    assert holding.lease is not None
    assert holding.lease.epoch == 1


async def test_a_clock_put_back_a_day_does_not_keep_a_dead_holders_lease_for_a_day(
    node: Node, clock: FrozenClock, counter: FrozenCounter
) -> None:
    dead, next_ = Holding(node, SECONDS), Holding(node, SECONDS)
    await dead.turn()
    clock.advance(days=-1)
    await next_.turn()
    assert not next_.trusted
    counter.at += SECONDS
    await next_.turn()
    assert next_.trusted


def test_a_lease_that_goes_on_being_renewed_is_not_over() -> None:
    observed = Observed(SECONDS)
    now = read_moment("2026-06-01T00:00:00Z")
    lease = Lease("x", "a", 1, now + timedelta(days=1), 1, now)
    assert not observed.over(lease, now, ticks=0)
    assert not observed.over(replace(lease, version=2), now, ticks=SECONDS)
    assert not observed.over(replace(lease, version=2), now, ticks=2 * SECONDS - 1)
    assert observed.over(replace(lease, version=2), now, ticks=2 * SECONDS)


async def test_every_take_over_counts_the_epoch_up(node: Node, clock: FrozenClock) -> None:
    for epoch in (1, 2, 3):
        there = await leases.read(node, "scheduler")
        taken = await leases.take(node, "scheduler", holder=f"p{epoch}", seconds=1, over=there)
        assert taken is not None
        assert taken.epoch == epoch
        clock.advance(seconds=2)
    there = await leases.read(node, "scheduler")
    assert there is not None
    stale = replace(there, version=there.version - 1)
    assert await leases.take(node, "scheduler", holder="late", seconds=1, over=stale) is None
