"""The catalogue's contract on orders and pages."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataspace.change import Amend, Remove
from dataspace.errors import SelectionTooLarge
from dataspace.ports import Catalogue
from dataspace.relations import RELATIONS
from dataspace.selection import POSITION, FacetOf, Found, Lineage, Order, Page, Selection, Where
from tests.build import a_change_set, a_resource, an_act, the_bureau
from tests.contract.answers import ids, pages

NAMES = ("b", None, "A", "水", "\uffee", None, "b", "é", "\U00020000", "a", "B", "电")
ASCENDING = ["A", "B", "a", "b", "b", "é", "水", "电", "\uffee", "\U00020000", None, None]
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
SORTABLE = [each.name for each in RELATIONS.by_name["resource"].fields if each.sort]


async def fill(catalogue: Catalogue) -> None:
    """Twelve resources `res_00` to `res_11` with NAMES as names and many equal numbers."""
    rows = [
        a_resource(f"res_{at:02d}", name=name, record_count=at % 3 or None, item_count=0)
        for at, name in enumerate(NAMES)
    ]
    await catalogue.apply(a_change_set(the_bureau(), *rows))


def by(field: str, *, descending: bool = False, size: int = 100) -> Selection:
    return Selection(
        "resource", ("id", "name"), order=Order(field, descending=descending), page=Page(size)
    )


class PagesContract:
    @pytest.fixture
    async def pages_filled(self, catalogue: Catalogue) -> Catalogue:
        await fill(catalogue)
        return catalogue

    async def test_rows_come_in_the_order_of_ids_unless_told(self, catalogue: Catalogue) -> None:
        await fill(catalogue)
        assert await ids(catalogue, Selection("resource", page=Page(3))) == [
            "res_00",
            "res_01",
            "res_02",
        ]

    async def test_texts_are_ordered_by_code_points_and_missing_ones_are_last(
        self, catalogue: Catalogue
    ) -> None:
        await fill(catalogue)
        found = await catalogue.select(by("name"))
        assert [row["name"] for row in found.rows] == ASCENDING

    async def test_a_descending_order_is_the_ascending_one_reversed(
        self, catalogue: Catalogue
    ) -> None:
        await fill(catalogue)
        for field in ("id", *SORTABLE):
            ascending = await ids(catalogue, by(field))
            assert await ids(catalogue, by(field, descending=True)) == ascending[::-1], field

    async def test_equal_values_are_ordered_by_id(self, catalogue: Catalogue) -> None:
        await fill(catalogue)
        assert await ids(catalogue, by("item_count")) == [f"res_{at:02d}" for at in range(12)]

    async def test_numbers_are_ordered_as_numbers(self, catalogue: Catalogue) -> None:
        counts = {"res_a": 10, "res_b": 9, "res_c": -1, "res_d": 2**53 - 1, "res_e": 0}
        rows = [a_resource(each, record_count=count) for each, count in counts.items()]
        await catalogue.apply(a_change_set(the_bureau(), *rows))
        found = await ids(catalogue, by("record_count"))
        assert found == ["res_c", "res_e", "res_b", "res_a", "res_d"]

    @pytest.mark.parametrize("field", ["id", "name", "record_count", "item_count"])
    async def test_pages_joined_are_the_whole_list_both_ways(
        self, catalogue: Catalogue, field: str
    ) -> None:
        await fill(catalogue)
        for descending in (False, True):
            for size in (1, 5, 12):
                order = by(field, descending=descending, size=size)
                whole = await ids(catalogue, replace(order, page=Page(100)))
                forth = [_ids(each) async for each in pages(catalogue, order)]
                back = [_ids(each) async for each in pages(catalogue, order, backwards=True)]
                assert [each for page in forth for each in page] == whole
                assert [each for page in reversed(back) for each in page] == whole

    @SHARED
    @given(st.data())
    async def test_any_page_is_the_slice_of_the_whole_list_beside_its_position(
        self, pages_filled: Catalogue, data: st.DataObject
    ) -> None:
        descending, backwards = data.draw(st.booleans()), data.draw(st.booleans())
        order = by(data.draw(st.sampled_from(["id", *SORTABLE])), descending=descending)
        whole = (await pages_filled.select(order)).rows
        at = data.draw(st.integers(0, len(whole) - 1))
        size = data.draw(st.integers(0, 13))
        asked = replace(order, page=Page(size, whole[at][POSITION], backwards))
        first, last = (max(0, at - size), at) if backwards else (at + 1, at + 1 + size)
        found = await pages_filled.select(asked)
        assert found.rows == whole[first:last]
        assert found.more_before == (first > 0)
        assert found.more_after == (last < len(whole))

    async def test_pages_say_on_which_side_there_is_more(self, catalogue: Catalogue) -> None:
        await fill(catalogue)
        more = [
            (each.more_before, each.more_after) async for each in pages(catalogue, by("id", size=4))
        ]
        assert more == [(False, True), (True, True), (True, False)]

    async def test_the_last_rows_are_taken_from_the_end_in_the_stated_order(
        self, catalogue: Catalogue
    ) -> None:
        await fill(catalogue)
        found = await catalogue.select(replace(by("id"), page=Page(2, backwards=True)))
        assert _ids(found) == ["res_10", "res_11"]
        assert (found.more_before, found.more_after) == (True, False)

    async def test_a_page_of_no_rows_says_whether_there_are_any(self, catalogue: Catalogue) -> None:
        assert await catalogue.select(by("id", size=0)) == Found()
        await fill(catalogue)
        assert await catalogue.select(by("id", size=0)) == Found(more_after=True)

    async def test_a_position_survives_the_change_of_its_row(self, catalogue: Catalogue) -> None:
        await fill(catalogue)
        position = (await catalogue.select(by("name", size=3))).rows[-1][POSITION]
        rest = (await ids(catalogue, by("name")))[3:]
        moved = Amend("resource", position[1], {"name": "zzz"}, an_act())
        await catalogue.apply(a_change_set(moved))
        after = await ids(catalogue, replace(by("name"), page=Page(100, position)))
        assert [each for each in after if each != position[1]] == rest

    async def test_a_position_survives_the_removal_of_its_row(self, catalogue: Catalogue) -> None:
        await fill(catalogue)
        whole = await ids(catalogue, by("record_count"))
        for at in (2, 9, 11):
            page = await catalogue.select(by("record_count", size=at + 1))
            position = page.rows[-1][POSITION]
            await catalogue.apply(a_change_set(Remove("resource", position[1], an_act())))
            after = await ids(catalogue, replace(by("record_count"), page=Page(100, position)))
            assert after == whole[at + 1 :]
            await catalogue.apply(a_change_set(a_resource(position[1], record_count=position[0])))

    async def test_positions_hold_under_conditions_and_totals_count_all(
        self, catalogue: Catalogue
    ) -> None:
        await fill(catalogue)
        first = replace(by("id", size=2), where=Where("record_count", "eq", 1), total=True)
        found = [each async for each in pages(catalogue, first)]
        assert [_ids(each) for each in found] == [["res_01", "res_04"], ["res_07", "res_10"]]
        assert [each.total for each in found] == [4, 4]

    async def test_nothing_that_is_too_large_is_cut_short(self, catalogue: Catalogue) -> None:
        for too_large in (
            Selection("resource", page=Page(101)),
            Selection("resource", page=Page(101), rows=False),
            Selection("resource", facets=(FacetOf("state", 101),)),
            Selection("resource", lineages=(Lineage("up", True, {}, depth_max=13),)),
        ):
            with pytest.raises(SelectionTooLarge):
                await catalogue.select(too_large)
        assert (await catalogue.select(Selection("resource", page=Page(100)))).rows == []


def _ids(found: Found) -> list[str]:
    return [row[POSITION][1] for row in found.rows]
