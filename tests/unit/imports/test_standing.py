"""Where imported rows enter, the rulebook says: a portal's are registered, a ledger's wait."""

import json
from pathlib import Path
from typing import Any

import pytest

from dataspace.caller import Role
from dataspace.evidence import verify
from dataspace.rulebooks.city import CITY_RULES
from dataspace.rulebooks.kinds import RULES
from hub.imports.run import ImportReport
from hub.imports.writing.standing import StandingTooLoose
from hub.node import Node
from hub.operations import resources
from tests.build import caller_for
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.importing import SOURCE, a_file, a_node, a_portal_row, imported, rows_of
from tests.unit.operations.city import papers, rule

pytestmark = pytest.mark.anyio

SLICE = 60
LEDGER = (
    "信息资源名称,信息资源代码,信息资源提供方,信息资源摘要,信息资源格式,来源,共享类型,开放属性,更新周期,"
    "数据分类,数据分级,数据源头,更新机制,质量标准,使用方法,是否可授权,信息项名称,信息项数据类型\n"
)
ROW = (
    "{name},L{n},市水务局,每户每月用水量,数据库,原始取得,无条件共享,无条件开放,每月,GENERAL,2,"
    "水务系统,每月,GB/T 36344,接口,是,户号,字符型\n"
)
FIELDS = ("name", "state", "audience", "registered_at", "public_since", "decided_under")


@pytest.fixture
def catalogue() -> DictionaryCatalogue:
    return DictionaryCatalogue()


@pytest.fixture
def node(catalogue: DictionaryCatalogue) -> Node:
    return a_node(catalogue)


def a_ledger(folder: Path, count: int) -> Path:
    path = folder / "台账.csv"
    rows = (ROW.format(name=f"用水量 {n}", n=n) for n in range(count))
    path.write_text(LEDGER + "".join(rows), "utf-8")
    return path


async def reasons(catalogue: DictionaryCatalogue, kind: str = "resource") -> set[tuple[str, str]]:
    """Of the first evidence of every row of the kind: the act and the reason."""
    log = await catalogue.changes_since(0, 100_000)
    return {
        (each.evidence["action"], each.evidence["reason"])
        for each in log
        if each.kind == kind and each.evidence["version"] == 1
    }


