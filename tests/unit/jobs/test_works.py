"""What each job does, on both catalogues: once, in full, and said in the record."""

import gzip
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dataspace import evidence
from dataspace.caller import Role
from dataspace.change import Amend
from dataspace.checkpoints.note import read
from dataspace.jobs.table import JOBS
from dataspace.quantity import written
from dataspace.selection import Order, Page, Row, Selection, Where
from hub.node import Node
from hub.operations import authorisations
from hub.operations.evidence import root
from hub.operations.jobs import holds
from hub.scheduling.asking import considered, run_by_hand
from hub.scheduling.running import Bench
from tests.build import a_change_set, a_job_run, a_row, an_act, caller_for
from tests.clock import FrozenClock
from tests.unit.jobs.made_up import Heard, a_workshop
from tests.unit.operations.city import (
    REVIEWER1,
    DictionaryAssets,
    an_application,
    an_authorisable_resource,
    an_authorisation,
)

AUDITOR = caller_for(Role.AUDITOR)
Ran = Callable[..., Awaitable[Row]]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def ran(node: Node, tmp_path: Path, heard: Heard) -> Ran:
    """Runs a job of the table for a moment, now unless it is given; its record."""

    async def run(code: str, at: datetime | None = None) -> Row:
        bench = Bench(node, a_workshop(tmp_path), heard.report)
        return await run_by_hand(bench, JOBS[code], at or node.clock.now())

    return run


def assets(node: Node) -> DictionaryAssets:
    assert isinstance(node.assets, DictionaryAssets)
    return node.assets


async def rows(node: Node, kind: str, *fields: str) -> list[Row]:
    asked = Selection(kind, ("id", *fields), order=Order("id"), page=Page(100))
    return (await node.catalogue.select(asked)).rows


async def records(node: Node, action: str) -> list[Row]:
    asked = Selection(
        "evidence", ("subject", "actor", "reason"), Where("action", "eq", action), page=Page(100)
    )
    return (await node.catalogue.select(asked)).rows


async def state(node: Node, id_: str) -> str:
    asked = Selection("authorisation", ("state",), Where("id", "eq", id_))
    row = (await node.catalogue.select(asked)).first
    assert row is not None
    return str(row["state"])


def counts(row: Row) -> tuple[int, ...]:
    return tuple(row[name] or 0 for name in ("considered", "done", "refused", "failed"))


