"""A node that belongs to a hub: it remembers over a restart, and goes on when the hub is away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from dataspace.federation.refusals import PeerUnavailable
from dataspace.quantity import written
from hub.operations.federation import belonging
from hub.operations.federation.belonging import Joined
from subspaces.member_folder import MemberFolder
from tests.build import a_change_set, a_rulebook, a_space
from tests.clock import FrozenClock
from tests.unit.federation.meeting_nodes import HUB, City, a_city


@pytest.fixture
async def city(tmp_path: Path, clock: FrozenClock) -> AsyncIterator[City]:
    async with a_city(tmp_path, clock) as opened:
        yield opened


async def test_who_is_cut_off_is_known_after_a_restart(city: City) -> None:
    place, victim = await city.join(), await city.join()
    await city.move(victim, "isolate", reason="Leak")
    await place.beat()
    place.meeting.known = None
    city.network.cut.add(HUB)
    belonging.recall(place.meeting)
    known = place.meeting.known
    assert known is not None
    assert known.entries[victim.id].cut_off


async def test_a_list_that_was_damaged_is_as_if_there_were_none(city: City) -> None:
    place = await city.join()
    await place.beat()
    place.meeting.kept.write("x" + place.meeting.kept.read())
    belonging.recall(place.meeting)
    assert place.meeting.known is None


async def test_a_node_beats_once_it_has_joined_and_goes_on_after_a_failure(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(belonging, "BEAT_SECONDS", 0)
    place = await city.join()
    folder, membership = MemberFolder(tmp_path), place.meeting.membership
    assert membership is not None
    place.meeting.membership = None
    failures: list[str] = []

    def report(what: str, error: Exception) -> None:
        failures.append(f"{what} {error}")
        city.network.cut.discard(HUB)

    async def seen() -> None:
        while not heard or (await city.row(place))["status"] != "ONLINE":
            await asyncio.sleep(0)

    heard: list[int] = []
    joined = Joined(
        folder.membership, lambda _: place.hub, "1.0", report, lambda: heard.append(len(failures))
    )
    turning = asyncio.create_task(belonging.belong(place.node, place.meeting, joined))
    try:
        await asyncio.sleep(0.01)
        assert place.meeting.membership is None
        city.network.cut.add(HUB)
        folder.join(membership)
        async with asyncio.timeout(10):
            await seen()
    finally:
        turning.cancel()
        with suppress(asyncio.CancelledError):
            await turning
    assert failures
    assert all("peer.unavailable" in each for each in failures)
    assert heard
    assert min(heard) > 0, "a hub that has not answered was not heard"


async def test_how_long_the_hubs_word_holds_is_what_the_rules_in_force_say(city: City) -> None:
    one, other = await city.join(), await city.join()
    await other.beat()
    stated = [{"name": "federation.hub_minutes_max", "value": "30"}]
    decided = a_rulebook(
        space="spc_city", status="DECIDED", tier="CITY", edition=1, rules=stated,
        takes_effect_at=written(city.clock.now() - timedelta(days=1)),
    )  # fmt: skip
    rules = a_change_set(a_space("spc_city", kind="CITY", tier="CITY"), decided)
    await other.node.catalogue.apply(rules)
    assert await belonging.trusted_for(one.node) == timedelta(days=1), "where none is decided"
    other.meeting.age_max = await belonging.trusted_for(other.node)
    city.clock.advance(minutes=30)
    await one.ask(other.address)
    city.clock.advance(seconds=1)
    with pytest.raises(PeerUnavailable) as error:
        await one.ask(other.address)
    assert "standings.too_old" in error.value.facts["detail"]
