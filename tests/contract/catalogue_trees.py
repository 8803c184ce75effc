"""The catalogue's contract on what hangs below a row: children, parts, lineage."""

import itertools
from dataclasses import replace

import pytest

from dataspace.change import Amend
from dataspace.errors import SelectionTooLarge
from dataspace.ports import Catalogue
from dataspace.selection import (
    DEPTH_MAX,
    EVERYTHING,
    NOTHING,
    POSITION,
    Child,
    Either,
    FacetOf,
    Found,
    Lineage,
    Linked,
    Not,
    Order,
    Page,
    PartChild,
    Row,
    Selection,
    Where,
)
from tests.build import (
    BUREAU,
    a_chain,
    a_change_set,
    a_participant,
    a_product,
    a_resource,
    a_topic,
    an_act,
    the_bureau,
)
from tests.contract.answers import plain

RESOURCES = Child("resources", "resources", Selection("resource", ("id", "name")))
VISIBLE = dict.fromkeys(("resource", "participant", "authorisation", "product"), EVERYTHING)


def below(selection: Selection) -> Selection:
    """A department with its resources, as the selection says."""
    return Selection("participant", where=Where("id", "eq", BUREAU), children=(
        Child("below", "resources", selection),
    ))  # fmt: skip


async def only(catalogue: Catalogue, selection: Selection) -> Row:
    (row,) = (await catalogue.select(selection)).rows
    return row


