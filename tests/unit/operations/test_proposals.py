"""Metadata proposals: read out of the file, taken in line by line, never twice, never unseen."""

from typing import Any

import pytest

from dataspace.errors import MovedOn, NotFound
from dataspace.nouns.items import ITEMS
from dataspace.quality.nouns import LINES
from dataspace.quality.refusals import (
    DataFileChanged,
    DataFileRefused,
    NoDataFile,
    NothingChosen,
)
from dataspace.refusals import NotYours, RoleMissing, WrongState
from dataspace.selection import Page, PartChild, Row, Selection, Where
from hub.node import Node
from hub.operations import resources, samples
from hub.operations.quality import proposals
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    APPROVER,
    PUBLICITY_DAYS,
    REGISTRAR,
    STEWARD,
    pass_time,
)
from tests.unit.operations.test_quality import JOB, OTHER, POOR, _attached, a_draft, rows_of
from tests.unit.operations.test_samples import upload
from tests.unit.quality.enterprises import HEADINGS, records
from tests.unit.quality.files import csv_text

pytestmark = pytest.mark.anyio

FILE = csv_text(HEADINGS, records(120)).encode()
ITEM = [{"name": "名称", "field_name": HEADINGS[1], "data_type": "NUMBER"}]


async def a_proposal(node: Node, **more: Any) -> tuple[str, str, list[Row]]:
    resource = await a_draft(node, FILE, items=ITEM, **more)
    done = await proposals.propose(node, STEWARD, resource)
    return resource, done.id, await lines_of(node, done.id)


async def part_of(node: Node, kind: str, id_: str, part: Any) -> list[Row]:
    child = PartChild("p", part.name, tuple(f.name for f in part.fields), first=500)
    selection = Selection(kind, where=Where("id", "eq", id_), page=Page(1), parts=(child,))
    [row] = (await node.catalogue.select(selection)).rows
    return list(row["p"])


async def lines_of(node: Node, id_: str) -> list[Row]:
    return await part_of(node, "metadata_proposal", id_, LINES)


def numbers(lines: list[Row], *wanted: tuple[str, str]) -> list[int]:
    return [each["number"] for each in lines if (each["column"], each["field"]) in wanted]


async def test_chosen_lines_become_metadata_and_rules_and_the_others_wait(node: Node) -> None:
    resource, id_, lines = await a_proposal(node)
    chosen = numbers(
        lines, (HEADINGS[1], "DATA_TYPE"), (HEADINGS[3], "DATA_TYPE"), (HEADINGS[3], "PERSONAL"),
        (HEADINGS[10], "CODE_TABLE"), (HEADINGS[8], "RANGE"),
    )  # fmt: skip
    assert len(chosen) == 5
    done = await proposals.accept(node, STEWARD, id_, chosen)
    assert (done.values["status"], done.values["open_lines"]) == ("PROPOSED", len(lines) - 5)

    items = {each["field_name"]: each for each in await part_of(node, "resource", resource, ITEMS)}
    assert (items[HEADINGS[1]]["name"], items[HEADINGS[1]]["data_type"]) == ("名称", "TEXT")
    assert (items[HEADINGS[3]]["personal"], items[HEADINGS[3]]["sensitive"]) == (True, True)
    assert items[HEADINGS[10]]["code_table"] == "吊销 | 在业 | 存续 | 注销"
    rules = await rows_of(node, "quality_rule", "kind", "column", "values", "minimum", "maximum")
    assert sorted((each["kind"], each["column"]) for each in rules) == [
        ("CODE_TABLE", HEADINGS[10]), ("RANGE", HEADINGS[8]),
    ]  # fmt: skip
    log = await node.catalogue.changes_since(done.revision - 4, 4)
    assert [each.evidence["action"] for each in log] == [
        "resource.take_in_metadata", "quality_rule.enter", "quality_rule.enter",
        "metadata_proposal.accept",
    ]  # fmt: skip
    assert len({each.evidence["change_set"] for each in log}) == 1

    rest = [each["number"] for each in lines if each["number"] not in chosen]
    done = await proposals.refuse(node, STEWARD, id_, rest)
    assert (done.values["status"], done.values.get("open_lines", 0)) == ("ANSWERED", 0)
    answers = {each["number"]: each["answer"] for each in await lines_of(node, id_)}
    assert {answers[each] for each in chosen} == {"ACCEPTED"}
    assert {answers[each] for each in rest} == {"REFUSED"}


