"""Quality runs: measured on the file in storage, graded, explained, and followed by work orders."""

import asyncio
import errno
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

from dataspace.caller import Role
from dataspace.change import Amend
from dataspace.errors import MovedOn, NotFound
from dataspace.quality.nouns import QUALITY_RUN as RUN
from dataspace.quality.refusals import NoRoomToMeasure, PatternInvalid, RuleIncomplete
from dataspace.refusals import NotYours, ReasonMissing, RoleMissing, WrongState
from dataspace.selection import Order, Page, PartChild, Row, Selection, Where
from hub.node import Node
from hub.operations import resources, samples
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.quality import assessing, orders, rules
from hub.operations.quality.data import records as records_of_files
from tests.build import a_change_set, an_act, an_asset, caller_for
from tests.clock import FrozenClock
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    APPROVER,
    PUBLICITY_DAYS,
    REGISTRAR,
    RESOURCE,
    STEWARD,
    DictionaryAssets,
    pass_time,
)
from tests.unit.operations.test_rulebooks import a_space, decided
from tests.unit.operations.test_samples import upload
from tests.unit.quality.enterprises import HEADINGS, Spoilt, records
from tests.unit.quality.files import csv_text

pytestmark = pytest.mark.anyio

OTHER = caller_for(Role.DATA_STEWARD, participant="par_bank")
JOB = caller_for(Role.REGISTRAR, subject="job.quality")
ITEMS = [
    {
        "name": "代码",
        "field_name": HEADINGS[0],
        "data_type": "TEXT",
        "length": 18,
        "nullable": False,
    },
    {"name": "名称", "field_name": HEADINGS[1], "data_type": "TEXT", "nullable": False},
    {"name": "身份证号", "field_name": HEADINGS[3], "data_type": "TEXT", "personal": True},
    {"name": "成立日期", "field_name": HEADINGS[6], "data_type": "DATE"},
]  # fmt: skip
GOOD = csv_text(HEADINGS, records(300)).encode()
SPOILT = csv_text(HEADINGS, records(300, spoilt=Spoilt(empty_name=600))).encode()
# Too long a code, no name, a day that is none, and all of it again and again.
POOR = csv_text(HEADINGS, 300 * [["9" * 20, "", *12 * ["昨天"]][:12]]).encode()


async def a_draft(
    node: Node, content: bytes | None = GOOD, name: str = "x.csv", **more: Any
) -> str:
    given = {**RESOURCE, "items": ITEMS, "data_changed_at": "2026-06-01T00:00:00.000Z", **more}
    id_ = (await resources.draft(node, STEWARD, given)).id
    if content is not None:
        await samples.attach(node, STEWARD, id_, upload(name, content, chunk=50_000))
    return id_


async def registered(node: Node, id_: str) -> str:
    pass_time(node, days=-PUBLICITY_DAYS)
    await resources.submit(node, STEWARD, id_)
    await resources.take_in(node, REGISTRAR, id_)
    await resources.pass_(node, REGISTRAR, id_)
    pass_time(node, days=PUBLICITY_DAYS)
    await resources.register(node, APPROVER, id_)
    return id_


async def last_run(node: Node, resource: str) -> Row:
    parts = tuple(
        PartChild(part.name, part.name, tuple(f.name for f in part.fields), first=100)
        for part in RUN.parts
    )
    selection = Selection(
        "quality_run", ("id", *RUN.by_name), Where("resource", "eq", resource),
        order=Order("started_at", descending=True), page=Page(1), parts=parts,
    )  # fmt: skip
    [row] = (await node.catalogue.select(selection)).rows
    return row


async def rows_of(node: Node, kind: str, *fields: str) -> list[Row]:
    selection = Selection(kind, ("id", *fields), page=Page(100))
    return [
        {name: row[name] for name in ("id", *fields)}
        for row in (await node.catalogue.select(selection)).rows
    ]


async def grade_of(node: Node, id_: str) -> str | None:
    [row] = [row for row in await rows_of(node, "resource", "quality_grade") if row["id"] == id_]
    return row["quality_grade"]  # type: ignore[no-any-return]


async def replaced(node: Node, id_: str, content: bytes) -> None:
    """Another content under the row of the sample, as a later delivery of the same file."""
    row = (await rows_of(node, "asset", "file_name"))[0]
    assert isinstance(node.assets, DictionaryAssets)
    node.assets.files[samples.key(row["id"])] = content
    values = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    await node.catalogue.apply(a_change_set(Amend("asset", row["id"], values, an_act())))


