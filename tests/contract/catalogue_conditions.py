"""The catalogue's contract on conditions: every operator, with and without a value."""

import itertools

import pytest

from dataspace.ports import Catalogue
from dataspace.selection import (
    EVERYTHING,
    NOTHING,
    Condition,
    Either,
    Every,
    Linked,
    Not,
    PartHas,
    Selection,
    Where,
)
from tests.build import (
    a_change_set,
    a_participant,
    a_product,
    a_resource,
    a_topic,
    the_bureau,
)
from tests.contract.answers import ids

ITEMS = [
    {"name": "户号", "data_type": "TEXT", "length": 12, "personal": True},
    {"name": "用水量", "data_type": "NUMBER", "length": 8},
]
FILLED = a_change_set(
    the_bureau(),
    a_participant("par_b", name="A", parent="par_bureau"),
    a_topic("top_water"),
    a_topic("top_energy", broader="top_water"),
    a_resource("res_1", name="Ab", grade=1, authorisable=True, labels=["水", "a"], items=ITEMS),
    a_resource("res_2", name="b", grade=3, authorisable=False, topics=["top_water"]),
    a_resource("res_3", name="水", grade=10, provider="par_b", topics=["top_water", "top_energy"]),
    a_resource(
        "res_4", name="\U00020000", labels=["水表"], derived_from=["res_1"], items=ITEMS[:1]
    ),
    a_resource(
        "res_5", name=None, grade=-1, synthetic=True, valid_until="2026-01-31T00:00:00.000Z"
    ),
    a_product("prd_1", resources=["res_1", "res_3"]),
)
ANSWERS: list[tuple[Condition, str]] = [
    (EVERYTHING, "12345"),
    (NOTHING, ""),
    (Where("id", "eq", "res_2"), "2"),
    (Where("id", "in", ("res_2", "res_5", "res_absent")), "25"),
    (Where("id", "gt", "res_3"), "45"),
    (Where("name", "eq", "b"), "2"),
    (Where("name", "eq", "B"), ""),
    (Where("name", "eq", None), ""),
    (Where("name", "ne", "b"), "134"),
    (Where("name", "ne", None), ""),
    (Where("name", "lt", "b"), "1"),
    (Where("name", "lte", "b"), "12"),
    (Where("name", "gt", "水"), "4"),
    (Where("name", "gte", "水"), "34"),
    (Where("name", "in", ["b", "水", None]), "23"),
    (Where("name", "in", []), ""),
    (Where("name", "is_null", True), "5"),
    (Where("name", "is_null", False), "1234"),
    (Where("grade", "eq", 3), "2"),
    (Where("grade", "ne", 3), "135"),
    (Where("grade", "lt", 3), "15"),
    (Where("grade", "lte", 3), "125"),
    (Where("grade", "gt", 3), "3"),
    (Where("grade", "gte", 3), "23"),
    (Where("grade", "in", [1, 10]), "13"),
    (Where("grade", "is_null", True), "4"),
    (Where("authorisable", "eq", True), "1"),
    (Where("authorisable", "eq", False), "2"),
    (Where("authorisable", "ne", True), "2"),
    (Where("authorisable", "is_null", True), "345"),
    (Where("audience", "eq", "PUBLIC"), "12345"),
    (Where("valid_until", "lt", "2026-02-01T00:00:00.000Z"), "5"),
    (Where("labels", "has", "水"), "1"),
    (Where("labels", "has", "表"), ""),
    (Where("labels", "is_null", True), "235"),
    (Where("provider", "eq", "par_b"), "3"),
    (Where("provider", "ne", "par_b"), "1245"),
    (Where("provider", "in", ["par_b", "par_absent"]), "3"),
    (Where("space", "is_null", True), "12345"),
    (Where("space", "ne", "spc_absent"), ""),
    (Where("provider", "is_null", False), "12345"),
    (Where("topics", "has", "top_water"), "23"),
    (Where("topics", "has", "top_absent"), ""),
    (Where("topics", "is_null", True), "145"),
    (Not(Where("grade", "lt", 3)), "234"),
    (Not(Where("grade", "ne", 3)), "24"),
    (Not(Where("name", "in", ["b"])), "1345"),
    (Not(Where("labels", "has", "水")), "2345"),
    (Not(Where("space", "eq", "spc_absent")), "12345"),
    (Not(EVERYTHING), ""),
    (Not(NOTHING), "12345"),
    (Not(Not(Where("grade", "gt", 0))), "123"),
    (Every((Where("grade", "gt", 0), Where("name", "gte", "b"))), "23"),
    (Either((Where("grade", "eq", 1), Where("name", "eq", "b"))), "12"),
    (Every((Either((Where("grade", "eq", 1), Where("grade", "eq", 3))), Not(NOTHING))), "12"),
    (Not(Either((Where("grade", "gt", 1), Where("grade", "is_null", True)))), "15"),
    (Linked("provider", Where("name", "eq", "A")), "3"),
    (Linked("provider", Linked("parent", EVERYTHING)), "3"),
    (Linked("topics", EVERYTHING), "23"),
    (Not(Linked("topics", EVERYTHING)), "145"),
    (Linked("topics", Linked("broader", EVERYTHING)), "3"),
    (Linked("topics", Not(Linked("broader", EVERYTHING))), "23"),
    (Linked("products", Where("grade", "eq", 2)), "13"),
    (Linked("products", NOTHING), ""),
    (Linked("derivatives", EVERYTHING), "1"),
    (Linked("derived_from", Linked("products", EVERYTHING)), "4"),
    (Linked("space", EVERYTHING), ""),
    (PartHas("items", (Where("personal", "eq", True),)), "14"),
    (PartHas("items", (Where("data_type", "eq", "NUMBER"), Where("length", "eq", 8))), "1"),
    (PartHas("items", (Where("data_type", "eq", "TEXT"), Where("length", "eq", 8))), ""),
    (PartHas("items", (Where("personal", "is_null", True),)), "1"),
    (PartHas("items", ()), "14"),
    (Not(PartHas("items", (Where("name", "eq", "用水量"),))), "2345"),
]