async def test_a_line_is_answered_once(node: Node) -> None:
    _, id_, _ = await a_proposal(node)
    await proposals.accept(node, STEWARD, id_, [1])
    for lines in ([1], [999], []):
        with pytest.raises(NothingChosen):
            await proposals.accept(node, STEWARD, id_, lines)


async def test_only_the_department_answers_and_only_while_it_may_change_the_resource(
    node: Node,
) -> None:
    resource, id_, _ = await a_proposal(node)
    for caller, error in ((REGISTRAR, RoleMissing), (OTHER, NotFound)):
        with pytest.raises(error):
            await proposals.accept(node, caller, id_, [1])
    with pytest.raises(NotFound):
        await proposals.propose(node, OTHER, resource)
    await resources.submit(node, STEWARD, resource)
    with pytest.raises(WrongState):
        await proposals.accept(node, STEWARD, id_, [1])
    await proposals.refuse(node, STEWARD, id_, [1])


async def test_a_registered_resource_is_looked_at_by_its_own_department_only(node: Node) -> None:
    resource = await a_draft(node, FILE)
    await resources.submit(node, STEWARD, resource)
    await resources.take_in(node, REGISTRAR, resource)
    await resources.pass_(node, REGISTRAR, resource)
    pass_time(node, days=PUBLICITY_DAYS)
    await resources.register(node, APPROVER, resource)
    with pytest.raises(NotYours):
        await proposals.propose(node, OTHER, resource)
    await proposals.propose(node, STEWARD, resource)


async def test_what_was_read_out_of_another_file_is_not_taken_in(node: Node) -> None:
    resource, id_, _ = await a_proposal(node)
    await samples.attach(node, STEWARD, resource, upload("y.csv", POOR, chunk=50_000))
    with pytest.raises(DataFileChanged):
        await proposals.accept(node, STEWARD, id_, [1])
    await proposals.propose(node, STEWARD, resource)
    rows = await rows_of(node, "metadata_proposal", "status")
    assert sorted(each["status"] for each in rows) == ["PROPOSED", "SUPERSEDED"]
    with pytest.raises(NothingChosen):
        await proposals.accept(node, STEWARD, id_, [1])


async def test_a_resource_that_is_amended_meanwhile_is_not_overwritten(node: Node) -> None:
    resource, id_, _ = await a_proposal(node)
    watching, watch = watched(node)

    async def amend() -> None:
        await resources.amend(node, STEWARD, resource, {"items": []})

    async def before_the_last_read() -> None:
        watch.after_select = amend if watch.selects >= 3 else before_the_last_read

    watch.after_select = before_the_last_read
    with pytest.raises(MovedOn):
        await proposals.accept(watching, STEWARD, id_, [1])
    assert await part_of(node, "resource", resource, ITEMS) == []


async def test_nothing_is_read_out_of_no_file_or_a_bad_one(node: Node) -> None:
    resource = await a_draft(node, None)
    with pytest.raises(NoDataFile):
        await proposals.propose(node, STEWARD, resource)
    await _attached(node, resource, "x.parquet", b"PAR1 nothing")
    with pytest.raises(DataFileRefused):
        await proposals.propose(node, STEWARD, resource)


async def test_the_sweep_reads_every_file_once(node: Node) -> None:
    await a_draft(node, FILE, items=ITEM)
    bad = await a_draft(node, None, code="2")
    await _attached(node, bad, "x.parquet", b"PAR1 nothing")
    await a_draft(node, None, code="3")
    at = node.clock.now()
    dry = await proposals.propose_due(node, JOB, at, dry_run=True)
    assert (dry.considered, dry.done) == (2, 0)
    counts = await proposals.propose_due(node, JOB, at)
    assert (counts.considered, counts.done, counts.refused, counts.failed) == (2, 1, 1, 0)
    again = await proposals.propose_due(node, JOB, at)
    assert (again.considered, again.done) == (1, 0)
    assert len(await rows_of(node, "metadata_proposal")) == 1