async def test_a_run_grades_the_resource_and_explains_itself_row_by_row(node: Node) -> None:
    id_ = await a_draft(node)
    done = await assessing.assess(node, STEWARD, id_)
    run = await last_run(node, id_)

    assert (done.kind, done.id, done.values["quality_grade"]) == ("resource", id_, "A")
    assert (run["outcome"], run["grade"], run["score"], run["record_count"]) == (
        "MEASURED", "A", 100, 300,
    )  # fmt: skip
    assert [(d["dimension"], d["score"]) for d in run["dimensions"]] == [
        ("NORMATIVITY", 100), ("COMPLETENESS", 100), ("ACCURACY", 100), ("CONSISTENCY", None),
        ("TIMELINESS", 100), ("ACCESSIBILITY", 100),
    ]  # fmt: skip
    log = await node.catalogue.changes_since(done.revision - 2, 2)
    assert [each.evidence["action"] for each in log] == ["resource.assess_quality"] * 2
    assert [each.kind for each in log] == ["quality_run", "resource"]


async def test_what_fails_is_named_with_its_rows_and_what_is_personal_is_covered(
    node: Node,
) -> None:
    id_ = await a_draft(node, SPOILT)
    for column in (HEADINGS[3], HEADINGS[10]):
        await rules.enter(
            node, STEWARD,
            {"kind": "PATTERN", "resource": id_, "column": column, "pattern": "nothing"},
        )  # fmt: skip
    await assessing.assess(node, STEWARD, id_)
    run = await last_run(node, id_)
    found = {(each["kind"], each["column"]): each for each in run["findings"]}
    empty = found["NOT_NULL", HEADINGS[1]]
    assert empty["considered"] == 300
    assert 100 < empty["failed"] < 300
    shown = [e for e in run["examples"] if e["finding"] == empty["number"]]
    assert len(shown) == 5
    assert all(each["value"] == "∅" for each in shown)
    covered = [
        e["value"] for e in run["examples"]
        if e["finding"] == found["PATTERN", HEADINGS[3]]["number"]
    ]  # fmt: skip
    assert all(each[2:-2] == "*" * 14 for each in covered)
    plain = [
        e["value"] for e in run["examples"]
        if e["finding"] == found["PATTERN", HEADINGS[10]]["number"]
    ]  # fmt: skip
    assert set(plain) <= {"存续", "在业", "吊销", "注销"}


async def test_without_a_file_nothing_is_graded_and_the_run_says_what_was_not_measured(
    node: Node,
) -> None:
    id_ = await a_draft(node, None, quality_grade="B")
    await assessing.assess(node, STEWARD, id_)
    run = await last_run(node, id_)
    assert (run["outcome"], run["score"], run["grade"]) == ("NO_FILE", None, None)
    why = {each["kind"]: each["why"] for each in run["findings"]}
    assert why["NOT_NULL"] == why["READABLE"] == "NO_FILE"
    assert why["METADATA"] is None
    assert await grade_of(node, id_) == "B"
    assert await rows_of(node, "work_order") == []


@pytest.mark.parametrize(
    ("name", "content", "outcome", "refusal"),
    [
        ("x.csv", b"\n\n", "REFUSED", "quality.file_refused"),
        ("x.parquet", b"PAR1 nothing of it", "REFUSED", "quality.file_refused"),
        ("x.pdf", b"%PDF-1.7 ...", "NO_TABLE", None),
    ],
)
async def test_a_file_that_cannot_be_measured_gives_no_grade(
    node: Node, name: str, content: bytes, outcome: str, refusal: str | None
) -> None:
    id_ = await a_draft(node, None)
    await _attached(node, id_, name, content)
    await assessing.assess(node, STEWARD, id_)
    run = await last_run(node, id_)
    assert (run["outcome"], run["grade"], run["refusal"]) == (outcome, None, refusal)
    assert len(await rows_of(node, "work_order")) == (refusal is not None)


async def test_a_file_that_was_altered_in_the_store_is_not_measured(node: Node) -> None:
    id_ = await a_draft(node)
    assert isinstance(node.assets, DictionaryAssets)
    [key] = node.assets.files
    node.assets.files[key] = GOOD + b"x"
    await assessing.assess(node, STEWARD, id_)
    run = await last_run(node, id_)
    assert (run["outcome"], run["refusal"]) == ("REFUSED", "quality.file_refused")
    del node.assets.files[key]
    await assessing.assess(node, STEWARD, id_)
    assert (await last_run(node, id_))["outcome"] == "REFUSED"


