"""The catalogue's contract on evidence, on what was applied, and on how things were before."""

import asyncio
from dataclasses import replace

import pytest

from dataspace import evidence
from dataspace.change import Amend, Applied, Recorded, Remove
from dataspace.ports import Catalogue
from dataspace.selection import (
    EVERYTHING,
    NOTHING,
    POSITION,
    Child,
    FacetOf,
    Lineage,
    Linked,
    Order,
    Page,
    Selection,
    Where,
)
from tests.build import BUREAU, a_chain, a_change_set, a_resource, a_topic, an_act, the_bureau
from tests.contract.answers import a_corpus, done, ids, plain

FIELDS = ("id", *evidence.HASHED, "leaf")


class EvidenceContract:
    async def test_every_change_makes_one_record_with_who_what_when_and_why(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1", grade=1)))
        act = an_act(actor="usr_1", action="resource.grade", reason="复核 reviewed")
        amend = Amend("resource", "res_1", {"grade": 2, "secret": False}, act)
        await catalogue.apply(a_change_set(amend, id_="chs_1"))
        (record,) = (await catalogue.changes_since(2, 10))[0:1]
        found = record.evidence
        assert {name: found[name] for name in ("sequence", "actor", "action", "at", "reason")} == {
            "sequence": 3,
            "actor": "usr_1",
            "action": "resource.grade",
            "at": act.at,
            "reason": "复核 reviewed",
        }
        assert (found["subject_kind"], found["subject"]) == ("RESOURCE", "res_1")
        assert (found["owner"], found["version"], found["change_set"]) == (BUREAU, 2, "chs_1")
        assert found["state"] == "PUBLISHED"
        assert found["changed"] == ["grade", "secret"]
        assert found["after"] == evidence.digest(record.values)
        assert found["before"] == evidence.digest(a_resource("res_1", grade=1).values)

    async def test_the_log_is_gap_free_chained_and_verified(self, catalogue: Catalogue) -> None:
        _, change_sets = a_corpus()
        for each in change_sets:
            await done(catalogue, each)
        log = await catalogue.changes_since(0, 10_000)
        assert [each.revision for each in log] == list(range(1, len(log) + 1))
        assert [each.evidence["sequence"] for each in log] == list(range(1, len(log) + 1))
        assert list(evidence.verify(log)) == []
        assert len(log) > 120

    async def test_a_change_that_leaves_the_row_as_it_is_is_recorded_all_the_same(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_change_set(the_bureau()))
        for values in ({}, {"name": the_bureau().values["name"]}, {"contact": None}):
            await catalogue.apply(a_change_set(Amend("participant", BUREAU, values, an_act())))
        log = await catalogue.changes_since(0, 10)
        assert [each.evidence["version"] for each in log] == [1, 2, 3, 4]
        assert [each.evidence.get("changed", []) for each in log[1:]] == [[], [], []]
        assert len({each.evidence["after"] for each in log}) == 1
        assert list(evidence.verify(log)) == []

    async def test_a_change_set_that_is_refused_leaves_no_record_and_no_gap(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_change_set(the_bureau()))
        for _ in range(3):
            wrong = a_change_set(a_resource("res_1"), a_resource("res_2", provider="par_absent"))
            assert not await done(catalogue, wrong)
        assert await catalogue.apply(a_change_set(a_resource("res_1"))) == Applied(2)
        assert list(evidence.verify(await catalogue.changes_since(0, 10))) == []

    async def test_sequences_are_gap_free_with_many_writers(self, catalogue: Catalogue) -> None:
        await catalogue.apply(a_change_set(the_bureau()))

        async def write(writer: int) -> None:
            for at in range(5):
                rows = [a_resource(f"res_{writer}_{at}_{n}") for n in range(2)]
                await catalogue.apply(a_change_set(*rows))

        await asyncio.gather(*(write(writer) for writer in range(8)))
        log = await catalogue.changes_since(0, 1000)
        assert [each.revision for each in log] == list(range(1, 82))
        assert list(evidence.verify(log)) == []
        for first, second in zip(log[1::2], log[2::2], strict=True):
            assert first.evidence["change_set"] == second.evidence["change_set"]

    async def test_a_removal_is_recorded_and_what_was_removed_stays_in_the_log(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1")))
        await catalogue.apply(a_change_set(Remove("resource", "res_1", an_act())))
        _, created, removed = await catalogue.changes_since(0, 10)
        assert removed.values is None
        assert (removed.kind, removed.id) == ("resource", "res_1")
        assert removed.evidence.get("after", "") == ""
        assert removed.evidence["before"] == created.evidence["after"]
        assert (removed.evidence["owner"], removed.evidence["state"]) == (BUREAU, "PUBLISHED")
        assert created.values == a_resource("res_1").values

    async def test_records_are_selected_as_any_other_row_is(self, catalogue: Catalogue) -> None:
        await catalogue.apply(a_chain())
        asked = Selection("evidence", FIELDS, order=Order("sequence"), total=True)
        found = await catalogue.select(asked)
        log = await catalogue.changes_since(0, 10)
        assert found.total == 4
        for row, recorded in zip(found.rows, log, strict=True):
            given = {name: value for name, value in row.items() if value is not None}
            given.pop("_position")
            expected = {k: v for k, v in recorded.evidence.items() if v not in ("", [], None)}
            assert given == expected
            assert evidence.leaf_hash(row) == row["leaf"]
        about = Selection("evidence", where=Where("subject", "eq", "res_water"))
        assert await ids(catalogue, about) == ["evi_000000000002"]
        counted = await catalogue.select(
            Selection("evidence", rows=False, facets=(FacetOf("subject_kind"),))
        )
        assert [count for _, count in counted.facets["subject_kind"]] == [1, 1, 1, 1]

    async def test_an_edited_record_would_be_named(self, catalogue: Catalogue) -> None:
        await catalogue.apply(a_chain())
        log = await catalogue.changes_since(0, 10)
        edited = {**log[1].evidence, "reason": "another"}
        log[1] = Recorded(2, log[1].kind, log[1].id, edited, log[1].values)
        assert [each.revision for each in evidence.verify(log)] == [2]


class ChangesSinceContract:
    async def test_changes_come_oldest_first_and_at_most_as_many_as_asked_for(
        self, catalogue: Catalogue
    ) -> None:
        assert await catalogue.changes_since(0, 10) == []
        await catalogue.apply(a_chain())
        whole = await catalogue.changes_since(0, 10)
        assert [each.id for each in whole] == [BUREAU, "res_water", "aut_credit", "prd_profile"]
        assert await catalogue.changes_since(0, 2) == whole[:2]
        assert await catalogue.changes_since(4, 10) == []
        assert await catalogue.changes_since(99, 10) == []

    async def test_a_reader_that_stops_anywhere_goes_on_from_there(
        self, catalogue: Catalogue
    ) -> None:
        _, change_sets = a_corpus(rows=30)
        for each in change_sets:
            await done(catalogue, each)
        whole = await catalogue.changes_since(0, 10_000)
        for limit in (1, 7, 50):
            resumed: list[Recorded] = []
            while some := await catalogue.changes_since(len(resumed), limit):
                resumed += some
            assert resumed == whole

    async def test_values_are_fields_edges_and_parts_as_they_are_kept(
        self, catalogue: Catalogue
    ) -> None:
        created = a_resource(
            "res_1", topics=["top_2", "top_1", "top_2"], labels=["b", "a"], items=[{"name": "x"}]
        )
        await catalogue.apply(
            a_change_set(the_bureau(), a_topic("top_1"), a_topic("top_2"), created)
        )
        (recorded,) = await catalogue.changes_since(3, 1)
        assert recorded.values == {**created.values, "topics": ["top_1", "top_2"]}


class HistoryContract:
    async def test_the_state_after_any_revision_can_be_asked(self, catalogue: Catalogue) -> None:
        await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1", name="one")))
        amend = Amend("resource", "res_1", {"name": "two", "labels": ["x"]}, an_act())
        await catalogue.apply(a_change_set(amend))
        await catalogue.apply(a_change_set(Remove("resource", "res_1", an_act())))
        await catalogue.apply(a_change_set(a_resource("res_1", name="three")))
        names = []
        for at in (0, 1, 2, 3, 4, 5, 99, None):
            found = await catalogue.select(Selection("resource", ("name",), total=True, at=at))
            assert found.total == len(found.rows)
            names.append([row["name"] for row in found.rows])
        assert names == [[], [], ["one"], ["two"], [], ["three"], ["three"], ["three"]]

    async def test_a_past_state_can_be_asked_of_what_is_still_so_today(
        self, catalogue: Catalogue
    ) -> None:
        rows = [a_resource(f"res_{at}", name="then", topics=["top_1"]) for at in range(4)]
        topics = (a_topic("top_1"), a_topic("top_2", code="now"))
        applied = await catalogue.apply(a_change_set(the_bureau(), *topics, *rows))
        await catalogue.apply(
            a_change_set(
                Amend("resource", "res_0", {"name": "now"}, an_act()),
                Amend("resource", "res_1", {"topics": ["top_2"]}, an_act()),
                Remove("resource", "res_2", an_act()),
            )
        )
        past = Selection("resource", ("name",), at=applied.revision, total=True)
        for still, expected in (
            (None, ["res_0", "res_1", "res_2", "res_3"]),
            (EVERYTHING, ["res_0", "res_1", "res_3"]),
            (Where("name", "eq", "now"), ["res_0"]),
            (Where("topics", "has", "top_2"), ["res_1"]),
            (Linked("topics", Where("code", "eq", "now")), ["res_1"]),
            (NOTHING, []),
        ):
            found = await catalogue.select(replace(past, still=still))
            assert [row[POSITION][1] for row in found.rows] == expected
            assert {row["name"] for row in found.rows} <= {"then"}
            assert found.total == len(expected)

    @pytest.mark.slow  # random sequences ask for earlier states too
    async def test_an_earlier_state_is_answered_as_it_was_answered_then(
        self, catalogue: Catalogue
    ) -> None:
        dice, change_sets = a_corpus(seed=11, rows=60)
        asked = [dice.selection(kind) for kind in ("resource", "product", "participant") * 4]
        asked.append(_everything())
        answers = {}
        for at, each in enumerate(change_sets):
            await done(catalogue, each)
            if at % 17 == 0:
                revision = (await catalogue.changes_since(0, 10_000))[-1].revision
                answers[revision] = [plain(await catalogue.select(every)) for every in asked]
        for revision, before in answers.items():
            again = [Selection(**_fields(every), at=revision) for every in asked]
            assert [plain(await catalogue.select(every)) for every in again] == before, revision


def _fields(selection: Selection) -> dict[str, object]:
    names = (name for name in Selection.__dataclass_fields__ if name != "at")
    return {name: getattr(selection, name) for name in names}


def _everything() -> Selection:
    visible = dict.fromkeys(("resource", "participant", "authorisation"), EVERYTHING)
    return Selection(
        "product",
        ("id", "version", "name"),
        page=Page(100),
        total=True,
        facets=(FacetOf("owner"), FacetOf("labels")),
        children=(Child("r", "resources", Selection("resource", ("name",), total=True)),),
        lineages=(Lineage("up", True, visible),),
    )
