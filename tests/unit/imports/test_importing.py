"""An import of a portal's catalogue: what comes in, what does not, and what a second run does."""

import json
from pathlib import Path

import pytest

from dataspace.change import Applied, ChangeSet
from dataspace.errors import CatalogueFull
from hub.imports.errors import MergesUnreadable
from hub.imports.rejects import REASONS
from tests.build import a_change_set, a_participant
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.importing import SOURCE, a_file, a_node, a_portal_row, imported, rejects, rows_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def catalogue() -> DictionaryCatalogue:
    return DictionaryCatalogue()


async def log_length(catalogue: DictionaryCatalogue) -> int:
    return len(await catalogue.changes_since(0, 100_000))


async def test_a_row_of_a_portal_is_registered_with_its_columns(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = a_file(tmp_path / "a.jsonl", a_portal_row(description="<p>All &amp; any</p>"))
    report = await imported(a_node(catalogue), path)
    assert (report.read, report.created, report.rejected) == (1, 1, 0)
    (row,) = await rows_of(
        catalogue, "resource", "name", "summary", "state", "audience", "open_attribute", "source",
        "source_record", "provider_as_given", "item_count", "data_changed_at", "published_on",
    )  # fmt: skip
    assert row | {"id": ""} == {
        "id": "", "name": "Trees aaaa-0001", "summary": "All & any", "state": "REGISTERED",
        "audience": "PUBLIC", "open_attribute": "UNCONDITIONAL", "source": SOURCE,
        "source_record": "aaaa-0001", "provider_as_given": "Department of Parks", "item_count": 2,
        "data_changed_at": "2022-07-01T08:00:00.000Z", "published_on": "2018-01-30",
    }  # fmt: skip
    acts = [each.evidence["action"] for each in await catalogue.changes_since(0, 1000)]
    assert acts[-2:] == ["participant.import", "resource.import_registered"]


async def test_a_second_run_of_the_same_file_writes_nothing(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = a_file(tmp_path / "a.jsonl", *(a_portal_row(f"r{n}") for n in range(250)))
    first = await imported(a_node(catalogue), path)
    before = await log_length(catalogue)
    second = await imported(a_node(catalogue), path, complete=True)
    assert (first.created, second.unchanged, second.created, second.updated) == (250, 250, 0, 0)
    assert await log_length(catalogue) == before


async def test_a_newer_file_changes_only_what_changed_and_an_older_one_changes_it_back(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    old = a_file(tmp_path / "old.jsonl", a_portal_row("r1"), a_portal_row("r2"))
    fresh = a_file(
        tmp_path / "new.jsonl", a_portal_row("r1"), a_portal_row("r2", description="New")
    )
    node = a_node(catalogue)
    await imported(node, old)
    for path, summary in ((fresh, "New"), (old, "All trees."), (fresh, "New"), (old, "All trees.")):
        report = await imported(node, path)
        assert (report.updated, report.unchanged) == (1, 1)
        rows = await rows_of(catalogue, "resource", "source_record", "summary")
        assert {row["source_record"]: row["summary"] for row in rows}["r2"] == summary
    last = (await catalogue.changes_since(0, 1000))[-1].evidence
    assert set(last["changed"]) == {"summary", "source_fingerprint"}


async def test_what_staff_decided_of_a_row_outlives_a_newer_file(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    from dataspace.change import Amend
    from tests.build import an_act

    node = a_node(catalogue)
    await imported(node, a_file(tmp_path / "a.jsonl", a_portal_row("r1")))
    (row,) = await rows_of(catalogue, "resource")
    values = {"state": "AUTHORISABLE", "authorisable": True, "grade": 2}
    await catalogue.apply(a_change_set(Amend("resource", row["id"], values, an_act())))
    await imported(node, a_file(tmp_path / "a.jsonl", a_portal_row("r1", name="Elms")))
    (row,) = await rows_of(catalogue, "resource", "name", *values)
    assert row == {"id": row["id"], "name": "Elms", **values}


async def test_a_complete_file_marks_what_vanished_and_brings_back_what_reappears(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    both = a_file(tmp_path / "both.jsonl", a_portal_row("r1"), a_portal_row("r2"))
    one = a_file(tmp_path / "one.jsonl", a_portal_row("r1"))
    node = a_node(catalogue)
    await imported(node, both)
    assert (await imported(node, one)).vanished == 0
    assert (await imported(node, one, complete=True, dry_run=True)).vanished == 1
    assert (await imported(node, one, complete=True)).vanished == 1
    assert (await imported(node, one, complete=True)).vanished == 0
    gone = {
        row["source_record"]: row["vanished_at"]
        for row in await rows_of(catalogue, "resource", "source_record", "vanished_at")
    }
    assert gone["r1"] is None
    assert gone["r2"] is not None
    back = await imported(node, both, complete=True)
    assert (back.updated, back.unchanged, back.vanished) == (1, 1, 0)
    assert not [
        row for row in await rows_of(catalogue, "resource", "vanished_at") if row["vanished_at"]
    ]


@pytest.mark.parametrize("rest", [b'{"resource": {"id": "r2", "na', b"{broken}\n"])
async def test_nothing_is_taken_for_vanished_when_part_of_the_file_could_not_be_read(
    catalogue: DictionaryCatalogue, tmp_path: Path, rest: bytes
) -> None:
    node = a_node(catalogue)
    await imported(node, a_file(tmp_path / "a.jsonl", a_portal_row("r1"), a_portal_row("r2")))
    path = tmp_path / "part.jsonl"
    path.write_bytes(json.dumps(a_portal_row("r1")).encode() + b"\n" + rest)
    report = await imported(node, path, complete=True)
    assert report.vanished == 0
    assert report.vanishing_skipped in ("file_cut", "rows_unnamed")


async def test_a_rejected_row_has_not_vanished(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    node = a_node(catalogue)
    await imported(node, a_file(tmp_path / "a.jsonl", a_portal_row("r1"), a_portal_row("r2")))
    nameless = a_file(tmp_path / "b.jsonl", a_portal_row("r1"), a_portal_row("r2", name=""))
    report = await imported(node, nameless, complete=True)
    assert (report.rejected, report.vanished) == (1, 0)


async def test_every_row_is_imported_or_rejected_with_line_reason_and_advice(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = a_file(
        tmp_path / "a.jsonl",
        a_portal_row("r1"),
        b"{broken",
        b"x" * (9 * 1024 * 1024),
        b'{"resource": {"id": "caf\xe9"}}',
        b"[1]",
        {"no": "resource"},
        a_portal_row(""),
        a_portal_row("r8", name=None),
        a_portal_row("r9", columns_name="none"),
        a_portal_row("r1", name="Again"),
        a_portal_row("r11"),
    )
    report = await imported(a_node(catalogue), path)
    found = rejects(report)
    assert [(each["line"], each["code"], each["identifier"], each["field"]) for each in found] == [
        (2, "line.malformed", None, None),
        (3, "line.too_long", None, None),
        (4, "line.undecodable", None, None),
        (5, "entry.not_a_record", None, None),
        (6, "entry.not_a_record", None, "resource"),
        (7, "entry.missing", None, "resource.id"),
        (8, "entry.missing", "r8", "resource.name"),
        (9, "entry.wrong_type", "r9", "resource.columns_name"),
        (10, "entry.duplicate", "r1", "identifier"),
    ]
    assert found[-1]["facts"] == {"first": 1}
    for each in found:
        assert all(each["reason"].values())
        assert all(each["advice"].values())
        assert len(each["raw"]) <= 2000
    assert (report.read, report.created, report.rejected) == (11, 2, 9)


async def test_a_file_that_was_cut_in_the_middle_says_so_at_its_last_row(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = a_file(tmp_path / "a.jsonl", a_portal_row("r1"), a_portal_row("r2"))
    path.write_bytes(path.read_bytes()[:-100])
    report = await imported(a_node(catalogue), path)
    assert [each["code"] for each in rejects(report)] == ["line.cut_short"]
    assert report.created == 1


async def test_a_dry_run_says_what_would_change_and_writes_nothing(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = a_file(tmp_path / "a.jsonl", a_portal_row("r1"), a_portal_row("r1"))
    report = await imported(a_node(catalogue), path, dry_run=True)
    assert (report.created, report.rejected, report.rejects_file) == (1, 1, None)
    assert await log_length(catalogue) == 0
    assert not (tmp_path / "imports").exists()


async def test_a_department_spelt_three_ways_is_one_and_the_merge_is_recorded(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    spellings = ("Department of Parks", "PARKS DEPT.", "Dept of Parks")
    path = a_file(
        tmp_path / "a.jsonl",
        *(a_portal_row(f"r{n}", attribution=s) for n, s in enumerate(spellings)),
    )
    report = await imported(a_node(catalogue), path)
    (parks,) = await rows_of(catalogue, "participant", "name", "aliases", "kind")
    assert (parks["name"], parks["kind"]) == ("Department of Parks", "DEPARTMENT")
    assert set(parks["aliases"]) == {"PARKS DEPT.", "Dept of Parks"}
    assert report.merged == 2
    made = [
        each.evidence
        for each in await catalogue.changes_since(0, 1000)
        if each.kind == "participant"
    ]
    assert "“PARKS DEPT.” is the same department" in made[-1]["reason"]
    rows = await rows_of(catalogue, "resource", "provider_as_given")
    assert {row["provider_as_given"] for row in rows} == set(spellings)


async def provider_names(catalogue: DictionaryCatalogue) -> dict[str, str]:
    names = {row["id"]: row["name"] for row in await rows_of(catalogue, "participant", "name")}
    return {
        row["provider_as_given"]: names[row["provider"]]
        for row in await rows_of(catalogue, "resource", "provider_as_given", "provider")
    }


async def test_a_merge_is_undone_on_request_and_stays_undone(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = a_file(
        tmp_path / "a.jsonl", a_portal_row("r1"), a_portal_row("r2", attribution="Parks Dept")
    )
    node = a_node(catalogue)
    await imported(node, path)
    assert set((await provider_names(catalogue)).values()) == {"Department of Parks"}
    await imported(node, path, keep_apart=("Parks Dept",))
    apart = {"Department of Parks": "Department of Parks", "Parks Dept": "Parks Dept"}
    assert await provider_names(catalogue) == apart
    again = await imported(node, path)
    assert (again.updated, again.merged) == (0, 0)
    assert await provider_names(catalogue) == apart


async def test_the_name_itself_can_be_kept_apart_from_its_aliases(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = a_file(
        tmp_path / "a.jsonl", a_portal_row("r1"), a_portal_row("r2", attribution="Parks Dept")
    )
    node = a_node(catalogue)
    await imported(node, path)
    await imported(node, path, keep_apart=("Department of Parks",))
    apart = {"Department of Parks": "Department of Parks", "Parks Dept": "Parks Dept"}
    assert await provider_names(catalogue) == apart
    assert (await imported(node, path)).updated == 0


async def test_a_merge_file_joins_what_the_rules_keep_apart(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = a_file(
        tmp_path / "a.jsonl", a_portal_row("r1"), a_portal_row("r2", attribution="Green Team")
    )
    merges = tmp_path / "merges.csv"
    merges.write_text("Green Team,Department of Parks\n")
    node = a_node(catalogue)
    await imported(node, path)
    report = await imported(node, path, merge_file=merges)
    assert (report.updated, report.merged) == (1, 1)
    assert (await provider_names(catalogue))["Green Team"] == "Department of Parks"
    assert (await imported(node, path)).updated == 0


async def test_merges_that_lead_in_a_circle_are_refused(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    merges = tmp_path / "merges.csv"
    merges.write_text("A,B\nB,A\n")
    with pytest.raises(MergesUnreadable):
        await imported(
            a_node(catalogue), a_file(tmp_path / "a.jsonl", a_portal_row()), merge_file=merges
        )


async def test_departments_of_two_cities_stay_two(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    other = a_portal_row("r2") | {"metadata": {"domain": "data.shelbyville.gov"}}
    await imported(a_node(catalogue), a_file(tmp_path / "a.jsonl", a_portal_row("r1"), other))
    assert len(await rows_of(catalogue, "participant")) == 2


async def test_a_row_without_provider_belongs_to_a_participant_that_says_so(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    named = a_portal_row(
        "r2",
        attribution=None,
        classification={
            "domain_metadata": [{"key": "Dataset-Information_Agency", "value": "Fire Department"}]
        },
    )
    path = a_file(tmp_path / "a.jsonl", a_portal_row("r1", attribution=None), named)
    await imported(a_node(catalogue), path)
    names = {row["name"] for row in await rows_of(catalogue, "participant", "name")}
    assert names == {f"{SOURCE}（未注明提供方 provider not stated）", "Fire Department"}


class Rival(DictionaryCatalogue):
    """Another import writes the same rows just before this one does."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path, self.raced = path, False

    async def apply(self, change_set: ChangeSet) -> Applied:
        if change_set.id.startswith("imp_") and not self.raced:
            self.raced = True
            await imported(a_node(self), self.path)
        return await super().apply(change_set)


async def test_two_imports_at_once_end_as_one_after_the_other(tmp_path: Path) -> None:
    mine = a_file(
        tmp_path / "mine.jsonl", a_portal_row("r1"), a_portal_row("r2", description="Mine")
    )
    theirs = a_file(
        tmp_path / "theirs.jsonl", a_portal_row("r2"), a_portal_row("r3", attribution="Parks Dept")
    )
    catalogue = Rival(theirs)
    report = await imported(a_node(catalogue), mine)
    assert (report.created, report.updated) == (1, 1)
    summaries = {
        row["source_record"]: row["summary"]
        for row in await rows_of(catalogue, "resource", "source_record", "summary")
    }
    assert summaries == {"r1": "All trees.", "r2": "Mine", "r3": "All trees."}
    (parks,) = await rows_of(catalogue, "participant", "aliases", "name")
    assert {parks["name"], *parks["aliases"]} == {"Parks Dept", "Department of Parks"}


class Full(DictionaryCatalogue):
    """Its disk is full after some change sets."""

    left = 3

    async def apply(self, change_set: ChangeSet) -> Applied:
        if self.left == 0:
            raise CatalogueFull(retry_after_seconds=60)
        self.left -= 1
        return await super().apply(change_set)


async def test_an_import_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    path = a_file(tmp_path / "a.jsonl", *(a_portal_row(f"r{n}") for n in range(1000)))
    catalogue = Full()
    with pytest.raises(CatalogueFull):
        await imported(a_node(catalogue), path)
    catalogue.left = 100
    report = await imported(a_node(catalogue), path)
    assert (report.created, report.unchanged) == (500, 500)


async def test_a_row_that_the_catalogue_refuses_does_not_take_its_batch_along(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    await catalogue.apply(a_change_set(a_participant("par_x", name="X", source="elsewhere")))
    head = "数据资源名称,信息资源代码,信息资源提供方\n"
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(head + "甲,C1,市教育局\n", "utf-8")
    second.write_text(head + "乙,C1,市水务局\n丙,C2,市水务局\n丁,C3,市水务局\n", "utf-8")
    node = a_node(catalogue)
    await imported(node, first)
    report = await imported(node, second)
    assert (report.created, report.rejected) == (2, 1)
    (refused,) = rejects(report)
    assert (refused["code"], refused["facts"]["refusal"]) == (
        "entry.refused",
        "catalogue.not_unique",
    )


async def test_the_batch_asks_one_question_for_all_its_rows(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = a_file(tmp_path / "a.jsonl", *(a_portal_row(f"r{n}") for n in range(300)))
    node = a_node(catalogue, FrozenClock())
    await imported(node, path)
    before = catalogue.selections
    await imported(node, path)
    # Pages of what is known: three and one; topics, participants and rules once.
    assert catalogue.selections - before == 4 + 3


async def test_members_of_a_list_that_are_no_objects_stand_among_the_rejects(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = tmp_path / "data.json"
    one = {"identifier": "a", "title": "Trees", "publisher": {"name": "Parks"}}
    path.write_text(json.dumps({"dataset": [None, one, "b", 7, [one]]}, indent=0), "utf-8")
    report = await imported(a_node(catalogue), path)
    assert (report.read, report.created, report.rejected) == (5, 1, 4)
    assert [(each["code"], each["raw"][:4]) for each in rejects(report)] == [
        ("entry.not_a_record", raw) for raw in ("null", '"b"', "7", "[\n{\n")
    ]


@pytest.mark.parametrize("code", REASONS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_advice_on_all_rows_of_a_reason_names_no_fact_of_one(code: str, language: str) -> None:
    assert "{" not in REASONS[code].in_general.to(language)