async def test_a_low_grade_makes_one_work_order_and_the_next_good_run_closes_it(
    node: Node,
) -> None:
    id_ = await a_draft(node, POOR)
    await assessing.assess(node, STEWARD, id_)
    await assessing.assess(node, STEWARD, id_)
    [order] = await rows_of(node, "work_order", "state", "cause", "detail", "open_key")
    assert (order["state"], order["cause"]) == ("OPEN", "QUALITY")
    assert HEADINGS[1] in order["detail"]

    with pytest.raises(ReasonMissing):
        await orders.decide_on(node, STEWARD, order["id"], "answer")
    with pytest.raises(NotFound):
        await orders.decide_on(node, OTHER, order["id"], "answer", reason="Not ours")
    answered = await orders.decide_on(node, STEWARD, order["id"], "answer", reason="已重新导出")
    assert (answered.values["state"], answered.values["answer"]) == ("ANSWERED", "已重新导出")
    with pytest.raises(WrongState):
        await orders.decide_on(node, STEWARD, order["id"], "answer", reason="Again")

    await replaced(node, id_, GOOD)
    done = await assessing.assess(node, STEWARD, id_)
    [closed] = await rows_of(node, "work_order", "state", "open_key", "closed_at")
    assert (closed["state"], closed["open_key"]) == ("CLOSED", None)
    assert closed["closed_at"] is not None
    assert await grade_of(node, id_) == "A"
    log = await node.catalogue.changes_since(done.revision - 5, 5)
    assert [each.evidence["action"] for each in log] == [
        "resource.assess_quality", "task.close", "notice.tell", "work_order.close",
        "resource.assess_quality",
    ]  # fmt: skip
    assert len({each.evidence["change_set"] for each in log}) == 1

    await replaced(node, id_, POOR)
    await assessing.assess(node, STEWARD, id_)
    assert [row["state"] for row in await rows_of(node, "work_order", "state")].count("OPEN") == 1


async def test_the_registrar_may_send_an_answer_back_or_close_the_order(node: Node) -> None:
    id_ = await registered(node, await a_draft(node, POOR))
    await assessing.assess(node, REGISTRAR, id_)
    [order] = await rows_of(node, "work_order")
    await orders.decide_on(node, STEWARD, order["id"], "answer", reason="Done")
    await orders.decide_on(node, REGISTRAR, order["id"], "reopen", reason="Not done")
    done = await orders.decide_on(node, REGISTRAR, order["id"], "close", reason="Superseded")
    assert done.values["state"] == "CLOSED"
    assert "open_key" not in done.values


async def test_only_the_department_and_the_registrar_measure(node: Node) -> None:
    id_ = await registered(node, await a_draft(node))
    with pytest.raises(RoleMissing):
        await assessing.assess(node, APPROVER, id_)
    with pytest.raises(NotYours):
        await assessing.assess(node, OTHER, id_)
    await assessing.assess(node, REGISTRAR, id_)


async def test_the_same_request_measures_once(node: Node) -> None:
    id_ = await a_draft(node)
    first = await assessing.assess(node, STEWARD, id_, request_id="r1")
    again = await assessing.assess(node, STEWARD, id_, request_id="r1")
    assert first.revision == again.revision
    assert len(await rows_of(node, "quality_run")) == 1


async def test_a_file_that_is_replaced_meanwhile_is_not_graded_by_the_old_one(node: Node) -> None:
    id_ = await a_draft(node)
    watching, watch = watched(node)

    async def replace_it() -> None:
        await samples.attach(node, STEWARD, id_, upload("y.csv", POOR, chunk=50_000))

    watch.after_select = replace_it
    with pytest.raises(MovedOn):
        await assessing.assess(watching, STEWARD, id_)
    assert await rows_of(node, "quality_run") == []


async def test_the_sweep_measures_what_is_due_and_nothing_twice(node: Node) -> None:
    first = await registered(node, await a_draft(node))
    second = await registered(node, await a_draft(node, POOR, name="y.csv", code="2"))
    await a_draft(node, GOOD, code="3")
    await registered(node, await a_draft(node, None, code="4"))
    at = node.clock.now()

    dry = await assessing.assess_due(node, JOB, at, dry_run=True)
    assert (dry.considered, dry.done) == (2, 0)
    part = await assessing.assess_due(node, JOB, at, limit=1)
    assert (part.considered, part.done, part.more) == (1, 1, True)
    rest = await assessing.assess_due(node, JOB, at)
    assert (rest.considered, rest.done, rest.more) == (1, 1, False)
    assert await grade_of(node, first) == "A"
    assert await grade_of(node, second) == "C"
    assert (await assessing.assess_due(node, JOB, at)).considered == 0
    later = at + timedelta(days=8)
    assert (await assessing.assess_due(node, JOB, later, dry_run=True)).considered == 2


