"""What is due is run, in order or coalesced, once; whatever stops, jumps, hangs or raises."""

import asyncio
from datetime import timedelta
from pathlib import Path

from dataspace.change import Amend
from dataspace.errors import CatalogueUnavailable
from dataspace.jobs.tally import Tally
from dataspace.quantity import read_moment
from hub.node import Node
from hub.operations.jobs import runs
from hub.operations.jobs.leases import an_act
from hub.scheduling.context import Context
from hub.scheduling.scheduler import RETRY_AFTER
from tests.build import a_change_set
from tests.clock import FrozenClock
from tests.unit.jobs.made_up import (
    Heard,
    a_job,
    a_scheduler,
    each_firing,
    gone,
    settled,
    the_runs,
    turned,
)

PAGE = ("considered", "done", "failed", "reason", "attempts")


async def test_a_job_is_run_at_each_firing_and_leaves_a_record(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    heard = Heard()
    scheduler = a_scheduler(node, tmp_path, heard, a_job())
    await turned(scheduler)
    assert heard.moments == []
    for _ in range(3):
        clock.advance(minutes=40)
        await turned(scheduler)
    await scheduler._step_down()
    assert heard.moments == ["06-01T13:00", "06-01T14:00"]
    found = await the_runs(node, *PAGE, "holder", "started", "finished")
    assert [(row["state"], row["done"], row["attempts"]) for row in found] == [("DONE", 1, 1)] * 2
    assert found[0]["holder"] == scheduler.holding.holder
    assert found[0]["started"] == found[0]["finished"] == "2026-06-01T13:20:00.000Z"
    assert heard.errors == []


async def test_the_alarm_wakes_it_at_the_moment(node: Node, tmp_path: Path) -> None:
    """The alarm goes by the machine's time; what is due is asked of the clock all the same."""
    heard = Heard()
    scheduler = a_scheduler(node, tmp_path, heard, a_job(cron="* * * * *"))
    await turned(scheduler)
    assert isinstance(node.clock, FrozenClock)
    node.clock.advance(minutes=1)
    [alarm] = scheduler.alarm._scheduler.get_jobs()
    await alarm.func(*alarm.args)
    await settled(scheduler)
    await scheduler._step_down()
    assert heard.moments == ["06-01T12:01"]


async def test_firings_of_a_stop_are_made_up_in_order_or_coalesced(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    heard, jobs = Heard(), (each_firing("T-EACH"), a_job("T-LAST"))
    first = a_scheduler(node, tmp_path, heard, *jobs)
    await turned(first)
    clock.advance(hours=1)
    await turned(first)
    await gone(first)
    heard.moments.clear()
    clock.advance(hours=5)
    second = a_scheduler(node, tmp_path, heard, *jobs)
    await turned(second)
    await gone(second)
    made_up = [f"{at}:00" for at in range(14, 19)]
    found = await the_runs(node)
    assert [row["business_time"][11:16] for row in found if row["job"] == "T-EACH"] == [
        "13:00", *made_up,
    ]  # fmt: skip
    assert [row["business_time"][11:16] for row in found if row["job"] == "T-LAST"] == [
        "13:00", "18:00",
    ]  # fmt: skip


async def test_more_than_a_page_of_missed_firings_is_made_up_too(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    heard = Heard()
    scheduler = a_scheduler(node, tmp_path, heard, each_firing())
    await turned(scheduler)
    clock.advance(hours=130)
    await turned(scheduler)
    await gone(scheduler)
    assert len(heard.moments) == 130
    assert heard.moments == sorted(heard.moments)


async def test_before_the_first_firing_of_all_nothing_is_made_up(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    heard = Heard()
    await turned(a_scheduler(node, tmp_path, heard, each_firing()))
    assert (heard.moments, await the_runs(node)) == ([], [])


async def test_a_firing_is_not_lost_when_the_first_leader_stops_before_it(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    heard = Heard()
    first = a_scheduler(node, tmp_path, heard, a_job())
    await turned(first)
    await gone(first)
    clock.advance(hours=1)
    await turned(a_scheduler(node, tmp_path, heard, a_job()))
    assert heard.moments == ["06-01T13:00"]


async def test_only_the_leader_runs(node: Node, clock: FrozenClock, tmp_path: Path) -> None:
    heard = Heard()
    all_ = [a_scheduler(node, tmp_path, heard, a_job(), lease_seconds=24 * 3600) for _ in range(3)]
    for _ in range(3):
        await asyncio.gather(*(turned(each) for each in all_))
        clock.advance(hours=1)
    assert sum(each.leads for each in all_) == 1
    assert heard.moments == ["06-01T13:00", "06-01T14:00"]
    for each in all_:
        await gone(each)


async def test_two_that_both_believe_they_lead_run_it_once(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    heard = Heard()
    first, second = (a_scheduler(node, tmp_path, heard, a_job()) for _ in range(2))
    await turned(first)
    clock.advance(seconds=400)
    await turned(second)  # the first does not know yet
    assert (first.leads, second.leads) == (True, True)
    clock.advance(hours=1)
    first.look(first.jobs["T-1"])
    second.look(second.jobs["T-1"])
    await settled(first)
    await settled(second)
    assert heard.moments == ["06-01T13:00"]
    [row] = await the_runs(node, "holder")
    assert row["holder"] == second.holding.holder
    await gone(first)
    await gone(second)


async def test_a_job_that_hangs_is_broken_off_and_says_how_far_it_came(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    async def hangs(node: Node, context: Context) -> Tally:
        context.tally.did()
        await asyncio.Event().wait()
        return context.tally

    heard = Heard()
    job = a_job(seconds_max=0)
    scheduler = a_scheduler(node, tmp_path, heard, job, run=hangs)
    await turned(scheduler)
    clock.advance(hours=1)
    await turned(scheduler)
    await gone(scheduler)
    [row] = await the_runs(node, *PAGE)
    assert (row["state"], row["done"], row["reason"]) == ("TIMED_OUT", 1, "job.timed_out ×1")


async def test_a_job_that_raises_is_recorded_and_tried_again_but_not_for_ever(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    async def raises(node: Node, context: Context) -> Tally:
        heard.moments.append(f"{context.at:%H:%M}")
        raise CatalogueUnavailable(service="test", detail="gone", retry_after_seconds=1)

    heard = Heard()
    scheduler = a_scheduler(node, tmp_path, heard, a_job(cron="0 13 1 6 *"), run=raises)
    clock.at = read_moment("2026-06-01T12:59:00+08:00")
    await turned(scheduler)
    clock.advance(minutes=1)
    await turned(scheduler)
    await turned(scheduler)
    assert heard.moments == ["05:00"]
    for _ in range(4):
        clock.advance(seconds=RETRY_AFTER.total_seconds())
        await turned(scheduler)
    await gone(scheduler)
    assert heard.moments == ["05:00"] * 3
    [row] = await the_runs(node, *PAGE)
    assert (row["state"], row["attempts"]) == ("FAILED", 3)
    assert row["reason"] == "catalogue.unavailable ×1"
    assert [what for what, _ in heard.errors] == ["T-1"] * 3


async def test_what_was_left_running_is_taken_over_in_a_new_attempt(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    started = asyncio.Event()

    async def stops(node: Node, context: Context) -> Tally:
        context.tally.did()
        await node.catalogue.apply(a_change_set(_touched()))
        started.set()
        await asyncio.Event().wait()
        return context.tally

    heard = Heard()
    first = a_scheduler(node, tmp_path, heard, a_job(), run=stops)
    await turned(first)
    clock.advance(hours=1)
    await first.turn()
    await started.wait()
    await gone(first)
    [row] = await the_runs(node, *PAGE)
    assert (row["state"], row["done"]) == ("RUNNING", 1)
    clock.advance(seconds=400)
    second = a_scheduler(node, tmp_path, heard, a_job())
    await turned(second)
    await gone(second)
    [row] = await the_runs(node, *PAGE)
    assert (row["state"], row["attempts"], row["done"]) == ("DONE", 2, 2)
    assert heard.moments == ["06-01T13:00"]


async def test_a_leader_that_lost_its_lease_writes_nothing_more(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    """It wakes up in the middle of a run that somebody else has taken over by then."""
    started, go_on = asyncio.Event(), asyncio.Event()

    async def sleeps(node: Node, context: Context) -> Tally:
        started.set()
        await go_on.wait()
        await node.catalogue.apply(a_change_set(_touched("late")))
        return context.tally

    heard = Heard()
    first = a_scheduler(node, tmp_path, heard, a_job(), run=sleeps)
    await turned(first)
    clock.advance(hours=1)
    await first.turn()
    await started.wait()
    clock.advance(seconds=400)
    second = a_scheduler(node, tmp_path, heard, a_job())
    await turned(second)
    before = len(await node.catalogue.changes_since(0, 1000))
    go_on.set()
    await settled(first)
    assert len(await node.catalogue.changes_since(0, 1000)) == before
    [row] = await the_runs(node, *PAGE, "holder")
    assert (row["state"], row["holder"]) == ("DONE", second.holding.holder)
    await gone(first)
    await gone(second)


async def test_the_clock_jumps_a_day_forward_and_back(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    """What it passes over is made up for; what was run already is not run again."""
    heard = Heard()
    scheduler = a_scheduler(node, tmp_path, heard, each_firing(cron="0 */6 * * *"))
    await turned(scheduler)
    clock.advance(days=1)
    await turned(scheduler)
    forward = list(heard.moments)
    clock.advance(days=-1)
    for _ in range(24):
        await turned(scheduler)
        clock.advance(hours=1)
    assert heard.moments == forward
    clock.advance(hours=6)
    await turned(scheduler)
    await gone(scheduler)
    assert heard.moments == [
        "06-01T16:00", "06-01T22:00", "06-02T04:00", "06-02T10:00", "06-02T16:00",
    ]  # fmt: skip
    assert len(await the_runs(node)) == 5


async def test_a_run_that_somebody_asked_for_is_taken_up_with_the_next_turn(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    heard, at = Heard(), read_moment("2026-05-20T13:00:00Z")
    scheduler = a_scheduler(node, tmp_path, heard, a_job())
    await turned(scheduler)
    act = an_act("job_run.ask", clock.now())
    assert await runs.ask(node, "T-1", at, act=act)
    assert not await runs.ask(node, "T-1", at, act=act)
    await turned(scheduler)
    assert heard.moments == ["05-20T13:00"]
    clock.advance(hours=1)
    await turned(scheduler)
    await gone(scheduler)
    assert heard.moments == ["05-20T13:00", "06-01T13:00"]


async def test_a_firing_that_was_asked_for_before_is_not_run_twice(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    heard = Heard()
    scheduler = a_scheduler(node, tmp_path, heard, each_firing())
    await turned(scheduler)
    clock.advance(hours=3)
    at = clock.now() - timedelta(hours=1)
    await runs.ask(node, "T-1", at, act=an_act("job_run.ask", clock.now()))
    for _ in range(2):
        await turned(scheduler)
    await gone(scheduler)
    assert sorted(heard.moments) == ["06-01T13:00", "06-01T14:00", "06-01T15:00"]


async def test_one_jobs_mistake_does_not_keep_the_others_from_running(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    async def breaks(node: Node, context: Context) -> Tally:
        if context.job.code == "T-1":
            raise KeyError("ours")
        return await heard.note(node, context)

    heard = Heard()
    scheduler = a_scheduler(node, tmp_path, heard, a_job("T-1"), a_job("T-2"), run=breaks)
    await turned(scheduler)
    clock.advance(hours=1)
    await turned(scheduler)
    await gone(scheduler)
    assert heard.moments == ["06-01T13:00"]
    states = {row["job"]: (row["state"], row["reason"]) for row in await the_runs(node, "reason")}
    assert states == {"T-1": ("FAILED", "internal KeyError ×1"), "T-2": ("DONE", None)}


async def test_kept_up_it_turns_and_gives_the_lease_back_at_its_end(
    node: Node, tmp_path: Path
) -> None:
    heard = Heard()
    scheduler = a_scheduler(node, tmp_path, heard, a_job(), turn_seconds=0.001)
    keeping = asyncio.create_task(scheduler.keep())
    while not scheduler.leads:
        await asyncio.sleep(0.001)
    keeping.cancel()
    await asyncio.wait({keeping})
    next_ = a_scheduler(node, tmp_path, heard, a_job())
    await turned(next_)
    assert (next_.leads, heard.errors) == (True, [])
    await gone(next_)


def _touched(reason: str = "") -> Amend:
    return Amend("participant", "par_bureau", {}, an_act("test.touch", MOMENT, reason))


MOMENT = read_moment("2026-06-01T12:00:00Z")
