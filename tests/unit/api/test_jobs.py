"""Scheduled jobs in GraphQL: what there is, who sees how they ran, and asking for a run."""

from typing import Any

import pytest

from dataspace.caller import ANYONE, Caller, Role
from dataspace.jobs.table import JOBS
from hub.node import Node
from tests.build import a_change_set, a_job_run, a_row, caller_for
from tests.unit.api.asking import Asking

SYSADMIN, AUDITOR = caller_for(Role.SYSADMIN), caller_for(Role.AUDITOR)
ALL = """{ jobs { code label does link cron missed limit secondsMax nextAt
                  lastRun { id businessTime state started finished considered failed reason } } }"""
RUN = """mutation ($i: JobRunInput!) { jobRun(input: $i)
         { moments entered considered problems { code } } }"""
BACKFILL = """mutation ($i: JobBackfillInput!) { jobBackfill(input: $i)
              { moments entered considered } }"""
RUNS = """{ jobRuns(first: 5, filter: {state: {eq: WAITING}}, orderBy: BUSINESS_TIME_DESC)
           { totalCount nodes { job businessTime state askedBy } } }"""
AT = "2026-06-01T11:00:00.000Z"
LEASE = {"name": "scheduler", "epoch": 1, "expires_at": AT}


async def test_every_job_is_told_with_its_next_firing(ask: Asking) -> None:
    found = (await ask.data(ALL))["jobs"]
    assert [each["code"] for each in found] == list(JOBS)
    by_code = {each["code"]: each for each in found}
    assert by_code["J-X-1"]["nextAt"] == "2026-06-01T12:10:00.000Z"
    assert by_code["J-L3-2"]["nextAt"] == "2026-06-01T17:00:00.000Z"


@pytest.mark.parametrize(("caller", "sees"), [(SYSADMIN, True), (AUDITOR, True), (ANYONE, False)])
async def test_how_a_job_last_ran_is_for_those_who_run_or_watch_it(
    ask: Asking, node: Node, caller: Caller, sees: bool
) -> None:
    older = a_job_run("J-X-4", business_time="2026-05-01T00:00:00.000Z", key="older")
    last = a_job_run("J-X-4", failed=2, reason="catalogue.unavailable ×2")
    await node.catalogue.apply(a_change_set(older, last))
    found = (await ask.data(ALL, caller=caller))["jobs"]
    runs = {each["code"]: each["lastRun"] for each in found if each["lastRun"]}
    assert set(runs) == ({"J-X-4"} if sees else set())
    if sees:
        assert (runs["J-X-4"]["id"], runs["J-X-4"]["state"]) == (last.id, "DONE")
        assert runs["J-X-4"]["failed"] == 2


async def test_a_run_is_asked_for_and_waits(ask: Asking) -> None:
    done = (await ask.data(RUN, {"i": {"code": "J-X-4", "at": AT}}, caller=SYSADMIN))["jobRun"]
    assert done == {"moments": [AT], "entered": [AT], "considered": None, "problems": []}
    again = (await ask.data(RUN, {"i": {"code": "J-X-4", "at": AT}}, caller=SYSADMIN))["jobRun"]
    assert again["entered"] == []
    found = (await ask.data(RUNS, caller=AUDITOR))["jobRuns"]
    assert found == {
        "totalCount": 1,
        "nodes": [
            {"job": "J-X-4", "businessTime": AT, "state": "WAITING", "askedBy": SYSADMIN.subject}
        ],
    }
    assert (await ask.data(RUNS))["jobRuns"]["totalCount"] == 0


async def test_a_run_is_looked_up_with_the_lease_that_it_ran_under(ask: Asking, node: Node) -> None:
    lease = a_row("lease", "lea_1", LEASE)
    run = a_job_run("J-X-4", lease="lea_1")
    await node.catalogue.apply(a_change_set(lease, run))
    query = f'{{ jobRun(id: "{run.id}") {{ job lease {{ name runs {{ nodes {{ key }} }} }} }} }}'
    found = (await ask.data(query, caller=AUDITOR))["jobRun"]
    assert found == {
        "job": "J-X-4",
        "lease": {"name": "scheduler", "runs": {"nodes": [{"key": run.values["key"]}]}},
    }
    assert await ask.code(query) == "catalogue.not_found"


async def test_asked_dry_nothing_waits(ask: Asking) -> None:
    given = {"i": {"code": "J-X-2", "dryRun": True}}
    done = (await ask.data(RUN, given, caller=SYSADMIN))["jobRun"]
    assert done["considered"] > 0
    assert (await ask.data(RUNS, caller=AUDITOR))["jobRuns"]["totalCount"] == 0


async def test_a_span_is_made_up_for(ask: Asking) -> None:
    given = {"i": {"code": "J-X-4", "from": "2026-06-01T08:00:00Z", "to": AT}}
    done = (await ask.data(BACKFILL, given, caller=SYSADMIN))["jobBackfill"]
    assert (
        done["moments"]
        == done["entered"]
        == [f"2026-06-01T{at}:00:00.000Z" for at in ("09", "10", "11")]
    )
    assert (await ask.data(RUNS, caller=AUDITOR))["jobRuns"]["totalCount"] == 3


@pytest.mark.parametrize(
    ("given", "caller", "code"),
    [
        ({"code": "J-X-4"}, ANYONE, "identity.sign_in_required"),
        ({"code": "J-X-4"}, AUDITOR, "lifecycle.role_missing"),
        ({"code": "J-X-4"}, caller_for(Role.PLATFORM_ADMIN), "lifecycle.role_missing"),
        ({"code": "J-X-99"}, SYSADMIN, "job.unknown"),
    ],
)
async def test_what_may_not_be_run_is_refused(
    ask: Asking, given: dict[str, Any], caller: Caller, code: str
) -> None:
    assert await ask.code(RUN, {"i": given}, caller=caller) == code


async def test_a_moment_that_is_still_to_come_is_a_problem_of_the_input(ask: Asking) -> None:
    given = {"i": {"code": "J-X-4", "at": "2026-07-01T00:00:00Z"}}
    done = (await ask.data(RUN, given, caller=SYSADMIN))["jobRun"]
    assert [each["code"] for each in done["problems"]] == ["job.ahead"]
    assert done["entered"] is None
