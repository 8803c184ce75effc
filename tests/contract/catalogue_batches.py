"""The catalogue's contract on guards, versions, all or nothing, and many writers at once."""

import asyncio
from dataclasses import replace

import pytest

from dataspace.change import Amend, Applied, Remove
from dataspace.errors import (
    ChangeSetDiffers,
    MovedOn,
    ReferenceMissing,
)
from dataspace.ports import Catalogue
from dataspace.selection import (
    Condition,
    FacetOf,
    Linked,
    Page,
    Selection,
    Where,
)
from tests.build import (
    BUREAU,
    a_chain,
    a_change_set,
    a_participant,
    a_resource,
    an_act,
    the_bureau,
)
from tests.contract.catalogue_shared import take_units
from tests.contract.reading import read, refused, state


class BatchesContract:
    async def test_a_version_counts_the_changes_of_a_row(self, catalogue: Catalogue) -> None:
        await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1")))
        for version in (1, 2, 3):
            row = await read(catalogue, "res_1", "version")
            assert row["version"] == version
            change = Amend("resource", "res_1", {"grade": 1}, an_act(), version=version)
            await catalogue.apply(a_change_set(change))

    async def test_a_version_that_is_not_the_rows_is_refused(self, catalogue: Catalogue) -> None:
        await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1")))
        for version in (0, 2):
            for change in (
                Amend("resource", "res_1", {"grade": 1}, an_act(), version=version),
                Remove("resource", "res_1", an_act(), version=version),
            ):
                await refused(catalogue, MovedOn, change)

    @pytest.mark.parametrize(
        ("guard", "holds"),
        [
            (Where("state", "eq", "PUBLISHED"), True),
            (Where("state", "eq", "DRAFT"), False),
            (Where("grade", "gte", 3), False),
            (Linked("provider", Where("kind", "eq", "DEPARTMENT")), True),
            (Linked("products", Where("state", "eq", "LISTED")), False),
        ],
    )
    async def test_a_guard_decides_on_the_row_as_it_stands(
        self, catalogue: Catalogue, guard: Condition, holds: bool
    ) -> None:
        await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1", grade=2)))
        amend = Amend("resource", "res_1", {"grade": 1}, an_act(), guard)
        remove = Remove("resource", "res_1", an_act(), guard)
        for change in (amend, remove):
            if holds:
                await catalogue.apply(a_change_set(change))
            else:
                await refused(catalogue, MovedOn, change)

    async def test_earlier_changes_of_the_batch_count_for_a_guard(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1", grade=1)))
        first = Amend("resource", "res_1", {"grade": 2}, an_act(), Where("grade", "eq", 1))
        second = Amend("resource", "res_1", {"grade": 3}, an_act(), Where("grade", "eq", 2), 2)
        await catalogue.apply(a_change_set(first, second))
        row = await read(catalogue, "res_1", "grade", "version")
        assert (row["grade"], row["version"]) == (3, 3)
        await refused(catalogue, MovedOn, first, second)

    async def test_a_batch_is_applied_whole_or_not_at_all(self, catalogue: Catalogue) -> None:
        await catalogue.apply(a_chain())
        await refused(
            catalogue,
            MovedOn,
            a_resource("res_new", labels=["new"], name="新"),
            Amend("resource", "res_water", {"name": "改", "labels": ["changed"]}, an_act()),
            Remove("product", "prd_profile", an_act()),
            Amend("participant", BUREAU, {"name": "x"}, an_act(), Where("name", "eq", "y")),
        )
        await catalogue.apply(a_change_set(Remove("product", "prd_profile", an_act())))

    async def test_the_same_change_set_is_applied_once(self, catalogue: Catalogue) -> None:
        first = a_change_set(the_bureau(), a_resource("res_1"), id_="once")
        assert await catalogue.apply(first) == Applied(2)
        other = a_change_set(a_resource("res_2"))
        assert await catalogue.apply(other) == Applied(3)
        before = await state(catalogue)
        assert await catalogue.apply(first) == Applied(2, repeated=True)
        with pytest.raises(ChangeSetDiffers):
            await catalogue.apply(a_change_set(a_resource("res_3"), id_="once"))
        assert await state(catalogue) == before

    async def test_what_was_asked_for_decides_where_it_is_said(self, catalogue: Catalogue) -> None:
        first, again, other = (
            replace(a_change_set(row, id_="once"), asked=asked)
            for row, asked in (
                (the_bureau(), "the bureau"),
                (a_participant(BUREAU, name="改"), "the bureau"),
                (the_bureau(), "another"),
            )
        )
        assert await catalogue.apply(first) == Applied(1)
        assert await catalogue.apply(again) == Applied(1, repeated=True)
        with pytest.raises(ChangeSetDiffers):
            await catalogue.apply(other)

    async def test_a_change_set_that_failed_can_be_sent_again(self, catalogue: Catalogue) -> None:
        change_set = a_change_set(a_resource("res_1"), id_="again")
        with pytest.raises(ReferenceMissing):
            await catalogue.apply(change_set)
        await catalogue.apply(a_change_set(the_bureau()))
        assert await catalogue.apply(change_set) == Applied(2)

    async def test_a_large_batch_is_applied_at_once(self, catalogue: Catalogue) -> None:
        rows = [a_resource(f"res_{at:05d}", labels=[f"l{at % 7}"]) for at in range(1500)]
        applied = await catalogue.apply(a_change_set(the_bureau(), *rows))
        assert applied == Applied(1501)
        last = Page(2, backwards=True)
        asked = Selection("resource", ("id",), page=last, total=True, facets=(FacetOf("labels"),))
        found = await catalogue.select(asked)
        assert [row["id"] for row in found.rows] == ["res_01498", "res_01499"]
        assert found.total == 1500
        counts = [(f"l{at}", 215 if at < 2 else 214) for at in range(7)]
        assert [tuple(each) for each in found.facets["labels"]] == counts

    async def test_of_many_writers_on_one_guard_exactly_as_many_succeed_as_it_allows(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1", record_count=10)))

        taken = await asyncio.gather(*(take_units(catalogue, 0) for _ in range(16)))
        assert sum(taken) == 10
        row = await read(catalogue, "res_1", "record_count", "version")
        assert (row["record_count"], row["version"]) == (0, 11)

    async def test_of_many_writers_that_saw_the_same_version_one_succeeds(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1")))
        changes = [
            Amend("resource", "res_1", {"grade": at}, an_act(), version=1) for at in range(16)
        ]
        outcomes = await asyncio.gather(
            *(catalogue.apply(a_change_set(each)) for each in changes), return_exceptions=True
        )
        assert sum(isinstance(each, Applied) for each in outcomes) == 1
        assert sum(isinstance(each, MovedOn) for each in outcomes) == 15

    async def test_the_same_change_set_sent_many_times_at_once_is_applied_once(
        self, catalogue: Catalogue
    ) -> None:
        change_set = a_change_set(the_bureau())
        outcomes = await asyncio.gather(*(catalogue.apply(change_set) for _ in range(16)))
        assert sorted(each.repeated for each in outcomes) == [False] + [True] * 15
        assert {each.revision for each in outcomes} == {1}

    async def test_readers_never_see_half_a_batch(self, catalogue: Catalogue) -> None:
        await catalogue.apply(a_change_set(the_bureau()))
        seen = set()

        async def watch() -> None:
            asked = Selection("resource", rows=False, total=True, facets=(FacetOf("grade"),))
            for _ in range(20):
                found = await catalogue.select(asked)
                seen.add((found.total or 0) % 5)
                await asyncio.sleep(0)

        async def write() -> None:
            for batch in range(10):
                rows = [a_resource(f"res_{batch}_{n}", grade=n) for n in range(5)]
                await catalogue.apply(a_change_set(*rows))

        await asyncio.gather(watch(), write(), watch())
        assert seen == {0}

    async def test_an_open_catalogue_is_ready(self, catalogue: Catalogue) -> None:
        await catalogue.ready()