class ConditionsContract:
    @pytest.fixture
    async def conditions_filled(self, catalogue: Catalogue) -> Catalogue:
        await catalogue.apply(FILLED)
        return catalogue

    async def test_every_operator_holds_of_exactly_the_rows_that_it_says(
        self, conditions_filled: Catalogue
    ) -> None:
        for condition, expected in ANSWERS:
            found = await ids(conditions_filled, Selection("resource", where=condition))
            assert found == [f"res_{each}" for each in expected], condition

    async def test_a_condition_and_its_opposite_share_the_rows(
        self, conditions_filled: Catalogue
    ) -> None:
        for condition, expected in ANSWERS:
            found = await ids(conditions_filled, Selection("resource", where=Not(condition)))
            assert found == [f"res_{each}" for each in "12345" if each not in expected], condition

    async def test_conditions_combine_as_sets_do(self, conditions_filled: Catalogue) -> None:
        for (one, first), (other, second) in itertools.pairwise(ANSWERS):
            both = await ids(conditions_filled, Selection("resource", where=Every((one, other))))
            assert both == [f"res_{each}" for each in "12345" if each in first and each in second]
            any_ = await ids(conditions_filled, Selection("resource", where=Either((one, other))))
            assert any_ == [f"res_{each}" for each in "12345" if each in first or each in second]

    async def test_a_condition_counts_in_a_total_without_rows(
        self, conditions_filled: Catalogue
    ) -> None:
        for condition, expected in ANSWERS:
            asked = Selection("resource", where=condition, rows=False, total=True)
            found = await conditions_filled.select(asked)
            assert (found.rows, found.total) == ([], len(expected)), condition

    async def test_a_value_is_never_read_as_a_pattern_or_a_command(
        self, catalogue: Catalogue
    ) -> None:
        odd = [
            "100%",
            "1%",
            "_",
            "?",
            "*",
            "'; DROP TABLE x; --",
            '"',
            "\\",
            "$.name",
            "\x1f",
            "{}",
        ]
        rows = [a_resource(f"res_{at:02d}", name=name) for at, name in enumerate(odd)]
        await catalogue.apply(a_change_set(the_bureau(), *rows))
        for at, name in enumerate(odd):
            for condition in (Where("name", "eq", name), Where("name", "in", [name])):
                found = await ids(catalogue, Selection("resource", where=condition))
                assert found == [f"res_{at:02d}"], name

    async def test_a_great_many_values_and_conditions_are_answered(
        self, conditions_filled: Catalogue
    ) -> None:
        many = [f"res_{at}" for at in range(2000)]
        asked = Selection("resource", where=Where("id", "in", many))
        assert len(await ids(conditions_filled, asked)) == 5
        wide = Either(tuple(Where("grade", "eq", at) for at in range(200)))
        asked = Selection("resource", where=wide)
        assert await ids(conditions_filled, asked) == ["res_1", "res_2", "res_3"]

    async def test_a_name_that_the_map_does_not_know_is_refused(
        self, conditions_filled: Catalogue
    ) -> None:
        for wrong in (
            Selection("nothing"),
            Selection("resource", ("name", "x' OR 1=1")),
            Selection("resource", where=Where("password", "eq", "x")),
            Selection("resource", where=Linked("friends", EVERYTHING)),
            Selection("resource", where=PartHas("bits", (Where("name", "eq", "x"),))),
            Selection("resource", where=PartHas("items", (Where("x", "eq", "x"),))),
        ):
            with pytest.raises(KeyError):
                await conditions_filled.select(wrong)
