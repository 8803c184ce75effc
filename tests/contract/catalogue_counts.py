"""The catalogue's contract on what is found and counted: search, totals, facets."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataspace import search
from dataspace.change import Amend, Remove
from dataspace.ports import Catalogue
from dataspace.relations import RELATIONS
from dataspace.selection import POSITION, FacetOf, Not, Order, Page, Selection, Where
from tests.build import (
    BUREAU,
    a_change_set,
    a_participant,
    a_resource,
    a_topic,
    an_act,
    the_bureau,
)
from tests.contract.answers import ids, pages
from tests.contract.dice import SEARCHES, TEXTS

SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
CORPUS = [
    *({"name": text} for text in TEXTS),
    *({"name": None, "summary": text} for text in TEXTS),
    {
        "name": "用水量统计（2025年）",
        "labels": ["水务", "data set", "公共"],
        "code": "SH-0012/2025",
    },
    {"name": "公共", "summary": "数据资源"},
    {"name": "公共数据", "summary": "资源目录 catalogue of resources"},
    {"name": "全角ＤＡＴＡ　２０２５ ﬁle", "labels": ["DATA"]},
    {"name": "Café São Paulo naïve", "summary": "e\u0301te\u0301"},
    {"name": "カタカナ ひらがな 한국어 漢字"},
    {"name": "x", "items": [{"name": "户号", "data_type": "TEXT", "meaning": "meter number"}]},
    {"name": "👩‍👩‍👧 family", "summary": "العربية نص \u200f rtl"},
    {"name": "a-b_c d.e/f", "summary": "don't stop"},
    {"name": "水" * 300, "summary": "word " * 500},
    {"name": "\U00020000\U00020001 rare"},
    {"name": "tab\there\nline\r\x00nul"},
]
QUERIES = (
    *SEARCHES, "公共数据资源", "公共数据", "公", "源", "共 数", '"公共" "资源"', '"data set"',
    "set data", "SH-0012", "0012", "2025", "２０２５", "data -公共", "-data", "cafe", "café",
    "CAFÉ", "été",
    "カタカナ", "カタ", "한국", "户号", "meter num", "number meter", '"meter number"',
    "👩", "family", "العربية", "نص", "don't", "stop", "c d", "a-b", "a_b", "水水水", "水" * 60,
    "\U00020000", "\U00020001", "\U00020000\U00020001", "nul", "ﬁle", "file", "fil", "OR",
    "water AND data", "NEAR(a b)", "name:water", "*", "w*", '"', '""', "-", "--", "(", "統計",
    "a b c d e f", "x\x00y", "資源", "统计",
)  # fmt: skip


def is_read(query: str) -> bool:
    """Three of the longest together are too long."""
    try:
        search.parse(query)
    except search.SearchTooLong:
        return False
    return True


def found_by(query: str, values: dict[str, Any]) -> bool:
    texts = search.searched(RELATIONS.by_name["resource"], values)
    return search.matches(search.parse(query), [text for each in texts.values() for text in each])


def asking(query: str, **more: Any) -> Selection:
    return Selection("resource", search=query, page=Page(100), **more)


class SearchContract:
    @pytest.fixture
    async def corpus(self, catalogue: Catalogue) -> Catalogue:
        rows = [a_resource(f"res_{at:03d}", **values) for at, values in enumerate(CORPUS)]
        await catalogue.apply(a_change_set(the_bureau(), *rows))
        return catalogue

    async def test_search_finds_exactly_what_the_grammar_accepts(self, corpus: Catalogue) -> None:
        for query in QUERIES:
            expected = [
                f"res_{at:03d}" for at, values in enumerate(CORPUS) if found_by(query, values)
            ]
            assert await ids(corpus, asking(query)) == expected, query

    @SHARED
    @given(st.lists(st.sampled_from(QUERIES), min_size=1, max_size=3).map(" ".join).filter(is_read))
    async def test_any_search_finds_what_the_grammar_accepts(
        self, corpus: Catalogue, query: str
    ) -> None:
        expected = [f"res_{at:03d}" for at, values in enumerate(CORPUS) if found_by(query, values)]
        assert await ids(corpus, asking(query)) == expected

    @SHARED
    @given(st.text(max_size=12).filter(bool))
    async def test_any_text_at_all_can_be_searched(self, corpus: Catalogue, query: str) -> None:
        expected = [f"res_{at:03d}" for at, values in enumerate(CORPUS) if found_by(query, values)]
        assert await ids(corpus, asking(query)) == expected

    async def test_a_search_without_a_term_finds_nothing_and_no_search_finds_all(
        self, corpus: Catalogue
    ) -> None:
        for query in (" ", "…!?", '""', "-"):
            assert await ids(corpus, asking(query)) == []
        assert len(await ids(corpus, asking(""))) == len(CORPUS)

    async def test_a_search_that_is_too_long_is_refused(self, corpus: Catalogue) -> None:
        for query in ("水" * (search.CHARACTERS_MAX + 1), "a " * (search.TERMS_MAX + 1)):
            with pytest.raises(search.SearchTooLong):
                await corpus.select(asking(query))

    async def test_the_best_rank_comes_first_and_pages_go_on_from_there(
        self, corpus: Catalogue
    ) -> None:
        noun = RELATIONS.by_name["resource"]
        for query in ("data", "水", "公共 数据", "数据 -data"):
            parsed = search.parse(query)
            ranked = sorted(
                ((search.rank(parsed, search.searched(noun, values)), f"res_{at:03d}")
                 for at, values in enumerate(CORPUS) if found_by(query, values)),
                reverse=True,
            )  # fmt: skip
            order = Order("rank", descending=True)
            asked = replace(asking(query, order=order), page=Page(2))
            found = [row[POSITION] async for page in pages(corpus, asked) for row in page.rows]
            assert [tuple(each) for each in found] == ranked, query

    async def test_what_is_changed_is_found_by_its_new_texts_only(
        self, catalogue: Catalogue
    ) -> None:
        await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1", name="用水量")))
        change = Amend("resource", "res_1", {"name": "用电量", "labels": ["电表"]}, an_act())
        await catalogue.apply(a_change_set(change))
        assert await ids(catalogue, asking("用水")) == []
        assert await ids(catalogue, asking("用电")) == ["res_1"]
        await catalogue.apply(a_change_set(Amend("resource", "res_1", {"labels": None}, an_act())))
        assert await ids(catalogue, asking("电表")) == []
        assert await ids(catalogue, asking("电")) == ["res_1"]
        await catalogue.apply(a_change_set(Remove("resource", "res_1", an_act())))
        assert await ids(catalogue, asking("用电")) == []

    async def test_one_kind_is_not_found_by_the_texts_of_another(
        self, catalogue: Catalogue
    ) -> None:
        rows = [the_bureau(), a_participant("par_1", name="水"), a_resource("res_1", name="水")]
        await catalogue.apply(a_change_set(*rows))
        assert await ids(catalogue, asking("水")) == ["res_1"]
        assert await ids(catalogue, Selection("participant", search="水")) == ["par_1"]


class CountsContract:
    @pytest.fixture
    async def counted(self, catalogue: Catalogue) -> Catalogue:
        labels: list[list[str]] = [["a", "b", "a"], ["b"], ["水", "b", "a"], [], ["A"]]
        rows = [
            a_resource(
                f"res_{at}",
                name="水 odd" if at % 2 else "电 even",
                labels=each,
                state="DRAFT" if at == 0 else "PUBLISHED",
                grade=at % 2 or None,
                authorisable=at > 2,
                topics=["top_1", "top_2"] if at == 4 else ["top_2"],
                provider="par_b" if at < 2 else BUREAU,
            )
            for at, each in enumerate(labels)
        ]
        topics = [a_topic("top_1"), a_topic("top_2"), a_topic("top_3")]
        await catalogue.apply(a_change_set(the_bureau(), a_participant("par_b"), *topics, *rows))
        return catalogue

    async def test_a_total_counts_all_rows_not_only_those_of_the_page(
        self, counted: Catalogue
    ) -> None:
        found = await counted.select(Selection("resource", page=Page(2), total=True))
        assert (len(found.rows), found.total) == (2, 5)
        assert (await counted.select(Selection("resource"))).total is None
        assert (await counted.select(Selection("product", total=True))).total == 0

    async def test_rows_that_were_not_asked_for_are_not_given(self, counted: Catalogue) -> None:
        found = await counted.select(Selection("resource", rows=False, total=True))
        assert (found.rows, found.total) == ([], 5)

    @pytest.mark.parametrize(
        ("field", "expected"),
        [
            ("state", [("PUBLISHED", 4), ("DRAFT", 1)]),
            ("labels", [("b", 3), ("a", 2), ("A", 1), ("水", 1)]),
            ("grade", [(1, 2)]),
            ("authorisable", [(False, 3), (True, 2)]),
            ("provider", [(BUREAU, 3), ("par_b", 2)]),
            ("topics", [("top_2", 5), ("top_1", 1)]),
            ("format", []),
        ],
    )
    async def test_a_facet_counts_rows_by_value_most_frequent_first(
        self, counted: Catalogue, field: str, expected: list[tuple[Any, int]]
    ) -> None:
        assert await facet(counted, FacetOf(field)) == expected

    async def test_a_facet_gives_as_many_values_as_asked_for(self, counted: Catalogue) -> None:
        assert await facet(counted, FacetOf("labels", 2)) == [("b", 3), ("a", 2)]

    async def test_facets_count_what_search_and_conditions_leave_and_no_page_takes(
        self, counted: Catalogue
    ) -> None:
        odd = {"search": "odd", "page": Page(1)}
        assert await facet(counted, FacetOf("labels"), **odd) == [("b", 1)]
        assert await facet(counted, FacetOf("state"), **odd) == [("PUBLISHED", 2)]
        seen = {"where": Not(Where("state", "eq", "DRAFT"))}
        assert await facet(counted, FacetOf("provider"), **seen) == [(BUREAU, 3), ("par_b", 1)]
        both = {**odd, "where": Where("provider", "eq", BUREAU)}
        assert await facet(counted, FacetOf("topics"), **both) == [("top_2", 1)]

    async def test_what_an_edge_s_facet_counts_is_named(self, counted: Catalogue) -> None:
        facets = (FacetOf("provider", 1), FacetOf("topics"), FacetOf("state"))
        found = await counted.select(Selection("resource", rows=False, facets=facets))
        assert found.names == {
            BUREAU: "数据局 Data Bureau",
            "top_1": "资源环境",
            "top_2": "资源环境",
        }
        renamed = Amend("topic", "top_2", {"name": "Roads"}, an_act())
        applied = await counted.apply(a_change_set(renamed))
        asked = Selection("resource", rows=False, facets=(FacetOf("topics", 1),))
        assert (await counted.select(asked)).names == {"top_2": "Roads"}
        past = replace(asked, at=applied.revision - 1)
        assert (await counted.select(past)).names == {"top_2": "资源环境"}

    async def test_flags_and_numbers_come_back_as_they_were_given(self, counted: Catalogue) -> None:
        found = await counted.select(Selection("resource", ("authorisable", "grade", "secret")))
        row = found.rows[0]
        assert row["authorisable"] is False
        assert row["secret"] is None
        counts = await facet(counted, FacetOf("authorisable"))
        assert [value is True or value is False for value, _ in counts] == [True, True]

    async def test_counts_follow_changes(self, counted: Catalogue) -> None:
        change = Amend("resource", "res_1", {"labels": ["水"], "topics": None}, an_act())
        await counted.apply(a_change_set(change, Remove("resource", "res_2", an_act())))
        assert await facet(counted, FacetOf("labels")) == [("A", 1), ("a", 1), ("b", 1), ("水", 1)]
        assert await facet(counted, FacetOf("topics")) == [("top_2", 3), ("top_1", 1)]


async def facet(catalogue: Catalogue, of: FacetOf, **more: Any) -> list[tuple[Any, int]]:
    found = await catalogue.select(Selection("resource", facets=(of,), **more))
    return [(value, count) for value, count in found.facets[of.field]]