class ChildrenContract:
    async def test_an_empty_relation_is_an_empty_list_and_a_missing_one_is_none(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_change_set(the_bureau()))
        parent = Child("parent", "parent", Selection("participant", ("name",)))
        row = await only(catalogue, Selection("participant", (), children=(RESOURCES, parent)))
        assert row["resources"] == Found()
        assert row["parent"] is None

    async def test_a_child_is_at_the_other_end_of_its_way_in_both_directions(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_chain())
        provider = Child("by", "provider", Selection("participant", ("id",), children=(RESOURCES,)))
        used = Child("used", "products", Selection("product", ("id",)))
        row = await only(catalogue, Selection("resource", ("id",), children=(provider, used)))
        assert row["by"]["id"] == BUREAU
        assert [each["id"] for each in row["by"]["resources"].rows] == ["res_water"]
        assert [each["id"] for each in row["used"].rows] == ["prd_profile"]

    async def test_the_same_way_can_be_asked_twice_under_two_keys(
        self, catalogue: Catalogue
    ) -> None:
        rows = [a_resource(f"res_{at}", grade=at) for at in range(4)]
        await catalogue.apply(a_change_set(the_bureau(), *rows))
        low = Child("low", "resources", Selection("resource", where=Where("grade", "lt", 2)))
        high = Child("high", "resources", Selection("resource", where=Where("grade", "gte", 2)))
        row = await only(catalogue, Selection("participant", children=(low, high)))
        assert [each[POSITION][1] for each in row["low"].rows] == ["res_0", "res_1"]
        assert [each[POSITION][1] for each in row["high"].rows] == ["res_2", "res_3"]

    async def test_every_parent_has_its_own_page_total_and_facets(
        self, catalogue: Catalogue
    ) -> None:
        departments = [a_participant(f"par_{at}") for at in range(3)]
        resources = [
            a_resource(f"res_{at}_{n}", provider=f"par_{at}", grade=n % 2, name=f"n{9 - n}")
            for at in range(3)
            for n in range(at * 2)
        ]
        await catalogue.apply(a_change_set(the_bureau(), *departments, *resources))
        child = Selection(
            "resource", ("name",), order=Order("name"), page=Page(3), total=True,
            facets=(FacetOf("grade"),),
        )  # fmt: skip
        asked = Selection("participant", children=(replace(RESOURCES, selection=child),))
        rows = (await catalogue.select(asked)).rows
        found = [row["resources"] for row in rows]
        assert [each.total for each in found] == [0, 2, 4, 0]
        assert [each.more_after for each in found] == [False, False, True, False]
        assert [[row["name"] for row in each.rows] for each in found] == [
            [], ["n8", "n9"], ["n6", "n7", "n8"], [],
        ]  # fmt: skip
        assert [plain(each)["facets"]["grade"] for each in found] == [
            [], [(0, 1), (1, 1)], [(0, 2), (1, 2)], [],
        ]  # fmt: skip

    async def test_what_stands_beside_is_answered_too_and_hangs_on_no_row(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_chain())
        product = Selection(
            "product", ("id", "name"), where=Where("state", "eq", "LISTED"), total=True,
            children=(Child("resources", "resources", Selection("resource", ("id",))),),
        )  # fmt: skip
        beside = (product, Selection("participant", rows=False, total=True), Selection("topic"))
        asked = Selection("resource", ("name",), total=True, beside=beside)
        for each in (asked, replace(asked, rows=False), replace(asked, where=NOTHING)):
            found = await catalogue.select(each)
            assert found.total == (0 if each.where == NOTHING else 1)
            assert len(found.rows) == (1 if each.rows and found.total else 0)
            listed, people, topics = found.beside
            assert [row["id"] for row in listed.rows] == ["prd_profile"]
            assert listed.rows[0]["resources"].rows[0]["id"] == "res_water"
            assert (listed.total, people.total, people.rows, topics.rows) == (1, 1, [], [])
        assert (await catalogue.select(replace(asked, beside=()))).beside == []

    async def test_what_stands_beside_the_past_is_as_it_is_today(
        self, catalogue: Catalogue
    ) -> None:
        revision = (await catalogue.apply(a_chain())).revision
        amend = Amend("participant", BUREAU, {"name": "New"}, an_act())
        await catalogue.apply(a_change_set(amend))
        now = Selection("participant", ("name",))
        found = await catalogue.select(replace(now, at=revision, beside=(now,)))
        assert found.rows[0]["name"] == "数据局 Data Bureau"
        assert found.beside[0].rows[0]["name"] == "New"

    async def test_a_childs_pages_follow_its_own_positions(self, catalogue: Catalogue) -> None:
        rows = [a_resource(f"res_{at}", grade=at % 2) for at in range(7)]
        await catalogue.apply(a_change_set(the_bureau(), *rows))
        child = Selection("resource", ("id",), order=Order("created_at", descending=True))
        seen: list[str] = []
        position = None
        for _ in range(4):
            page = replace(child, page=Page(2, position))
            found = (await only(catalogue, below(page)))["below"]
            seen += [each["id"] for each in found.rows]
            position = found.rows[-1][POSITION]
        assert seen == [f"res_{at}" for at in (6, 5, 4, 3, 2, 1, 0)]
        assert found.more_after is False
        last = (await only(catalogue, below(replace(child, page=Page(3, backwards=True)))))["below"]
        assert [each["id"] for each in last.rows] == ["res_2", "res_1", "res_0"]
        assert last.more_before is True

    async def test_a_child_can_be_searched_and_counted_without_rows(
        self, catalogue: Catalogue
    ) -> None:
        rows = [a_resource("res_1", name="用水量"), a_resource("res_2", name="用电量")]
        await catalogue.apply(a_change_set(the_bureau(), *rows))
        searched = await only(catalogue, below(Selection("resource", ("id",), search="水")))
        assert [each["id"] for each in searched["below"].rows] == ["res_1"]
        counted = Selection("resource", search="量", rows=False, total=True)
        assert (await only(catalogue, below(counted)))["below"] == Found(total=2)

    async def test_a_to_one_end_that_does_not_fulfil_the_condition_is_none(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1")))
        hidden = Selection("participant", ("id",), where=Not(Where("id", "eq", BUREAU)))
        asked = Selection("resource", children=(Child("by", "provider", hidden),))
        assert (await only(catalogue, asked))["by"] is None

    async def test_children_nest_to_the_depth_that_is_allowed(self, catalogue: Catalogue) -> None:
        topics = [
            a_topic("top_0"),
            *(a_topic(f"top_{n}", broader=f"top_{n - 1}") for n in range(1, 9)),
        ]
        await catalogue.apply(a_change_set(*topics))
        selection = Selection("topic", ("id",))
        for depth in range(1, DEPTH_MAX + 1):
            leaf = replace(selection, where=Where("id", "eq", f"top_{depth - 1}"))
            row = await only(catalogue, leaf)
            for level in range(depth):
                assert row["id"] == f"top_{depth - 1 - level}"
                row = row.get("up")
            selection = Selection("topic", ("id",), children=(Child("up", "broader", selection),))
        with pytest.raises(SelectionTooLarge):
            await catalogue.select(selection)

    async def test_everything_can_be_asked_at_every_depth_at_once(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_chain())
        selection = Selection("resource", ("id",))
        for depth in range(1, DEPTH_MAX):
            kind, way = ("participant", "resources") if depth % 2 else ("resource", "provider")
            selection = Selection(
                kind,
                ("id", "name"),
                where=Either((Linked("products", EVERYTHING), Not(Where("name", "lt", "a")))),
                order=Order("created_at", descending=True),
                total=True,
                facets=(FacetOf("format" if kind == "resource" else "kind"),),
                children=(Child("next", way, selection),),
                lineages=(Lineage("up", True, VISIBLE), Lineage("down", False, VISIBLE)),
            )
        found = await catalogue.select(replace(selection, search="data"))
        row: Row = found.rows[0]
        for level in range(DEPTH_MAX - 1):
            below_it = row["next"]
            row = below_it.rows[0] if isinstance(below_it, Found) else below_it
            assert row["id"] == ("res_water" if level % 2 == 0 else BUREAU)

    async def test_a_page_that_is_too_large_is_refused_at_every_depth(
        self, catalogue: Catalogue
    ) -> None:
        with pytest.raises(SelectionTooLarge):
            await catalogue.select(below(Selection("resource", page=Page(101))))

    async def test_parts_come_in_their_own_order_with_the_fields_asked_for(
        self, catalogue: Catalogue
    ) -> None:
        items = [{"name": name, "data_type": "TEXT"} for name in ("z", "水", "a", "m")]
        items[1]["length"] = 4
        await catalogue.apply(
            a_change_set(the_bureau(), a_resource("res_1", items=items), a_resource("res_2"))
        )
        asked = Selection(
            "resource", ("id",), parts=(PartChild("i", "items", ("name", "length"), 3),)
        )
        first, second = (await catalogue.select(asked)).rows
        assert first["i"] == [
            {"name": "z", "length": None},
            {"name": "水", "length": 4},
            {"name": "a", "length": None},
        ]
        assert second["i"] == []


class LineageContract:
    async def test_lineage_upwards_is_what_a_row_was_made_from_nearest_first(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_chain())
        links = await _links(catalogue, "product", "prd_profile", upwards=True)
        assert [_brief(each) for each in links] == [
            (1, "authorisations", "prd_profile", "aut_credit"),
            (1, "resources", "prd_profile", "res_water"),
            (2, "provider", "res_water", BUREAU),
            (2, "resources", "aut_credit", "res_water"),
        ]
        assert links[1]["target"] == {
            "id": "res_water", "kind": "resource",
            "name": "用水量 Water consumption", "state": "PUBLISHED",
        }  # fmt: skip
        assert links[0]["target"]["name"] == "信贷评估 Credit assessment"
        assert links[2]["target"]["state"] is None

    async def test_lineage_downwards_is_what_was_made_from_a_row(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_chain())
        links = await _links(catalogue, "participant", BUREAU, upwards=False)
        assert [_brief(each) for each in links] == [
            (1, "provider", "res_water", BUREAU),
            (2, "resources", "aut_credit", "res_water"),
            (2, "resources", "prd_profile", "res_water"),
            (3, "authorisations", "prd_profile", "aut_credit"),
        ]

    async def test_lineage_does_not_walk_through_what_may_not_be_seen(
        self, catalogue: Catalogue
    ) -> None:
        rows = [
            a_resource("res_source"),
            a_resource("res_hidden", state="DRAFT", derived_from=["res_source"]),
            a_resource("res_seen", derived_from=["res_hidden"]),
        ]
        await catalogue.apply(a_change_set(the_bureau(), *rows))
        visible = {"resource": Where("state", "eq", "PUBLISHED")}
        for start, upwards in (("res_seen", True), ("res_source", False)):
            hidden = await _links(catalogue, "resource", start, upwards=upwards, visible=visible)
            assert hidden == []
            seen = await _links(catalogue, "resource", start, upwards=upwards)
            assert {"res_hidden"} < {each["source"]["id"] for each in seen}

    async def test_lineage_ends_in_a_cycle_and_names_every_link_once(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(
            a_change_set(
                the_bureau(),
                a_product("prd_a", source_products=["prd_b"]),
                a_product("prd_b", source_products=["prd_c", "prd_b"]),
                a_product("prd_c", source_products=["prd_a"]),
            )
        )
        links = await _links(catalogue, "product", "prd_a", upwards=True, depth_max=12)
        assert [_brief(each) for each in links] == [
            (1, "source_products", "prd_a", "prd_b"),
            (2, "source_products", "prd_b", "prd_b"),
            (2, "source_products", "prd_b", "prd_c"),
            (3, "source_products", "prd_c", "prd_a"),
        ]

    async def test_lineage_goes_as_deep_and_as_far_as_it_is_told(
        self, catalogue: Catalogue
    ) -> None:
        rows = [
            a_resource("res_0"),
            *(a_resource(f"res_{n}", derived_from=[f"res_{n - 1}"]) for n in range(1, 8)),
        ]
        await catalogue.apply(a_change_set(the_bureau(), *rows))
        visible = {"resource": EVERYTHING}
        links = await _links(catalogue, "resource", "res_7", visible=visible, depth_max=3)
        assert [each["depth"] for each in links] == [1, 2, 3]
        links = await _links(catalogue, "resource", "res_7", visible=visible, first=2)
        assert [each["target"]["id"] for each in links] == ["res_6", "res_5"]

    async def test_lineage_of_many_diamonds_is_answered_in_time(self, catalogue: Catalogue) -> None:
        layers = [[f"res_{layer}_{n}" for n in range(5)] for layer in range(12)]
        rows = [a_resource(each) for each in layers[0]]
        for above, layer in itertools.pairwise(layers):
            rows += [a_resource(each, derived_from=above) for each in layer]
        await catalogue.apply(a_change_set(the_bureau(), *rows))
        visible = {"resource": EVERYTHING}
        links = await _links(
            catalogue, "resource", "res_11_0", visible=visible, depth_max=12, first=1000
        )
        assert len(links) == 5 + 10 * 25

    async def test_a_row_without_lineage_has_no_links(self, catalogue: Catalogue) -> None:
        await catalogue.apply(a_change_set(the_bureau()))
        assert await _links(catalogue, "participant", BUREAU, upwards=True) == []

    async def test_lineage_follows_a_change(self, catalogue: Catalogue) -> None:
        await catalogue.apply(a_chain())
        amend = Amend("product", "prd_profile", {"authorisations": None}, an_act())
        await catalogue.apply(a_change_set(amend))
        links = await _links(catalogue, "product", "prd_profile", upwards=True)
        assert [each["edge"] for each in links] == ["resources", "provider"]


async def _links(
    catalogue: Catalogue, kind: str, id_: str, *, upwards: bool = True, **more: object
) -> list[Row]:
    lineage = Lineage("links", upwards, **{"visible": VISIBLE, **more})  # type: ignore[arg-type]
    asked = Selection(kind, where=Where("id", "eq", id_), lineages=(lineage,))
    links: list[Row] = (await only(catalogue, asked))["links"]
    return links


def _brief(link: Row) -> tuple[int, str, str, str]:
    return link["depth"], link["edge"], link["source"]["id"], link["target"]["id"]
