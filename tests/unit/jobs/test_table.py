"""The table of jobs is whole, and says truly which of them run."""

import pytest

from dataspace.jobs.job import JobDefinition, request_key, run_key
from dataspace.jobs.table import JOBS
from dataspace.links import LINKS
from dataspace.quantity import read_moment
from dataspace.relations import RELATIONS
from hub.scheduling.timetable import next_firing
from hub.scheduling.work import WORK

EACH = pytest.mark.parametrize("job", JOBS.values(), ids=lambda job: job.code)
# The jobs of the domain reference whose link is L1 to L5, or that run across them, and those that
# compute outputs anew and send what waits for the hub.
COUNTS = {"L1": 5, "L2": 7, "L3": 5, "L4": 2, "L5": 4, "X": 10}


def test_every_job_of_the_first_five_links_and_across_them_is_there() -> None:
    found = {link: sum(code.startswith(f"J-{link}-") for code in JOBS) for link in COUNTS}
    assert found == COUNTS


def test_every_job_has_its_work() -> None:
    assert set(JOBS) == set(WORK)


@EACH
def test_a_job_names_what_there_is(job: JobDefinition) -> None:
    assert job.link in {link.code for link in LINKS} | {"X1", "X2"}
    assert job.limit > 0
    assert job.seconds_max > 0
    if job.due is not None:
        noun = RELATIONS.by_name[job.due.kind]
        assert noun.by_name[job.due.field].sort
    else:
        assert WORK[job.code].count is not None


def test_the_keys_of_a_run_name_its_job_its_time_and_the_object() -> None:
    at = read_moment("2026-06-01T01:00:00+08:00")
    assert run_key("J-L3-2", at) == "J-L3-2@2026-05-31T17:00:00.000Z"
    assert request_key("J-L3-2", at, "aut_1") == "J-L3-2@2026-05-31T17:00:00.000Z/aut_1"


def test_a_job_of_the_table_fires_at_the_hour_that_it_names() -> None:
    at = next_firing(JOBS["J-L3-2"].cron, after=read_moment("2026-06-01T00:00:00+08:00"))
    assert at == read_moment("2026-06-01T01:00:00+08:00")