async def test_a_rule_states_what_its_kind_needs(node: Node) -> None:
    id_ = await a_draft(node)

    async def refused(error: type[Exception], **values: Any) -> None:
        with pytest.raises(error):
            await rules.enter(node, STEWARD, {"resource": id_, "column": HEADINGS[0], **values})

    await refused(FieldsInvalid)
    await refused(RuleIncomplete, kind="RANGE")
    await refused(RuleIncomplete, kind="RANGE", minimum="ten")
    await refused(RuleIncomplete, kind="LENGTH", maximum="2026-01-01")
    await refused(RuleIncomplete, kind="CODE_TABLE")
    await refused(RuleIncomplete, kind="NOT_NULL", weight=0)
    await refused(PatternInvalid, kind="PATTERN", pattern="(")
    await refused(PatternInvalid, kind="PATTERN", pattern="(?=x)x")
    await refused(PatternInvalid, kind="PATTERN", pattern=r"(a)\1")
    with pytest.raises(NotFound):
        await rules.enter(node, OTHER, {"resource": id_, "kind": "NOT_NULL", "column": "a"})
    made = await rules.enter(
        node, STEWARD, {"resource": id_, "kind": "RANGE", "column": HEADINGS[7], "minimum": "1"}
    )
    assert made.values["department"] == STEWARD.participant
    with pytest.raises(RuleIncomplete):
        await rules.amend(node, STEWARD, made.id, {"minimum": None})
    await rules.remove(node, STEWARD, made.id)
    assert await rows_of(node, "quality_rule") == []


async def test_a_key_is_looked_for_in_the_file_of_another_resource(node: Node) -> None:
    codes = json.dumps([{"code": row[0]} for row in records(299)]).encode()
    other = await a_draft(node, codes, name="codes.json", code="2", items=[
        {"name": "code", "data_type": "TEXT"}])  # fmt: skip
    id_ = await a_draft(node)
    values = {"resource": id_, "kind": "FOREIGN_KEY", "column": HEADINGS[0], "other": other,
              "other_column": "code"}  # fmt: skip
    await rules.enter(node, STEWARD, values)
    await assessing.assess(node, STEWARD, id_)
    [found] = [e for e in (await last_run(node, id_))["findings"] if e["kind"] == "FOREIGN_KEY"]
    assert (found["considered"], found["failed"]) == (300, 1)


async def _attached(node: Node, id_: str, name: str, content: bytes) -> None:
    """As if it had come in before anybody looked at what it is."""
    digest = hashlib.sha256(content).hexdigest()
    asset = an_asset("ast_odd", file_name=name, sha256=digest, bytes=len(content),
                     keeper=STEWARD.participant)  # fmt: skip
    assert isinstance(node.assets, DictionaryAssets)
    node.assets.files[samples.key("ast_odd")] = content
    amend = Amend("resource", id_, {"sample": "ast_odd"}, an_act())
    await node.catalogue.apply(a_change_set(asset, amend))


async def test_a_full_disk_is_no_fault_of_the_file(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = await a_draft(node)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(records_of_files, "headings", full)
    with pytest.raises(NoRoomToMeasure):
        await assessing.assess(node, STEWARD, id_)
    assert await rows_of(node, "quality_run") == []


async def test_the_rulebook_of_the_space_says_which_grade_is_demanded(
    node: Node, clock: FrozenClock
) -> None:
    city = await a_space(node, "city", tier="CITY")
    id_ = await a_draft(node, POOR, space=city)
    for demanded, orders_open in (("D", 0), ("A", 1)):
        await decided(node, city, {"resource.quality_grade_min": demanded})
        await assessing.assess(node, STEWARD, id_)
        assert (await last_run(node, id_))["demanded_grade"] == demanded
        assert len(await rows_of(node, "work_order")) == orders_open
        clock.advance(days=1)


async def test_two_runs_at_the_same_moment_make_one_work_order(node: Node) -> None:
    id_ = await registered(node, await a_draft(node, POOR))
    runs = [assessing.assess(node, caller, id_) for caller in (STEWARD, REGISTRAR)]
    done = await asyncio.gather(*runs)
    assert {each.values["quality_grade"] for each in done} == {"C"}
    assert len(await rows_of(node, "quality_run")) == 2
    assert len(await rows_of(node, "work_order")) == 1