async def test_an_authorisation_is_warned_of_once_and_closed_at_its_end(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    resource = await an_authorisable_resource(node)
    soon = written(clock.now() + timedelta(days=40))
    ends, stays = [
        await an_authorisation(node, resource, valid_until=until)
        for until in (soon, "2028-06-01T00:00:00Z")
    ]
    assert counts(await ran("J-L3-2")) == (0, 0, 0, 0)
    for _ in range(3):
        clock.advance(days=11)
        await ran("J-L3-2")
    [warned] = await records(node, "authorisation.warn_expiry")
    assert (warned["subject"], warned["actor"]) == (ends, "system:scheduler")
    assert soon in warned["reason"]
    assert await state(node, ends) == "EFFECTIVE"
    clock.advance(days=7)
    assert counts(await ran("J-L3-2")) == (1, 1, 0, 0)
    assert [await state(node, each) for each in (ends, stays)] == ["EXPIRED", "EFFECTIVE"]
    assert [each["subject"] for each in await records(node, "authorisation.expire")] == [ends]
    assert len(await records(node, "authorisation.warn_expiry")) == 1


async def test_what_is_not_over_by_the_clock_is_refused_and_stays_due(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    """The job's time is past the end, the clock is not: it was put back in between."""
    resource = await an_authorisable_resource(node)
    until = written(clock.now() + timedelta(hours=20))
    ends = await an_authorisation(node, resource, valid_until=until)
    row = await ran("J-L3-2", clock.now() + timedelta(days=1))
    assert (counts(row), row["reason"]) == ((1, 0, 1, 0), "authorisation.not_over ×1")
    clock.advance(days=2)
    assert counts(await ran("J-L3-2")) == (1, 1, 0, 0)
    assert await state(node, ends) == "EXPIRED"


async def test_an_application_that_waits_too_long_is_escalated_once(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    resource = await an_authorisable_resource(node)
    late = await an_application(node, resource)
    clock.advance(days=8)
    await an_application(node, resource)
    for _ in range(2):
        await ran("J-L3-1")
        clock.advance(hours=1)
    [escalated] = await records(node, "task.escalate")
    found = await node.catalogue.select(Selection("task", ("id", "subject", "level")))
    [task] = [each for each in found.rows if each["subject"] == late]
    assert escalated["subject"] == task["id"]
    assert task["level"] == 2, "by the answer's term and by that of the backlog"


async def test_a_checkpoint_is_signed_and_grows_from_the_last(
    node: Node, clock: FrozenClock, ran: Ran, tmp_path: Path
) -> None:
    for _ in range(2):
        await an_authorisable_resource(node)
        before = await root(node.catalogue)
        assert counts(await ran("J-X-1")) == (1, 1, 0, 0)
        clock.advance(minutes=10)
        found = await rows(node, "checkpoint", "size", "root", "note", "verifier_key")
        last = max(found, key=lambda row: int(row["size"]))
        told = read(last["note"], last["verifier_key"], a_workshop(tmp_path).signer)
        assert (told.size, told.root) == (last["size"], last["root"])
        # What the run itself wrote before it looked is covered too.
        assert last["size"] == before.size + 3
        tree = evidence.Tree()
        for recorded in await node.catalogue.changes_since(0, int(last["size"])):
            tree.append(recorded.evidence["leaf"])
        assert tree.root == last["root"]
    assert len(found) == 2


async def test_of_the_jobs_own_records_alone_no_checkpoint_is_made(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    await ran("J-X-1")
    clock.advance(minutes=10)
    assert counts(await ran("J-X-1")) == (1, 0, 0, 0)
    assert len(await rows(node, "checkpoint")) == 1


async def test_the_evidence_is_verified_against_every_checkpoint(
    node: Node, clock: FrozenClock, ran: Ran, tmp_path: Path
) -> None:
    await ran("J-X-1")
    clock.advance(hours=1)
    good = await ran("J-X-2")
    assert (good["failed"], good["considered"]) == (0, good["done"])
    [made] = await rows(node, "checkpoint", "root")
    forged = Amend("checkpoint", made["id"], {"root": "0" * 64}, an_act())
    await node.catalogue.apply(a_change_set(forged))
    clock.advance(hours=1)
    bad = await ran("J-X-2")
    assert (bad["failed"], "checkpoint.root_differs ×1" in bad["reason"]) == (1, True)
    noted = json.loads((tmp_path / "evidence-verified.json").read_text("utf-8"))
    assert noted["holds"] is False


async def test_old_runs_and_events_are_archived_with_their_hash_before_they_are_purged(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    old = [a_job_run("J-X-4", key=f"old {at}") for at in range(3)]
    await node.catalogue.apply(a_change_set(*old))
    held, *free = sorted(each.id for each in old)
    await holds.enter(node, AUDITOR, {"subject": held, "grounds": "案件调查 A case"})
    clock.advance(days=181)
    later = a_job_run("J-X-4", key="new", business_time="2026-11-01T00:00:00.000Z")
    await node.catalogue.apply(a_change_set(later))
    assert await considered(node, JOBS["J-X-3"], clock.now()) == 4
    row = await ran("J-X-3")
    left = {each["id"] for each in await rows(node, "job_run")} - {row["id"]}
    assert left == {held, later.id}
    assert (counts(row), "hold.held ×1" in row["reason"]) == ((4, 2, 1, 0), True)
    [archive] = await rows(node, "job_file", "kind", "key", "records", "sha256")
    content = assets(node).files[archive["key"]]
    lines = [json.loads(line) for line in content.splitlines()]
    assert sorted(each["id"] for each in lines) == free
    assert (archive["kind"], archive["records"]) == ("ARCHIVE", 2)
    clock.advance(days=1)
    await ran("J-X-3")
    assert len(await rows(node, "job_file")) == 1


async def test_a_hold_on_a_node_holds_what_was_done_through_it(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    values = {"at": written(clock.now()), "source": "LOGIN", "action": "CLIENT_LOGIN"}
    through = a_row("occurrence", "occ_1", {**values, "client": "nod_left"})
    other = a_row("occurrence", "occ_2", {**values, "client": "nod_stays"})
    await node.catalogue.apply(a_change_set(through, other, a_job_run("J-X-3")))
    await holds.enter(node, AUDITOR, {"subject": "nod_left", "grounds": "留存三年 Three years"})
    clock.advance(days=181)
    await ran("J-X-3")
    assert {each["id"] for each in await rows(node, "occurrence")} == {"occ_1"}


async def test_a_hold_that_has_ended_holds_nothing(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    old = a_job_run("J-X-4", business_time="2026-05-01T00:00:00.000Z", key="old")
    await node.catalogue.apply(a_change_set(old, a_job_run("J-X-4")))
    hold = await holds.enter(node, AUDITOR, {"subject": old.id, "grounds": "案件 A case"})
    clock.advance(days=181)
    assert counts(await ran("J-X-3"))[1:] == (0, 1, 0)
    await holds.amend(node, AUDITOR, hold.id, {"ends_at": written(clock.now())})
    clock.advance(hours=1)
    assert counts(await ran("J-X-3"))[1:] == (1, 0, 0)


async def test_the_last_firing_of_a_job_is_kept_for_the_next_is_counted_from_it(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    last = a_job_run("J-X-5-DRILL")
    await node.catalogue.apply(a_change_set(last))
    clock.advance(days=400)
    assert counts(await ran("J-X-3")) == (1, 0, 0, 0)
    assert last.id in {each["id"] for each in await rows(node, "job_run")}


async def test_a_report_says_how_many_there_are_of_each(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    resource = await an_authorisable_resource(node)
    await an_authorisation(node, resource)
    await ran("J-X-4")
    [file] = await rows(node, "job_file", "key")
    told = json.loads(assets(node).files[file["key"]])
    assert told["counts"]["resource"] == {"total": 1, "state": {"AUTHORISABLE": 1}}
    assert told["counts"]["authorisation"] == {"total": 1, "state": {"EFFECTIVE": 1}}
    clock.advance(days=181)
    await ran("J-X-4")
    files = await rows(node, "job_file", "key", "removed_at")
    assert sum(each["removed_at"] is not None for each in files) == 1
    assert len([key for key in assets(node).files if key.startswith("reports/")]) == 1


async def test_a_backup_is_a_whole_catalogue_and_the_drill_restores_it(
    node: Node, clock: FrozenClock, ran: Ran, tmp_path: Path
) -> None:
    await an_authorisable_resource(node)
    await ran("J-X-5")
    [backup] = await rows(node, "job_file", "key", "records", "root", "content_sha256")
    packed = assets(node).files[backup["key"]]
    end = json.loads(gzip.decompress(packed).splitlines()[-1])
    assert (end["records"], end["root"], end["sha256"]) == (
        backup["records"], backup["root"], backup["content_sha256"],
    )  # fmt: skip
    clock.advance(hours=1)
    row = await ran("J-X-5-DRILL")
    assert counts(row) == (1, 1, 0, 0)
    [drill] = [
        each for each in await rows(node, "job_file", "kind", "outcome", "key")
        if each["kind"] == "DRILL"
    ]  # fmt: skip
    told = json.loads(assets(node).files[drill["key"]])
    assert (drill["outcome"], told["outcome"]) == ("HOLDS", "HOLDS")
    assert told["found"] == dict.fromkeys(("whole", "evidence", "records", "content"), True)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


@pytest.mark.parametrize("damage", ["cut short", "changed", "no archive"])
async def test_a_backup_that_was_damaged_is_found_by_the_drill(
    node: Node, clock: FrozenClock, ran: Ran, damage: str
) -> None:
    await ran("J-X-5")
    [backup] = await rows(node, "job_file", "key")
    packed = assets(node).files[backup["key"]]
    plain = gzip.decompress(packed).replace(b"par_bank", b"par_bonk")
    damaged = {"cut short": packed[:-20], "changed": gzip.compress(plain), "no archive": b"?"}
    assets(node).files[backup["key"]] = damaged[damage]
    clock.advance(hours=1)
    row = await ran("J-X-5-DRILL")
    assert (counts(row), "backup.differs ×1" in row["reason"]) == ((1, 0, 0, 1), True)


async def test_without_a_backup_a_drill_fails_and_says_so(ran: Ran, heard: Heard) -> None:
    row = await ran("J-X-5-DRILL")
    assert (row["state"], row["reason"]) == ("FAILED", "backup.missing ×1")


async def test_the_last_fourteen_backups_are_kept(node: Node, clock: FrozenClock, ran: Ran) -> None:
    for _ in range(16):
        await ran("J-X-5")
        clock.advance(days=1)
    files = await rows(node, "job_file", "key", "removed_at")
    assert len(files) == 16
    there = sorted(each["key"] for each in files if each["removed_at"] is None)
    assert there == sorted(assets(node).files)
    assert len(there) == 14


async def test_a_limit_stops_a_run_and_the_rest_stays_due(
    node: Node, clock: FrozenClock, tmp_path: Path, heard: Heard
) -> None:
    resource = await an_authorisable_resource(node)
    until = written(clock.now() + timedelta(days=1))
    made = [await an_authorisation(node, resource, valid_until=until) for _ in range(3)]
    clock.advance(days=2)
    bench = Bench(node, a_workshop(tmp_path), heard.report)
    job = replace(JOBS["J-L3-2"], limit=2)
    row = await run_by_hand(bench, job, clock.now())
    assert (counts(row), row["reason"].startswith("limit reached")) == ((2, 2, 0, 0), True)
    clock.advance(hours=1)
    await run_by_hand(bench, job, clock.now())
    assert {await state(node, each) for each in made} == {"EXPIRED"}


async def test_done_once_a_run_is_not_done_again(node: Node, clock: FrozenClock, ran: Ran) -> None:
    first = await ran("J-X-4")
    size = (await root(node.catalogue)).size
    assert await ran("J-X-4") == first
    assert (await root(node.catalogue)).size == size


async def test_nobody_is_overtaken_when_a_person_is_faster(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    """A reviewer closes it at the same moment: it is closed once, and the run says why not it."""
    resource = await an_authorisable_resource(node)
    ends = await an_authorisation(node, resource, valid_until=written(clock.now() + timedelta(1)))
    clock.advance(days=2)
    await authorisations.expire(node, REVIEWER1, ends)
    assert counts(await ran("J-L3-2")) == (0, 0, 0, 0)
    assert len(await records(node, "authorisation.expire")) == 1
