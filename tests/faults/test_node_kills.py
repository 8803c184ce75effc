"""A node is killed while it is pulled, and the hub while it applies, at any moment, repeatedly.

Real processes on SQLite. What is published goes on meanwhile, and at the end the hub has all of it
once, with evidence that holds on both sides.
"""

import asyncio
import random
from pathlib import Path

import pytest

from tests.e2e.admitting import until
from tests.faults.two_processes import TwoProcesses, two_processes

pytestmark = [pytest.mark.slow, pytest.mark.anyio, pytest.mark.timeout(300)]

ROUNDS = 4
PRODUCTS = 400  # of a round: four batches at least, so that there is a middle
BATCH = 50
LONGEST_SECONDS = 1.2
BEGUN_SECONDS_MAX = 30.0


async def _publish(both: TwoProcesses, round_: int) -> None:
    """More than a batch, piece by piece, and what was published before changes too."""
    for at in range(0, PRODUCTS, BATCH):
        await both.publish([f"prd_{round_}_{number}" for number in range(at, at + BATCH)])
        if round_:
            await both.rename(f"prd_{round_ - 1}_{at}", f"Again {round_}")


async def _shown(both: TwoProcesses, round_: int) -> int:
    return sum(id_.startswith(f"prd_{round_}_") for id_ in await both.shown())


async def _has_begun(both: TwoProcesses, round_: int) -> bool:
    return await _shown(both, round_) > 0


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
@pytest.mark.parametrize("victim", ["hub", "node"])
async def test_whoever_is_killed_goes_on_and_nothing_is_lost_or_doubled(
    tmp_path: Path, victim: str, seed: int
) -> None:
    chance = random.Random(f"{victim} {seed}")
    in_the_middle = 0
    async with two_processes(tmp_path) as both:
        place = both.hub if victim == "hub" else both.node
        for round_ in range(ROUNDS):
            publishing = asyncio.create_task(_publish(both, round_))
            if round_ % 2:
                # From when the first is taken over, whatever else the machine does.
                await until(lambda: _has_begun(both, round_), seconds=BEGUN_SECONDS_MAX)  # noqa: B023
                await asyncio.sleep(chance.uniform(0, LONGEST_SECONDS / 10))
            else:
                await asyncio.sleep(chance.uniform(0, LONGEST_SECONDS))
            place.kill()
            in_the_middle += 0 < await _shown(both, round_) < PRODUCTS
            await publishing
            await asyncio.to_thread(place.start)
            await both.recovered()
        await both.check()
    assert in_the_middle, "at least one was killed with a part taken over"
