"""Runs that people ask for: who may, which moments, tried dry, and by hand beside the scheduler."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from dataspace.caller import ANYONE, Role
from dataspace.errors import DataSpaceError, NotSignedIn
from dataspace.jobs.refusals import JobAhead, JobBusy, JobUnknown, SpanInvalid
from dataspace.jobs.table import JOBS
from dataspace.jobs.tally import Tally
from dataspace.quantity import written
from dataspace.refusals import RoleMissing
from hub.node import Node
from hub.operations.evidence import root
from hub.scheduling.asking import ask, backfill, run_by_hand
from hub.scheduling.context import SCHEDULER, Context, Work
from hub.scheduling.running import Bench
from tests.build import caller_for
from tests.clock import FrozenClock
from tests.unit.jobs.made_up import Heard, a_job, a_scheduler, a_workshop, gone, the_runs, turned
from tests.unit.operations.city import an_authorisable_resource, an_authorisation

SYSADMIN = caller_for(Role.SYSADMIN)
PLATFORM_ADMIN = caller_for(Role.PLATFORM_ADMIN)
HOUR = timedelta(hours=1)


async def test_a_run_that_is_asked_for_waits_once_and_says_who_asked(
    node: Node, clock: FrozenClock
) -> None:
    at = clock.now() - HOUR
    asked = await ask(node, SYSADMIN, "J-X-4", at)
    assert (asked.moments, asked.entered) == ((at,), (at,))
    assert (await ask(node, SYSADMIN, "J-X-4", at)).entered == ()
    [row] = await the_runs(node, "cause", "asked_by")
    assert (row["state"], row["cause"], row["asked_by"]) == ("WAITING", "ASKED", SYSADMIN.subject)


async def test_asked_dry_nothing_is_changed_and_what_is_due_is_counted(
    node: Node, clock: FrozenClock
) -> None:
    resource = await an_authorisable_resource(node)
    for _ in range(2):
        await an_authorisation(node, resource, valid_until=written(clock.now() + HOUR))
    before = await root(node.catalogue)
    for caller in (SYSADMIN, PLATFORM_ADMIN):
        asked = await ask(node, caller, "J-L3-2", dry_run=True)
        assert (asked.considered, asked.entered) == (2, asked.moments)
    assert await root(node.catalogue) == before


@pytest.mark.parametrize("code", JOBS)
async def test_every_job_that_runs_can_be_tried_dry(node: Node, code: str) -> None:
    asked = await ask(node, SYSADMIN, code, dry_run=True)
    assert asked.considered is not None
    assert asked.considered >= 0


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSADMIN])
async def test_nobody_else_has_a_job_run(node: Node, role: Role) -> None:
    with pytest.raises(RoleMissing):
        await ask(node, caller_for(role), "J-X-4")
    with pytest.raises(NotSignedIn):
        await ask(node, ANYONE, "J-X-4", dry_run=True)
    assert await the_runs(node) == []


@pytest.mark.parametrize(
    ("code", "hours", "refusal"),
    [("J-X-99", 0, JobUnknown), ("J-X-4", 1, JobAhead)],
)
async def test_what_cannot_be_run_is_refused(
    node: Node, clock: FrozenClock, code: str, hours: int, refusal: type[DataSpaceError]
) -> None:
    with pytest.raises(refusal):
        await ask(node, SYSADMIN, code, clock.now() + hours * HOUR)
    assert await the_runs(node) == []


async def test_a_span_is_made_up_for_where_it_has_no_run(node: Node, clock: FrozenClock) -> None:
    end = clock.now()
    await ask(node, SYSADMIN, "J-X-4", end - 2 * HOUR)
    tried = await backfill(node, SYSADMIN, "J-X-4", end - 4 * HOUR, end, dry_run=True)
    made = await backfill(node, SYSADMIN, "J-X-4", end - 4 * HOUR, end)
    assert tried.entered == made.entered
    assert made.entered == tuple(end - hours * HOUR for hours in (3, 1, 0))
    assert len(await the_runs(node)) == 4


@pytest.mark.parametrize("hours", [0, -1, 101])
async def test_a_span_of_none_or_too_many_firings_is_refused(
    node: Node, clock: FrozenClock, hours: int
) -> None:
    end = clock.now() - 5 * HOUR
    with pytest.raises(SpanInvalid):
        await backfill(node, SYSADMIN, "J-X-4", end - hours * HOUR, end)


async def test_two_who_run_it_by_hand_at_once_run_it_once(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slow(node: Node, context: Context) -> Tally:
        started.set()
        await go_on.wait()
        context.tally.did()
        return context.tally

    bench = Bench(node, a_workshop(tmp_path), Heard().report)
    running = asyncio.create_task(run_by_hand(bench, a_job(), clock.now(), work=Work(slow)))
    await started.wait()
    with pytest.raises(JobBusy):
        await run_by_hand(bench, a_job(), clock.now() - HOUR, work=Work(slow))
    go_on.set()
    assert (await running)["done"] == 1
    assert len(await the_runs(node)) == 1


async def test_a_run_by_hand_is_left_alone_by_the_leader_and_taken_over_when_it_is_dead(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    started = asyncio.Event()

    async def hangs(node: Node, context: Context) -> Tally:
        started.set()
        await asyncio.Event().wait()
        return context.tally

    heard = Heard()
    bench = Bench(node, a_workshop(tmp_path), heard.report)
    by_hand = asyncio.create_task(run_by_hand(bench, a_job(), clock.now(), work=Work(hangs)))
    await started.wait()
    leader = a_scheduler(node, tmp_path, heard, a_job())
    await turned(leader)
    assert heard.moments == []
    by_hand.cancel()
    await asyncio.wait({by_hand})
    await turned(leader)
    await gone(leader)
    [row] = await the_runs(node, "attempts")
    assert (row["state"], row["attempts"], len(heard.moments)) == ("DONE", 2, 1)


async def test_a_run_that_the_leader_has_cannot_be_had_by_hand(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slow(node: Node, context: Context) -> Tally:
        started.set()
        await go_on.wait()
        return context.tally

    leader = a_scheduler(node, tmp_path, Heard(), a_job(), run=slow)
    await turned(leader)
    clock.advance(hours=1)
    await leader.turn()
    await started.wait()
    bench = Bench(node, a_workshop(tmp_path), Heard().report)
    with pytest.raises(JobBusy):
        await run_by_hand(bench, a_job(), clock.now(), work=Work(slow))
    go_on.set()
    await turned(leader)
    await gone(leader)


def test_the_scheduler_is_no_person() -> None:
    assert SCHEDULER.subject == "system:scheduler"
    assert SCHEDULER.roles == {Role.SCHEDULER}
    assert SCHEDULER.participant == ""