async def test_a_portal_counts_as_registered_with_itself_as_ground_by_the_citys_rule(
    node: Node, catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    await rule(node, import__portal_standing="REGISTERED")
    await imported(node, a_file(tmp_path / "a.jsonl", a_portal_row("r1")))
    (row,) = await rows_of(catalogue, "resource", *FIELDS)
    assert (row["state"], row["audience"], row["decided_under"]) == (
        "REGISTERED", "PUBLIC", "city v1",
    )  # fmt: skip
    assert (row["registered_at"], row["public_since"]) == ("2026-06-01T12:00:00.000Z", None)
    [(action, reason)] = await reasons(catalogue)
    assert action == "resource.import_registered"
    assert SOURCE in reason, "its publication is the ground"
    assert reason.endswith("(import.portal_standing, city v1)")


async def test_without_a_rulebook_the_form_says_where_rows_enter(
    node: Node, catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    await imported(node, a_file(tmp_path / "a.jsonl", a_portal_row("r1")))
    await imported(node, a_ledger(tmp_path, 1))
    rows = await rows_of(catalogue, "resource", "state", "decided_under")
    assert {(row["state"], row["decided_under"]) for row in rows} == {
        ("REGISTERED", None), ("DRAFT", None),
    }  # fmt: skip


async def test_a_city_may_have_its_portal_reviewed_as_any_other(
    node: Node, catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    await rule(node, import__portal_standing="DRAFT")
    path = a_file(tmp_path / "a.jsonl", a_portal_row("r1"))
    await imported(node, path)
    (row,) = await rows_of(catalogue, "resource", *FIELDS)
    assert (row["state"], row["audience"], row["registered_at"]) == ("DRAFT", "MEMBERS", None)
    with pytest.raises(StandingTooLoose) as refusal:
        await imported(node, path, standing="registered")
    assert refusal.value.facts == {
        "form": "socrata", "asked": "REGISTERED", "ruled": "DRAFT",
        "rule": "import.portal_standing", "edition": "city v1",
    }  # fmt: skip
    for language in ("en", "zh"):
        assert "city v1" in refusal.value.message(language)


async def test_whoever_imports_may_ask_for_less_and_never_for_more(
    node: Node, catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    await rule(node, import__portal_standing="REGISTERED", import__ledger_standing="DRAFT")
    before = len(await catalogue.changes_since(0, 1000))
    with pytest.raises(StandingTooLoose):
        await imported(node, a_ledger(tmp_path, 3), standing="registered")
    assert len(await catalogue.changes_since(0, 1000)) == before, "nothing came in"
    await imported(node, a_file(tmp_path / "a.jsonl", a_portal_row("r1")), standing="draft")
    (row,) = await rows_of(catalogue, "resource", "state")
    assert row["state"] == "DRAFT"


async def test_a_department_s_ledger_enters_as_draft_in_bulk_and_goes_its_way(
    node: Node, catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    """Each row with evidence of its own; then the department hands one in as it would by hand."""
    await rule(
        node, import__ledger_standing="DRAFT", resource__attachments="SOURCE_DECLARATION"
    )
    path = a_ledger(tmp_path, 250)
    report: ImportReport = await imported(node, path, submitter="usr_li")
    assert (report.created, report.rejected) == (250, 0)
    rows = await rows_of(catalogue, "resource", *FIELDS, "provider")
    assert {(row["state"], row["decided_under"]) for row in rows} == {("DRAFT", "city v1")}
    log = await catalogue.changes_since(0, 100_000)
    assert sum(each.evidence["action"] == "resource.import_draft" for each in log) == 250
    assert len({each.evidence["change_set"] for each in log if each.kind == "resource"}) <= 4
    assert list(verify(log)) == []

    first = rows[0]
    steward = caller_for(Role.DATA_STEWARD, participant=first["provider"], subject="usr_wang")
    await resources.amend(node, steward, first["id"], {"papers": papers("SOURCE_DECLARATION")})
    done = await resources.submit(node, steward, first["id"])
    assert done.values["state"] == "SUBMITTED"
    path.write_text(path.read_text("utf-8").replace("每户每月用水量", "新的摘要"), "utf-8")
    report = await imported(node, path)
    assert (report.updated, report.rejected_by_code) == (249, {"entry.refused": 1})


@pytest.mark.catalogues
async def test_a_slice_of_a_real_portal_is_registered_by_the_rules_a_city_begins_with(
    node: Node, catalogue: DictionaryCatalogue, catalogues: Path, tmp_path: Path
) -> None:
    rules: dict[str, Any] = {
        name.replace(".", "__"): RULES[name].order.written(value)
        for name, value in CITY_RULES.items()
    }
    await rule(node, **rules)
    whole = (catalogues / "data.cityofnewyork.us.jsonl").read_text("utf-8").splitlines()
    part = a_file(tmp_path / "slice.jsonl", *(json.loads(line) for line in whole[:SLICE]))
    report = await imported(node, part)
    assert report.read == SLICE == report.created + report.rejected
    rows = await rows_of(catalogue, "resource", *FIELDS, "source", "grade")
    assert len(rows) == report.created > SLICE // 2
    assert {(row["state"], row["decided_under"], row["grade"]) for row in rows} == {
        ("REGISTERED", "city v1", 1)
    }
    portal = rows[0]["source"]
    [(action, reason)] = await reasons(catalogue)
    assert action == "resource.import_registered"
    assert reason.startswith(f"已由 {portal} 公开发布，以该发布为登记依据 Published by {portal};")
    assert reason.endswith("(import.portal_standing, city v1)")
    assert list(verify(await catalogue.changes_since(0, 100_000))) == []
    assert (await imported(node, part)).unchanged == report.created
