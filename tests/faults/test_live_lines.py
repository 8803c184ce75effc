"""The line between a hub and a node is cut, one way or both, slow and lossy: it recovers by itself.

Both are real processes, each behind a way of its own through the fault proxy.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from hub.dev import go_binaries
from hub.dev.process import Running
from tests.e2e.admitting import until
from tests.faults.two_processes import TwoProcesses, two_processes

pytestmark = [
    pytest.mark.live, pytest.mark.slow, pytest.mark.anyio, pytest.mark.timeout(600)
]  # fmt: skip

CUT_SECONDS = 60
ONE_WAY_SECONDS = 25
LOSSY_SECONDS_MAX = 90


@pytest.fixture(scope="module")
def toxiproxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = go_binaries.start_toxiproxy(tmp_path_factory.mktemp("toxiproxy"))
    yield running
    running.stop()


@pytest.fixture
async def both(tmp_path: Path, toxiproxy: Running) -> AsyncIterator[TwoProcesses]:
    async with two_processes(tmp_path, toxiproxy) as opened:
        await opened.publish([f"prd_{number}" for number in range(150)])
        await opened.recovered(seconds=30)
        yield opened


async def _publish_meanwhile(both: TwoProcesses, *, seconds: float) -> None:
    """Something new every second, and something that changes."""
    for number in range(round(seconds)):
        await both.publish([f"prd_meanwhile{number}"])
        await both.rename(f"prd_{number}", f"Meanwhile {number}")
        await asyncio.sleep(1)


async def _check_recovery(both: TwoProcesses) -> None:
    """By itself, within ten seconds, and what is published next is seen as before."""
    assert both.hub.line is not None
    both.hub.line.heal()
    await both.recovered()
    await both.publish(["prd_after"])
    await both.recovered()

    async def is_online() -> bool:
        return await both.status() == "ONLINE"

    await until(is_online, seconds=10)
    await both.check()


async def test_a_line_that_was_cut_for_a_minute_recovers_within_ten_seconds(
    both: TwoProcesses,
) -> None:
    for place in (both.hub, both.node):
        assert place.line is not None
        place.line.cut()
    await _publish_meanwhile(both, seconds=CUT_SECONDS)
    assert "prd_meanwhile9" not in await both.shown()
    assert (await both.feed())["error"] == "peer.unavailable"
    assert "prd_0" in await both.shown(), "what was published before stays"
    await _check_recovery(both)


@pytest.mark.parametrize("deaf", ["hub", "node"])
async def test_requests_that_arrive_and_answers_that_do_not_do_nothing_twice(
    both: TwoProcesses, deaf: str
) -> None:
    """`deaf` is whose questions are answered in vain."""
    place = both.node if deaf == "hub" else both.hub
    assert place.line is not None
    place.line.hang()
    await _publish_meanwhile(both, seconds=ONE_WAY_SECONDS)
    if deaf == "hub":
        assert (await both.feed())["error"] == "peer.unavailable"
    else:
        await both.recovered()  # The hub hears all that it asks for.
        assert await both.status() == "ONLINE", "each heartbeat is taken, though no node is told"
    await _check_recovery(both)


async def test_over_a_line_that_loses_a_third_what_is_published_arrives(
    both: TwoProcesses,
) -> None:
    """TCP makes of lost packets what these do: answers come 300 ms late and with as much jitter,
    which is what is sent once more; in pieces; and of ten connections three break off."""
    for place in (both.hub, both.node):
        assert place.line is not None
        place.line.slow(300, jitter=200)
        place.line.slice(1500)
        place.line.reset(of=0.3, milliseconds=700)
    await _publish_meanwhile(both, seconds=10)
    await both.recovered(seconds=LOSSY_SECONDS_MAX)
    await _check_recovery(both)


async def test_answers_that_break_off_in_the_middle_are_not_half_taken(
    both: TwoProcesses,
) -> None:
    assert both.node.line is not None
    both.node.line.break_after(3000)
    await both.publish([f"prd_more{number}" for number in range(100)])
    await asyncio.sleep(5)
    assert not any(id_.startswith("prd_more") for id_ in await both.shown())
    await _check_recovery(both)
