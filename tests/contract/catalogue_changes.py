"""The catalogue's contract on what a change writes, and on references between rows."""

from typing import Any

import pytest

from dataspace.change import Amend, Create, Remove, TakenOver
from dataspace.errors import (
    AlreadyThere,
    KeptElsewhere,
    NotFound,
    NotUnique,
    ReferenceMissing,
    Refused,
    StillReferenced,
)
from dataspace.ports import Catalogue
from dataspace.selection import (
    FacetOf,
    Linked,
    Selection,
    Where,
)
from dataspace.validation import ValuesInvalid
from tests.build import (
    BUREAU,
    a_chain,
    a_change_set,
    a_participant,
    a_product,
    a_resource,
    a_row,
    a_topic,
    an_act,
    the_bureau,
)
from tests.contract.answers import ids
from tests.contract.reading import read, refused

TEXTS = (
    "水务局", "😀👩‍👩‍👧", "שלום", "\u202eright to left", "tab\tline\nreturn\r", "\x01\x1f\x7f",
    "\u2028", "nul\x00inside", "e\u0301", "\U00020000", "'\"\\`$.%_", "x" * 400, "null", "1e3",
    "\ufeff",
)  # fmt: skip


class ChangesContract:
    async def test_a_created_row_is_read_as_it_was_written(self, catalogue: Catalogue) -> None:
        items = [{"name": "户号", "data_type": "TEXT", "length": 12, "personal": True}]
        created = a_resource(
            "res_1", labels=["b", "a"], grade=2, authorisable=False, items=items,
            published_on="2025-12-31", record_count=2**53 - 1,
            data_changed_at="2026-01-01T00:00:00.001Z",
        )  # fmt: skip
        await catalogue.apply(a_change_set(the_bureau(), created))
        row = await read(catalogue, "res_1", *created.values.keys() - {"provider", "items"})
        expected = {**created.values, "items": [{"name": "户号", "length": 12}]}
        assert {**row, "provider": row["provider"]["id"]} == expected
        assert row["authorisable"] is False

    async def test_every_text_comes_back_character_by_character(self, catalogue: Catalogue) -> None:
        rows = [
            a_resource(f"res_{at:02d}", name=text, labels=[text, "x"], items=[{"name": text}])
            for at, text in enumerate(TEXTS)
        ]
        await catalogue.apply(a_change_set(the_bureau(), *rows))
        for at, text in enumerate(TEXTS):
            row = await read(catalogue, f"res_{at:02d}", "name", "labels")
            found = (row["name"], row["labels"], row["items"][0]["name"])
            assert found == (text, [text, "x"], text)
            by_text = Selection("resource", where=Where("name", "eq", text))
            assert await ids(catalogue, by_text) == [f"res_{at:02d}"]

    async def test_what_has_no_value_is_not_kept(self, catalogue: Catalogue) -> None:
        empty = {"name": "", "labels": [], "topics": [], "items": [], "grade": None, "space": None}
        created = Create("resource", "res_1", {**a_resource().values, **empty}, an_act())
        await catalogue.apply(a_change_set(the_bureau(), created))
        row = await read(catalogue, "res_1", "name", "labels", "grade")
        assert (row["name"], row["labels"], row["grade"], row["items"]) == (None, None, None, [])
        for name in ("name", "labels", "topics", "grade", "space"):
            asked = Selection("resource", where=Where(name, "is_null", True))
            assert await ids(catalogue, asked) == ["res_1"], name
        (_, recorded) = await catalogue.changes_since(0, 10)
        assert recorded.values == {
            name: value for name, value in a_resource().values.items() if name not in empty
        }

    async def test_a_value_that_is_not_what_its_field_says_is_refused(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1")))
        wrong: dict[str, list[Any]] = {
            "name": [7, ["x"], "half \ud800", "x" * 401],
            "grade": ["2", 2.5, True, 2**53, float("nan")],
            "secret": ["true", 1],
            "audience": ["NOBODY"],
            "labels": ["a", [1]],
            "published_on": ["2025-02-30"],
            "data_changed_at": ["2026-01-01T00:00:00Z", "2026-01-01T08:00:00.000+08:00"],
            "provider": [[BUREAU]],
            "topics": ["top_1", [7], [["x"]], 7],
            "items": [["x"], [{"name": 7}], [{"smell": "x"}]],
        }
        for name, values in wrong.items():
            for value in values:
                amend = Amend("resource", "res_1", {name: value}, an_act())
                await refused(catalogue, ValuesInvalid, amend)
                create = Create("resource", "res_2", {**a_resource().values, name: value}, an_act())
                await refused(catalogue, ValuesInvalid, create)

    async def test_an_amendment_changes_the_fields_that_it_names_and_no_other(
        self, catalogue: Catalogue
    ) -> None:
        topics = [a_topic("top_1"), a_topic("top_2")]
        created = a_resource(
            "res_1", grade=2, labels=["a"], topics=["top_1"], items=[{"name": "x"}]
        )
        await catalogue.apply(a_change_set(the_bureau(), *topics, created))
        values = {"name": "新", "grade": None, "topics": ["top_2", "top_1", "top_2"]}
        await catalogue.apply(a_change_set(Amend("resource", "res_1", values, an_act())))
        row = await read(catalogue, "res_1", "name", "grade", "labels", "state")
        assert (row["name"], row["grade"], row["labels"]) == ("新", None, ["a"])
        assert (row["state"], row["items"]) == ("PUBLISHED", [{"name": "x", "length": None}])
        assert [each["id"] for each in row["topics"].rows] == ["top_1", "top_2"]

    async def test_a_to_one_edge_is_moved_and_taken_away(self, catalogue: Catalogue) -> None:
        rows = [the_bureau(), a_participant("par_b"), a_resource("res_1")]
        await catalogue.apply(a_change_set(*rows))
        for provider in ("par_b", None, BUREAU):
            change = Amend("resource", "res_1", {"provider": provider}, an_act())
            await catalogue.apply(a_change_set(change))
            row = await read(catalogue, "res_1")
            assert (row["provider"] and row["provider"]["id"]) == provider
            held = Selection("participant", where=Linked("resources", Where("id", "eq", "res_1")))
            assert await ids(catalogue, held) == ([provider] if provider else [])

    async def test_a_removed_row_is_found_by_nothing_and_may_be_created_again(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1", labels=["a"])))
        await catalogue.apply(a_change_set(Remove("resource", "res_1", an_act())))
        asked = Selection("resource", total=True, facets=(FacetOf("labels"),))
        found = await catalogue.select(asked)
        assert (found.rows, found.total, list(found.facets["labels"])) == ([], 0, [])
        await catalogue.apply(a_change_set(a_resource("res_1", name="again")))
        row = await read(catalogue, "res_1", "name", "labels", "version")
        assert (row["name"], row["labels"], row["version"]) == ("again", None, 3)

    async def test_what_is_there_is_not_created_and_what_is_not_is_not_changed(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1")))
        await refused(catalogue, AlreadyThere, a_resource("res_1"))
        await refused(catalogue, AlreadyThere, a_resource("res_2"), a_resource("res_2"))
        await refused(catalogue, NotFound, Amend("resource", "res_2", {"grade": 1}, an_act()))
        await refused(catalogue, NotFound, Remove("resource", "res_2", an_act()))
        await refused(catalogue, NotFound, Amend("product", "res_1", {"grade": 1}, an_act()))

    async def test_a_reference_to_nothing_is_refused(self, catalogue: Catalogue) -> None:
        await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1")))
        for wrong in ("par_absent", "res_1"):
            await refused(catalogue, ReferenceMissing, a_resource("res_2", provider=wrong))
        amend = Amend("resource", "res_1", {"topics": ["top_absent"]}, an_act())
        await refused(catalogue, ReferenceMissing, amend)

    async def test_what_is_referred_to_may_come_later_in_the_batch(
        self, catalogue: Catalogue
    ) -> None:
        rows = [
            a_product("prd_1", source_products=["prd_1", "prd_2"], resources=["res_1"]),
            a_product("prd_2", source_products=["prd_1"]),
            a_resource("res_1"),
            the_bureau(),
        ]
        await catalogue.apply(a_change_set(*rows))
        assert await ids(catalogue, Selection("product")) == ["prd_1", "prd_2"]

    async def test_what_is_referred_to_is_not_removed(self, catalogue: Catalogue) -> None:
        await catalogue.apply(a_chain())
        remove = Remove("resource", "res_water", an_act())
        await refused(catalogue, StillReferenced, remove)
        await refused(catalogue, StillReferenced, Remove("participant", BUREAU, an_act()))
        free = {"resources": None}
        await catalogue.apply(
            a_change_set(
                remove,
                Amend("product", "prd_profile", free, an_act()),
                Remove("authorisation", "aut_credit", an_act()),
                Amend("product", "prd_profile", {"authorisations": []}, an_act()),
            )
        )
        assert await ids(catalogue, Selection("resource")) == []

    async def test_a_row_that_refers_to_itself_can_be_removed(self, catalogue: Catalogue) -> None:
        await catalogue.apply(a_change_set(a_participant("par_1", parent="par_1")))
        await catalogue.apply(a_change_set(Remove("participant", "par_1", an_act())))
        assert await ids(catalogue, Selection("participant")) == []

    async def test_a_unique_value_is_held_by_one_row(self, catalogue: Catalogue) -> None:
        await catalogue.apply(
            a_change_set(the_bureau(), a_resource("res_1", code="C1"), a_resource("res_2"))
        )
        await refused(catalogue, NotUnique, a_resource("res_3", code="C1"))
        await refused(catalogue, NotUnique, Amend("resource", "res_2", {"code": "C1"}, an_act()))
        twice = [a_resource("res_4", code="C2"), a_resource("res_5", code="C2")]
        await refused(catalogue, NotUnique, *twice)
        await catalogue.apply(
            a_change_set(
                a_product("prd_1", code="C1"),
                Amend("resource", "res_1", {"code": None}, an_act()),
                Amend("resource", "res_2", {"code": "C1"}, an_act()),
                a_resource("res_6", code="c1"),
                Amend("resource", "res_6", {"code": "c1"}, an_act()),
            )
        )
        found = await ids(catalogue, Selection("resource", where=Where("code", "eq", "C1")))
        assert found == ["res_2"]

    async def test_evidence_is_written_by_the_catalogue_alone(self, catalogue: Catalogue) -> None:
        await catalogue.apply(a_change_set(the_bureau()))
        first = "evi_000000000001"
        await refused(catalogue, Refused, Create("evidence", "evi_x", {"actor": "x"}, an_act()))
        await refused(catalogue, Refused, Amend("evidence", first, {"actor": "x"}, an_act()))
        await refused(catalogue, Refused, Remove("evidence", first, an_act()))

    async def test_a_name_that_the_map_does_not_know_is_not_written(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_change_set(the_bureau()))
        with pytest.raises(KeyError):
            await catalogue.apply(a_change_set(Create("person", "x_1", {}, an_act())))
        for name in ("password", "members", "id", "version"):
            amend = Amend("participant", BUREAU, {name: "x"}, an_act())
            with pytest.raises(KeyError):
                await catalogue.apply(a_change_set(amend))

    async def test_only_its_feed_changes_a_row_that_another_node_published(
        self, catalogue: Catalogue
    ) -> None:
        values = {"identifier": "N" * 32, "name": "N", "kind": "BUSINESS", "status": "ONLINE"}
        theirs = a_product("prd_theirs", origin_node="nod_a")
        await catalogue.apply(a_change_set(the_bureau(), a_row("node", "nod_a", values), theirs))
        unmet = Where("name", "eq", "another")
        for change in (
            Amend("product", "prd_theirs", {"name": "mine"}, an_act()),
            Amend("product", "prd_theirs", {"origin_node": None}, an_act(), guard=unmet),
            Remove("product", "prd_theirs", an_act()),
        ):
            with pytest.raises(KeptElsewhere):
                await catalogue.apply(a_change_set(change))
        amended = Amend("product", "prd_theirs", {"name": "theirs"}, an_act())
        await catalogue.apply(TakenOver("chs_feed", (amended,)))
        again = await catalogue.apply(TakenOver("chs_feed", (amended,)))
        assert again.repeated
        asked = Selection("product", where=Where("name", "eq", "theirs"))
        assert await ids(catalogue, asked) == ["prd_theirs"]
